from django.urls import path

from partners.api import (
    contacts,
    distribution,
    invitations,
    people,
    plans,
    profitability,
    reviews,
    swot,
)
from partners.api.benefits import BenefitsNow
from partners.api.companies import Companies, Company
from partners.api.fit import FitNow
from partners.api.todos import TodoComplete, TodoDetail, TodoDrop, TodoList, TodoReopen
from partners.api.views import MeasureValues, Recalculations, TierHistory, TierNow

urlpatterns = [
    path("partner/", Company.as_view(), name="api_partner"),
    path("partners/", Companies.as_view(), name="api_partners"),
    path("distribution/", distribution.DistributionLinks.as_view(), name="api_distribution"),
    path(
        "distribution/<int:link_id>/accept/",
        distribution.DistributionAccept.as_view(),
        name="api_distribution_accept",
    ),
    path(
        "distribution/<int:link_id>/decline/",
        distribution.DistributionDecline.as_view(),
        name="api_distribution_decline",
    ),
    path(
        "distribution/<int:link_id>/withdraw/",
        distribution.DistributionWithdraw.as_view(),
        name="api_distribution_withdraw",
    ),
    path(
        "distribution/<int:link_id>/end/",
        distribution.DistributionEnd.as_view(),
        name="api_distribution_end",
    ),
    path("contacts/", contacts.Contacts.as_view(), name="api_contacts"),
    path("contacts/<int:contact_id>/", contacts.Contact.as_view(), name="api_contact"),
    path("people/", people.People.as_view(), name="api_people"),
    path("people/<int:place_id>/", people.Person.as_view(), name="api_person"),
    path(
        "people/<int:place_id>/hand-over/",
        people.PersonHandOver.as_view(),
        name="api_person_hand_over",
    ),
    path("invitations/", invitations.Invitations.as_view(), name="api_invitations"),
    path(
        "invitations/<int:invitation_id>/resend/",
        invitations.InvitationResend.as_view(),
        name="api_invitation_resend",
    ),
    path(
        "invitations/<int:invitation_id>/revoke/",
        invitations.InvitationRevoke.as_view(),
        name="api_invitation_revoke",
    ),
    path("tier/", TierNow.as_view(), name="api_tier"),
    path("tier/history/", TierHistory.as_view(), name="api_tier_history"),
    path("tier/recalculations/", Recalculations.as_view(), name="api_recalculations"),
    path("benefits/", BenefitsNow.as_view(), name="api_benefits"),
    path("profitability/", profitability.Profitability.as_view(), name="api_profitability"),
    path("profitability/costs/", profitability.Costs.as_view(), name="api_costs"),
    path("profitability/costs/<int:cost_id>/", profitability.CostOne.as_view(), name="api_cost"),
    path("fit/", FitNow.as_view(), name="api_fit"),
    path("plans/", plans.PlanList.as_view(), name="api_plans"),
    path("plans/<int:plan_id>/", plans.PlanDetail.as_view(), name="api_plan"),
    path("plans/<int:plan_id>/propose/", plans.PlanPropose.as_view(), name="api_plan_propose"),
    path("plans/<int:plan_id>/agree/", plans.PlanAgree.as_view(), name="api_plan_agree"),
    path("plans/<int:plan_id>/send-back/", plans.PlanSendBack.as_view(), name="api_plan_send_back"),
    path("plans/<int:plan_id>/revise/", plans.PlanRevise.as_view(), name="api_plan_revise"),
    path("plans/<int:plan_id>/discard/", plans.PlanDiscard.as_view(), name="api_plan_discard"),
    path("plans/<int:plan_id>/close/", plans.PlanClose.as_view(), name="api_plan_close"),
    path("plans/<int:plan_id>/comments/", plans.PlanComments.as_view(), name="api_plan_comments"),
    path("swot/", swot.SwotLists.as_view(), name="api_swot"),
    path("swot/<int:point_id>/", swot.SwotLine.as_view(), name="api_swot_point"),
    path("reviews/", reviews.ReviewList.as_view(), name="api_reviews"),
    path("reviews/<int:review_id>/", reviews.ReviewDetail.as_view(), name="api_review"),
    path("reviews/<int:review_id>/hold/", reviews.ReviewHold.as_view(), name="api_review_hold"),
    path(
        "reviews/<int:review_id>/cancel/", reviews.ReviewCancel.as_view(), name="api_review_cancel"
    ),
    path("reviews/<int:review_id>/notes/", reviews.ReviewNotes.as_view(), name="api_review_notes"),
    path("reviews/<int:review_id>/packs/", reviews.ReviewPacks.as_view(), name="api_review_packs"),
    path("tasks/", TodoList.as_view(), name="api_todos"),
    path("tasks/<int:todo_id>/", TodoDetail.as_view(), name="api_todo"),
    path("tasks/<int:todo_id>/done/", TodoComplete.as_view(), name="api_todo_done"),
    path("tasks/<int:todo_id>/drop/", TodoDrop.as_view(), name="api_todo_drop"),
    path("tasks/<int:todo_id>/reopen/", TodoReopen.as_view(), name="api_todo_reopen"),
    path("measures/values/", MeasureValues.as_view(), name="api_measure_values"),
]
