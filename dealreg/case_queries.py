"""Reads about conflict cases: a side's own page, and the vendor's with both sides beside each
other."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from core.actor import Actor
from core.models import Event, StoredFile, User
from core.queries import timeline, timeline_entry
from core.ui import TimelineEntry
from dealreg import access
from dealreg.desk import beginning_with, search_accounts
from dealreg.models import (
    Account,
    CaseEscalation,
    CaseSide,
    CaseStatement,
    ConflictCase,
    Deal,
)
from dealreg.models.cases import CaseQuerySet
from dealreg.rules import cases as rules
from dealreg.rules.cases import (
    RUNNING,
    CaseStatus,
    CaseVerb,
    SideOutcome,
    possible_outcomes,
)
from dealreg.rules.clocks import tone_of
from dealreg.rules.states import DealStatus
from dealreg.services.cases import claims_of, possible_owners
from partners.queries import in_regions

MOST_SHOWN = 100
TIMELINE_LENGTH = 100


# --- a side ---------------------------------------------------------------------------------


def own_sides(actor: Actor) -> "models.QuerySet[CaseSide]":
    """The cases of the actor's partner, as its own side of each."""
    rows = CaseSide.objects.select_related("case__product_line", "deal")
    return rows.filter(partner_id=actor.partner_id) if actor.partner_id else rows.none()


@dataclass(frozen=True, slots=True)
class SidePage:
    """What a side reads of its case: its own registration, its own words and files, and what it
    was told. Of others it reads that they are."""

    case: ConflictCase
    side: CaseSide
    statements: tuple[CaseStatement, ...]
    files: tuple[StoredFile, ...]
    timeline: tuple[TimelineEntry, ...]
    verbs: frozenset[CaseVerb]
    evidence_until: dt.datetime | None

    @property
    def may_appeal(self) -> bool:
        return CaseVerb.APPEAL in self.verbs


def side_page(actor: Actor, case_id: int) -> SidePage:
    """The actor's own side by right (Http404). Four queries."""
    side = access.own_side(actor, case_id)
    case, now = side.case, timezone.now()
    verbs = {
        verb
        for verb in rules.PARTNER_VERBS
        if rules.possible(verb, case.status) and access.may_in_case(actor, verb)
    }
    if side.outcome not in {SideOutcome.LOSES, SideOutcome.SHARES} or (
        case.appeal_until is None or case.appeal_until <= now
    ):
        verbs.discard(CaseVerb.APPEAL)
    if case.opened_by_partner_id != side.partner_id:
        verbs.discard(CaseVerb.WITHDRAW)
    return SidePage(
        case=case,
        side=side,
        statements=tuple(side.statements.order_by("id")),
        files=files_of(side),
        timeline=tuple(timeline(side, actor)),
        verbs=frozenset(verbs),
        evidence_until=case.evidence_due_at
        if case.status in rules.UNDECIDED and case.evidence_due_at and case.evidence_due_at > now
        else None,
    )


def files_of(side: CaseSide) -> tuple[StoredFile, ...]:
    rows = StoredFile.objects.filter(subject_type=side._meta.label_lower, subject_id=side.pk)
    return tuple(rows.order_by("-uploaded_at")[:MOST_SHOWN])


def side_of_deal(deal: Deal) -> CaseSide | None:
    """The newest case of a deal, as the side that the deal is."""
    return deal.case_sides.select_related("case__product_line", "deal").order_by("-id").first()


def may_contest(actor: Actor, deal: Deal) -> bool:
    """Whether the deal's page offers to contest: in review or declined lately, never before."""
    late = timezone.now() - dt.timedelta(days=rules.CONTEST_WITHIN_DAYS)
    waits = deal.status == DealStatus.IN_REVIEW
    declined = deal.status == DealStatus.DECLINED and (
        deal.decided_at is None or deal.decided_at >= late
    )
    return (waits or declined) and access.may_in_case(actor, CaseVerb.STATE)


# --- the vendor's side ----------------------------------------------------------------------


def queue(actor: Actor) -> CaseQuerySet:
    """The cases that the actor may see, with what a line shows."""
    return (
        ConflictCase.objects.visible_to(actor)
        .select_related("account", "product_line", "region", "owner")
        .prefetch_related("sides__partner")
    )


def waiting_cases(actor: Actor) -> int:
    """How many cases somebody has to decide, counted up to 1,000."""
    rows = ConflictCase.objects.visible_to(actor).filter(status__in=sorted(RUNNING))
    return rows.order_by()[:1000].count()


@dataclass(frozen=True, slots=True)
class SideShown:
    """One side as the vendor's people see it."""

    side: CaseSide
    statements: tuple[CaseStatement, ...]
    files: tuple[StoredFile, ...]
    protected: bool
    outcomes: tuple[SideOutcome, ...]


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decided case like this one; `alike` says in what, as field names."""

    case: ConflictCase
    alike: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that somebody who decides a case looks at."""

    case: ConflictCase
    sides: tuple[SideShown, ...]
    escalations: tuple[CaseEscalation, ...]
    timeline: tuple[TimelineEntry, ...]
    verbs: frozenset[CaseVerb]
    owners: tuple[User, ...]
    tone: str
    judged_before: bool


