from django.urls import path

from partners.api import distribution
from partners.api.benefits import BenefitsNow
from partners.api.companies import Companies, Company
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
    path("tier/", TierNow.as_view(), name="api_tier"),
    path("tier/history/", TierHistory.as_view(), name="api_tier_history"),
    path("tier/recalculations/", Recalculations.as_view(), name="api_recalculations"),
    path("benefits/", BenefitsNow.as_view(), name="api_benefits"),
    path("tasks/", TodoList.as_view(), name="api_todos"),
    path("tasks/<int:todo_id>/", TodoDetail.as_view(), name="api_todo"),
    path("tasks/<int:todo_id>/done/", TodoComplete.as_view(), name="api_todo_done"),
    path("tasks/<int:todo_id>/drop/", TodoDrop.as_view(), name="api_todo_drop"),
    path("tasks/<int:todo_id>/reopen/", TodoReopen.as_view(), name="api_todo_reopen"),
    path("measures/values/", MeasureValues.as_view(), name="api_measure_values"),
]
