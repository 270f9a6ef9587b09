"""Writing tasks: adding, changing, doing and dropping them. Reminders are appointments."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from core.clock import database_now
from core.events import record
from core.models import User
from partners.events.todos import TodoAdded, TodoChanged, TodoMoved, TodoWithoutOwner
from partners.models import Todo
from partners.queries import todos
from partners.rules.todos import TodoState, TodoVerb, reminder_after, reminder_before, todo_after

REMIND = "partners.remind_of_todo"
SOON, LATE = "soon", "late"
FIELDS = ("title", "note", "owner_id", "due_on", "remind_days")


class TodoRefused(ValueError):
    """The task cannot be so, or not any more; the message says why."""


class StaleTodo(RuntimeError):
    """Somebody changed the task after it was read. `todo` is how it is now."""

    def __init__(self, todo: Todo) -> None:
        super().__init__(_("Somebody changed this task after you opened it."))
        self.todo = todo


@dataclass(frozen=True, slots=True)
class TodoDetails:
    """What is written about a task. `owner_id` None: it is nobody's yet."""

    title: str
    due_on: dt.date
    owner_id: int | None = None
    note: str = ""
    remind_days: int = 1


def details_of(todo: Todo, *, owner_id: int | None) -> TodoDetails:
    """What a task says already, with another owner."""
    return TodoDetails(todo.title, todo.due_on, owner_id, todo.note, todo.remind_days)


@dataclass(frozen=True, slots=True)
class About:
    """The thing a task is about, how it is called, and whose partner's it is."""

    thing: models.Model
    label: str
    partner_id: int | None


@transaction.atomic
def add_todo(
    *,
    actor: Actor,
    details: TodoDetails,
    partner_id: int | None = None,
    shared: bool = False,
    about: About | None = None,
) -> Todo:
    """A new task. People at a partner add shared ones with their own partner only.

    Raises TodoRefused for an owner who cannot have it or a thing of another partner's, Http404
    for a partner that the actor may not know of, PermissionDenied.
    """
    if actor.partner_id is not None:
        partner_id, shared = actor.partner_id, True
    elif not (actor.is_staff or actor.is_system):
        raise PermissionDenied(_("Tasks belong to people at a partner or at the vendor."))
    if partner_id is not None:
        todos.partner_for_todo(actor, partner_id)
    # Who sees a task sees how its thing is called.
    if about is not None and about.partner_id != partner_id:
        raise TodoRefused(_("What the task is about belongs to another partner."))
    _require_title(details)
    _require_owner(actor, details.owner_id, partner_id, shared=shared)
    return put_todo(actor=actor, details=details, partner_id=partner_id, shared=shared, about=about)


def put_todo(
    *,
    actor: Actor,
    details: TodoDetails,
    partner_id: int | None,
    shared: bool,
    about: About | None,
) -> Todo:
    """Writes a task that another act has already decided on, in that act's transaction."""
    todo = Todo(partner_id=partner_id, shared=shared, created_by_id=actor.user_id)
    for name in FIELDS:
        setattr(todo, name, getattr(details, name))
    if about is not None:
        todo.about_type = about.thing._meta.label_lower
        todo.about_id = about.thing.pk
        todo.about_label = about.label[:200]
    todo.save(force_insert=True)
    _make_reminders(todo)
    fact = TodoAdded(todo.title, str(todo.owner or ""), todo.due_on, todo.owner_id)
    record(fact, subject=todo, actor=actor, partner_id=_told_to(todo))
    return todo


@transaction.atomic
def change_todo(*, actor: Actor, todo_id: int, details: TodoDetails, version: int) -> bool:
    """Sets what differs; False if nothing does.

    Raises StaleTodo, TodoRefused, PermissionDenied, Http404.
    """
    todo = todos.todo_for_moving(actor, todo_id, TodoVerb.CHANGE)
    if todo.version != version:
        raise StaleTodo(todo)
    _require(todo, TodoVerb.CHANGE)
    _require_title(details)
    if details.owner_id != todo.owner_id:
        _require_owner(actor, details.owner_id, todo.partner_id, shared=todo.shared)
    return rewrite_todo(actor=actor, todo=todo, details=details)