def case_page(actor: Actor, case_id: int) -> CasePage:
    """A case by right (Http404). A constant number of queries."""
    case = access.case_for_reading(actor, case_id)
    sides = list(
        case.sides.select_related(
            "partner__tier", "partner__region", "deal__product_line"
        ).prefetch_related("statements")
    )
    shown = files_by_side(sides)
    claims = claims_of(case)
    verbs = frozenset(
        verb
        for verb in rules.STAFF_VERBS
        if rules.possible(verb, case.status) and access.may_in_case(actor, verb)
    )
    judged_before = case.status == CaseStatus.APPEALED and case.decided_by_id == actor.user_id
    since = case.appealed_at or case.opened_at
    return CasePage(
        case=case,
        sides=tuple(
            SideShown(
                side=side,
                statements=tuple(side.statements.all()),
                files=tuple(shown.get(side.pk, ())),
                protected=claims[side.pk].protected,
                outcomes=tuple(possible_outcomes(claims[side.pk])),
            )
            for side in sides
        ),
        escalations=tuple(case.escalations.order_by("-id")[:MOST_SHOWN]),
        timeline=tuple(whole_timeline(case, sides, actor)),
        verbs=verbs - ({CaseVerb.DECIDE_APPEAL} if judged_before else set()),
        owners=tuple(possible_owners(case)),
        tone=tone_of(timezone.now(), case.due_at, since) if case.status in RUNNING else "neutral",
        judged_before=judged_before,
    )


def files_by_side(sides: Sequence[CaseSide]) -> dict[int, list[StoredFile]]:
    rows = StoredFile.objects.filter(
        subject_type=CaseSide._meta.label_lower, subject_id__in=[side.pk for side in sides]
    )
    found: dict[int, list[StoredFile]] = {}
    for file in rows.order_by("-uploaded_at")[: MOST_SHOWN * 2]:
        found.setdefault(file.subject_id, []).append(file)
    return found


def whole_timeline(
    case: ConflictCase, sides: Iterable[CaseSide], actor: Actor
) -> Iterable[TimelineEntry]:
    """What happened to the case and to each of its sides, newest first."""
    of_sides = Q(
        subject_type=CaseSide._meta.label_lower, subject_id__in=[side.pk for side in sides]
    )
    events = Event.objects.filter(
        of_sides | Q(subject_type=case._meta.label_lower, subject_id=case.pk)
    ).order_by("-occurred_at", "-id")[:TIMELINE_LENGTH]
    entries = (timeline_entry(event, actor) for event in events)
    return [entry for entry in entries if entry is not None]


@dataclass(frozen=True, slots=True)
class PrecedentFilter:
    """Which decided cases are looked for; empty values do not bound."""

    words: str = ""
    reason: str = ""
    outcome: str = ""
    level: str = ""
    product_line_id: int | None = None
    region: str = ""


MOST_PRECEDENTS = 10
CASE_WORDS = SearchVector("why", "grounds", "appeal_grounds", config="simple")


def precedents(
    actor: Actor, case: ConflictCase, wanted: PrecedentFilter = PrecedentFilter()
) -> list[Precedent]:
    """Decided cases like `case`, the most alike and then the newest first (at most 10). The
    actor sees those of its own regions. Two queries."""
    rows = ConflictCase.objects.visible_to(actor).filter(decided_at__isnull=False)
    rows = rows.exclude(pk=case.pk)
    bounds: dict[str, Any] = {
        "reason": wanted.reason,
        "sides__outcome": wanted.outcome,
        "conflict_level": wanted.level,
        "product_line_id": wanted.product_line_id,
    }
    rows = rows.filter(**{name: value for name, value in bounds.items() if value})
    if wanted.region:
        rows = rows.filter(in_regions(frozenset({wanted.region}), "region__path"))
    if wanted.words:
        query = beginning_with(wanted.words)
        rows = rows.annotate(words=CASE_WORDS).filter(words=query) if query else rows.none()
    like = rows.annotate(
        likeness=_one(product_line_id=case.product_line_id)
        + _one(region_id=case.region_id)
        + _one(conflict_level=case.conflict_level)
    )
    found = (
        like.select_related("product_line", "region", "decided_by", "account")
        .prefetch_related("sides__partner")
        .order_by("-likeness", "-decided_at", "-pk")
        .distinct()[:MOST_PRECEDENTS]
    )
    return [_precedent(one, case) for one in found]


def _one(**same: Any) -> Case:
    return Case(When(then=Value(1), **same), default=Value(0), output_field=IntegerField())


def _precedent(one: ConflictCase, case: ConflictCase) -> Precedent:
    alike = [
        name
        for name in ("product_line_id", "region_id", "conflict_level")
        if getattr(one, name) == getattr(case, name)
    ]
    outcomes = tuple(
        f"{side.partner.name} {SideOutcome(side.outcome).label}"
        for side in one.sides.all()
        if side.outcome
    )
    return Precedent(one, tuple(alike), outcomes)


def search_cases(rows: CaseQuerySet, text: str) -> CaseQuerySet:
    """By number, words of the customer's name, or why it was opened or decided."""
    number = REFERENCE.fullmatch(text.strip())
    if number:
        return rows.filter(pk=int(number[1]))
    query = beginning_with(text)
    if query is None:
        return rows.none()
    accounts = search_accounts(Account.objects.all(), text).values("pk")[:MOST_ACCOUNTS]
    return rows.annotate(words=CASE_WORDS).filter(Q(words=query) | Q(account__in=list_of(accounts)))


REFERENCE = re.compile(r"cc-?(\d{1,18})", re.IGNORECASE)
MOST_ACCOUNTS = 500


def list_of(keys: Any) -> list[int]:
    return [row["pk"] for row in keys]
