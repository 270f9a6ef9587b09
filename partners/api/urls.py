from django.urls import path

from partners.api.benefits import BenefitsNow
from partners.api.views import MeasureValues, Recalculations, TierHistory, TierNow

urlpatterns = [
    path("tier/", TierNow.as_view(), name="api_tier"),
    path("tier/history/", TierHistory.as_view(), name="api_tier_history"),
    path("tier/recalculations/", Recalculations.as_view(), name="api_recalculations"),
    path("benefits/", BenefitsNow.as_view(), name="api_benefits"),
    path("measures/values/", MeasureValues.as_view(), name="api_measure_values"),
]
