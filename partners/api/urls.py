from django.urls import path

from partners.api.benefits import BenefitsNow
from partners.api.companies import Companies, Company
from partners.api.views import MeasureValues, Recalculations, TierHistory, TierNow

urlpatterns = [
    path("partner/", Company.as_view(), name="api_partner"),
    path("partners/", Companies.as_view(), name="api_partners"),
    path("tier/", TierNow.as_view(), name="api_tier"),
    path("tier/history/", TierHistory.as_view(), name="api_tier_history"),
    path("tier/recalculations/", Recalculations.as_view(), name="api_recalculations"),
    path("benefits/", BenefitsNow.as_view(), name="api_benefits"),
    path("measures/values/", MeasureValues.as_view(), name="api_measure_values"),
]
