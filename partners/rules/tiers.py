"""What a tier programme makes of a partner's figures, and what follows from it.

Two questions, both pure. `judge`: which tier do these values reach? `step`: the partner is in
one tier and reaches another; what happens now?
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Values = Mapping[str, Decimal | None]


class Approval(TextChoices):
    """Which moves wait for a person."""

    NONE = "none", _("never")
    UP = "up", _("when a partner rises")
    BOTH = "both", _("when a partner rises or falls")


class Action(TextChoices):
    """What an assessment led to."""

    STAYED = "stayed", _("stayed")
    RISEN = "risen", _("rose")
    FALLEN = "fallen", _("fell after grace")
    GRACE = "grace", _("grace began")
    IN_GRACE = "in_grace", _("in grace")
    RECOVERED = "recovered", _("recovered in grace")
    PROPOSED = "proposed", _("waits for approval")
    EXCEPTED = "excepted", _("kept by an exception")


@dataclass(frozen=True, slots=True)
class Requirement:
    measure: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """So many points for each full `per`, up to `at_most` points (None: without end)."""

    measure: str
    per: Decimal
    points: int
    at_most: int | None = None

    def of(self, value: Decimal | None) -> int:
        if value is None or value <= 0:
            return 0
        scored = int(value // self.per) * self.points
        return scored if self.at_most is None else min(scored, self.at_most)


@dataclass(frozen=True, slots=True)
class Level:
    """A tier as the programme asks for it. `tier_id` and `rank` are the tier's."""

    tier_id: int
    name: str
    rank: int
    requirements: tuple[Requirement, ...] = ()
    points: int | None = None

    @property
    def is_base(self) -> bool:
        return not self.requirements and not self.points


@dataclass(frozen=True, slots=True)
class Ladder:
    """All levels of a programme, the lowest first, and how points are counted."""

    levels: tuple[Level, ...]
    scores: tuple[Score, ...] = ()

    def measures(self) -> tuple[str, ...]:
        """The names of what it counts, each once, in a fixed order."""
        asked = [one.measure for level in self.levels for one in level.requirements]
        return tuple(dict.fromkeys([*asked, *(one.measure for one in self.scores)]))

    def points(self, values: Values) -> int:
        return sum(score.of(values.get(score.measure)) for score in self.scores)

    def level_of(self, tier_id: int) -> Level | None:
        return next((level for level in self.levels if level.tier_id == tier_id), None)

    def above(self, rank: int) -> Level | None:
        """The next level above a rank."""
        return next((level for level in self.levels if level.rank > rank), None)


def meets(requirement: Requirement, values: Values) -> bool:
    """An unknown value meets nothing."""
    value = values.get(requirement.measure)
    return value is not None and value >= requirement.at_least


def reaches(level: Level, ladder: Ladder, values: Values) -> bool:
    enough = level.points is None or ladder.points(values) >= level.points
    return enough and all(meets(one, values) for one in level.requirements)


def judge(ladder: Ladder, values: Values) -> Level:
    """The highest level that the values reach. The lowest asks for nothing, so there is one."""
    return next(level for level in reversed(ladder.levels) if reaches(level, ladder, values))


@dataclass(frozen=True, slots=True)
class Policy:
    grace: dt.timedelta
    warning: dt.timedelta
    approval: Approval


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partner stands before it is looked at. Tiers are ranks.

    `exception` is the rank that somebody gave it, or its own when it is held; `proposed` the
    one that waits for approval; `declined` the one that was refused while it was reached.
    """

    rank: int
    grace_since: dt.datetime | None = None
    grace_until: dt.datetime | None = None
    exception: int | None = None
    proposed: int | None = None
    declined: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happens, and the standing afterwards."""

    action: Action
    after: Standing


def step(standing: Standing, reached: int, policy: Policy, now: dt.datetime) -> Step:
    """Up at once; down only when the whole grace is over; an exception before everything else.

    Where a person approves, a move waits as a proposal and the partner stays meanwhile. One
    that was declined is not proposed again as long as the same tier is reached.
    """
    calm = replace(standing, grace_since=None, grace_until=None, proposed=None)
    declined = standing.declined if standing.declined == reached else None
    calm = replace(calm, declined=declined)
    if standing.exception is not None:
        return Step(Action.EXCEPTED, replace(calm, rank=standing.exception))
    if reached == standing.rank:
        recovered = standing.grace_until is not None
        return Step(Action.RECOVERED if recovered else Action.STAYED, calm)
    if reached > standing.rank:
        return _move(calm, reached, Action.RISEN, asks=policy.approval != Approval.NONE)
    if standing.grace_until is None and policy.grace:
        graced = replace(calm, grace_since=now, grace_until=now + policy.grace)
        return Step(Action.GRACE, graced)
    if standing.grace_until is not None and now < standing.grace_until:
        kept = replace(calm, grace_since=standing.grace_since, grace_until=standing.grace_until)
        return Step(Action.IN_GRACE, kept)
    fallen = _move(calm, reached, Action.FALLEN, asks=policy.approval == Approval.BOTH)
    if fallen.action == Action.FALLEN:
        return fallen
    # It waits at the end of its grace, which must not begin anew.
    return replace(
        fallen,
        after=replace(
            fallen.after, grace_since=standing.grace_since, grace_until=standing.grace_until
        ),
    )


def _move(calm: Standing, reached: int, action: Action, *, asks: bool) -> Step:
    if not asks:
        return Step(action, replace(calm, rank=reached, declined=None))
    if calm.declined == reached:
        return Step(Action.STAYED, calm)
    return Step(Action.PROPOSED, replace(calm, proposed=reached))
