"""How one partner fits the ideal one: for the vendor's people, for the partner where the version
says so, and for programs."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.actor import Actor
from core.ui import Tone
from partners.models import FitAnswer, IdealProfile, Partner, PartnerFit
from partners.queries import fit
from partners.rules.fit import Criterion, Kind, level_of
from partners.rules.rollouts import until_for
from partners.words import fit as fit_words
from partners.words.fit import Names


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion: what it asks, what it saw, and what it added. Without `known` nothing is
    known; `counted` says whether it is in the score."""

    label: str
    asks: tuple[str, ...]
    value: str
    known: bool
    counted: bool
    points: Decimal
    out_of: Decimal

    @property
    def shown(self) -> str:
        return f"{fit_words.number(self.points)} / {fit_words.number(self.out_of)}"


@dataclass(frozen=True, slots=True)
class GapShown:
    """What is missing, in words, and how many points it would bring."""

    label: str
    missing: str
    points: Decimal
    gain: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that people answer; `yes` is None while nobody has."""

    key: str
    wording: str
    yes: bool | None
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last score by another version."""

    version: int
    score: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class FitPage:
    """`version` is 0 where no profile is in force for the partner, `scored_at` None while it is
    not scored yet."""

    partner: Partner
    version: int = 0
    title: str = ""
    shown: bool = False
    score: Decimal | None = None
    score_text: str = ""
    level: str = ""
    level_label: str = ""
    tone: Tone = Tone.NEUTRAL
    scored_at: dt.datetime | None = None
    reasons: tuple[Reason, ...] = ()
    gaps: tuple[GapShown, ...] = ()
    questions: tuple[Question, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    tried_until: dt.date | None = None

    @property
    def score_value(self) -> Decimal:
        return self.score or Decimal(0)


MOST_EARLIER = 10


def fit_page(actor: Actor, partner_id: int, *, whole: bool = True) -> FitPage | None:
    """The page; None for a partner that the actor may not see. Six queries at most; without the
    questions and the earlier scores (`whole`) two less."""
    partner = fit.partner_of(actor, partner_id)
    if partner is None:
        return None
    ideal = fit.ideal_of(partner, fit.in_force(timezone.now()))
    if ideal is None or partner.status not in fit.SCORED:
        return FitPage(partner)
    rows = list(
        PartnerFit.objects.filter(partner=partner).select_related("profile").order_by("-scored_at")
    )[: MOST_EARLIER + 1]
    kept = next((row for row in rows if row.profile_id == ideal.id and row.current), None)
    names = fit_words.names_for(ideal.criteria)
    level = level_of(kept.score if kept else None, ideal.fair_from, ideal.good_from)
    return FitPage(
        partner=partner,
        version=ideal.version,
        title=ideal.title,
        shown=ideal.shown,
        score=kept.score if kept else None,
        score_text=fit_words.number(kept.score if kept else None),
        level=level.value,
        level_label=str(level.label),
        tone=fit_words.TONES[level],
        scored_at=kept.scored_at if kept else None,
        reasons=reasons_shown(ideal.criteria, kept.reasons if kept else [], names),
        gaps=gaps_shown(ideal.criteria, kept.reasons if kept else [], names),
        questions=questions_of(ideal.criteria, partner.pk) if whole else (),
        tried_until=until_for(ideal.reaches, partner.pk, partner.region.path),
        earlier=tuple(
            Earlier(row.profile.version, fit_words.number(row.score), row.scored_at)
            for row in rows
            if row.profile_id != ideal.id
        ),
    )


def reasons_shown(
    criteria: tuple[Criterion, ...], kept: list[dict[str, Any]], names: Names
) -> tuple[Reason, ...]:
    by_key = {one["key"]: one for one in kept}
    return tuple(
        Reason(
            label=one.label,
            asks=tuple(fit_words.criterion(one, names)),
            value=fit_words.value(one, reason["value"], names),
            known=reason["share"] is not None,
            counted=Decimal(reason["out_of"]) > 0,
            points=Decimal(reason["points"]),
            out_of=Decimal(reason["out_of"]),
        )
        for one in criteria
        if (reason := by_key.get(one.key))
    )


def gaps_shown(
    criteria: tuple[Criterion, ...], kept: list[dict[str, Any]], names: Names
) -> tuple[GapShown, ...]:
    """What would bring most comes first."""
    by_key = {one.key: one for one in criteria}
    found = [
        GapShown(
            one.label,
            fit_words.gap(one, gap, names),
            Decimal(gap["points"]),
            fit_words.points(Decimal(gap["points"])),
        )
        for reason in kept
        if (gap := reason.get("gap")) and (one := by_key.get(reason["key"]))
    ]
    return tuple(sorted(found, key=lambda gap: -gap.points))


def questions_of(criteria: tuple[Criterion, ...], partner_id: int) -> tuple[Question, ...]:
    asked = [one for one in criteria if one.kind == Kind.CHECK]
    rows = FitAnswer.objects.filter(
        partner_id=partner_id, question__in=[one.question for one in asked]
    )
    answers = {row.question: row for row in rows} if asked else {}
    return tuple(question_shown(one, answers.get(one.question)) for one in asked)


def question_shown(one: Criterion, row: FitAnswer | None) -> Question:
    if row is None:
        return Question(one.question, one.label, None, "", None)
    return Question(one.question, one.label, row.yes, row.answered_label, row.answered_at)


def compared(
    row: IdealProfile, before: IdealProfile | None
) -> list[tuple[str, int, list[str], str, list[str]]]:
    """Each criterion of a version with its weight and what it asks, and, where it differs, what
    the version before said; at the end, what is gone."""
    now = fit.read_ideal(row).criteria
    old = {one.key: one for one in fit.read_ideal(before).criteria} if before else {}
    names = fit_words.names_for([*now, *old.values()])
    rows = []
    for one in now:
        past = old.pop(one.key, None)
        said = described(past, names) if past and past != one else []
        state = "" if before is None or past == one else "changed" if past else "new"
        rows.append((one.label, one.weight, fit_words.criterion(one, names), state, said))
    rows += [(one.label, one.weight, described(one, names), "gone", []) for one in old.values()]
    return rows


def described(one: Criterion, names: Names) -> list[str]:
    weight = fit_words.weight(one.weight)
    return [f"{one.label}, {weight}", *fit_words.criterion(one, names)]
