"""Reads about the programme for those who look after it."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from core.actor import Actor
from partners.models import Partner, PartnerDomain, Region, Tier, TierProposal
from partners.models.standing import ProposalStatus
from partners.queries import in_regions
from partners.rules import PartnerStatus


def region_choices(actor: Actor) -> list[tuple[str, str]]:
    """(path, indented name) of the regions in the actor's scope, in the order of the tree."""
    rows = Region.objects.filter(in_regions(actor.region_paths, "path")).order_by("path")
    return [
        (path, "\u2003" * path.count(".") + name) for path, name in rows.values_list("path", "name")
    ]


def regions_by_path() -> list[tuple[str, str]]:
    """(id, indented name) of all regions in the order of the tree."""
    return [
        (str(key), "\u2003" * path.count(".") + name)
        for key, path, name in Region.objects.order_by("path").values_list("pk", "path", "name")
    ]


def region_paths() -> dict[int, str]:
    """Id → path of all regions."""
    return dict(Region.objects.values_list("pk", "path"))


def region_names() -> dict[str, str]:
    """Path → name of all regions."""
    return dict(Region.objects.values_list("path", "name"))


def partner_names(keys: Collection[int]) -> dict[int, str]:
    """Id → name of some partners."""
    return dict(Partner.objects.filter(pk__in=keys).values_list("pk", "name"))


def region_exists(path: str) -> bool:
    return Region.objects.filter(path=path).exists()


def taken_domains(domains: Collection[str], *, but_for: int | None) -> list[str]:
    """Those of `domains` that belong to a partner other than `but_for`."""
    rows = PartnerDomain.objects.filter(domain__in=domains)
    if but_for is not None:
        rows = rows.exclude(partner_id=but_for)
    return sorted(rows.values_list("domain", flat=True))


MOST_AT_RISK = 10


def partners_at_risk(actor: Actor) -> list[Partner]:
    """The actor's partners that somebody should look after (at most 10)."""
    rows = Partner.objects.visible_to(actor).filter(status=PartnerStatus.AT_RISK)
    return list(
        rows.select_related("tier", "region", "manager").order_by("name", "pk")[:MOST_AT_RISK]
    )


def active_partners(actor: Actor) -> int:
    return Partner.objects.visible_to(actor).filter(status=PartnerStatus.ACTIVE).count()


def all_tiers() -> list[Tier]:
    """The lowest first."""
    return list(Tier.objects.order_by("rank"))


MOST_PROPOSED = 10


def proposed_tiers(actor: Actor) -> list[TierProposal]:
    """The moves in the actor's regions that wait for a person, oldest first (at most 10)."""
    rows = TierProposal.objects.filter(
        in_regions(actor.region_paths, "partner__region__path"), status=ProposalStatus.WAITING
    )
    return list(
        rows.select_related("partner", "before", "after").order_by("asked_at", "pk")[:MOST_PROPOSED]
    )


def visible_partner_ids(actor: Actor) -> QuerySet[Partner, Any]:
    """The keys of the partners in the actor's scope, for use inside another query."""
    return Partner.objects.visible_to(actor).order_by().values("pk")


MOST_NAMED = 100


def partners_named(text: str) -> list[int]:
    """The ids of partners whose name contains `text` or whose domain it is (at most 100)."""
    rows = Partner.objects.filter(Q(name__icontains=text) | Q(domains__domain=text.lower()))
    return list(rows.order_by().values_list("pk", flat=True).distinct()[:MOST_NAMED])


def partner_called(actor: Actor, text: str) -> Partner | None:
    """The partner of the actor's scope with exactly this name or domain, when there is one."""
    words = text.strip().replace("\x00", "")[:253]
    if not words:
        return None
    rows = Partner.objects.visible_to(actor).filter(
        Q(name__iexact=words) | Q(domains__domain=words.lower())
    )
    found = list(rows.distinct()[:2])
    return found[0] if len(found) == 1 else None


def partners_in_scope(actor: Actor, keys: Collection[int]) -> set[int]:
    """Those of `keys` that are partners in the actor's scope."""
    return set(Partner.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
