"""The nearest single change with which a registration would have been decided better.

Only of facts that the partner has influence on and may know. And it tells nothing about
others that the decision has not told already: a change is named only if it leads to the same
outcome whatever the confidential facts are, as far as these fit the rule that decided.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Literal

from dealreg.rules.compiled import compile_book
from dealreg.rules.engagement import Book, NoRuleApplied, OtherFact
from dealreg.rules.facts import FACTS, Fact, Facts, FactType, FactValue, with_change
from dealreg.rules.soundness import samples
from dealreg.rules.states import Outcome

MOST_WORLDS = 256
BETTER: tuple[Outcome, ...] = (Outcome.DECLINE, Outcome.REVIEW, Outcome.ASK, Outcome.APPROVE)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Change:
    """`fact` at `value` instead ("more": at least, or yes; "less": at most, or no) would have
    been decided `outcome`."""

    fact: str
    direction: Literal["more", "less"]
    value: Decimal | bool
    outcome: Outcome


def nearest_change(facts: Facts, book: Book, rule: str) -> Change | None:
    """The change to tell a partner whose registration `rule` of `book` has decided."""
    now = next(one.outcome for one in book.rules if one.code == rule)
    if now == BETTER[-1]:
        return None
    deciding = compile_book(book)
    worlds = _worlds(facts, book, rule)
    found: list[tuple[int, int, Decimal, Change]] = []
    for place, name in enumerate(sorted(_asked(book))):
        for value in _values(FACTS[name], facts, book):
            outcomes = set()
            for world in worlds:
                try:
                    outcomes.add(deciding(with_change(world, name, value)).outcome)
                except NoRuleApplied:
                    break
            if len(outcomes) != 1:
                continue
            (outcome,) = outcomes
            change = _change(FACTS[name], facts[name], value, outcome)
            if change is not None and BETTER.index(outcome) > BETTER.index(now):
                distance = _distance(facts[name], value)
                found.append((-BETTER.index(outcome), place, distance, change))
    return min(found, key=lambda one: one[:3])[3] if found else None


def _asked(book: Book) -> frozenset[str]:
    """The facts whose change may matter to the book."""
    asked = book.facts()
    return asked | {"deal.amount"} if "deal.over_tier_limit" in asked else asked


def _worlds(facts: Facts, book: Book, rule: str) -> Sequence[Facts]:
    """The facts with every value of the confidential ones with which the same rule decides.
    Empty when there are too many to look at."""
    deciding = compile_book(book)
    hidden = sorted(name for name in book.facts() if FACTS[name].confidential)
    values = samples(one.when for one in book.rules)
    choices = [values[name] for name in hidden]
    size = 1
    for choice in choices:
        size *= len(choice)
    if size > MOST_WORLDS:
        return []
    worlds = ({**facts, **dict(zip(hidden, chosen, strict=True))} for chosen in product(*choices))
    return [world for world in worlds if deciding(world).code == rule]


def _values(fact: Fact, facts: Facts, book: Book) -> Iterator[Decimal | bool]:
    """The values worth trying: where some rule's answer turns."""
    actual = facts.get(fact.name)
    if actual is None or not (fact.more or fact.less):
        return
    if fact.type == FactType.YES_NO:
        yield not actual
    elif fact.type.numeric:
        step = Decimal(1) if fact.type == FactType.NUMBER else CENT
        edges = set(_edges(fact.name, facts, book))
        for value in sorted({edge + by for edge in edges for by in (-step, Decimal(0), step)}):
            if (
                fact.least is None
                or value > fact.least
                or (fact.type == FactType.NUMBER and value == fact.least)
            ):
                yield value


def _edges(name: str, facts: Facts, book: Book) -> Iterator[Decimal]:
    limit = facts.get("partner.approval_limit")
    if name == "deal.amount" and isinstance(limit, Decimal):
        yield limit
    for rule in book.rules:
        for condition in rule.when.conditions():
            if name not in condition.facts():
                continue
            value: object = condition.value
            if isinstance(value, OtherFact):
                other = value.name if condition.fact == name else condition.fact
                value = facts.get(other)
            if isinstance(value, Decimal):
                yield value


def _change(
    fact: Fact, actual: FactValue, value: Decimal | bool, outcome: Outcome
) -> Change | None:
    """None when the partner has no influence in that direction."""
    if isinstance(value, bool):
        more = value
    elif isinstance(actual, Decimal) and actual != value:
        more = value > actual
    else:
        return None
    if not (fact.more if more else fact.less):
        return None
    return Change(fact.name, "more" if more else "less", value, outcome)


def _distance(actual: FactValue, value: Decimal | bool) -> Decimal:
    if isinstance(actual, Decimal) and isinstance(value, Decimal):
        return abs(actual - value)
    return Decimal(0)
