"""What the pages of everything that is drafted, published and retired in versions share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from partners.models.versions import ProgrammeStatus
from partners.queries.rollouts import roll_outs_of

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


@dataclass(frozen=True, slots=True)
class VersionKind:
    """What can be done to one kind of version; each service takes the actor, and the version's
    number by the table's `row_key`. `changed` and `invalid` are what they raise."""

    draft: Callable[..., Any]
    write: Callable[..., Any]
    publish: Callable[..., Any]
    retire: Callable[..., Any]
    discard: Callable[..., Any]
    fingerprint: Callable[[Any], str]
    changed: type[Exception]
    invalid: type[Exception]


class VersionsAdmin(ReadOnlyAdmin):
    """A table of versions: one is begun as a draft, rewritten by a form, published and retired.

    Each of `verbs` has an address below the version's, `row_key` being the name of its number
    there. A table says which kind and form it has, what its page shows (`shown`), and how it
    tells that a version is saved (`saved`) or published (`published`).
    """

    list_display = ["name", "title", "region", "partner_type", "status_shown", "effective_from"]
    list_select_related = ["region"]
    list_display_links = ["name", "title"]
    ordering = ["-version"]
    verbs: tuple[str, ...] = ("draft", "publish", "retire", "discard")
    row_key = ""
    begin_title: Promise | str = ""
    begin_text: Promise | str = ""
    saved: Promise | str = ""
    template = ""
    trial_prefix = ""
    kind: VersionKind
    draft_form: type[Any]

    def form_of(self, row: Any) -> Any:
        """The form with the draft as it is stored."""
        raise NotImplementedError

    def shown(self, row: Any) -> dict[str, Any]:
        """What the page says about a version besides what all say, its title included."""
        raise NotImplementedError

    def published(self, row: Any) -> str:
        """From when it counts, as a sentence."""
        raise NotImplementedError

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
        """A new draft, in which nothing is asked for or given yet."""
        return self.kind.draft(actor=actor_of(request))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Begins an empty draft, once it is confirmed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.to_page(self.begin(request))
        context = {
            **self.admin_site.each_context(request),
            "title": self.begin_title,
            "subtitle": None,
            "text": self.begin_text,
            "button": _("Begin a draft"),
        }
        return TemplateResponse(request, "admin/partners/confirm.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole version in words; a draft also as the form that rewrites it."""
        row = self.row(request, object_id)
        may_write = actor_of(request).is_ops and row.status == ProgrammeStatus.DRAFT
        if request.method != "POST":
            return self.draw(request, row, self.form_of(row) if may_write else None)
        if not may_write:
            raise PermissionDenied
        form = self.draft_form(request.POST)
        if not form.is_valid():
            return self.draw(request, row, form, status=422)
        return self.write(request, row, form)

    def write(self, request: HttpRequest, row: Any, form: Any) -> HttpResponse:
        try:
            self.kind.write(
                **self.named(request, row), draft=form.draft(), seen=form.cleaned_data["seen"]
            )
        except self.kind.changed:
            messages.error(
                request,
                _(
                    "A colleague rewrote this draft after you opened it. Your text is still "
                    "below; the words above are theirs. Save again to replace them."
                ),
            )
            again = request.POST.copy()
            again["seen"] = self.kind.fingerprint(row)
            return self.draw(request, row, self.draft_form(again), status=409)
        except self.kind.invalid as wrong:
            messages.error(request, str(wrong))
            return self.draw(request, row, form, status=422)
        messages.success(request, str(self.saved))
        return self.to_page(row)

    def row(self, request: HttpRequest, key: str | int) -> Any:
        row = self.get_object(request, str(key))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def draw(self, request: HttpRequest, row: Any, form: Any, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "subtitle": None,
            "opts": self.opts,
            "row": row,
            "tone": STATUS_TONES[ProgrammeStatus(row.status)],
            "form": form,
            "may_write": actor_of(request).is_ops,
            "publish_form": PublishForm(),
            "roll_outs": roll_outs_of(f"{self.trial_prefix}{row.pk}"),
            **self.shown(row),
        }
        return TemplateResponse(request, self.template, context, status=status)

    def draft(self, request: HttpRequest, **keys: int) -> HttpResponse:
        source = self.row(request, keys[self.row_key])
        row = self.kind.draft(actor=actor_of(request), from_id=source.pk)
        messages.success(request, _("v%s is a draft. Change what should differ.") % row.version)
        return self.to_page(row)

    def publish(self, request: HttpRequest, **keys: int) -> HttpResponse:
        row = self.row(request, keys[self.row_key])
        form = PublishForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write the moment as date and time."))
            return self.to_page(row)
        try:
            row = self.kind.publish(
                **self.named(request, row), effective_from=form.cleaned_data["effective_from"]
            )
        except self.kind.invalid as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, self.published(row))
        return self.to_page(row)

    def retire(self, request: HttpRequest, **keys: int) -> HttpResponse:
        row = self.row(request, keys[self.row_key])
        try:
            self.kind.retire(**self.named(request, row))
        except self.kind.invalid as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("v%s is retired.") % row.version)
        return self.to_page(row)

    def discard(self, request: HttpRequest, **keys: int) -> HttpResponse:
        row = self.row(request, keys[self.row_key])
        try:
            self.kind.discard(**self.named(request, row))
        except self.kind.invalid as wrong:
            messages.error(request, str(wrong))
            return self.to_page(row)
        messages.success(request, _("The draft v%s is gone.") % row.version)
        return redirect(f"admin:partners_{self.opts.model_name}_changelist")

    def named(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Who asks and which version is meant, as the services call them."""
        return {"actor": actor_of(request), self.row_key: row.pk}

    def to_page(self, row: Any) -> HttpResponse:
        return redirect(f"admin:partners_{self.opts.model_name}_change", row.pk)
