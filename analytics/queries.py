"""What the partner's own dashboard shows: figures of the apps below, put side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.actor import Actor
from core.charts import Point
from core.money import short_money
from core.queries import partner_activity
from core.ui import TimelineEntry
from dealreg import queries
from dealreg.queries import PartnerFigures, PipelineSum
from dealreg.rules.states import DealStatus
from partners.queries.ahead import Ahead, ahead
from partners.queries.plans import side_of
from partners.queries.tier_page import TierCard, tier_card

RECENT = 6


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One partner's figures as of now. `by_status` counts registrations."""

    figures: PartnerFigures
    pipeline: str
    weighted: str
    won: str
    by_status: tuple[Point, ...]
    recent: tuple[queries.DealRow, ...]
    activity: tuple[TimelineEntry, ...]
    may_register: bool
    tier: TierCard
    ahead: Ahead
    may_plan: bool


def dashboard(actor: Actor, partner_id: int) -> Dashboard:
    """Everything the home page of a person at a partner shows. About ten queries."""
    figures = queries.partner_figures(actor)
    return Dashboard(
        figures=figures,
        pipeline=in_words(figures.pipeline),
        weighted=in_words(figures.weighted),
        won=in_words(figures.won),
        by_status=tuple(
            Point(str(status.label), figures.by_status.get(status, 0)) for status in DealStatus
        ),
        recent=queries.latest_deals(actor, RECENT),
        activity=tuple(partner_activity(partner_id, actor)),
        may_register=queries.may_register(actor),
        tier=tier_card(partner_id),
        ahead=ahead(actor, partner_id, owner_id=actor.user_id),
        may_plan=side_of(actor) is not None,
    )


def in_words(sums: Sequence[PipelineSum]) -> str:
    """Sums by currency, the largest count first: amounts of two currencies are not added."""
    ordered = sorted(sums, key=lambda one: -one.deals)
    return " + ".join(short_money(one.amount, one.currency) for one in ordered)
