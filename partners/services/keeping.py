"""What is kept about a partner: its specialisations and verticals, its territories, notes."""

from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.rows import add_row
from partners.events.record import FocusChanged, NoteKept, NoteShared, TerritoriesChanged
from partners.models import Focus, Partner, PartnerFocus, PartnerNote, PartnerTerritory
from partners.rules import FocusKind
from partners.services.authority import require_operations


class EmptyNote(ValueError):
    """A note says something; the message says so."""


@transaction.atomic
def add_focuses(*, actor: Actor, kind: FocusKind, names: Sequence[str]) -> list[int]:
    """The ids of specialisations or verticals by these names; those that are missing are added.

    Raises PermissionDenied.
    """
    require_operations(actor)
    known = dict(Focus.objects.filter(kind=kind).values_list("name", "pk"))
    for name in names:
        if name not in known:
            row = Focus(kind=kind, name=name)
            add_row(actor=actor, row=row)
            known[name] = row.pk
    return [known[name] for name in names]


@transaction.atomic
def set_focus(*, actor: Actor, partner_id: int, focus_ids: Collection[int]) -> bool:
    """Makes these the partner's only specialisations and verticals; False if they are already.

    Raises PermissionDenied.
    """
    require_operations(actor)
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    before = dict(partner.focuses.values_list("focus_id", "focus__name"))
    after = dict(Focus.objects.filter(pk__in=focus_ids).values_list("pk", "name"))
    added = sorted(name for key, name in after.items() if key not in before)
    removed = sorted(name for key, name in before.items() if key not in after)
    if not added and not removed:
        return False
    partner.focuses.exclude(focus_id__in=after).delete()
    PartnerFocus.objects.bulk_create(
        PartnerFocus(partner=partner, focus_id=key) for key in after if key not in before
    )
    fact = FocusChanged(tuple(added), tuple(removed))
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    return True


@transaction.atomic
def set_territories(*, actor: Actor, partner_id: int, places: Collection[str]) -> bool:
    """Makes these countries and parts of countries (by code) the partner's only ones; False if they
    are already.

    Raises PermissionDenied.
    """
    require_operations(actor)
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    before = set(partner.territories.values_list("place", flat=True))
    added, removed = sorted(set(places) - before), sorted(before - set(places))
    if not added and not removed:
        return False
    partner.territories.filter(place__in=removed).delete()
    PartnerTerritory.objects.bulk_create(
        PartnerTerritory(partner=partner, place=code) for code in added
    )
    fact = TerritoriesChanged(tuple(added), tuple(removed))
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    return True


@transaction.atomic
def write_note(*, actor: Actor, partner_id: int, text: str, shared: bool) -> PartnerNote:
    """Staff write down something about a partner of theirs; only a shared note is ever read by
    the partner. Raises EmptyNote, PermissionDenied, Http404."""
    if not (actor.is_staff or actor.is_system):
        raise PermissionDenied(_("Your role does not include this."))
    partner = Partner.objects.visible_to(actor).filter(pk=partner_id).first()
    if partner is None:
        raise Http404
    text = text.strip()
    if not text:
        raise EmptyNote(_("Write something."))
    note = PartnerNote.objects.create(
        partner=partner,
        text=text,
        shared=shared,
        author_id=actor.user_id,
        written_by=actor.label[:200],
    )
    fact = NoteShared(text) if shared else NoteKept(text)
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    return note
