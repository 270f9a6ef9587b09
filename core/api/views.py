"""The page that shows the API to people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from core.api.pages import operations
from core.scopes import known_scopes


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, from the same document that programs read at /api/v1/schema/."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    shown = operations(document)
    context = {"operations": shown, "refusals": shown[0].refusals, "scopes": known_scopes()}
    return render(request, "core/api_docs.html", context)
