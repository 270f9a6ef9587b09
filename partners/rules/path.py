"""The cheapest way to the next tier.

What a partner can do is a list of moves: each adds fixed amounts to measures and costs days of
work. Which moves there are and what they add comes from the partner's own history
(`partners/queries/tier_path.py`): one more deal registered; one more deal won, which takes
1 / win rate registrations and brings the average won amount; one more unit of any other
measure. `cheapest` finds whole numbers of moves that reach the level with the fewest days.

Exact, by a search over the numbers of the moves that touch more than one measure, and for the
rest, which cannot meet, requirement by requirement and a knapsack over points. Where a number
would pass MOST of a move the level is out of reach by work, and there is no path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from math import inf

from partners.rules.tiers import Ladder, Level, Values, meets

MOST = 200


@dataclass(frozen=True, slots=True)
class Move:
    """Something a partner can do again and again: what one time adds, and its days of work."""

    name: str
    adds: Mapping[str, Decimal]
    days: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that is not met: what there is, what is needed, what is missing."""

    measure: str
    value: Decimal | None
    needed: Decimal

    @property
    def missing(self) -> Decimal:
        return self.needed - (self.value or Decimal(0))


@dataclass(frozen=True, slots=True)
class Path:
    """`times` says how often each move; `gaps` and `points_missing` what it closes."""

    level: Level
    gaps: tuple[Gap, ...]
    points_missing: int
    times: Mapping[str, int] = field(default_factory=dict)
    days: Decimal = Decimal(0)
    found: bool = True


def gaps_to(level: Level, values: Values) -> tuple[Gap, ...]:
    return tuple(
        Gap(one.measure, values.get(one.measure), one.at_least)
        for one in level.requirements
        if not meets(one, values)
    )


def applied(values: Values, moves: Sequence[Move], times: Mapping[str, int]) -> dict[str, Decimal]:
    """The values after the moves. What was unknown begins at nothing once it is worked on."""
    after = {name: value for name, value in values.items() if value is not None}
    for move in moves:
        for measure, added in move.adds.items():
            if times.get(move.name):
                after[measure] = after.get(measure, Decimal(0)) + added * times[move.name]
    return after


def cheapest(level: Level, ladder: Ladder, values: Values, moves: Sequence[Move]) -> Path:
    """The fewest days of work to `level`; `found` is False when no moves lead there."""
    gaps = gaps_to(level, values)
    missing = max((level.points or 0) - ladder.points(values), 0)
    search = _Search(level, ladder, values, moves)
    best = search.best()
    if best is None:
        return Path(level, gaps, missing, found=False)
    times, days = best
    return Path(level, gaps, missing, {name: n for name, n in times.items() if n}, days)


Plan = tuple[dict[str, int], Decimal]


