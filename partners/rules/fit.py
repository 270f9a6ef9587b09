"""How well a partner fits the ideal one: weighted criteria, a score from 0 to 100, what each
criterion added, and what is missing. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core.money import apportion

TENTH = Decimal("0.1")
FULL = Decimal(100)
MOST_CRITERIA = 30
MOST_BANDS = 5
MEASURE = "measure:"


class Kind(TextChoices):
    NUMBER = "number", gettext_lazy("number in bands")
    SET = "set", gettext_lazy("one or more of a list")
    PLACE = "place", gettext_lazy("geography")
    CHECK = "check", gettext_lazy("question that a person answers")


class Unknown(TextChoices):
    """What becomes of a criterion about which nothing is known."""

    LEFT_OUT = "left_out", gettext_lazy("leave it out and say that it is unknown")
    NOTHING = "nothing", gettext_lazy("count it as not fulfilled")


class Level(TextChoices):
    GOOD = "good", gettext_lazy("Fits well")
    FAIR = "fair", gettext_lazy("Fits in part")
    POOR = "poor", gettext_lazy("Hardly fits")
    UNKNOWN = "unknown", gettext_lazy("Not known yet")


# What a criterion may look at beside the measures: source → its kind and label.
SOURCES: dict[str, tuple[Kind, str | Promise]] = {
    "employees": (Kind.NUMBER, gettext_lazy("People at the company")),
    "years": (Kind.NUMBER, gettext_lazy("Years since it was founded")),
    "territories": (Kind.NUMBER, gettext_lazy("Countries in which it sells")),
    "specialisations": (Kind.NUMBER, gettext_lazy("Specialisations, how many")),
    "type": (Kind.SET, gettext_lazy("Partner type")),
    "specialisation": (Kind.SET, gettext_lazy("Specialisation")),
    "vertical": (Kind.SET, gettext_lazy("Vertical")),
    "region": (Kind.PLACE, gettext_lazy("Region, with all that lies in it")),
    "country": (Kind.PLACE, gettext_lazy("Country of its seat")),
    "territory": (Kind.PLACE, gettext_lazy("Countries and parts of countries that it sells in")),
    "check": (Kind.CHECK, gettext_lazy("Question, yes or no")),
}


@lru_cache(maxsize=1_000)
def kind_of(source: str) -> Kind:
    """Raises KeyError for what nobody can look at."""
    return Kind.NUMBER if source.startswith(MEASURE) else SOURCES[source][0]


def measure_of(source: str) -> str:
    """The name of the measure that a source is; "" for all others."""
    return source.removeprefix(MEASURE) if source.startswith(MEASURE) else ""


@lru_cache(maxsize=1_000)
def question_key(wording: str) -> str:
    """What an answer belongs to: the same wording is the same question in every version."""
    said = " ".join(wording.casefold().split())
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Band:
    """From `at_least` on (until the next band) so many percent of the weight count."""

    at_least: Decimal
    share: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is looked at. Bands stand in the order of their beginning; below the first
    nothing counts. `members` are the keys of a list, of which `needed` are enough."""

    key: str
    source: str
    label: str
    weight: int
    unknown: str = Unknown.LEFT_OUT.value
    bands: tuple[Band, ...] = ()
    members: frozenset[str] = frozenset()
    needed: int = 1

    @property
    def kind(self) -> Kind:
        return kind_of(self.source)

    @property
    def question(self) -> str:
        return question_key(self.label)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a partner. A number that is None or absent, an empty set and a question
    without an answer are unknown."""

    numbers: Mapping[str, Decimal | None] = field(default_factory=dict)
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    answers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion added: `points` of `out_of`. Without a share it is unknown; `counted`
    says whether it is in the score all the same."""

    key: str
    share: Decimal | None
    points: Decimal
    out_of: Decimal

    @property
    def counted(self) -> bool:
        return self.out_of > 0


@dataclass(frozen=True, slots=True)
class Gap:
    """What would add points: to get from the present number to `target` (below it, if the partner
    has too much), `missing` more of a list, or an answer. `missing` is None where nothing is
    known; `points` is what the score would gain."""

    key: str
    points: Decimal
    missing: Decimal | None = None
    target: Decimal | None = None
    less: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """The score is None while nothing at all is known; else it is the sum of the points."""

    score: Decimal | None
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]


def share_of(one: Criterion, facts: Facts) -> Decimal | None:
    """How many percent of a criterion's weight a partner reaches; None: unknown."""
    if one.kind == Kind.NUMBER:
        value = facts.numbers.get(one.source)
        return None if value is None else share_in(one.bands, value)
    if one.kind == Kind.CHECK:
        answer = facts.answers.get(one.question)
        return None if answer is None else FULL * answer
    has = facts.sets.get(one.source, frozenset())
    if not has:
        return None
    return FULL * min(len(has & one.members), one.needed) / one.needed


