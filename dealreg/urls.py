from django.urls import path

from dealreg.views import lists, registering, rules, story

urlpatterns = [
    path("", lists.deal_list, name="deal_list"),
    path("export/", lists.deal_export, name="deal_export"),
    path("rules/", rules.deal_rules, name="deal_rules"),
    path("new/", registering.deal_new, name="deal_new"),
    path("fields/", registering.deal_fields, name="deal_fields"),
    path("check/", registering.deal_check, name="deal_check"),
    path("<int:deal_id>/", story.deal_detail, name="deal_detail"),
    path("<int:deal_id>/evidence/", story.deal_evidence, name="deal_evidence"),
    path("<int:deal_id>/timeline/", story.deal_timeline, name="deal_timeline"),
    path("<int:deal_id>/edit/", registering.deal_edit, name="deal_edit"),
    path("<int:deal_id>/withdraw/", story.deal_withdraw, name="deal_withdraw"),
    path("<int:deal_id>/discard/", story.deal_discard, name="deal_discard"),
    path("<int:deal_id>/files/", story.deal_attach, name="deal_attach"),
]