class _Search:
    def __init__(self, level: Level, ladder: Ladder, values: Values, moves: Sequence[Move]) -> None:
        self.level, self.ladder, self.values = level, ladder, values
        self.asked = {one.measure: one.at_least for one in level.requirements}
        self.scores = {one.measure: one for one in ladder.scores} if level.points else {}
        touched = set(self.asked) | set(self.scores)
        useful = [move for move in moves if touched & set(move.adds)]
        self.shared = [move for move in useful if self._meets_others(move, useful)]
        self.alone = [move for move in useful if move not in self.shared]
        self.shared_measures = {name for move in self.shared for name in move.adds}

    @staticmethod
    def _meets_others(move: Move, moves: Sequence[Move]) -> bool:
        """Whether it adds to several measures, or to one that another move adds to as well."""
        others = {name for other in moves if other is not move for name in other.adds}
        return len(move.adds) > 1 or bool(set(move.adds) & others)

    def best(self) -> Plan | None:
        """Over all numbers of the shared moves, with the best of the others for each."""
        alone = self._alone_by_points()
        if alone is None:
            return None
        found: Plan | None = None
        for times, days in self._combinations(self.shared):
            if found is not None and days >= found[1]:
                break  # all that follow take as many days or more
            after = applied(self.values, self.shared, times)
            if any(
                after.get(name, Decimal(0)) < needed
                for name, needed in self.asked.items()
                if name in self.shared_measures
            ):
                continue
            scored = sum(
                score.of(after.get(name))
                for name, score in self.scores.items()
                if name in self.shared_measures
            )
            rest = max((self.level.points or 0) - scored, 0)
            others = alone[min(rest, len(alone) - 1)] if rest < len(alone) else None
            if others is None:
                continue
            together = days + others[1]
            if found is None or together < found[1]:
                found = ({**times, **others[0]}, together)
        return found

    def _combinations(self, moves: Sequence[Move]) -> Sequence[Plan]:
        """Every number of each move up to where more of it helps nothing."""
        plans: list[Plan] = [({}, Decimal(0))]
        for move in moves:
            most = self._most(move)
            plans = [
                ({**times, move.name: number}, days + number * move.days)
                for times, days in plans
                for number in range(most + 1)
            ]
        return sorted(plans, key=lambda plan: plan[1])

    def _most(self, move: Move) -> int:
        """How often the move can help: until it alone has closed every gap that it touches."""
        most = 0
        for measure, added in move.adds.items():
            value = self.values.get(measure) or Decimal(0)
            goals = [self.asked[measure]] if measure in self.asked else []
            score = self.scores.get(measure)
            if score is not None:
                scored = min(score.at_most or self.level.points or 0, self.level.points or 0)
                goals.append(score.per * -(-scored // score.points))
            for goal in goals:
                most = max(most, _times(goal - value, added))
        return min(most, MOST)

    def _alone_by_points(self) -> list[Plan | None] | None:
        """For each number of points: the fewest days of the moves that meet no other, with all
        their requirements met. None when a requirement cannot be met at all."""
        target = self.level.points or 0
        table: list[Plan | None] = [({}, Decimal(0))] + [None] * target
        movers = {name: move for move in self.alone for name in move.adds}
        names = dict.fromkeys([*self.asked, *self.scores])
        for name in names:
            if name in self.shared_measures:
                continue
            choices = self._choices(name, movers.get(name))
            if not choices:
                return None
            table = _joined(table, choices, target)
        return _at_least(table)

    def _choices(self, name: str, move: Move | None) -> list[tuple[int, int, Plan]]:
        """(points, times, plan) of one measure: only those numbers of times that bring more
        points than fewer do."""
        value = self.values.get(name)
        needed, score = self.asked.get(name), self.scores.get(name)
        begun = value or Decimal(0)
        if move is None:
            if needed is not None and (value is None or value < needed):
                return []
            return [(score.of(value) if score else 0, 0, ({}, Decimal(0)))]
        least = _times(needed - begun, move.adds[name]) if needed is not None else 0
        if needed is not None and value is None:
            least = max(least, 1)
        if least > MOST:
            return []
        choices: list[tuple[int, int, Plan]] = []
        for times in range(least, max(self._most(move), least) + 1):
            after = begun + times * move.adds[name]
            points = score.of(after) if score else 0
            if not choices or points > choices[-1][0]:
                plan = ({move.name: times} if times else {}, times * move.days)
                choices.append((points, times, plan))
        return choices


def _times(missing: Decimal, added: Decimal) -> int:
    if missing <= 0:
        return 0
    if added <= 0:
        return MOST + 1
    return int((missing / added).to_integral_value(ROUND_CEILING))


def _joined(
    table: Sequence[Plan | None], choices: Sequence[tuple[int, int, Plan]], target: int
) -> list[Plan | None]:
    """The table with one measure more: a place is a number of points, capped at the target."""
    joined: list[Plan | None] = [None] * (target + 1)
    for place, plan in enumerate(table):
        if plan is None:
            continue
        for points, _times_done, (times, days) in choices:
            at = min(place + points, target)
            known = joined[at]
            if known is None or plan[1] + days < known[1]:
                joined[at] = ({**plan[0], **times}, plan[1] + days)
    return joined


def _at_least(table: Sequence[Plan | None]) -> list[Plan | None]:
    """The same, where more points than asked for are good too."""
    best: list[Plan | None] = list(table)
    cheapest_days: float | Decimal = inf
    plan_behind: Plan | None = None
    for place in range(len(best) - 1, -1, -1):
        plan = best[place]
        if plan is not None and plan[1] < cheapest_days:
            cheapest_days, plan_behind = plan[1], plan
        best[place] = plan_behind
    return best
