"""What the back office's own pages about one thing share."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from core.admin.base import ReadOnlyAdmin, actor_of
from partners.models import in_regions

CONTROLS = {forms.Select: "bo-select", forms.CheckboxInput: "bo-checkbox"}


def dressed(form: forms.BaseForm) -> Any:
    """The portal's form with the back office's controls."""
    for field in form.fields.values():
        kind = next((css for kind, css in CONTROLS.items() if isinstance(field.widget, kind)), "")
        field.widget.attrs.setdefault("class", kind or "bo-input")
    return form


def refuse_writing(request: HttpRequest) -> None:
    """What stands on these pages is changed by its own verbs only."""
    if request.method not in {"GET", "HEAD"}:
        raise PermissionDenied


class OfRegions:
    """Mixed into tables about partners: staff see those of their regions."""

    path_field = "partner__region__path"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)  # type: ignore[misc]
        return rows.filter(in_regions(actor_of(request).region_paths, self.path_field))


class PagesAdmin(OfRegions, ReadOnlyAdmin):
    """A table about partners whose rows have a page of their own; every act has an address.
    `pages` are (route, view's name)."""

    pages: list[tuple[str, str]] = []

    def get_urls(self) -> list[URLPattern]:
        named = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                route,
                self.admin_site.admin_view(getattr(self, name)),
                name=f"{named}_{name}",
            )
            for route, name in self.pages
        ]
        return [*own, *super().get_urls()]

    def row(self, request: HttpRequest, key: int | str) -> Any:
        """The row by right. Raises Http404 and PermissionDenied."""
        found = self.get_object(request, str(key))
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The row's page. It is changed by acts that have addresses of their own."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return self.draw(request, self.row(request, object_id))

    def draw(
        self, request: HttpRequest, row: Any, status: int = 200, **context: Any
    ) -> HttpResponse:
        raise NotImplementedError

    def page(
        self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any
    ) -> TemplateResponse:
        together = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, template, together, status=status)


def keys_of(rows: "models.QuerySet[Any]") -> list[int]:
    return list(rows.values_list("pk", flat=True)[:100])
