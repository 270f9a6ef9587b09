"""Tier programmes: which one decides about whom, and each as the rules read it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.actor import Actor
from core.kept import kept_until_changed, looking_once
from core.sql import Sql
from partners.measures import all_measures
from partners.models import Partner, PartnerQuerySet, Region, TierProgramme, in_regions
from partners.models.versions import ProgrammeStatus
from partners.queries.rollouts import day_of, tried_from, tried_on
from partners.queries.versions import precedence
from partners.rules import PartnerStatus, Reach
from partners.rules.periods import Period, period_at
from partners.rules.rollouts import PROGRAMMES, including, lies_in
from partners.rules.tier_soundness import problems_of
from partners.rules.tiers import Approval, Ladder, Level, Policy, Requirement, Score

# Whose tier follows the programme: not yet those who apply, no more those who left.
ASSESSED = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE, PartnerStatus.AT_RISK)


@dataclass(frozen=True, slots=True)
class ReadProgramme:
    """A programme as the rules take it, and for whom it speaks ("" for all). While it is tried
    out, `reaches` say with whom (None: it is not)."""

    id: int
    title: str
    version: int
    ladder: Ladder
    policy: Policy
    kind: str
    months: int
    partner_type: str
    region: str
    reaches: tuple[Reach, ...] | None = None

    def speaks_for(self, partner_id: int, region: str, partner_type: str) -> bool:
        """Whether it decides about a partner of a region and type, if no other goes before."""
        reached = self.reaches is None or including(self.reaches, partner_id, region)
        return bool(
            reached and lies_in(region, self.region) and self.partner_type in ("", partner_type)
        )

    def period(self, today: dt.date) -> Period:
        return period_at(self.kind, self.months, today)

    def covers(self) -> Sql:
        """The condition on the partner p and its region r."""
        conditions, values = ["true"], dict[str, Any]()
        if self.partner_type:
            conditions.append(f"p.type = %(type_{self.id})s")
            values[f"type_{self.id}"] = self.partner_type
        if self.region:
            conditions.append(
                f"(r.path = %(path_{self.id})s OR starts_with(r.path, %(path_{self.id})s || '.'))"
            )
            values[f"path_{self.id}"] = self.region
        if self.reaches is not None:
            conditions.append(REACHED.format(id=self.id))
            values |= {f"tries_{self.id}": self.partner_ids, f"tried_in_{self.id}": self.regions}
        return Sql(f"({' AND '.join(conditions)})", values)

    @property
    def partner_ids(self) -> list[int]:
        """Of those who try it out the single partners."""
        return sorted(one.partner_id for one in self.reaches or () if one.partner_id is not None)

    @property
    def regions(self) -> list[str]:
        """The paths of the regions that try it out."""
        return sorted({one.region for one in self.reaches or () if one.partner_id is None})


REACHED = """(p.id = ANY(%(tries_{id})s::bigint[]) OR EXISTS (
    SELECT 1 FROM unnest(%(tried_in_{id})s::text[]) AS region
    WHERE r.path = region OR starts_with(r.path, region || '.')))"""


# A published programme never changes (triggers refuse it), so a process reads each one once.
_read: dict[int, ReadProgramme] = {}


def read_programme(row: TierProgramme) -> ReadProgramme:
    lasting = row.status != ProgrammeStatus.DRAFT
    if lasting and row.pk in _read and _read[row.pk].version == row.version:
        return _read[row.pk]
    read = ReadProgramme(
        id=row.pk,
        title=row.title,
        version=row.version,
        ladder=read_ladder(row),
        policy=Policy(
            grace=dt.timedelta(days=row.grace_days),
            warning=dt.timedelta(days=row.warn_days),
            approval=Approval(row.approval),
        ),
        kind=row.period,
        months=row.months,
        partner_type=row.partner_type,
        region=row.region.path if row.region else "",
    )
    if lasting:
        _read[row.pk] = read
    return read


def read_ladder(row: TierProgramme) -> Ladder:
    levels = row.levels.select_related("tier").prefetch_related("requirements")
    return Ladder(
        levels=tuple(
            Level(
                tier_id=level.tier_id,
                name=level.tier.name,
                rank=level.tier.rank,
                requirements=tuple(
                    Requirement(one.measure, one.at_least)
                    for one in sorted(level.requirements.all(), key=lambda one: one.pk)
                ),
                points=level.points,
            )
            for level in levels.order_by("tier__rank")
        ),
        scores=tuple(
            Score(one.measure, one.per, one.points, one.at_most)
            for one in row.scores.order_by("pk")
        ),
    )


def problems(row: TierProgramme) -> list[str]:
    return problems_of(read_ladder(row), known_measures())


def known_measures() -> set[str]:
    return {one.name for one in all_measures()}


def may_see(actor: Actor, partner_id: int) -> bool:
    return Partner.objects.visible_to(actor).filter(pk=partner_id).exists()


def known_partners(keys: Sequence[int]) -> set[int]:
    """Those of `keys` that are partners'."""
    return set(Partner.objects.filter(pk__in=keys).values_list("pk", flat=True))


