"""Reads of what is kept about a partner."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from core import subdivisions
from core.actor import Actor
from core.sql import LARGEST_ID
from partners.models import (
    Focus,
    Partner,
    PartnerContact,
    PartnerFocus,
    PartnerNote,
    PartnerTerritory,
)
from partners.rules.record import FocusKind

MOST_PARTS = 500
MOST_CONTACTS = 50
MOST_NOTES = 20
MOST_FOCUSES = 500


@dataclass(frozen=True, slots=True)
class ContactShown:
    """Somebody to talk to; `role` is a label."""

    name: str
    role: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class NoteShown:
    text: str
    written_by: str
    written_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """What the partner's own people read: names in their language, of the notes only those that
    are shared, the newest first (at most 20; at most 50 contacts)."""

    specialisations: tuple[str, ...]
    verticals: tuple[str, ...]
    territories: tuple[str, ...]
    contacts: tuple[ContactShown, ...]
    notes: tuple[NoteShown, ...]


def company_record(partner_id: int) -> CompanyRecord:
    """Four queries."""
    focuses = PartnerFocus.objects.filter(partner_id=partner_id).order_by("focus__name")
    named = list(focuses.values_list("focus__kind", "focus__name")[:MOST_FOCUSES])
    notes = PartnerNote.objects.filter(partner_id=partner_id, shared=True)[:MOST_NOTES]
    return CompanyRecord(
        specialisations=tuple(name for kind, name in named if kind == FocusKind.SPECIALISATION),
        verticals=tuple(name for kind, name in named if kind == FocusKind.VERTICAL),
        territories=tuple(sorted(subdivisions.name(one) for one in territories_of(partner_id))),
        contacts=tuple(
            ContactShown(one.name, one.get_role_display(), one.email, one.phone)
            for one in contacts_of(partner_id)
        ),
        notes=tuple(NoteShown(one.text, one.written_by, one.written_at) for one in notes),
    )


def contacts_of(partner_id: int) -> list[PartnerContact]:
    """Whom to talk to at a partner (at most 50)."""
    return list(PartnerContact.objects.filter(partner_id=partner_id)[:MOST_CONTACTS])


def contact_for_reading(actor: Actor, contact_id: int) -> PartnerContact:
    """Http404 for what is not the actor's to know."""
    found = None
    if 0 < contact_id <= LARGEST_ID:
        rows = PartnerContact.objects.filter(partner__in=Partner.objects.visible_to(actor))
        found = rows.filter(pk=contact_id).first()
    if found is None:
        raise Http404
    return found


def territories_of(partner_id: int) -> frozenset[str]:
    """The countries and parts of countries in which a partner sells. One query."""
    rows = PartnerTerritory.objects.filter(partner_id=partner_id)
    return frozenset(rows.values_list("place", flat=True))


def parts_in_use() -> list[tuple[str, str]]:
    """(code, name) of the parts of countries in which some partner sells (at most 500)."""
    rows = PartnerTerritory.objects.filter(place__contains="-").order_by("place")
    codes = rows.values_list("place", flat=True).distinct()[:MOST_PARTS]
    return [(code, subdivisions.name(code)) for code in codes]


def focus_ids_of(partner_id: int) -> list[int]:
    rows = PartnerFocus.objects.filter(partner_id=partner_id)
    return list(rows.order_by("focus_id").values_list("focus_id", flat=True))


def focus_choices(kept: list[int]) -> list[tuple[str, list[tuple[int, str]]]]:
    """What may be chosen, in groups: what is offered, and what the partner has already."""
    rows = Focus.objects.order_by("kind", "name")
    offered = [one for one in rows if one.active or one.pk in kept][:MOST_FOCUSES]
    return [
        (str(kind.label), [(one.pk, one.name) for one in offered if one.kind == kind])
        for kind in FocusKind
    ]


def newest_notes(partner_id: int, most: int = 5) -> list[PartnerNote]:
    """For staff: the newest notes, shared or not. One query."""
    return list(PartnerNote.objects.filter(partner_id=partner_id)[:most])