def rewrite_todo(*, actor: Actor, todo: Todo, details: TodoDetails) -> bool:
    """Sets what differs in a locked, open task; False if nothing does."""
    before = _told(todo)
    differing = [name for name in FIELDS if getattr(todo, name) != getattr(details, name)]
    if not differing:
        return False
    for name in differing:
        setattr(todo, name, getattr(details, name))
    todo.version += 1
    todo.save(update_fields=[*differing, "version"])
    _make_reminders(todo)
    after = _told(todo)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    new_owner = todo.owner_id if "owner_id" in differing else None
    fact = TodoChanged(todo.title, changes, new_owner)
    record(fact, subject=todo, actor=actor, partner_id=_told_to(todo))
    return True


@transaction.atomic
def complete_todo(*, actor: Actor, todo_id: int) -> Todo:
    """The task is done. Raises TodoRefused, PermissionDenied, Http404."""
    return _move(actor, todo_id, TodoVerb.COMPLETE)


@transaction.atomic
def drop_todo(*, actor: Actor, todo_id: int) -> Todo:
    """Nobody does the task any more. Raises TodoRefused, PermissionDenied, Http404."""
    return _move(actor, todo_id, TodoVerb.DROP)


@transaction.atomic
def reopen_todo(*, actor: Actor, todo_id: int) -> Todo:
    """There still is something to do. Raises TodoRefused, PermissionDenied, Http404."""
    return _move(actor, todo_id, TodoVerb.REOPEN)


def _move(actor: Actor, todo_id: int, verb: TodoVerb) -> Todo:
    todo = todos.todo_for_moving(actor, todo_id, verb)
    return move_todo(actor=actor, todo=todo, verb=verb)


def move_todo(*, actor: Actor, todo: Todo, verb: TodoVerb) -> Todo:
    """Moves a locked task on behalf of an act that may. Raises TodoRefused."""
    todo.state = _require(todo, verb)
    todo.ended_at = None if todo.state == TodoState.OPEN else timezone.now()
    todo.version += 1
    todo.save(update_fields=["state", "ended_at", "version"])
    _make_reminders(todo)
    fact = TodoMoved(todo.title, str(todo.state))
    record(fact, subject=todo, actor=actor, partner_id=_told_to(todo))
    return todo


@transaction.atomic
def free_todos(*, actor: Actor, user_id: int, partner_id: int) -> int:
    """Takes the open tasks with a partner from somebody who left it; returns how many."""
    rows = list(
        Todo.objects.select_for_update(of=("self",))
        .filter(owner_id=user_id, partner_id=partner_id, state=TodoState.OPEN)
        .order_by("pk")
    )
    person = str(User.objects.get(pk=user_id)) if rows else ""
    for todo in rows:
        todo.owner = None
        todo.version += 1
        todo.save(update_fields=["owner", "version"])
        cancel_appointments(todo, REMIND)
        fact = TodoWithoutOwner(todo.title, person)
        record(fact, subject=todo, actor=actor, partner_id=_told_to(todo))
    return len(rows)


def _require(todo: Todo, verb: TodoVerb) -> TodoState:
    found = todo_after(todo.state, verb)
    if found is None:
        raise TodoRefused(_("The task is not open any more."))
    return found


def _require_title(details: TodoDetails) -> None:
    if not details.title.strip():
        raise TodoRefused(_("Say what is to be done."))


def _require_owner(
    actor: Actor, owner_id: int | None, partner_id: int | None, *, shared: bool
) -> None:
    if owner_id is None:
        return
    if owner_id not in {one.pk for one in todos.owners_for(actor, partner_id, shared=shared)}:
        raise TodoRefused(_("This person cannot have the task."))


def _make_reminders(todo: Todo) -> None:
    """Before the day and after it, in the owner's morning; none for what is over or nobody's."""
    cancel_appointments(todo, REMIND)
    if todo.state != TodoState.OPEN or todo.owner is None:
        return
    zone, now = todo.owner.time_zone, database_now()
    soon = reminder_before(todo.due_on, todo.remind_days, zone)
    late = reminder_after(todo.due_on, zone)
    # A moment that is over reminds nobody.
    if soon > now:
        make_appointment(REMIND, todo, soon, key=SOON)
    if late > now:
        make_appointment(REMIND, todo, late, key=LATE)


def _told(todo: Todo) -> dict[str, str]:
    return {
        "title": todo.title,
        "note": todo.note,
        "owner": str(todo.owner or ""),
        "due_on": todo.due_on.isoformat(),
        "remind_days": str(todo.remind_days),
    }


def _told_to(todo: Todo) -> int | None:
    """The partner in whose record the fact stands: none for what it does not see."""
    return todo.partner_id if todo.shared else None
