"""What a partner reads about benefits: all tiers side by side, its own marked, and what the next
one changes, by how much and from when."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from core.actor import Actor
from partners.models import Tier
from partners.queries import benefits
from partners.queries.benefits import ReadCatalogue
from partners.rules.benefits import BENEFITS, Benefit, Grants, begins, held_at
from partners.rules.rollouts import until_for
from partners.words import benefits as benefit_words


@dataclass(frozen=True, slots=True)
class Row:
    """A benefit and per tier, in the order of the page's tiers: the tier's name, the value in
    words, and whether it is the partner's column."""

    label: str
    description: str
    cells: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What the next tier changes of one benefit; `by` may be empty."""

    label: str
    now: str
    then: str
    by: str


@dataclass(frozen=True, slots=True)
class Told:
    """A stated benefit of the partner's own."""

    name: str
    label: str
    kind: str
    number: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Time:
    tier: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class BenefitsPage:
    """`tier` is the tier whose benefits count now, `reached` the partner's tier; they differ
    until `follows_on`. Without a catalogue in force (version 0) the rest is empty."""

    partner_id: int
    tier: str
    reached: str
    version: int = 0
    title: str = ""
    in_force_from: dt.datetime | None = None
    starts: str = ""
    tiers: tuple[tuple[str, bool], ...] = ()
    rows: tuple[Row, ...] = ()
    own: tuple[Told, ...] = ()
    next_tier: str = ""
    steps: tuple[Step, ...] = ()
    next_from: dt.datetime | None = None
    follows_on: dt.datetime | None = None
    coming_from: dt.datetime | None = None
    history: tuple[Time, ...] = ()
    tried_until: dt.date | None = None


def benefits_page(actor: Actor, partner_id: int) -> BenefitsPage:
    """As of now: about six queries. Raises Partner.DoesNotExist for one that the actor may not
    see."""
    partner = benefits.partner_of(actor, partner_id)
    now = timezone.now()
    catalogue = benefits.catalogue_for(partner.pk, partner.region.path, partner.type, now)
    if catalogue is None:
        return BenefitsPage(partner.pk, partner.tier.name, partner.tier.name)
    tiers = list(Tier.objects.order_by("rank"))
    names = {tier.pk: tier.name for tier in tiers}
    held = benefits.held_by(partner.pk, catalogue)
    counts = held_at(held, now)
    own_id = counts.tier_id if counts else partner.tier_id
    shown = [tier for tier in tiers if catalogue.of_tier(tier.pk) or tier.pk == own_id]
    above = next((tier for tier in shown if tier.rank > partner.tier.rank), None)
    named = {name for tier in shown for name in catalogue.of_tier(tier.pk)}
    stated = [one for one in BENEFITS.values() if one.name in named]
    own, reached = catalogue.of_tier(own_id), catalogue.of_tier(partner.tier_id)
    later = [one for one in held if one.since > now]
    coming = benefits.coming(partner.region.path, partner.type, now)
    return BenefitsPage(
        partner_id=partner.pk,
        tier=names[own_id],
        reached=partner.tier.name,
        version=catalogue.version,
        title=catalogue.title,
        in_force_from=catalogue.effective_from,
        starts=benefit_words.starts(catalogue.starts),
        tiers=tuple((tier.name, tier.pk == own_id) for tier in shown),
        rows=tuple(row(one, catalogue, shown, own_id) for one in stated),
        own=tuple(told(one, own) for one in stated if one.name in own),
        next_tier=above.name if above else "",
        steps=steps(stated, reached, catalogue.of_tier(above.pk)) if above else (),
        next_from=begins(now, catalogue.starts, timezone.get_default_timezone()) if above else None,
        follows_on=later[-1].since if later else None,
        coming_from=coming.effective_from if coming else None,
        tried_until=until_for(catalogue.reaches, partner.pk, partner.region.path),
        history=tuple(Time(names[one.tier_id], one.since) for one in reversed(held)),
    )


def row(one: Benefit, catalogue: ReadCatalogue, shown: list[Tier], own_id: int) -> Row:
    """What each tier gets of one benefit."""
    values = (
        (
            tier.name,
            benefit_words.value(one, catalogue.of_tier(tier.pk).get(one.name)),
            tier.pk == own_id,
        )
        for tier in shown
    )
    return Row(str(one.label), str(one.description), tuple(values))


def steps(stated: list[Benefit], now: Grants, then: Grants) -> tuple[Step, ...]:
    """What differs between two tiers."""
    return tuple(
        Step(
            str(one.label),
            benefit_words.value(one, now.get(one.name)),
            benefit_words.value(one, then.get(one.name)),
            benefit_words.difference(one, now.get(one.name), then.get(one.name)),
        )
        for one in stated
        if now.get(one.name) != then.get(one.name)
    )


def told(one: Benefit, own: Grants) -> Told:
    value = own[one.name]
    number = "" if value.number is None else f"{value.number:f}"
    return Told(
        one.name,
        str(one.label),
        one.kind.value,
        number,
        value.word,
        benefit_words.value(one, value),
    )