def in_force(at: dt.datetime) -> list[ReadProgramme]:
    """The programmes that decide at a moment, those that decide before others first: one that is
    tried out before all others, then a region that lies deeper before a type. One query once
    they are known to the process."""
    with looking_once():
        rows, tried = _published(), tried_on(PROGRAMMES, day_of(at))
    newest: dict[tuple[int | None, str], TierProgramme] = {}
    deciding = []
    for row in rows:
        if row.effective_from is None or row.effective_from > at:
            continue
        if not row.tried:
            newest[row.region_id, row.partner_type] = row
        elif row.pk in tried:
            deciding.append(replace(read_programme(row), reaches=tried[row.pk]))
    deciding += [read_programme(row) for row in newest.values()]
    return sorted(deciding, key=precedence)


@kept_until_changed(TierProgramme, Region)
def _published() -> list[TierProgramme]:
    rows = TierProgramme.objects.filter(status=ProgrammeStatus.PUBLISHED).select_related("region")
    return list(rows.order_by("effective_from", "version"))


def read_with_its_trial(row: TierProgramme) -> ReadProgramme:
    """A version with those who try it out or will; with everybody when it has no roll-outs."""
    reaches = tried_from(PROGRAMMES, row.pk, day_of(timezone.now()))
    return replace(read_programme(row), reaches=() if row.tried and reaches is None else reaches)


def decides_about(row: TierProgramme, partner: Partner) -> bool:
    """Whether a published version that is tried out is so with a partner today, its region
    loaded; one that is for everybody is."""
    if row.status != ProgrammeStatus.PUBLISHED:
        return False
    if not row.tried:
        return True
    reaches = tried_on(PROGRAMMES, day_of(timezone.now())).get(row.pk, ())
    return including(reaches, partner.pk, partner.region.path) is not None


def programme_of(partner: Partner, at: dt.datetime | None = None) -> ReadProgramme | None:
    """The programme that decides about a partner; its region is loaded."""
    deciding = in_force(at or timezone.now())
    about = (partner.pk, partner.region.path, partner.type)
    return next((one for one in deciding if one.speaks_for(*about)), None)


def covered(one: ReadProgramme, others: Sequence[ReadProgramme] = ()) -> PartnerQuerySet:
    """The partners whose tier the programme decides, `others` being more specific."""
    rows = Partner.objects.filter(scope_of(one), status__in=ASSESSED)
    for other in others:
        rows = rows.exclude(scope_of(other))
    return rows


def scope_of(one: ReadProgramme) -> models.Q:
    bound = Q(type=one.partner_type) if one.partner_type else Q()
    if one.region:
        bound &= in_regions(frozenset({one.region}), "region__path")
    return bound & reached_by(one.reaches)


def reached_by(reaches: Sequence[Reach] | None) -> models.Q:
    """The condition that a partner is among those who try something out."""
    if reaches is None:
        return Q()
    regions = frozenset(one.region for one in reaches if one.partner_id is None)
    chosen = Q(pk__in=[one.partner_id for one in reaches if one.partner_id is not None])
    return chosen | in_regions(regions, "region__path") if regions else chosen
