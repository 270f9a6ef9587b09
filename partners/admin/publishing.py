"""What the pages of everything that is drafted, published and retired in versions share."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from partners.models.tiering import ProgrammeStatus

STATUS_TONES = {
    ProgrammeStatus.DRAFT: "warning",
    ProgrammeStatus.PUBLISHED: "success",
    ProgrammeStatus.RETIRED: "",
}


class PublishForm(forms.Form):
    """From when a version decides."""

    effective_from = forms.DateTimeField(
        label=gettext_lazy("In force from"),
        required=False,
        help_text=gettext_lazy("Empty: from now on."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "bo-input"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class VersionsAdmin(ReadOnlyAdmin):
    """A table of versions: one is begun as a draft, once that is confirmed, and each of `verbs`
    has an address below the version's, `row_key` being the name of its number there."""

    list_display = ["name", "title", "region", "partner_type", "status_shown", "effective_from"]
    list_select_related = ["region"]
    list_display_links = ["name", "title"]
    ordering = ["-version"]
    verbs: tuple[str, ...] = ("draft", "publish", "retire", "discard")
    row_key = ""
    begin_title: Promise | str = ""
    begin_text: Promise | str = ""

    @display(description=gettext_lazy("version"))
    def name(self, row: Any) -> str:
        return f"v{row.version}"

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in STATUS_TONES.items()},
    )
    def status_shown(self, row: Any) -> tuple[str, str]:
        return row.status, row.get_status_display()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_ops

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:{self.row_key}>/{verb}/",
                self.admin_site.admin_view(require_POST(getattr(self, verb))),
                name=f"partners_{self.opts.model_name}_{verb}",
            )
            for verb in self.verbs
        ]
        return [*own, *super().get_urls()]

    def begin(self, request: HttpRequest) -> Any:
        """A new draft."""
        raise NotImplementedError

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Begins an empty draft, once it is confirmed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            row = self.begin(request)
            return redirect(f"admin:partners_{self.opts.model_name}_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": self.begin_title,
            "subtitle": None,
            "text": self.begin_text,
            "button": _("Begin a draft"),
        }
        return TemplateResponse(request, "admin/partners/confirm.html", context)
