"""Requests to protect a customer longer: what waits, soonest end first, and its decision."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from core.admin.base import ReadOnlyAdmin, actor_of
from dealreg import access, protections, services
from dealreg.models import Extension
from dealreg.rules.protection import LONGEST_DAYS, ExtensionStatus
from dealreg.rules.states import Verb
from partners.queries import in_regions

STATUS_TONES = {
    ExtensionStatus.WAITING: "info",
    ExtensionStatus.APPROVED: "success",
    ExtensionStatus.DECLINED: "danger",
    ExtensionStatus.VOID: "",
}


class ExtendForm(forms.Form):
    days = forms.IntegerField(
        label=gettext_lazy("Extend by days"),
        min_value=1,
        max_value=LONGEST_DAYS,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the partner"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class RefuseForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("What the partner should know"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Tell the partner why, in a sentence.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ["deal", "customer", "partner", "status_shown", "asked_at", "until_before"]
    list_display_links = ["deal", "customer"]
    list_filter = [("status", ChoicesDropdownFilter)]
    list_select_related = ["deal__partner"]
    ordering = ["until_before", "id"]
    sortable_by: list[str] = []
    empty_text = gettext_lazy("Partners ask here when a protection should last longer.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.filter(
            in_regions(actor_of(request).region_paths, "deal__partner__region__path")
        )

    @display(description=gettext_lazy("customer"))
    def customer(self, extension: Extension) -> str:
        return extension.deal.customer_name

    @display(description=gettext_lazy("partner"))
    def partner(self, extension: Extension) -> str:
        return extension.deal.partner.name

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in STATUS_TONES.items()},
    )
    def status_shown(self, extension: Extension) -> tuple[str, str]:
        return extension.status, extension.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        acts = {"approve": self.approve, "decline": self.decline}
        own = [
            path(
                f"<int:extension_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"dealreg_extension_{name}",
            )
            for name, view in acts.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extension = self._extension(request, object_id)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return self._draw(request, extension)

    def _extension(self, request: HttpRequest, object_id: str) -> Extension:
        found = self.get_object(request, str(object_id))
        if not isinstance(found, Extension):
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return found

    def _draw(
        self,
        request: HttpRequest,
        extension: Extension,
        *,
        extend: ExtendForm | None = None,
        refuse: RefuseForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        actor = actor_of(request)
        page = protections.protection_page(actor, extension.deal_id)
        seen = {"version": page.deal.version}
        days = page.terms.extension_days if page.terms else 30
        context = {
            **self.admin_site.each_context(request),
            "title": _("Extension for %(reference)s · %(customer)s")
            % {"reference": page.deal.reference, "customer": page.deal.customer_name},
            "subtitle": None,
            "opts": self.opts,
            "extension": extension,
            "page": page,
            "tone": STATUS_TONES[ExtensionStatus(extension.status)],
            "deciding": extension.status == ExtensionStatus.WAITING
            and access.may(actor, Verb.APPROVE),
            "extend_form": extend or ExtendForm(initial={**seen, "days": days}, prefix="extend"),
            "refuse_form": refuse or RefuseForm(initial=seen, prefix="refuse"),
        }
        template = "admin/dealreg/extension/decide.html"
        return TemplateResponse(request, template, context, status=status)

    def approve(self, request: HttpRequest, extension_id: int) -> HttpResponse:
        extension = self._extension(request, str(extension_id))
        form = ExtendForm(request.POST, prefix="extend")
        if not form.is_valid():
            return self._draw(request, extension, extend=form, status=422)
        try:
            services.approve_extension(
                actor=actor_of(request), extension_id=extension.pk, **form.cleaned_data
            )
        except (services.ExtensionRefused, services.StaleEdit) as refused:
            return self._refused(request, extension, refused)
        messages.success(request, _("The protection is extended; the partner is told."))
        return redirect("admin:dealreg_extension_changelist")

    def decline(self, request: HttpRequest, extension_id: int) -> HttpResponse:
        extension = self._extension(request, str(extension_id))
        form = RefuseForm(request.POST, prefix="refuse")
        if not form.is_valid():
            return self._draw(request, extension, refuse=form, status=422)
        try:
            services.decline_extension(
                actor=actor_of(request), extension_id=extension.pk, **form.cleaned_data
            )
        except (services.ExtensionRefused, services.StaleEdit) as refused:
            return self._refused(request, extension, refused)
        messages.success(request, _("The request is declined; the partner is told why."))
        return redirect("admin:dealreg_extension_changelist")

    def _refused(
        self, request: HttpRequest, extension: Extension, refused: Exception
    ) -> HttpResponse:
        if isinstance(refused, services.StaleEdit):
            text = _("The deal changed after you opened it. Look again, then decide.")
        else:
            text = str(refused)
        messages.error(request, text)
        extension.refresh_from_db()
        return self._draw(request, extension, status=409)
