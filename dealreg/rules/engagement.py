"""Rules of engagement: reading a book, judging facts with it, and saying why.

A book is an ordered list of rules; the first one whose conditions hold decides. Pure: the
same facts and the same book give the same verdict for ever, so a decision can be replayed.
"""

from collections.abc import Iterator, Mapping
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
    FactType.NUMBER: frozenset(
        {
            Operator.IS,
            Operator.IS_NOT,
            Operator.ABOVE,
            Operator.AT_LEAST,
            Operator.BELOW,
            Operator.AT_MOST,
        }
    ),
    FactType.DECIMAL: frozenset(
        {Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST}
    ),
}


@dataclass(frozen=True, slots=True)
class OtherFact:
    """The value of a condition that compares one fact with another of the same type."""

    name: str


RuleValue = str | bool | Decimal | tuple[str, ...] | OtherFact
Match = Literal["all", "any"]
LARGEST_NUMBER = Decimal(10) ** 15


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
        value = self.value
        asked = facts.get(value.name) if isinstance(value, OtherFact) else value
        return actual is not None and asked is not None and compare(actual, self.operator, asked)

    def facts(self) -> Iterator[str]:
        yield self.fact
        if isinstance(self.value, OtherFact):
            yield self.value.name


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, must hold. An empty group of "all" always holds."""

    match: Match = "all"
    members: tuple["Condition | Group", ...] = ()

    def holds(self, facts: Facts) -> bool:
        held = (member.holds(facts) for member in self.members)
        return all(held) if self.match == "all" else any(held)

    def conditions(self) -> Iterator[Condition]:
        """Every condition in the group and the groups inside it."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.conditions()
            else:
                yield member


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    outcome: Outcome
    when: Group
    message: str
    reason: str = ""
    asks_for: tuple[str, ...] = ()
    opens_case: bool = False

    @property
    def always(self) -> bool:
        return self.when.match == "all" and not self.when.members


@dataclass(frozen=True, slots=True)
class Book:
    version: int
    rules: tuple[Rule, ...]

    def facts(self) -> frozenset[str]:
        """The names of all facts that some rule asks."""
        return frozenset(
            name
            for rule in self.rules
            for condition in rule.when.conditions()
            for name in condition.facts()
        )


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
    asks_for: tuple[str, ...] = ()


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
            return Verdict(
                rule.outcome, rule.code, message, rule.reason, tuple(trace), rule.asks_for
            )
    raise NoRuleApplied(f"No rule of book v{book.version} applied.")


def compare(
    actual: FactValue, operator: Operator, value: str | bool | Decimal | tuple[str, ...]
) -> bool:
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
                    value=spelled(member.value, FACTS.get(member.fact), worded=False),
                    actual=spelled(facts.get(member.fact), FACTS.get(member.fact), worded=False),
                    held=member.holds(facts),
                )
            )
    return found


def spelled(value: RuleValue | FactValue, fact: Fact | None = None, *, worded: bool = True) -> str:
    """A value of `fact` as people read it; without `worded` a choice stays its code, as traces
    keep it for readers in any language."""
    if isinstance(value, OtherFact):
        return str(FACTS[value.name].label)
    if value is None:
        return str(_("unknown"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, tuple):
        return ", ".join(spelled(one, fact, worded=worded) for one in value)
    if isinstance(value, Decimal):
        return f"{value:,.0f}" if fact and fact.type == FactType.NUMBER else f"{value:,.2f}"
    return str(fact.words.get(value, value)) if fact and worded else value


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
    if isinstance(value, dict):
        return _read_other(fact, value)
    if fact.type == FactType.YES_NO:
        if not isinstance(value, bool):
            raise wrong
        return value
    if fact.type.numeric:
        return _read_number(fact, value, wrong)
    listed = operator in {Operator.IN, Operator.NOT_IN}
    items = value if listed else [value]
    if not isinstance(items, list) or not items:
        raise wrong
    for item in items:
        if not isinstance(item, str) or (fact.values and item not in fact.values):
            raise wrong
    return tuple(items) if listed else str(value)


def _read_other(fact: Fact, data: dict[str, Any]) -> OtherFact:
    """The other side of a comparison between two facts, {"fact": name}."""
    other = FACTS.get(str(data.get("fact"))) if set(data) == {"fact"} else None
    if other is None:
        raise InvalidRule(str(_("There is no fact “%(fact)s”.") % {"fact": data.get("fact", data)}))
    if other.type != fact.type or other.values != fact.values or other.name == fact.name:
        raise InvalidRule(
            str(
                _("“%(fact)s” and “%(other)s” cannot be compared with each other.")
                % {"fact": fact.name, "other": other.name}
            )
        )
    return OtherFact(other.name)


def _read_number(fact: Fact, value: Any, wrong: InvalidRule) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise wrong from None
    if isinstance(value, bool) or not number.is_finite() or abs(number) >= LARGEST_NUMBER:
        raise wrong
    if fact.type == FactType.NUMBER and number != number.to_integral_value():
        raise wrong
    return number


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


def denied(fact: Fact) -> str:
    """A fact of yes or no that is not so."""
    return str(fact.denied or _("not: %(fact)s") % {"fact": fact.label})


def _condition_in_words(condition: Condition) -> str:
    fact = FACTS[condition.fact]
    if fact.type == FactType.YES_NO:
        return str(fact.label if condition.value else denied(fact))
    return f"{fact.label} {condition.operator.label} {spelled(condition.value, fact)}"
