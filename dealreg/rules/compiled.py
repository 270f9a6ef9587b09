"""A book as nested functions: the same answers as engagement.decide, without trace or message,
for judging many stored decisions."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dealreg.rules.engagement import (
    Book,
    Condition,
    Group,
    NoRuleApplied,
    Operator,
    OtherFact,
    Rule,
)
from dealreg.rules.facts import FACTS, Facts, FactValue

Test = Callable[[Facts], bool]

ORDERED: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
}


def compile_book(book: Book) -> Callable[[Facts], Rule]:
    """The rule of `book` that decides. The function raises NoRuleApplied."""
    tests = [(_group(rule.when), rule) for rule in book.rules]

    def deciding(facts: Facts) -> Rule:
        for test, rule in tests:
            if test(facts):
                return rule
        raise NoRuleApplied(f"No rule of book v{book.version} applied.")

    return deciding


def compile_reader(names: frozenset[str]) -> Callable[[dict[str, Any]], dict[str, FactValue]]:
    """Turns the stored form of facts (books.facts_to_json) into facts, in place; of numbers
    only those in `names` become numbers."""
    numeric = [name for name in sorted(names) if FACTS[name].type.numeric]

    def read(stored: dict[str, Any]) -> dict[str, FactValue]:
        for name in numeric:
            written = stored.get(name)
            if written is not None:
                stored[name] = Decimal(written)
        return stored

    return read


def _group(group: Group) -> Test:
    tests = [
        _group(member) if isinstance(member, Group) else _condition(member)
        for member in group.members
    ]
    if len(tests) == 1:
        return tests[0]
    if group.match == "all":
        return _all(tests)
    return _any(tests)


def _all(tests: list[Test]) -> Test:
    def holds(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110 - a loop is faster than a generator here
            if not test(facts):
                return False
        return True

    return holds


def _any(tests: list[Test]) -> Test:
    def holds(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110
            if test(facts):
                return True
        return False

    return holds


def _condition(condition: Condition) -> Test:
    name, value = condition.fact, condition.value
    if isinstance(value, OtherFact):
        return condition.holds
    if isinstance(value, tuple):
        return _listed(name, frozenset(value), inside=condition.operator == Operator.IN)
    relation = ORDERED[condition.operator]

    def holds(facts: Facts) -> bool:
        actual = facts.get(name)
        return actual is not None and relation(actual, value)

    return holds


def _listed(name: str, values: frozenset[str], *, inside: bool) -> Test:
    def holds(facts: Facts) -> bool:
        actual = facts.get(name)
        return actual is not None and (actual in values) == inside

    return holds
