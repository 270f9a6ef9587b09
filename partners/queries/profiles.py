"""Reads of what companies say of themselves, and of what their type is there for."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from core.actor import Actor
from partners.models import Partner, PartnerProfile, TypePlaybook
from partners.rules import CompanyProfile

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Playbook:
    """What partners of a type are there for, and how they go about it, line by line."""

    type: str
    duties: tuple[str, ...]
    steps: tuple[str, ...]


def profile_row(partner_id: int) -> PartnerProfile:
    """The stored profile, or an empty one in version 0. One query."""
    found = PartnerProfile.objects.filter(partner_id=partner_id).first()
    return found or PartnerProfile(partner_id=partner_id, version=0)


def profile_of(row: PartnerProfile) -> CompanyProfile:
    names = CompanyProfile.__dataclass_fields__
    return CompanyProfile(**{name: getattr(row, name) for name in names})


def playbook_for(partner_id: int) -> Playbook | None:
    """The duties and the playbook of a partner's type; None while nobody wrote them. One query."""
    kind = Partner.objects.filter(pk=partner_id).values("type")
    row = TypePlaybook.objects.filter(type__in=kind).first()
    if row is None:
        return None
    return Playbook(row.get_type_display(), lines_of(row.duties), lines_of(row.playbook))


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def companies(actor: Actor, *, status: str, kind: str, words: str) -> "QuerySet[Partner]":
    """The partners that somebody may see, of a status and a type, by a part of the name or an
    internet domain; "" asks for none of these."""
    rows = Partner.objects.visible_to(actor).select_related("tier", "region")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(type=kind) if kind else rows
    words = words.strip().replace("\x00", "")[:LONGEST_SEARCH]
    if words:
        of_domain = Q(domains__domain=words.lower())
        rows = rows.filter(pk__in=Partner.objects.filter(Q(name__icontains=words) | of_domain))
    return rows
