"""What is true of tasks: their states, who moves them, and when somebody is reminded."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_DAYS_BEFORE = 30
MORNING = dt.time(8)


class TodoState(TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class TodoVerb(TextChoices):
    COMPLETE = "complete", _("Done")
    DROP = "drop", _("Drop")
    REOPEN = "reopen", _("Reopen")
    CHANGE = "change", _("Change")


# state, verb → state. What is not here is refused.
TODO_TRANSITIONS: dict[tuple[TodoState, TodoVerb], TodoState] = {
    (TodoState.OPEN, TodoVerb.COMPLETE): TodoState.DONE,
    (TodoState.OPEN, TodoVerb.DROP): TodoState.DROPPED,
    (TodoState.OPEN, TodoVerb.CHANGE): TodoState.OPEN,
    (TodoState.DONE, TodoVerb.REOPEN): TodoState.OPEN,
    (TodoState.DROPPED, TodoVerb.REOPEN): TodoState.OPEN,
}
# What somebody may do whose task it is, and nothing more.
OF_OWNERS = frozenset({TodoVerb.COMPLETE, TodoVerb.REOPEN})


def todo_after(state: str, verb: TodoVerb) -> TodoState | None:
    """Where `verb` leads a task from `state`; None where it leads nowhere."""
    return TODO_TRANSITIONS.get((TodoState(state), verb))


def may_move(verb: TodoVerb, *, owner: bool, creator: bool, in_charge: bool) -> bool:
    """Whether somebody who sees the task may do that: its owner, who made it, or who is in
    charge of it (the partner's administrators and the vendor's people)."""
    return creator or in_charge or (owner and verb in OF_OWNERS)


def reminder_before(due_on: dt.date, days: int, zone: str) -> dt.datetime:
    """In the morning, so many days before."""
    return morning(due_on - dt.timedelta(days=days), zone)


def reminder_after(due_on: dt.date, zone: str) -> dt.datetime:
    """In the morning after, when the task is late."""
    return morning(due_on + dt.timedelta(days=1), zone)


def morning(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone))
