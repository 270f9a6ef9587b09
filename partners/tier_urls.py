from django.urls import path

from partners import benefit_views, fit_views, tier_views

urlpatterns = [
    path("tier/", tier_views.tier, name="tier"),
    path("benefits/", benefit_views.benefits, name="benefits"),
    path("fit/", fit_views.fit, name="fit"),
]
