"""The API's address space, its schema, and the page that shows it."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from core.api import schema as schema  # declares how the schema tells tokens
from core.api.views import docs

urlpatterns = [
    path("", include("dealreg.api.urls")),
    path("", include("partners.api.urls")),
    path("schema/", SpectacularAPIView.as_view(throttle_classes=[]), name="api_schema"),
    path("docs/", docs, name="api_docs"),
]