def share_in(bands: Sequence[Band], value: Decimal) -> Decimal:
    reached = [band for band in bands if value >= band.at_least]
    return Decimal(reached[-1].share) if reached else Decimal(0)


Shares = tuple[Decimal | None, ...]
# What was added up already for the criteria of one version.
Memo = dict[Shares, tuple[Part, ...]]


def score(criteria: Sequence[Criterion], facts: Facts, memo: Memo | None = None) -> Scored:
    """The score with what each criterion added and the gaps, the largest first. Whoever scores
    many partners by the same criteria hands one `memo` on: most reach the same shares as others."""
    memo = {} if memo is None else memo
    shares = tuple(share_of(one, facts) for one in criteria)
    now = sum_of(parts := remembered(criteria, shares, memo))
    gaps = [
        replace(gap, points=gained)
        for place, one in enumerate(criteria)
        if (found := gap_of(one, facts, shares[place])) is not None
        for gap, reached in [found]
        if (gained := gain(criteria, shares, place, reached, now, memo)) > 0
    ]
    return Scored(now, parts, tuple(sorted(gaps, key=lambda gap: -gap.points)))


def remembered(criteria: Sequence[Criterion], shares: Shares, memo: Memo) -> tuple[Part, ...]:
    parts = memo.get(shares)
    if parts is None:
        parts = memo[shares] = added_up(criteria, shares)
    return parts


def added_up(criteria: Sequence[Criterion], shares: Sequence[Decimal | None]) -> tuple[Part, ...]:
    """What each criterion adds. The weights of those that count are shared out over 100 points in
    tenths, so that the full marks of all are exactly 100."""
    counts = [
        share is not None or one.unknown == Unknown.NOTHING
        for one, share in zip(criteria, shares, strict=True)
    ]
    weights = [
        Decimal(one.weight if counted else 0) for one, counted in zip(criteria, counts, strict=True)
    ]
    tenths = apportion(1000, weights) if any(weights) else [0] * len(weights)
    return tuple(
        Part(
            one.key,
            share,
            (number * TENTH * (share or 0) / FULL).quantize(TENTH, ROUND_HALF_UP),
            number * TENTH,
        )
        for one, share, number in zip(criteria, shares, tenths, strict=True)
    )


def sum_of(parts: Sequence[Part]) -> Decimal | None:
    """None while nothing is known: what counts as not fulfilled is no knowledge."""
    if all(part.share is None for part in parts):
        return None
    return sum((part.points for part in parts), Decimal("0.0"))


def gain(
    criteria: Sequence[Criterion],
    shares: Shares,
    place: int,
    reached: Decimal,
    now: Decimal | None,
    memo: Memo,
) -> Decimal:
    """What the score would gain if one criterion reached so much and all else stayed."""
    then = (*shares[:place], reached, *shares[place + 1 :])
    return (sum_of(remembered(criteria, then, memo)) or Decimal(0)) - (now or Decimal(0))


def gap_of(one: Criterion, facts: Facts, share: Decimal | None) -> tuple[Gap, Decimal] | None:
    """What is missing for more, and the share that it would bring; None where nothing is."""
    if one.kind == Kind.NUMBER:
        return gap_in_number(one, facts.numbers.get(one.source))
    if share == FULL:
        return None
    if one.kind == Kind.CHECK:
        missing = None if share is None else Decimal(1)
    else:
        has = facts.sets.get(one.source, frozenset())
        missing = Decimal(one.needed - len(has & one.members)) if has else None
    return Gap(one.key, Decimal(0), missing), FULL


def gap_in_number(one: Criterion, value: Decimal | None) -> tuple[Gap, Decimal] | None:
    """The nearest band above that brings more; where none does, the nearest one below, for a
    partner that has more than the ideal one. Of an unknown number, the best band."""
    if not one.bands:
        return None
    if value is None:
        best = max(one.bands, key=lambda band: band.share)
        return Gap(one.key, Decimal(0), None, best.at_least), Decimal(best.share)
    present = share_in(one.bands, value)
    for band in one.bands:
        if band.at_least > value and band.share > present:
            missing = band.at_least - value
            return Gap(one.key, Decimal(0), missing, band.at_least), Decimal(band.share)
    below = [place for place, band in enumerate(one.bands) if band.at_least <= value]
    for place in reversed(below[:-1]):
        if one.bands[place].share > present:
            end = one.bands[place + 1].at_least
            gap = Gap(one.key, Decimal(0), value - end, end, less=True)
            return gap, Decimal(one.bands[place].share)
    return None


def level_of(reached: Decimal | None, fair_from: int, good_from: int) -> Level:
    if reached is None:
        return Level.UNKNOWN
    if reached >= good_from:
        return Level.GOOD
    return Level.FAIR if reached >= fair_from else Level.POOR
