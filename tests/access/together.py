"""What Alpha and Beta have together with the vendor in the walk, and what its forms carry."""

import datetime as dt
from typing import Any

from django.utils import timezone

from core.models import User
from partners.models import Todo
from partners.services.todos import TodoDetails, add_todo
from tests.cast import Cast


def add_for(cast: Cast, user: User, *, errand: str) -> None:
    """A task that somebody at a partner gave themselves."""
    later = timezone.localdate() + dt.timedelta(days=30)
    details = TodoDetails(errand, later, owner_id=user.pk)
    add_todo(actor=cast.actor(user), details=details)


def ids_of(partner_id: int) -> dict[str, Any]:
    """The ids that stand in addresses."""
    return {"todo_id": Todo.objects.get(partner_id=partner_id).pk}


def rows_of(partner_id: int) -> dict[str, object]:
    """The rows of the back office's tables that are the partner's."""
    return {"todo": Todo.objects.get(partner_id=partner_id).pk}


def bodies() -> dict[str, dict[str, Any]]:
    """What each form needs to be accepted."""
    later = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    todo = {"title": "Call them", "due_on": later, "remind_days": 1}
    return {
        "/tasks/new/": todo,
        "/tasks/<todo_id>/": {**todo, "version": 1},
        "/admin/partners/todo/new/": todo,
        "/admin/partners/todo/<todo_id>/save/": {**todo, "version": 1},
        "/api/v1/tasks/": todo,
        "/api/v1/tasks/<todo_id>/": todo,
    }
