from django.urls import path

from partners.views import plans, reviews, swot

urlpatterns = [
    path("", plans.plan_list, name="plans"),
    path("new/", plans.plan_new, name="plan_new"),
    path("reviews/", reviews.review_list, name="reviews"),
    path("reviews/new/", reviews.review_new, name="review_new"),
    path("reviews/<int:review_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/edit/", reviews.edit, name="review_edit"),
    path("reviews/<int:review_id>/cancel/", reviews.cancel, name="review_cancel"),
    path("reviews/<int:review_id>/notes/", reviews.notes, name="review_notes"),
    path("reviews/<int:review_id>/pack/", reviews.pack, name="review_pack"),
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
