"""Reads about two-tier distribution: who works with whom, on which terms, and the page of it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.sql import LARGEST_ID
from core.ui import Tone
from partners.models import DistributionLink, DistributionPolicy, Partner, TriedDistributionPolicy
from partners.queries.regions import containing
from partners.queries.rollouts import day_of, tried_by
from partners.rules import IN_BUSINESS, PartnerRole, PartnerType
from partners.rules.distribution import (
    OPEN_LINK,
    DistributionTerms,
    LinkState,
    LinkVerb,
    Side,
    TermsOfRegion,
    may_say,
    terms_in_force,
)
from partners.rules.rollouts import DISTRIBUTION_POLICIES

MOST_LINKS = 200
MOST_PAST = 20
TONES: dict[str, Tone] = {
    LinkState.PROPOSED: Tone.INFO,
    LinkState.ACTIVE: Tone.GOOD,
    LinkState.DECLINED: Tone.BAD,
    LinkState.EXPIRED: Tone.WARN,
    LinkState.ENDED: Tone.NEUTRAL,
    LinkState.WITHDRAWN: Tone.NEUTRAL,
}


def distribution_terms(region_path: str, partner_id: int | None = None) -> DistributionTerms:
    """The terms that hold for a reseller of a region (None: for no one in particular). One
    query."""
    if tried := _tried_terms({partner_id: region_path}):
        return tried[partner_id]
    rows = DistributionPolicy.objects.select_related("region").filter(
        Q(region__isnull=True) | Q(region__path__in=containing(region_path))
    )
    return terms_in_force(
        [TermsOfRegion(row.region.path if row.region else "", row.terms) for row in rows]
    )


def terms_of_resellers(regions: Mapping[int, str]) -> dict[int, DistributionTerms]:
    """The terms of several resellers, whose regions (paths) are given. One query, and one where
    some of them try others out."""
    tried = _tried_terms(regions)
    by_region = _terms_of_regions(set(regions.values()))
    return {key: tried.get(key) or by_region[path] for key, path in regions.items()}


K = TypeVar("K", int, int | None)


def _tried_terms(regions: Mapping[K, str]) -> dict[K, DistributionTerms]:
    """The terms that some of the resellers try out today. No query where none does."""
    day = day_of(timezone.now())
    found = {key: tried_by(DISTRIBUTION_POLICIES, key, path, day) for key, path in regions.items()}
    chosen = {key: one[0] for key, one in found.items() if one is not None}
    rows = TriedDistributionPolicy.objects.in_bulk(set(chosen.values())) if chosen else {}
    return {key: rows[policy].terms for key, policy in chosen.items() if policy in rows}


def _terms_of_regions(region_paths: Collection[str]) -> dict[str, DistributionTerms]:
    above = {path: ["", *containing(path)] for path in region_paths}
    wanted = {path for paths in above.values() for path in paths}
    rows = DistributionPolicy.objects.select_related("region").filter(
        Q(region__isnull=True) | Q(region__path__in=wanted)
    )
    known = {row.region.path if row.region else "": row.terms for row in rows}
    return {
        path: terms_in_force([TermsOfRegion(one, known[one]) for one in paths if one in known])
        for path, paths in above.items()
    }


def is_distributor(partner_id: int) -> bool:
    return Partner.objects.filter(pk=partner_id, type=PartnerType.DISTRIBUTOR).exists()


def in_force(day: dt.date) -> Q:
    """The condition that a relation counts on a day, both companies being in business."""
    return Q(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        state=LinkState.ACTIVE,
        starts_on__lte=day,
        distributor__status__in=sorted(IN_BUSINESS),
    )


@dataclass(frozen=True, slots=True)
class Distributor:
    """A distributor through which a reseller may sell now, by the relation `link_id`."""

    link_id: int
    partner_id: int
    name: str


def distributors_of(partner_id: int, region_path: str) -> list[Distributor]:
    """The distributors whose relation with a reseller counts today where the reseller is, the
    oldest relation first. One query."""
    rows = DistributionLink.objects.filter(
        in_force(timezone.now().date()),
        Q(region__isnull=True) | Q(region__path__in=containing(region_path)),
        reseller_id=partner_id,
    )
    found = rows.order_by("starts_on", "pk").values_list(
        "pk", "distributor_id", "distributor__name"
    )
    return [Distributor(*values) for values in found[:MOST_LINKS]]


def resellers_in_force(distributor_id: int) -> "Sequence[int]":
    """The ids of the resellers whose relation with a distributor counts today. One query."""
    rows = DistributionLink.objects.filter(
        in_force(timezone.now().date()), distributor_id=distributor_id
    )
    return [key for key in rows.values_list("reseller_id", flat=True) if key is not None]


def partners_of_link(link_id: int) -> tuple[int | None, int | None]:
    """The ids of the distributor and the reseller of a relation. One query."""
    found = DistributionLink.objects.filter(pk=link_id)
    return found.values_list("distributor_id", "reseller_id").first() or (None, None)


# --- by right -------------------------------------------------------------------------------


def side_of(actor: Actor, link: DistributionLink) -> Side | None:
    """On which side of a relation the actor stands; None for who has no part in it."""
    if actor.is_staff or actor.is_system:
        return Side.VENDOR
    if actor.partner_id is not None and actor.partner_id == link.distributor_id:
        return Side.DISTRIBUTOR
    if actor.partner_id is not None and actor.partner_id == link.reseller_id:
        return Side.RESELLER
    return None


def may_arrange(actor: Actor) -> bool:
    """Whether the actor speaks for its company in this: administrators do."""
    at_partner = actor.partner_id is not None and PartnerRole.ADMIN in actor.partner_roles
    return (at_partner or actor.is_ops) and actor.may("distribution:write")


def require_may_arrange(actor: Actor) -> None:
    """Raises PermissionDenied."""
    if not (may_arrange(actor) or actor.is_system):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))


def link_for_reading(actor: Actor, link_id: int) -> DistributionLink:
    """A relation with both companies; Http404 for what is not the actor's to know."""
    if not 0 < link_id <= LARGEST_ID:
        raise Http404
    rows = DistributionLink.objects.visible_to(actor)
    link = rows.select_related("distributor", "reseller", "region").filter(pk=link_id).first()
    if link is None:
        raise Http404
    return link


