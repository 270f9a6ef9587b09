"""Tasks in the back office: what waits, soonest first, and a page for each."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from core.acts import tell_outcome
from core.admin.base import actor_of
from core.models import User
from core.queries import timeline
from partners.admin.pages import PagesAdmin, dressed
from partners.forms.todos import TodoForm
from partners.models import Partner, Todo
from partners.queries import todos
from partners.queries.organisations import partner_called
from partners.rules.todos import TodoVerb
from partners.services import todos as services
from partners.services.todos import About, StaleTodo, TodoRefused

TONES = {"info": "info", "good": "success", "bad": "danger", "neutral": ""}


class WhoseFilter(DropdownFilter):  # type: ignore[misc]
    title = gettext_lazy("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", _("Mine")), ("nobody", _("Nobody’s"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.filter(owner_id=actor_of(request).user_id)
        return queryset.filter(owner__isnull=True) if self.value() == "nobody" else queryset


@admin.register(Todo)
class TodoAdmin(PagesAdmin):
    list_display = ["title", "state_shown", "owner", "partner", "due_on", "about_label", "shared"]
    list_display_links = ["title"]
    list_select_related = ["owner", "partner"]
    list_filter = [("state", ChoicesDropdownFilter), WhoseFilter]
    search_fields = ["title", "partner__name", "about_label"]
    ordering = ["-state", "due_on", "id"]
    empty_text = gettext_lazy("Nobody has anything to do.")
    change_list_template = "admin/partners/todo/list.html"
    pages = [
        ("new/", "new"),
        ("<int:todo_id>/save/", "save"),
        ("<int:todo_id>/done/", "done"),
        ("<int:todo_id>/drop/", "drop"),
        ("<int:todo_id>/reopen/", "reopen"),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return todos.in_scope(actor_of(request), super(PagesAdmin, self).get_queryset(request))

    @display(
        description=gettext_lazy("state"),
        label={"info": "info", "good": "success", "bad": "danger", "neutral": ""},
        ordering="state",
    )
    def state_shown(self, todo: Todo) -> tuple[str, str]:
        label, tone = todos.state_shown(todo)
        return tone.value, label

    def draw(
        self, request: HttpRequest, row: Todo, status: int = 200, **context: Any
    ) -> HttpResponse:
        actor = actor_of(request)
        row.refresh_from_db()
        label, tone = todos.state_shown(row)
        form = context.pop("form", None) or TodoForm(owners=owners_of(request, row), todo=row)
        if form.is_bound:
            form.data = {**request.POST.dict(), "version": str(row.version)}
        return self.page(
            request,
            "admin/partners/todo/one.html",
            row.title,
            status,
            todo=row,
            state=label,
            tone=TONES[tone.value],
            verbs=todos.verbs_for(actor, row),
            about_link=todos.about_link(row, staff=True),
            form=dressed(form),
            news=timeline(row, actor),
        )

    @method_decorator(require_POST)
    def save(self, request: HttpRequest, todo_id: int) -> HttpResponse:
        row = self.row(request, todo_id)
        todos.require(actor_of(request), row, TodoVerb.CHANGE)
        form = TodoForm(request.POST, owners=owners_of(request, row), todo=row)
        if not form.is_valid():
            return self.draw(request, row, 422, form=form)
        try:
            services.change_todo(
                actor=actor_of(request),
                todo_id=row.pk,
                details=form.details(),
                version=form.cleaned_data["version"] or 0,
            )
        except (TodoRefused, StaleTodo) as refused:
            form.add_error(None, str(refused))
            return self.draw(request, row, 409, form=form)
        messages.success(request, _("The task is saved."))
        return redirect("admin:partners_todo_change", row.pk)

    def move(
        self, request: HttpRequest, todo_id: int, service: Callable[..., object]
    ) -> HttpResponse:
        row = self.row(request, todo_id)
        actor = actor_of(request)
        tell_outcome(
            request, lambda: service(actor=actor, todo_id=row.pk), _("Done."), (TodoRefused,)
        )
        return redirect("admin:partners_todo_change", row.pk)

    @method_decorator(require_POST)
    def done(self, request: HttpRequest, todo_id: int) -> HttpResponse:
        return self.move(request, todo_id, services.complete_todo)

    @method_decorator(require_POST)
    def drop(self, request: HttpRequest, todo_id: int) -> HttpResponse:
        return self.move(request, todo_id, services.drop_todo)

    @method_decorator(require_POST)
    def reopen(self, request: HttpRequest, todo_id: int) -> HttpResponse:
        return self.move(request, todo_id, services.reopen_todo)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def new(self, request: HttpRequest) -> HttpResponse:
        """A task with a partner that is named in the address, or of one's own."""
        actor = actor_of(request)
        partner, about = asked_for(request)
        shared = partner is not None and request.POST.get("shared") == "on"
        owners = todos.owners_for(actor, partner.pk if partner else None, shared=True)
        form = TodoForm(request.POST or None, owners=owners, initial={"owner": str(actor.user_id)})
        if form.is_valid():
            try:
                made = services.add_todo(
                    actor=actor,
                    details=form.details(),
                    partner_id=partner.pk if partner else None,
                    shared=shared,
                    about=about,
                )
            except TodoRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The task is added."))
                back = todos.about_link(made, staff=True)
                return redirect(back or reverse("admin:partners_todo_changelist"))
        return self.page(
            request,
            "admin/partners/todo/new.html",
            _("Add a task"),
            422 if form.errors else 200,
            form=dressed(form),
            partner=partner,
            about=about,
            shared=shared or request.method == "GET",
            asked=request.GET.get("partner_name", ""),
        )


def owners_of(request: HttpRequest, row: Todo) -> list[User]:
    return todos.owners_for(actor_of(request), row.partner_id, shared=row.shared)


def asked_for(request: HttpRequest) -> tuple[Partner | None, About | None]:
    """The partner and the thing that the address names. Raises Http404."""
    actor = actor_of(request)
    kind, _colon, key = request.GET.get("about", "").partition(":")
    if key.isdecimal() and len(key) <= 18:
        subject = todos.subject_of(actor, kind, int(key))
        partner = todos.partner_for_todo(actor, subject.partner_id) if subject.partner_id else None
        return partner, About(subject.thing, subject.label, subject.partner_id)
    number = request.GET.get("partner", "")
    if number.isdecimal() and len(number) <= 18:
        return todos.partner_for_todo(actor, int(number)), None
    return partner_called(actor, request.GET.get("partner_name", "")), None
