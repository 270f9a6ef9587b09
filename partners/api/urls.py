from django.urls import path

from partners.api import distribution
from partners.api.benefits import BenefitsNow
from partners.api.views import MeasureValues, Recalculations, TierHistory, TierNow

urlpatterns = [
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
    path("measures/values/", MeasureValues.as_view(), name="api_measure_values"),
]
