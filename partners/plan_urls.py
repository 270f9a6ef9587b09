from django.urls import path

from partners.views import plans, swot

urlpatterns = [
    path("", plans.plan_list, name="plans"),
    path("new/", plans.plan_new, name="plan_new"),
    path("swot/", swot.lists, name="swot"),
    path("swot/add/", swot.add, name="swot_add"),
    path("swot/<int:point_id>/change/", swot.rewrite, name="swot_change"),
    path("swot/<int:point_id>/remove/", swot.remove, name="swot_remove"),
    path("<int:plan_id>/", plans.plan, name="plan"),
    path("<int:plan_id>/edit/", plans.edit, name="plan_edit"),
    path("<int:plan_id>/propose/", plans.propose, name="plan_propose"),
    path("<int:plan_id>/agree/", plans.agree, name="plan_agree"),
    path("<int:plan_id>/send-back/", plans.send_back, name="plan_send_back"),
    path("<int:plan_id>/revise/", plans.revise, name="plan_revise"),
    path("<int:plan_id>/discard/", plans.discard, name="plan_discard"),
    path("<int:plan_id>/comments/", plans.comment, name="plan_comment"),
]
