"""A person's own views of a list: kept under a name, one of them shown first."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from core.actor import Actor
from core.models import SavedFilter, User
from core.rows import add_row, change_row, remove_row
from core.sql import LARGEST_ID

MOST_FILTERS = 20
LONGEST_NAME = 60
LONGEST_QUERY = 500


class RefusedFilter(ValueError):
    """It cannot be kept like this; says why."""


def mine(actor: Actor, list_name: str) -> "models.QuerySet[SavedFilter]":
    return SavedFilter.objects.filter(user_id=_person(actor), list_name=list_name)


def _person(actor: Actor) -> int:
    """Programs and the portal itself keep no views. Raises PermissionDenied."""
    if actor.user_id is None:
        raise PermissionDenied
    return actor.user_id


def filters_of(actor: Actor, list_name: str) -> tuple[SavedFilter, ...]:
    """The actor's own views of a list by name. One query."""
    return tuple(mine(actor, list_name))


def default_of(actor: Actor, list_name: str) -> SavedFilter | None:
    """The view with which the list opens, if the actor chose one. One query."""
    return mine(actor, list_name).filter(is_default=True).first()


def query_of(data: QueryDict, names: Collection[str]) -> str:
    """What of an address belongs into a saved view: the named parameters that say something,
    in one order, so that two ways to the same view are one view."""
    kept: list[tuple[str, str]] = []
    for name in sorted(names):
        kept += [(name, value[:200]) for value in data.getlist(name) if value.strip()]
    return urlencode(kept)


def filter_for_changing(actor: Actor, filter_id: int, list_name: str) -> SavedFilter:
    """The actor's own saved view, locked; Http404 for what is anybody else's."""
    rows = mine(actor, list_name).select_for_update()
    found = rows.filter(pk=filter_id).first() if 0 < filter_id <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


@transaction.atomic
def save_filter(*, actor: Actor, list_name: str, name: str, query: str) -> SavedFilter:
    """Keeps a view under a name; the same name again gets the new view. Raises RefusedFilter."""
    name = _require_name(name)
    if not query:
        raise RefusedFilter(_("Choose a filter or an order first."))
    if len(query) > LONGEST_QUERY:
        raise RefusedFilter(_("This filter is too long to be saved."))
    # Two requests at once would both find room for one more.
    User.objects.select_for_update().get(pk=_person(actor))
    known = mine(actor, list_name).filter(name=name).first()
    if known is not None:
        known.query = query
        change_row(actor=actor, row=known, fields=["query"])
        return known
    if mine(actor, list_name).count() >= MOST_FILTERS:
        raise RefusedFilter(_("You have 20 saved filters. Delete one first."))
    row = SavedFilter(user_id=_person(actor), list_name=list_name, name=name, query=query)
    add_row(actor=actor, row=row)
    return row


@transaction.atomic
def rename_filter(*, actor: Actor, list_name: str, filter_id: int, name: str) -> None:
    """Raises RefusedFilter, Http404."""
    name = _require_name(name)
    User.objects.select_for_update().get(pk=_person(actor))
    row = filter_for_changing(actor, filter_id, list_name)
    others = mine(actor, list_name).filter(name=name)
    if others.exclude(pk=row.pk).exists():
        raise RefusedFilter(_("Another of your filters has this name."))
    row.name = name
    change_row(actor=actor, row=row, fields=["name"])


@transaction.atomic
def choose_default(*, actor: Actor, list_name: str, filter_id: int, chosen: bool = True) -> None:
    """Has the list open with this view from now on, or no longer. Raises Http404."""
    User.objects.select_for_update().get(pk=_person(actor))
    row = filter_for_changing(actor, filter_id, list_name)
    before = mine(actor, list_name).filter(is_default=True).exclude(pk=row.pk)
    for other in before if chosen else ():
        other.is_default = False
        change_row(actor=actor, row=other, fields=["is_default"])
    row.is_default = chosen
    change_row(actor=actor, row=row, fields=["is_default"])


@transaction.atomic
def delete_filter(*, actor: Actor, list_name: str, filter_id: int) -> None:
    """Raises Http404."""
    remove_row(actor=actor, row=filter_for_changing(actor, filter_id, list_name))


def _require_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise RefusedFilter(_("Give the filter a name."))
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise RefusedFilter(_("Use at most 60 characters, and no control characters."))
    return name
