"""Rules of engagement: reading a book, judging facts with it, and saying why.

A book is an ordered list of rules; the first one whose conditions hold decides. Pure: the
same facts and the same book give the same verdict for ever, so a decision can be replayed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import Template
from typing import Any, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from dealreg.rules.facts import FACTS, Fact, Facts, FactType, FactValue
from dealreg.rules.states import Outcome


class Operator(TextChoices):
    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    IN = "in", _("is one of")
    NOT_IN = "not_in", _("is none of")
    ABOVE = "above", _("is above")
    AT_LEAST = "at_least", _("is at least")
    BELOW = "below", _("is below")
    AT_MOST = "at_most", _("is at most")


OPERATORS_FOR: dict[FactType, frozenset[Operator]] = {
    FactType.YES_NO: frozenset({Operator.IS}),
    FactType.CHOICE: frozenset({Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN}),
    FactType.TEXT: frozenset({Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN}),
    FactType.MONEY: frozenset(
        {Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST}
    ),
}

RuleValue = str | bool | Decimal | tuple[str, ...]
Match = Literal["all", "any"]


class InvalidRule(ValueError):
    """A rule that cannot be judged; the message says which part and why."""


class NoRuleApplied(RuntimeError):
    """The book has no closing rule. Publishing refuses such a book."""


@dataclass(frozen=True, slots=True)
class Condition:
    fact: str
    operator: Operator
    value: RuleValue

    def holds(self, facts: Facts) -> bool:
        """An unknown fact makes every condition on it false."""
        actual = facts.get(self.fact)
        return actual is not None and _compare(actual, self.operator, self.value)


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, must hold. An empty group of "all" always holds."""

    match: Match = "all"
    members: tuple["Condition | Group", ...] = ()

    def holds(self, facts: Facts) -> bool:
        held = (member.holds(facts) for member in self.members)
        return all(held) if self.match == "all" else any(held)


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    outcome: Outcome
    when: Group
    message: str
    reason: str = ""

    @property
    def always(self) -> bool:
        return self.when.match == "all" and not self.when.members


