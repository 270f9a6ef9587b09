"""Reads about tasks: who may know of one, what it is about, and whose it can be.

An app says once what its tasks can be about::

    declare_subject("dealreg.deal", find_deal)

where `find_deal(actor, key)` answers with a Subject, or raises Http404 for what the actor may
not know of.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, StaffRole
from core.models import User
from core.navigation import page_of
from core.sql import LARGEST_ID
from core.ui import Tone
from partners.models import Partner, Todo
from partners.models.todos import TodoQuerySet
from partners.queries.organisations import region_of
from partners.queries.people import MOST_COLLEAGUES, people_of
from partners.queries.staff import managers_of, staff_for
from partners.rules import PartnerRole
from partners.rules.todos import TodoState, TodoVerb, may_move, todo_after

MOST_OWNERS = 250
MOST_SHOWN = 50
TONES = {TodoState.OPEN: Tone.INFO, TodoState.DONE: Tone.GOOD, TodoState.DROPPED: Tone.NEUTRAL}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a task is about: the thing, how it is called, and whose partner's it is."""

    thing: models.Model
    label: str
    partner_id: int | None


Finder = Callable[[Actor, int], Subject]
_finders: dict[str, Finder] = {}


def declare_subject(subject_type: str, find: Finder) -> None:
    if subject_type in _finders:
        raise ValueError(f"Tasks about {subject_type} are declared twice.")
    _finders[subject_type] = find


def subject_of(actor: Actor, subject_type: str, subject_id: int) -> Subject:
    """Raises Http404 for what is not there, or not the actor's to know."""
    find = _finders.get(subject_type)
    if find is None or not 0 < subject_id <= LARGEST_ID:
        raise Http404
    return find(actor, subject_id)


# --- by right -------------------------------------------------------------------------------


def todo_for_reading(actor: Actor, todo_id: int) -> Todo:
    """Http404 for what the actor may not know of."""
    rows = Todo.objects.visible_to(actor).select_related("owner", "created_by", "partner")
    found = rows.filter(pk=todo_id).first() if 0 < todo_id <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def todo_for_moving(actor: Actor, todo_id: int, verb: TodoVerb) -> Todo:
    """The task, locked. Http404 for what the actor may not know of, PermissionDenied for what is
    not the actor's to do."""
    todo_for_reading(actor, todo_id)
    todo = Todo.objects.select_for_update(of=("self",)).select_related("owner").get(pk=todo_id)
    require(actor, todo, verb)
    return todo


def require(actor: Actor, todo: Todo, verb: TodoVerb) -> None:
    """Raises PermissionDenied for what is not the actor's to do."""
    if not allows(actor, todo, verb):
        raise PermissionDenied(_("This is for the task’s owner, or for who made it."))


def allows(actor: Actor, todo: Todo, verb: TodoVerb) -> bool:
    """Whether the verb is the actor's on a task that it sees, whatever its state."""
    known = actor.user_id is not None
    return may_move(
        verb,
        owner=known and todo.owner_id == actor.user_id,
        creator=known and todo.created_by_id == actor.user_id,
        in_charge=actor.is_staff or actor.is_system or PartnerRole.ADMIN in actor.partner_roles,
    )


def verbs_for(actor: Actor, todo: Todo) -> frozenset[str]:
    return frozenset(
        verb.value
        for verb in TodoVerb
        if todo_after(todo.state, verb) is not None and allows(actor, todo, verb)
    )


# --- lists ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """Which tasks are listed; empty bounds nothing. `whose` is "mine" or ""; `about` names a
    thing as "dealreg.deal" and its id."""

    words: str = ""
    whose: str = ""
    state: str = ""
    about: tuple[str, int] | None = None


def todos(actor: Actor, wanted: TodoFilter) -> TodoQuerySet:
    rows = Todo.objects.visible_to(actor).select_related("owner", "partner")
    if wanted.words:
        rows = rows.filter(title__icontains=wanted.words)
    if wanted.whose == "mine":
        rows = rows.filter(owner_id=actor.user_id)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.about is not None:
        rows = rows.filter(about_type=wanted.about[0], about_id=wanted.about[1])
    return rows


def in_scope(actor: Actor, rows: TodoQuerySet) -> TodoQuerySet:
    return rows.visible_to(actor)


def todos_about(actor: Actor, thing: models.Model, *, most: int = MOST_SHOWN) -> list[Todo]:
    """The tasks about a thing that the actor sees: open ones first, soonest first."""
    rows = Todo.objects.visible_to(actor).filter(
        about_type=thing._meta.label_lower, about_id=thing.pk
    )
    return list(rows.select_related("owner").order_by("-state", "due_on", "pk")[:most])


# A task, how its state is called, and its colour.
ShownTodo = tuple[Todo, str, Tone]


def shown_about(actor: Actor, thing: models.Model, *, most: int = MOST_SHOWN) -> list[ShownTodo]:
    """The tasks about a thing, as a page lists them. One query."""
    return [(one, *state_shown(one)) for one in todos_about(actor, thing, most=most)]


def is_late(todo: Todo, today: dt.date | None = None) -> bool:
    return todo.state == TodoState.OPEN and todo.due_on < (today or timezone.localdate())


def state_shown(todo: Todo) -> tuple[str, Tone]:
    """How the state is called, and its colour: what is late says so."""
    if is_late(todo):
        return _("Late"), Tone.BAD
    return todo.get_state_display(), TONES[TodoState(todo.state)]


def owners_for(actor: Actor, partner_id: int | None, *, shared: bool) -> list[User]:
    """Whose the actor can make a task (at most 250): people of the partner where it sees the
    task, and who looks after the partner; without a partner, the actor itself."""
    if partner_id is None:
        return list(User.objects.filter(pk=actor.user_id or 0, is_active=True))
    people = list(people_of(partner_id)[:MOST_COLLEAGUES]) if shared else []
    return [*people, *staff_for_todos(actor, partner_id)][:MOST_OWNERS]


def staff_for_todos(actor: Actor, partner_id: int) -> list[User]:
    """People at a partner ask who looks after them; staff ask anybody with a duty there."""
    looking_after = managers_of(partner_id)
    if not (actor.is_staff or actor.is_system):
        return looking_after
    _region, path = region_of(partner_id)
    there = staff_for(path, StaffRole.CHANNEL_MANAGER, StaffRole.OPS)
    own = list(User.objects.filter(pk=actor.user_id or 0, is_active=True))
    return list({user.pk: user for user in [*looking_after, *there, *own]}.values())


# --- where it is shown ----------------------------------------------------------------------


def link_of(todo: Todo, *, staff: bool) -> str:
    """The task's page for its reader."""
    name = "admin:partners_todo_change" if staff else "todo"
    return reverse(name, args=[todo.pk])


def about_link(todo: Todo, *, staff: bool) -> str:
    """The page of what the task is about; empty where there is none for the reader."""
    if not todo.about_type or todo.about_id is None:
        return ""
    if not staff:
        return page_of(todo.about_type, todo.about_id)
    try:
        return reverse(f"admin:{todo.about_type.replace('.', '_')}_change", args=[todo.about_id])
    except NoReverseMatch:
        return ""


def partner_for_todo(actor: Actor, partner_id: int) -> Partner:
    """The partner that a task is with. Http404 for what is not the actor's to know."""
    found = None
    if 0 < partner_id <= LARGEST_ID:
        found = Partner.objects.visible_to(actor).filter(pk=partner_id).first()
    if found is None:
        raise Http404
    return found
