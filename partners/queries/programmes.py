"""Tier programmes: which one decides about whom, and each as the rules read it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.actor import Actor
from core.sql import Sql
from partners.measures import all_measures
from partners.models import Partner, PartnerQuerySet, TierProgramme, in_regions
from partners.models.tiering import ProgrammeStatus
from partners.rules import PartnerStatus
from partners.rules.periods import Period, period_at
from partners.rules.tier_soundness import problems_of
from partners.rules.tiers import Approval, Ladder, Level, Policy, Requirement, Score

# Whose tier follows the programme: not yet those who apply, no more those who left.
ASSESSED = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE, PartnerStatus.AT_RISK)


@dataclass(frozen=True, slots=True)
class ReadProgramme:
    """A programme as the rules take it, and for whom it speaks ("" for all)."""

    id: int
    title: str
    version: int
    ladder: Ladder
    policy: Policy
    kind: str
    months: int
    partner_type: str
    region: str

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
        return Sql(f"({' AND '.join(conditions)})", values)


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
    """The programmes that decide at a moment, those that decide before others first: a region
    that lies deeper counts before a type. One query once they are known to the process."""
    rows = TierProgramme.objects.filter(
        status=ProgrammeStatus.PUBLISHED, effective_from__lte=at
    ).select_related("region")
    newest: dict[tuple[int | None, str], TierProgramme] = {}
    for row in rows.order_by("effective_from", "version"):
        newest[row.region_id, row.partner_type] = row
    return sorted((read_programme(row) for row in newest.values()), key=precedence)


def precedence(one: ReadProgramme) -> tuple[int, bool, int]:
    depth = one.region.count(".") + 1 if one.region else 0
    return -depth, not one.partner_type, one.id


def programme_of(partner: Partner, at: dt.datetime | None = None) -> ReadProgramme | None:
    """The programme that decides about a partner; its region is loaded."""
    path = partner.region.path
    for one in in_force(at or timezone.now()):
        inside = not one.region or f"{path}.".startswith(f"{one.region}.")
        if inside and one.partner_type in ("", partner.type):
            return one
    return None


def same_scope(row: TierProgramme) -> Q:
    return Q(region_id=row.region_id, partner_type=row.partner_type)


def behind(row: TierProgramme) -> TierProgramme | None:
    """The version that decides about the same scope, or would have decided, before this one."""
    rows = TierProgramme.objects.filter(same_scope(row)).exclude(pk=row.pk)
    return (
        rows.exclude(status=ProgrammeStatus.DRAFT)
        .filter(version__lt=row.version)
        .order_by(F("effective_from").desc())
        .first()
    )


def covered(one: ReadProgramme, others: Sequence[ReadProgramme] = ()) -> PartnerQuerySet:
    """The partners whose tier the programme decides, `others` being more specific."""
    rows = Partner.objects.filter(scope_of(one), status__in=ASSESSED)
    for other in others:
        rows = rows.exclude(scope_of(other))
    return rows


def scope_of(one: ReadProgramme) -> models.Q:
    bound = Q(type=one.partner_type) if one.partner_type else Q()
    return bound & in_regions(frozenset({one.region}), "region__path") if one.region else bound