@dataclass(frozen=True, slots=True)
class Book:
    version: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule made of the facts; `applied` is true for the last step only."""

    rule: str
    applied: bool
    checks: tuple["Check", ...]


@dataclass(frozen=True, slots=True)
class Check:
    fact: str
    operator: str
    value: str
    actual: str
    held: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    rule: str
    message: str
    reason: str
    trace: tuple[Step, ...]


def decide(facts: Facts, book: Book, words: Mapping[str, str] | None = None) -> Verdict:
    """The verdict of `book` on `facts`. `words` fills $placeholders in the rule's message.

    Raises NoRuleApplied for a book that no published one can be.
    """
    trace: list[Step] = []
    for rule in book.rules:
        applied = rule.when.holds(facts)
        trace.append(Step(rule.code, applied, tuple(_checks(rule.when, facts))))
        if applied:
            message = Template(rule.message).safe_substitute(words or {})
            return Verdict(rule.outcome, rule.code, message, rule.reason, tuple(trace))
    raise NoRuleApplied(f"No rule of book v{book.version} applied.")


def _compare(actual: FactValue, operator: Operator, value: RuleValue) -> bool:
    if isinstance(value, tuple):
        return (actual in value) == (operator == Operator.IN)
    if operator == Operator.IS:
        return actual == value
    if operator == Operator.IS_NOT:
        return actual != value
    if not isinstance(actual, Decimal) or not isinstance(value, Decimal):
        return False
    match operator:
        case Operator.ABOVE:
            return actual > value
        case Operator.AT_LEAST:
            return actual >= value
        case Operator.BELOW:
            return actual < value
        case _:
            return actual <= value


def _checks(group: Group, facts: Facts) -> list[Check]:
    found: list[Check] = []
    for member in group.members:
        if isinstance(member, Group):
            found.extend(_checks(member, facts))
        else:
            found.append(
                Check(
                    fact=member.fact,
                    operator=member.operator.value,
                    value=spelled(member.value),
                    actual=spelled(facts.get(member.fact)),
                    held=member.holds(facts),
                )
            )
    return found


def spelled(value: RuleValue | FactValue) -> str:
    """A value as people read it."""
    if value is None:
        return str(_("unknown"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return value


# --- reading a book from its rows -----------------------------------------------------------


def read_group(data: Any) -> Group:
    """A group from its JSON form: {"all": [...]} or {"any": [...]}, whose members are groups
    or {"fact": ..., "is": value}. Empty data is the group that always holds.

    Raises InvalidRule with a sentence for whoever wrote it.
    """
    if not data:
        return Group()
    if not isinstance(data, dict) or len(data) != 1 or not {"all", "any"} & set(data):
        raise InvalidRule(str(_("Write a group as {“all”: […]} or {“any”: […]}.")))
    match: Match = "all" if "all" in data else "any"
    members = data[match]
    if not isinstance(members, list) or not members:
        raise InvalidRule(str(_("A group needs a list with at least one condition.")))
    return Group(match, tuple(_read_member(member) for member in members))


def _read_member(data: Any) -> "Condition | Group":
    if isinstance(data, dict) and "fact" in data:
        return read_condition(data)
    return read_group(data)


def read_condition(data: Mapping[str, Any]) -> Condition:
    """A condition from its JSON form, checked against the registry of facts."""
    fact = FACTS.get(str(data["fact"]))
    if fact is None:
        raise InvalidRule(str(_("There is no fact “%(fact)s”.") % {"fact": data["fact"]}))
    others = [key for key in data if key != "fact"]
    if len(others) != 1 or others[0] not in Operator.values:
        raise InvalidRule(
            str(_("The condition on “%(fact)s” needs one operator.") % {"fact": fact.name})
        )
    operator = Operator(others[0])
    if operator not in OPERATORS_FOR[fact.type]:
        raise InvalidRule(
            str(
                _("“%(fact)s” cannot be compared with “%(operator)s”.")
                % {"fact": fact.name, "operator": operator.label}
            )
        )
    return Condition(fact.name, operator, _read_value(fact, operator, data[operator.value]))


def _read_value(fact: Fact, operator: Operator, value: Any) -> RuleValue:
    wrong = InvalidRule(
        str(_("“%(value)s” is not a value of “%(fact)s”.") % {"value": value, "fact": fact.name})
    )
    if fact.type == FactType.YES_NO:
        if not isinstance(value, bool):
            raise wrong
        return value
    if fact.type == FactType.MONEY:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            raise wrong from None
        if not amount.is_finite():
            raise wrong
        return amount
    listed = operator in {Operator.IN, Operator.NOT_IN}
    items = value if listed else [value]
    if not isinstance(items, list) or not items:
        raise wrong
    for item in items:
        if not isinstance(item, str) or (fact.values and item not in fact.values):
            raise wrong
    return tuple(items) if listed else str(value)


def problems_of(book: Book) -> list[str]:
    """What keeps a book from being published: no rules, no closing rule, rules behind it."""
    problems = []
    closing = [index for index, rule in enumerate(book.rules) if rule.always]
    if not closing:
        problems.append(str(_("The last rule must apply always, so that every deal is decided.")))
    elif closing[0] < len(book.rules) - 1:
        hidden = book.rules[closing[0] + 1].code
        problems.append(
            str(
                _("Rule “%(rule)s” can never be reached: a rule before it applies always.")
                % {"rule": hidden}
            )
        )
    return problems


# --- saying it in words ---------------------------------------------------------------------


def in_words(group: Group) -> str:
    """A rule's conditions as one English-like phrase in the reader's language."""
    if not group.members:
        return str(_("in every other case"))
    joint = _(" and ") if group.match == "all" else _(" or ")
    return str(joint).join(
        f"({in_words(member)})" if isinstance(member, Group) else _condition_in_words(member)
        for member in group.members
    )


def _condition_in_words(condition: Condition) -> str:
    fact = FACTS[condition.fact]
    if fact.type == FactType.YES_NO:
        return str(fact.label if condition.value else _("not: %(fact)s") % {"fact": fact.label})
    return f"{fact.label} {condition.operator.label} {spelled(condition.value)}"
