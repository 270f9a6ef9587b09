"""What is announced about tasks. Those that the partner does not see name no partner."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.rules.todos import TodoState


@event_kind(
    "partners.todo_added",
    sentence=_("%(actor)s added the task %(title)s"),
    public=["title", "owner", "due_on"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class TodoAdded:
    """`owner` is a name; empty while it is nobody's."""

    title: str
    owner: str
    due_on: dt.date
    owner_id: int | None = None


@event_kind(
    "partners.todo_changed",
    sentence=_("%(actor)s changed the task %(title)s"),
    public=["title", "changes"],
)
@dataclass(frozen=True, slots=True)
class TodoChanged:
    """`changes` is field → [old, new]. `new_owner_id` is set where somebody else has it now."""

    title: str
    changes: dict[str, list[str]]
    new_owner_id: int | None = None


@event_kind(
    "partners.todo_moved",
    sentence=_("Task %(title)s: %(state)s (%(actor)s)"),
    public=["title", "state"],
    spoken={"state": label_of(TodoState.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class TodoMoved:
    """`state` is done, dropped or open (again)."""

    title: str
    state: str


@event_kind(
    "partners.todo_due",
    sentence=_("Reminder: %(title)s"),
    public=["title", "due_on", "late"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class TodoDue:
    """The owner is reminded; `late` once the day is over."""

    title: str
    due_on: dt.date
    late: bool


@event_kind(
    "partners.todo_without_owner",
    sentence=_("The task %(title)s has no owner any more: %(person)s left"),
    public=["title", "person"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class TodoWithoutOwner:
    title: str
    person: str
