from django.urls import path

from partners.views import benefits, fit, tiers

urlpatterns = [
    path("tier/", tiers.tier, name="tier"),
    path("benefits/", benefits.benefits, name="benefits"),
    path("fit/", fit.fit, name="fit"),
]