# --- the page -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A relation as one side, or the vendor, sees it: `other` is what it may call the other."""

    link: DistributionLink
    side: Side
    other: str
    tone: Tone
    verbs: frozenset[LinkVerb]


@dataclass(frozen=True, slots=True)
class DistributionPage:
    """A partner's distributors, or a distributor's resellers: what waits for the reader, what
    holds, what the other side has not answered, and what is past."""

    distributor: bool
    waiting: tuple[LinkSeen, ...]
    active: tuple[LinkSeen, ...]
    asked: tuple[LinkSeen, ...]
    past: tuple[LinkSeen, ...]
    may_arrange: bool
    may_propose: bool
    terms: DistributionTerms


def name_of_other(link: DistributionLink, side: Side) -> str:
    """What a side may call the other. Who asked knows no more than what it typed until the
    other has accepted."""
    if side == link.proposed_by and link.starts_on is None:
        return link.invited_as
    other = link.reseller if side == Side.DISTRIBUTOR else link.distributor
    return other.name if other else link.invited_as


def seen(actor: Actor, link: DistributionLink) -> LinkSeen:
    side = side_of(actor, link) or Side.RESELLER
    verbs = frozenset(
        verb
        for verb in LinkVerb
        if may_arrange(actor) and may_say(verb, link.state, side, link.proposed_by)
    )
    return LinkSeen(link, side, name_of_other(link, side), TONES[link.state], verbs)


def links(actor: Actor) -> list[LinkSeen]:
    """What is open, and the newest of what is past. Two queries."""
    rows = DistributionLink.objects.visible_to(actor).select_related(
        "distributor", "reseller", "region"
    )
    now = list(rows.filter(state__in=sorted(OPEN_LINK)).order_by("-pk")[:MOST_LINKS])
    past = rows.exclude(state__in=sorted(OPEN_LINK)).order_by("-settled_at", "-pk")[:MOST_PAST]
    return [seen(actor, link) for link in (*now, *past)]


def distribution_page(actor: Actor) -> DistributionPage:
    """The page of the actor's partner. At most five queries."""
    assert actor.partner_id is not None  # for_partners
    partner = Partner.objects.select_related("region").get(pk=actor.partner_id)
    terms = distribution_terms(partner.region.path, partner.pk)
    found = links(actor)
    waiting = [
        one
        for one in found
        if one.link.state == LinkState.PROPOSED and one.side != one.link.proposed_by
    ]
    asked = [
        one
        for one in found
        if one.link.state == LinkState.PROPOSED and one.side == one.link.proposed_by
    ]
    return DistributionPage(
        distributor=partner.type == PartnerType.DISTRIBUTOR,
        waiting=tuple(waiting),
        active=tuple(one for one in found if one.link.state == LinkState.ACTIVE),
        asked=tuple(asked),
        past=tuple(one for one in found if one.link.state not in OPEN_LINK),
        may_arrange=may_arrange(actor),
        may_propose=may_arrange(actor) and terms.partners_propose,
        terms=terms,
    )
