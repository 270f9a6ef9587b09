"""The page that shows the API to people."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


# Swagger UI writes style attributes; its scripts keep to the portal's strict policy.
@csp_update({"style-src": ["'unsafe-inline'"]})
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI on the schema; it runs only what this server sends it."""
    return render(request, "core/api_docs.html")
