from django.urls import path

from dealreg.views import forecasting, lists, registering, rules, saving, selling, story

urlpatterns = [
    path("", lists.deal_list, name="deal_list"),
    path("export/", lists.deal_export, name="deal_export"),
    path("filters/", saving.filter_list, name="deal_filters"),
    path("filters/<int:filter_id>/rename/", saving.filter_rename, name="deal_filter_rename"),
    path("filters/<int:filter_id>/default/", saving.filter_default, name="deal_filter_default"),
    path("filters/<int:filter_id>/delete/", saving.filter_delete, name="deal_filter_delete"),
    path("forecast/", forecasting.deal_forecast, name="deal_forecast"),
    path("forecast/export/", forecasting.deal_forecast_export, name="deal_forecast_export"),
    path("rules/", rules.deal_rules, name="deal_rules"),
    path("new/", registering.deal_new, name="deal_new"),
    path("fields/", registering.deal_fields, name="deal_fields"),
    path("check/", registering.deal_check, name="deal_check"),
    path("<int:deal_id>/", story.deal_detail, name="deal_detail"),
    path("<int:deal_id>/sale/", selling.deal_sale, name="deal_sale"),
    path("<int:deal_id>/won/", selling.deal_won, name="deal_won"),
    path("<int:deal_id>/lost/", selling.deal_lost, name="deal_lost"),
    path("<int:deal_id>/reopen/", selling.deal_reopen, name="deal_reopen"),
    path("<int:deal_id>/evidence/", story.deal_evidence, name="deal_evidence"),
    path("<int:deal_id>/timeline/", story.deal_timeline, name="deal_timeline"),
    path("<int:deal_id>/edit/", registering.deal_edit, name="deal_edit"),
    path("<int:deal_id>/withdraw/", story.deal_withdraw, name="deal_withdraw"),
    path("<int:deal_id>/discard/", story.deal_discard, name="deal_discard"),
    path("<int:deal_id>/files/", story.deal_attach, name="deal_attach"),
]
