"""The tasks of a partner's people."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.acts import tell_outcome
from core.models import User
from core.queries import timeline
from core.tables import Column, EmptyState, read_table
from partners.doors import actor_of, for_partners
from partners.forms.todos import TodoFilterForm, TodoForm
from partners.models import Todo
from partners.queries import todos
from partners.rules.todos import TodoVerb
from partners.services import todos as services
from partners.services.todos import About, StaleTodo, TodoRefused

COLUMNS = [
    Column("title", gettext_lazy("Task"), "title", primary=True),
    Column("state", gettext_lazy("State"), corner=True),
    Column("owner", gettext_lazy("Owner"), "owner__name", priority=2),
    Column("due", gettext_lazy("Due on"), "due_on", priority=1),
    Column("about", gettext_lazy("About"), priority=3),
]


@require_GET
@for_partners
def todo_list(request: HttpRequest) -> HttpResponse:
    form = TodoFilterForm(request.GET)
    table = read_table(
        todos.todos(actor_of(request), form.wanted()),
        request.GET,
        columns=COLUMNS,
        sort="due",
        caption=_("Tasks of your company and the vendor"),
        empty=EmptyState(
            _("No tasks"),
            _("Write down what somebody at your company or at the vendor has to do next."),
            reverse("todo_new"),
            _("Add a task"),
            icon="check",
        ),
    )
    rows = [(row, *todos.state_shown(row)) for row in table.rows]
    context = {"table": table, "form": form, "rows": rows}
    return render(request, "partners/todo_list.html", context)


@require_http_methods(["GET", "POST"])
@for_partners
def todo_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    about = about_asked_for(request)
    form = TodoForm(
        request.POST or None, owners=todos.owners_for(actor, actor.partner_id, shared=True),
        initial={"owner": str(actor.user_id)},
    )  # fmt: skip
    if form.is_valid():
        try:
            made = services.add_todo(actor=actor, details=form.details(), about=about)
        except TodoRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The task is added."))
            return redirect(todos.about_link(made, staff=False) or reverse("todos"))
    context = {"form": form, "about": about, "asked": request.GET.get("about", "")}
    status = 422 if form.errors else 200
    return render(request, "partners/todo_new.html", context, status=status)


def about_asked_for(request: HttpRequest) -> About | None:
    """What a new task is about: "dealreg.deal:5" in the address. Raises Http404."""
    asked = request.GET.get("about", "")
    if not asked:
        return None
    kind, _colon, key = asked.partition(":")
    if not (key.isdecimal() and len(key) <= 18):
        raise Http404
    subject = todos.subject_of(actor_of(request), kind, int(key))
    return About(subject.thing, subject.label, subject.partner_id)


@require_http_methods(["GET", "POST"])
@for_partners
def todo(request: HttpRequest, todo_id: int) -> HttpResponse:
    """One task; changes it."""
    actor = actor_of(request)
    row = todos.todo_for_reading(actor, todo_id)
    form = TodoForm(request.POST or None, owners=owners_of(request, row), todo=row)
    status = 200
    if request.method == "POST":
        todos.require(actor, row, TodoVerb.CHANGE)
        status = 422
        if form.is_valid():
            try:
                services.change_todo(
                    actor=actor, todo_id=row.pk, details=form.details(),
                    version=form.cleaned_data["version"] or 0,
                )  # fmt: skip
            except TodoRefused as refused:
                form.add_error(None, str(refused))
            except StaleTodo as stale:
                form.add_error(None, told_stale(stale))
                status = 409
            else:
                messages.success(request, _("The task is saved."))
                return redirect("todo", row.pk)
    return show(request, row, form, status)


def owners_of(request: HttpRequest, row: Todo) -> list[User]:
    return todos.owners_for(actor_of(request), row.partner_id, shared=row.shared)


def told_stale(stale: StaleTodo) -> str:
    now = stale.todo
    return _(
        "Somebody changed this task after you opened it, so nothing was saved. Now it says: "
        "%(title)s, due on %(due)s, %(owner)s. Save again to write yours."
    ) % {"title": now.title, "due": now.due_on, "owner": now.owner or _("nobody’s")}


def show(request: HttpRequest, row: Todo, form: TodoForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    row.refresh_from_db()
    if form.is_bound:
        form.data = {**request.POST.dict(), "version": str(row.version)}
    label, tone = todos.state_shown(row)
    context = {
        "todo": row,
        "state": label,
        "tone": tone,
        "verbs": todos.verbs_for(actor, row),
        "about_link": todos.about_link(row, staff=False),
        "timeline": timeline(row, actor),
        "form": form,
    }
    return render(request, "partners/todo.html", context, status=status)


def move(request: HttpRequest, act: Callable[[], object], told: str) -> HttpResponse:
    """Does one thing and tells how it went, where the reader was."""
    tell_outcome(request, act, told, (TodoRefused,))
    return redirect("todos")


@require_POST
@for_partners
def done(request: HttpRequest, todo_id: int) -> HttpResponse:
    actor = actor_of(request)
    return move(
        request,
        lambda: services.complete_todo(actor=actor, todo_id=todo_id),
        _("The task is done."),
    )


@require_POST
@for_partners
def drop(request: HttpRequest, todo_id: int) -> HttpResponse:
    actor = actor_of(request)
    return move(
        request,
        lambda: services.drop_todo(actor=actor, todo_id=todo_id),
        _("The task is dropped."),
    )


@require_POST
@for_partners
def reopen(request: HttpRequest, todo_id: int) -> HttpResponse:
    actor = actor_of(request)
    return move(
        request,
        lambda: services.reopen_todo(actor=actor, todo_id=todo_id),
        _("The task is open again."),
    )
