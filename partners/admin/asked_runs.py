"""What the back office shows of work over all partners that was asked for and runs behind it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.acts import look_again
from core.admin.base import ReadOnlyAdmin, actor_of
from core.models import QueueState
from partners.admin.pages import refuse_writing

STATE_TONES = {
    QueueState.WAITING: "info",
    QueueState.RUNNING: "info",
    QueueState.DONE: "success",
    QueueState.PARKED: "danger",
}


class AskedRunsAdmin(ReadOnlyAdmin):
    """A table of runs of two kinds: `for_all` changes something and is everybody's to read, the
    other is a trial. `ask`, `title`, `text` and `button` ask for one of the first kind, `page`
    and `found` show one."""

    list_filter = [("kind", ChoicesDropdownFilter), ("state", ChoicesDropdownFilter)]
    ordering = ["-id"]
    for_all: str
    ask: Callable[..., Any]
    title: str | Promise
    text: str | Promise
    button: str | Promise
    page: str

    def found(self, run: Any) -> dict[str, Any]:
        """What the run's page shows beside its state."""
        raise NotImplementedError

    def export(self, request: HttpRequest, run_id: int) -> Any:
        """What a trial found, as a file."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> Any:
        """Who is bound to regions reads the trials that count theirs only: the own ones."""
        rows: Any = super().get_queryset(request)
        actor = actor_of(request)
        if not actor.region_paths:
            return rows
        return rows.filter(models.Q(kind=self.for_all) | models.Q(asked_by_id=actor.user_id))

    @display(description=gettext_lazy("number"))
    def name(self, run: Any) -> str:
        return f"#{run.pk}"

    @display(
        description=gettext_lazy("state"),
        label={state.value: tone for state, tone in STATE_TONES.items()},
    )
    def state_shown(self, run: Any) -> tuple[str, str]:
        return run.state, run.get_state_display()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_ops

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "<int:run_id>/export/",
            self.admin_site.admin_view(require_safe(self.export)),
            name=f"partners_{self.opts.model_name}_export",
        )
        return [export, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            actor = actor_of(request)
            run = type(self).ask(actor=actor, cause=actor.label)
            return redirect(f"admin:partners_{self.opts.model_name}_change", run.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": self.title,
            "subtitle": None,
            "text": self.text,
            "button": self.button,
        }
        return TemplateResponse(request, "admin/partners/confirm.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is and what it found; asks for itself again while it runs."""
        refuse_writing(request)
        run = self.run_of(request, object_id)
        runs = run.state in {QueueState.WAITING, QueueState.RUNNING}
        context = {
            **self.admin_site.each_context(request),
            "title": str(run),
            "subtitle": None,
            "run": run,
            "runs": runs,
            "parked": run.state == QueueState.PARKED,
            "may_write": actor_of(request).is_ops,
            **self.found(run),
        }
        answer = TemplateResponse(request, self.page, context)
        if runs:
            look_again(answer)
        return answer

    def run_of(self, request: HttpRequest, object_id: str) -> Any:
        """Raises Http404, PermissionDenied."""
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        return run
