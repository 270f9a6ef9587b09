"""What happens because of tasks: people are told and reminded, and leavers' tasks are freed."""

from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears, record
from core.models import User
from core.notify import notify
from partners import queries
from partners.events.people import PersonLeft
from partners.events.todos import TodoAdded, TodoChanged, TodoDue, TodoMoved, TodoWithoutOwner
from partners.models import Todo
from partners.queries.todos import link_of
from partners.rules.todos import TodoState
from partners.services.todos import LATE, REMIND, free_todos

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@falls_due(REMIND)
def remind_of_todo(due: DueAppointment) -> None:
    """Reminds the owner of a task that is still open."""
    todo = Todo.objects.select_for_update(of=("self",)).filter(pk=due.subject_id).first()
    if todo is None or todo.state != TodoState.OPEN or todo.owner_id is None:
        return
    fact = TodoDue(todo.title, todo.due_on, late=due.key == LATE)
    partner_id = todo.partner_id if todo.shared else None
    record(fact, subject=todo, actor=system("reminders"), partner_id=partner_id)


@hears(TodoAdded, name="partners.tell_owner_of_todo")
def tell_owner(event: RecordedEvent[TodoAdded]) -> None:
    tell(event, event.payload.owner_id, _("New task for you: {title}"))


@hears(TodoChanged, name="partners.tell_new_owner_of_todo")
def tell_new_owner(event: RecordedEvent[TodoChanged]) -> None:
    tell(event, event.payload.new_owner_id, _("New task for you: {title}"))


@hears(TodoMoved, name="partners.tell_creator_of_todo")
def tell_creator(event: RecordedEvent[TodoMoved]) -> None:
    """Who gave somebody else a task hears that it is done."""
    if event.payload.state == TodoState.DONE:
        todo = Todo.objects.filter(pk=event.subject_id).first()
        tell(event, todo.created_by_id if todo else None, _("Done: {title}"))


@hears(TodoDue, name="partners.tell_owner_of_due_todo")
def tell_of_due(event: RecordedEvent[TodoDue]) -> None:
    todo = Todo.objects.filter(pk=event.subject_id).first()
    words = _("Late: {title}") if event.payload.late else _("Due soon: {title}")
    tell(event, todo.owner_id if todo else None, words)


@hears(TodoWithoutOwner, name="partners.tell_of_todo_without_owner")
def tell_of_loose_todo(event: RecordedEvent[TodoWithoutOwner]) -> None:
    """The partner's administrators and who looks after it give the task to somebody else."""
    todo = Todo.objects.filter(pk=event.subject_id).first()
    if todo is None or todo.partner_id is None:
        return
    people = list(queries.administrators_of(todo.partner_id)) if todo.shared else []
    for user in [*people, *queries.managers_of(todo.partner_id)]:
        tell(event, user.pk, _("Nobody’s task: {title}"))


@hears(PersonLeft, name="partners.free_todos_of_leaver")
def free_todos_of_leaver(event: RecordedEvent[PersonLeft]) -> None:
    if event.partner_id is not None:
        actor = system("leaving")
        free_todos(actor=actor, user_id=event.subject_id, partner_id=event.partner_id)


def tell(event: RecordedEvent[Any], user_id: int | None, words: "StrOrPromise") -> None:
    """Tells one person, unless they did it themselves."""
    if user_id is None or user_id == event.actor_user_id:
        return
    todo = Todo.objects.filter(pk=event.subject_id).first()
    user = User.objects.filter(pk=user_id).first()
    if todo is None or user is None:
        return
    title = format_lazy(words, title=isolated_later(todo.title))
    notify(event, [user], title=title, url=link_of(todo, staff=user.is_staff))
