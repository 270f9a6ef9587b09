"""The ideal partner profile as it is read: which version counts for whom, what is known about
partners, and how they fit."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.actor import Actor
from core.kept import kept_until_changed, looking_once
from core.subdivisions import country_of
from partners import measures
from partners.measures import Unit, UnknownMeasure
from partners.models import (
    FitAnswer,
    Focus,
    IdealProfile,
    Partner,
    PartnerFit,
    PartnerFocus,
    PartnerProfile,
    PartnerTerritory,
    Region,
    in_regions,
)
from partners.models.versions import ProgrammeStatus
from partners.queries.programmes import reached_by
from partners.queries.regions import containing
from partners.queries.rollouts import day_of, tried_from, tried_on
from partners.queries.versions import precedence
from partners.rules import FocusKind, PartnerStatus, Reach
from partners.rules.fit import Band, Criterion, Facts, Memo, Scored, measure_of, score
from partners.rules.fit_soundness import problems_of
from partners.rules.periods import PeriodKind, period_at
from partners.rules.rollouts import IDEALS, including, lies_in

# Who is scored: everybody but those who left.
MOST_FOCUSES = 500
SCORED = tuple(status for status in PartnerStatus if status != PartnerStatus.OFFBOARDED)


@dataclass(frozen=True, slots=True)
class ReadIdeal:
    """A version as the rules take it, and for whom it speaks ("" for all). While it is tried out,
    `reaches` say with whom (None: it is not)."""

    id: int
    version: int
    title: str
    region: str
    partner_type: str
    months: int
    fair_from: int
    good_from: int
    shown: bool
    criteria: tuple[Criterion, ...]
    reaches: tuple[Reach, ...] | None = None

    def speaks_for(self, partner_id: int, region_path: str, partner_type: str) -> bool:
        reached = self.reaches is None or including(self.reaches, partner_id, region_path)
        inside = lies_in(region_path, self.region)
        return bool(reached and inside and self.partner_type in ("", partner_type))


# A published version never changes (triggers refuse it), so a process reads each one once.
_read: dict[int, ReadIdeal] = {}


def read_ideal(row: IdealProfile) -> ReadIdeal:
    lasting = row.status != ProgrammeStatus.DRAFT
    if lasting and row.pk in _read and _read[row.pk].version == row.version:
        return _read[row.pk]
    read = ReadIdeal(
        id=row.pk,
        version=row.version,
        title=row.title,
        region=row.region.path if row.region else "",
        partner_type=row.partner_type,
        months=row.months,
        fair_from=row.fair_from,
        good_from=row.good_from,
        shown=row.shown,
        criteria=tuple(
            Criterion(
                key=one.key,
                source=one.source,
                label=one.label,
                weight=one.weight,
                unknown=one.unknown,
                bands=tuple(
                    Band(bound, share) for bound, share in zip(one.bounds, one.shares, strict=True)
                ),
                members=frozenset(one.members),
                needed=one.needed,
            )
            for one in row.criteria.order_by("position", "pk")
        ),
    )
    if lasting:
        _read[row.pk] = read
    return read


def in_force(at: dt.datetime) -> list[ReadIdeal]:
    """The versions that count at a moment, those that count before others first: one that is
    tried out goes before all others, then a region that lies deeper before a type. One query
    once they are known to the process."""
    with looking_once():
        rows, tried = _published(), tried_on(IDEALS, day_of(at))
    newest: dict[tuple[int | None, str], IdealProfile] = {}
    counting = []
    for row in rows:
        if row.effective_from is None or row.effective_from > at:
            continue
        if not row.tried:
            newest[row.region_id, row.partner_type] = row
        elif row.pk in tried:
            counting.append(replace(read_ideal(row), reaches=tried[row.pk]))
    counting += [read_ideal(row) for row in newest.values()]
    return sorted(counting, key=precedence)


@kept_until_changed(IdealProfile, Region)
def _published() -> list[IdealProfile]:
    rows = IdealProfile.objects.filter(status=ProgrammeStatus.PUBLISHED).select_related("region")
    return list(rows.order_by("effective_from", "version"))


def read_with_its_trial(row: IdealProfile) -> ReadIdeal:
    """A version with those who try it out or will; with everybody when it has no roll-outs."""
    reaches = tried_from(IDEALS, row.pk, day_of(timezone.now()))
    return replace(read_ideal(row), reaches=() if row.tried and reaches is None else reaches)


def ideal_of(partner: Partner, counting: Sequence[ReadIdeal]) -> ReadIdeal | None:
    """The one of `counting` (as `in_force` gives them) by which a partner is scored; its region
    is loaded."""
    about = (partner.pk, partner.region.path, partner.type)
    return next((one for one in counting if one.speaks_for(*about)), None)


# --- what is known --------------------------------------------------------------------------


def facts_of(partners: Sequence[Partner], ideal: ReadIdeal, today: dt.date) -> dict[int, Facts]:
    """What a version needs to know about some partners, their regions loaded: a query for each
    kind of thing that it looks at, seven at most."""
    asked = {one.source for one in ideal.criteria}
    keys = [one.pk for one in partners]
    numbers: dict[int, dict[str, Decimal | None]] = {key: {} for key in keys}
    sets: dict[int, dict[str, frozenset[str]]] = {key: {} for key in keys}
    if asked & {"employees", "years"}:
        _profiles(keys, numbers, today)
    if asked & {"territories", "territory"}:
        members = (one.members for one in ideal.criteria if one.source == "territory")
        _territories(keys, numbers, sets, frozenset().union(*members))
    if asked & {"specialisation", "vertical", "specialisations"}:
        _focuses(keys, numbers, sets)
    if "region" in asked:
        _regions(partners, sets)
    for partner in partners:
        sets[partner.pk]["type"] = frozenset({partner.type})
        sets[partner.pk]["country"] = frozenset({partner.country} - {""})
    _measured(keys, numbers, ideal, today)
    answers: dict[int, dict[str, bool]] = {key: {} for key in keys}
    questions = [one.question for one in ideal.criteria if one.source == "check"]
    if questions:
        rows = FitAnswer.objects.filter(partner_id__in=keys, question__in=questions)
        for key, question, yes in rows.values_list("partner_id", "question", "yes"):
            answers[key][question] = yes
    return {key: Facts(numbers[key], sets[key], answers[key]) for key in keys}


def _profiles(
    keys: Sequence[int], numbers: dict[int, dict[str, Decimal | None]], today: dt.date
) -> None:
    rows = PartnerProfile.objects.filter(partner_id__in=keys)
    for key, employees, founded in rows.values_list("partner_id", "employees", "founded"):
        numbers[key]["employees"] = None if employees is None else Decimal(employees)
        numbers[key]["years"] = None if founded is None else Decimal(max(today.year - founded, 0))


def _territories(
    keys: Sequence[int],
    numbers: dict[int, dict[str, Decimal | None]],
    sets: dict[int, dict[str, frozenset[str]]],
    asked: frozenset[str],
) -> None:
    found: dict[int, set[str]] = {}
    rows = PartnerTerritory.objects.filter(partner_id__in=keys)
    for key, place in rows.values_list("partner_id", "place"):
        found.setdefault(key, set()).add(place)
    for key, places in found.items():
        countries = {country_of(place) for place in places}
        numbers[key]["territories"] = Decimal(len(countries))
        # Who sells in a part of a country sells in the country, and who has all of it in each part.
        within = {part for part in asked if country_of(part) in places}
        sets[key]["territory"] = frozenset(places | countries | within)


def _focuses(
    keys: Sequence[int],
    numbers: dict[int, dict[str, Decimal | None]],
    sets: dict[int, dict[str, frozenset[str]]],
) -> None:
    found: dict[tuple[int, str], set[str]] = {}
    rows = PartnerFocus.objects.filter(partner_id__in=keys)
    for key, focus_id, kind in rows.values_list("partner_id", "focus_id", "focus__kind"):
        found.setdefault((key, kind), set()).add(str(focus_id))
    for (key, kind), members in found.items():
        sets[key][kind] = frozenset(members)
        if kind == FocusKind.SPECIALISATION:
            numbers[key]["specialisations"] = Decimal(len(members))


def _regions(partners: Sequence[Partner], sets: dict[int, dict[str, frozenset[str]]]) -> None:
    """A partner is in its region and in all above."""
    ids = {path: str(key) for key, path in Region.objects.values_list("pk", "path")}
    for partner in partners:
        places = containing(partner.region.path)
        sets[partner.pk]["region"] = frozenset(ids[path] for path in places if path in ids)


def _measured(
    keys: Sequence[int],
    numbers: dict[int, dict[str, Decimal | None]],
    ideal: ReadIdeal,
    today: dt.date,
) -> None:
    names = known([measure_of(one.source) for one in ideal.criteria])
    if not names:
        return
    period = period_at(PeriodKind.ROLLING, ideal.months, today)
    for key, values in measures.values(names, period, keys).items():
        numbers[key] |= {f"measure:{name}": value for name, value in values.items()}


def known(names: Collection[str]) -> list[str]:
    """Those of `names` that an installed app counts."""
    counted = {one.name for one in measures.all_measures()}
    return sorted(set(names) & counted)


def scores_of(
    partners: Sequence[Partner], ideal: ReadIdeal, today: dt.date
) -> dict[int, tuple[Scored, Facts]]:
    """How some partners fit one version, and what that was seen from."""
    facts = facts_of(partners, ideal, today)
    memo: Memo = {}
    return {key: (score(ideal.criteria, one, memo), one) for key, one in facts.items()}


def unit_of(source: str) -> Unit | None:
    """The unit of the measure that a source is; None for all else."""
    try:
        return measures.measure_named(measure_of(source)).unit
    except UnknownMeasure:
        return None


def focuses_called(kind: str) -> list[tuple[str, str]]:
    """(key, name) of the specialisations or verticals that partners have or may have."""
    rows = Focus.objects.filter(kind=kind).order_by("name").values_list("pk", "name")
    return [(str(key), name) for key, name in rows[:MOST_FOCUSES]]


# --- what is kept ---------------------------------------------------------------------------


def current_fits(actor: Actor) -> "QuerySet[PartnerFit]":
    """The scores that count now, of the partners that the actor may see."""
    visible = Partner.objects.visible_to(actor).order_by().values("pk")
    return PartnerFit.objects.filter(current=True, partner_id__in=visible)


def partner_of(actor: Actor, partner_id: int) -> Partner | None:
    """The partner, if the actor may see it."""
    rows: Any = Partner.objects.visible_to(actor).select_related("region", "tier")
    found: Partner | None = rows.filter(pk=partner_id).first()
    return found


# --- versions -------------------------------------------------------------------------------


def problems(row: IdealProfile) -> list[str]:
    read = read_ideal(row)
    counted = {one.name for one in measures.all_measures()}
    return problems_of(read.criteria, counted, fair_from=read.fair_from, good_from=read.good_from)


def covered(one: ReadIdeal) -> "QuerySet[Partner]":
    """The partners for whom a version speaks, leaving aside that a deeper one may go before."""
    bound = Q(type=one.partner_type) if one.partner_type else Q()
    if one.region:
        bound &= in_regions(frozenset({one.region}), "region__path")
    return Partner.objects.filter(bound & reached_by(one.reaches), status__in=SCORED)


def shown_to_partner(partner_id: int) -> bool:
    """Whether a partner may see how it fits. At most two queries."""
    counting = [one for one in in_force(timezone.now()) if one.criteria]
    if not any(one.shown for one in counting):
        return False
    partner = Partner.objects.select_related("region").get(pk=partner_id)
    ideal = ideal_of(partner, counting)
    return ideal is not None and ideal.shown and partner.status in SCORED
