"""All about one partner on one page, for the vendor's people."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from core import queries as core_queries
from core.actor import Actor
from core.ui import TimelineEntry
from partners.models import Offboarding, Partner, PartnerMerge, TierStay
from partners.queries.overview_cards import own_cards
from partners.queries.rollouts import trials_of
from partners.queries.tier_page import OF_A_TIER_CARD
from partners.registries.cards import Card, all_cards
from partners.rules.lifecycle import OPEN_OFFBOARDING

MOST_EVENTS = 15


@dataclass(frozen=True, slots=True)
class Overview:
    partner: Partner
    cards: tuple[Card, ...]
    events: tuple[TimelineEntry, ...]


def overview(actor: Actor, partner_id: int) -> Overview:
    """At most 15 queries with the cards of all apps. Raises Http404 for a partner that the actor
    may not see, and for who is not staff."""
    partner = _partner(actor, partner_id)
    declared = [(kind.position, kind.build(actor, partner_id)) for kind in all_cards()]
    cards = sorted([*own_cards(actor, partner), *declared], key=lambda one: one[0])
    return Overview(
        partner=partner,
        cards=tuple(_leading(card, partner) for _position, card in cards),
        events=tuple(core_queries.said_once(core_queries.timeline(partner, actor), MOST_EVENTS)),
    )


def _leading(card: Card, partner: Partner) -> Card:
    return replace(card, href=f"{card.href}?q={quote(partner.name)}") if card.by_name else card


def _partner(actor: Actor, partner_id: int) -> Partner:
    """The partner with all that there is once for it: standing, profiles, what is under way."""
    leaving = Offboarding.objects.filter(partner=OuterRef("pk"), state__in=sorted(OPEN_OFFBOARDING))
    stay = TierStay.objects.filter(partner=OuterRef("pk"), until=None).order_by("-since")
    merged = PartnerMerge.objects.filter(survivor=OuterRef("pk"), undone_at__isnull=True)
    rows = Partner.objects.select_related(
        "region", "manager", "profile", "listing", *OF_A_TIER_CARD
    ).annotate(
        leaving_id=Subquery(leaving.values("pk")[:1]),
        leaving_state=Subquery(leaving.values("state")[:1]),
        trials=ArraySubquery(
            trials_of(OuterRef("pk"), OuterRef("region__path")).values(
                one=JSONObject(id="pk", what="feature", until="last_day")
            )
        ),
        in_tier_since=Subquery(stay.values("since")[:1]),
        merged_in=ArraySubquery(
            merged.order_by("pk").values(one=JSONObject(id="loser_id", name="loser__name"))
        ),
    )
    partner = rows.filter(pk=partner_id, pk__in=Partner.objects.visible_to(actor)).first()
    if partner is None or not actor.is_staff:
        raise Http404
    return partner
