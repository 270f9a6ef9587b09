from django.urls import path

from partners import tier_views

urlpatterns = [path("tier/", tier_views.tier, name="tier")]
