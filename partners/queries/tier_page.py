"""What a partner's tier page tells, and the same for programs and the back office."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from partners.measures import measure_named
from partners.measures import values as measured
from partners.models import (
    Partner,
    PartnerMerge,
    PartnerQuerySet,
    TierAssessment,
    TierException,
    TierProposal,
    TierStay,
    all_of_it,
)
from partners.models.standing import ProposalStatus
from partners.queries import programmes
from partners.queries.programmes import ReadProgramme
from partners.queries.tier_path import Way, way_to
from partners.rules.rollouts import until_for
from partners.rules.tiers import Ladder, Level, Score, meets
from partners.words import tiers as tier_words

MOST_STAYS = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """One requirement of the next tier: `share` of 100 is filled."""

    measure: str
    label: str
    description: str
    value: Decimal | None
    needed: Decimal
    shown: str
    wanted: str
    missing: str
    met: bool

    @property
    def share(self) -> int:
        return min(int(100 * (self.value or 0) / self.needed), 100) if self.needed else 100


@dataclass(frozen=True, slots=True)
class Points:
    """What one measure scores."""

    label: str
    shown: str
    points: int
    rule: str


@dataclass(frozen=True, slots=True)
class Stay:
    """`merged` is the partner whose time it was, if it was merged into this one."""

    tier: str
    since: dt.datetime
    until: dt.datetime | None
    why: str
    by: str
    merged: str = ""


@dataclass(frozen=True, slots=True)
class TierPage:
    """Where a partner stands. Without a programme that decides about it, only the first four
    and the history are set."""

    partner_id: int
    tier: str
    since: dt.datetime | None
    why: str
    history: tuple[Stay, ...]
    programme: str = ""
    version: int = 0
    counted: str = ""
    days: str = ""
    next_tier: str = ""
    progress: tuple[Progress, ...] = ()
    kept_by: tuple[Progress, ...] = ()
    points: int | None = None
    points_needed: int | None = None
    scores: tuple[Points, ...] = ()
    way: Way | None = None
    grace_until: dt.datetime | None = None
    falls_to: str = ""
    exception: str = ""
    waits_for: str = ""
    tried_until: dt.date | None = None

    @property
    def met(self) -> int:
        return sum(one.met for one in self.progress)


def tier_page(actor: Actor, partner_id: int) -> TierPage:
    """A partner's standing, as of now: about ten queries, whatever its history.

    Raises Partner.DoesNotExist for one that the actor may not see.
    """
    partner = _with_its_standing(Partner.objects.visible_to(actor)).get(pk=partner_id)
    stays = tuple(history(partner_id))
    now = next((one for one in stays if one.until is None and not one.merged), None)
    told = TierPage(
        partner_id=partner.pk,
        tier=partner.tier.name,
        since=now.since if now else None,
        why=now.why if now else "",
        history=stays,
    )
    one = programmes.programme_of(partner)
    return _with_programme(told, partner, one) if one else told


def _with_its_standing(rows: PartnerQuerySet) -> PartnerQuerySet:
    """Partners with where they stand, who keeps them there and what waits for an answer."""
    kept = TierException.objects.filter(partner=OuterRef("pk"), ended_at=None)
    waiting = TierProposal.objects.filter(partner=OuterRef("pk"), status=ProposalStatus.WAITING)
    return rows.select_related("tier", "region", "standing__reached").annotate(
        kept_until=Subquery(kept.values("last_day")[:1]),
        waits_for=Subquery(waiting.values("after__name")[:1]),
    )


def history(partner_id: int) -> Sequence[Stay]:
    """Its times in tiers and those of partners that were merged into it, newest first (at most
    50). What such a partner still had ended with the merge."""
    merge = PartnerMerge.objects.filter(loser=OuterRef("partner"), undone_at=None)
    rows = TierStay.objects.filter(partner__in=all_of_it(partner_id)).select_related(
        "tier", "assessment", "assessment__programme", "partner"
    )
    rows = rows.annotate(merged_at=Subquery(merge.values("merged_at")[:1]))
    return [
        stay_of(row, is_own=row.partner_id == partner_id)
        for row in rows.order_by("-since", "-pk")[:MOST_STAYS]
    ]


def stay_of(row: TierStay, *, is_own: bool) -> Stay:
    if is_own:
        return Stay(row.tier.name, row.since, row.until, why(row), row.by)
    until = row.until or row.merged_at  # type: ignore[attr-defined]
    return Stay(row.tier.name, row.since, until, why(row), row.by, row.partner.name)


def why(row: TierStay) -> str:
    if row.note:
        return row.note
    if row.assessment is None:
        return ""
    figures = ", ".join(
        f"{tier_words.label_of(name)} "
        f"{tier_words.amount_of(name, None if value is None else Decimal(value))}"
        for name, value in sorted(row.assessment.measured.items())
    )
    return _("Programme v%(version)s: %(figures)s") % {
        "version": row.assessment.programme.version,
        "figures": figures,
    }


def _with_programme(told: TierPage, partner: Partner, one: ReadProgramme) -> TierPage:
    period = one.period(timezone.localdate())
    found = measured(one.ladder.measures(), period, [partner.pk])[partner.pk]
    standing = getattr(partner, "standing", None)
    current, following = one.ladder.level_of(partner.tier_id), one.ladder.above(partner.tier.rank)
    grace = standing.grace_until if standing else None
    # In grace the tier itself is what has to be reached.
    aim = current if grace and current else following
    return replace(
        told,
        programme=one.title,
        version=one.version,
        counted=tier_words.period(one.kind, one.months),
        days=tier_words.days(period),
        next_tier=aim.name if aim else "",
        progress=progress_to(aim, found) if aim else (),
        kept_by=progress_to(current, found) if current else (),
        points=one.ladder.points(found) if one.ladder.scores else None,
        points_needed=aim.points if aim else None,
        scores=tuple(scored(score, found) for score in one.ladder.scores),
        way=way_to(aim, one, found, partner) if aim else None,
        grace_until=grace,
        falls_to=standing.reached.name if standing and grace else "",
        exception=exception_until(partner.kept_until),  # type: ignore[attr-defined]
        waits_for=partner.waits_for or "",  # type: ignore[attr-defined]
        tried_until=until_for(one.reaches, partner.pk, partner.region.path),
    )


def progress_to(level: Level, found: Mapping[str, Decimal | None]) -> tuple[Progress, ...]:
    return tuple(
        _progress(one.measure, one.at_least, found[one.measure]) for one in level.requirements
    )


def _progress(measure: str, needed: Decimal, value: Decimal | None) -> Progress:
    met = value is not None and value >= needed
    return Progress(
        measure=measure,
        label=tier_words.label_of(measure),
        description=str(measure_named(measure).description),
        value=value,
        needed=needed,
        shown=tier_words.amount_of(measure, value),
        wanted=tier_words.amount_of(measure, needed),
        missing="" if met else tier_words.amount_of(measure, needed - (value or 0)),
        met=met,
    )


def scored(score: Score, found: Mapping[str, Decimal | None]) -> Points:
    value = found[score.measure]
    return Points(
        tier_words.label_of(score.measure),
        tier_words.amount_of(score.measure, value),
        score.of(value),
        tier_words.score(score),
    )


def exception_until(last_day: dt.date | None) -> str:
    if last_day is None:
        return ""
    words = _("Your contact at the vendor keeps this tier for you until %s.")
    return words % tier_words.day(last_day)


def assessed_levels(
    row: TierAssessment, ladder: Ladder
) -> list[tuple[Level, tuple[Progress, ...], int | None]]:
    """What an assessment had measured beside what each tier asks for, the highest first."""
    found = {
        name: None if value is None else Decimal(value) for name, value in row.measured.items()
    }
    return [(level, progress_to(level, found), level.points) for level in reversed(ladder.levels)]


@dataclass(frozen=True, slots=True)
class TierCard:
    """A partner's tier in one glance, from what was stored last. Without a programme that has
    `decided`, the two names are all there is to say."""

    partner: str
    tier: str
    decided: bool = False
    next_tier: str = ""
    met: int = 0
    asked: int = 0
    grace_until: dt.datetime | None = None
    progress: tuple[Progress, ...] = ()


# What `tier_card_of` reads of a partner.
OF_A_TIER_CARD = ("tier", "region", "standing__programme__region")


def tier_card(partner_id: int) -> TierCard:
    """One query, once the programme is known to the process."""
    return tier_card_of(Partner.objects.select_related(*OF_A_TIER_CARD).get(pk=partner_id))


def tier_card_of(partner: Partner) -> TierCard:
    """The card of a partner that was read with OF_A_TIER_CARD."""
    standing, tier = getattr(partner, "standing", None), partner.tier
    if standing is None or not programmes.decides_about(standing.programme, partner):
        return TierCard(partner.name, tier.name)
    ladder = programmes.read_programme(standing.programme).ladder
    grace = standing.grace_until
    aim = ladder.level_of(tier.pk) if grace else ladder.above(tier.rank)
    found = {
        name: None if value is None else Decimal(value) for name, value in standing.measured.items()
    }
    asked = list(aim.requirements) if aim else []
    met = sum(meets(one, found) for one in asked)
    if aim is not None and aim.points is not None:
        met += (standing.points or 0) >= aim.points
    points = int(aim is not None and aim.points is not None)
    return TierCard(
        partner=partner.name,
        tier=tier.name,
        decided=True,
        next_tier=aim.name if aim else "",
        met=met,
        asked=len(asked) + points,
        grace_until=grace,
        progress=tuple(
            _progress(one.measure, one.at_least, found.get(one.measure)) for one in asked
        ),
    )
