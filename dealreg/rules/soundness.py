"""What keeps a book of rules from being used: what it says that nobody can mean.

Whether a rule can ever apply is a search for facts that it holds for and no rule before it.
Each fact needs only a few values for that: those that the book names, one between each two
of them, and one of its own kind. The search gives up after a bounded number of steps and says
"reachable" then, so a rule is never refused wrongly.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from string import Template

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealreg.rules.engagement import Book, Condition, Group, OtherFact, Rule
from dealreg.rules.facts import FACTS, Fact, FactType, FactValue

MOST_STEPS = 20_000

PLACEHOLDERS: dict[str, Promise | str] = {
    "customer": gettext_lazy("the customer's name"),
    "product_line": gettext_lazy("the product line's name"),
    "amount": gettext_lazy("the amount that was registered"),
    "tier": gettext_lazy("the partner's tier"),
    "limit": gettext_lazy("the tier's limit"),
    "days": gettext_lazy("for how many days an approval protects the customer"),
}


def problems_of(book: Book) -> list[str]:
    """What keeps a book from being saved and published, a sentence each; none for a sound one."""
    problems = [*_twice(book), *_unknown_placeholders(book), *_retired_facts(book)]
    if not any(rule.always for rule in book.rules):
        problems.append(_("The last rule must apply always, so that every deal is decided."))
    # The closing rule is a net: that it may catch nothing is no fault.
    closing = len(book.rules) - 1
    for place, rule in enumerate(book.rules):
        if place < closing or any(earlier.always for earlier in book.rules[:place]):
            problems += _unreachable(rule, book.rules[:place])
    return problems


def _twice(book: Book) -> Iterator[str]:
    for code, times in Counter(rule.code for rule in book.rules).items():
        if times > 1:
            yield _("Two rules have the code “%(code)s”.") % {"code": code}


def _unknown_placeholders(book: Book) -> Iterator[str]:
    for rule in book.rules:
        template = Template(rule.message)
        if not template.is_valid():
            yield _("Rule “%(rule)s”: write a dollar sign in a message as $$.") % {
                "rule": rule.code
            }
        for name in template.get_identifiers():
            if name not in PLACEHOLDERS:
                yield _("Rule “%(rule)s”: there is no placeholder “$%(name)s”.") % {
                    "rule": rule.code,
                    "name": name,
                }


def _retired_facts(book: Book) -> Iterator[str]:
    for rule in book.rules:
        asked = {name for condition in rule.when.conditions() for name in condition.facts()}
        for name in sorted(asked | {name for name in rule.asks_for if name in FACTS}):
            if FACTS[name].retired:
                yield _("Rule “%(rule)s” asks “%(fact)s”, which is no longer in use.") % {
                    "rule": rule.code,
                    "fact": FACTS[name].label,
                }


def _unreachable(rule: Rule, earlier: Sequence[Rule]) -> Iterator[str]:
    names = {"rule": rule.code}
    always = next((one for one in earlier if one.always), None)
    if always is not None:
        yield _("Rule “%(rule)s” can never be reached: “%(by)s” before it applies always.") % {
            **names,
            "by": always.code,
        }
        return
    if reachable(rule.when, [one.when for one in earlier]):
        return
    if not reachable(rule.when, []):
        yield _("Rule “%(rule)s” can never apply: its conditions contradict each other.") % names
        return
    for one in earlier:
        if not reachable(rule.when, [one.when]):
            yield _(
                "Rule “%(rule)s” can never be reached: whenever it would apply, “%(by)s” before "
                "it does."
            ) % {**names, "by": one.code}
            return
    yield _("Rule “%(rule)s” can never be reached: the rules before it catch all it means.") % names


def reachable(wanted: Group, earlier: Sequence[Group]) -> bool:
    """Whether some facts satisfy `wanted` and none of `earlier`; True when that was not found
    out within MOST_STEPS."""
    groups = [wanted, *earlier]
    names = list(
        dict.fromkeys(n for group in groups for c in group.conditions() for n in c.facts())
    )
    search = _Search(wanted, earlier, names, samples(groups))
    return search.finds({}, 0)


class _Search:
    def __init__(
        self,
        wanted: Group,
        earlier: Sequence[Group],
        names: Sequence[str],
        values: dict[str, tuple[FactValue, ...]],
    ) -> None:
        self.wanted, self.earlier, self.names, self.values = wanted, earlier, names, values
        self.steps = 0

    def finds(self, known: dict[str, FactValue], place: int) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return True
        held = _holds(self.wanted, known)
        before = [_holds(group, known) for group in self.earlier]
        if held is False or any(before):
            return False
        if held and all(one is False for one in before):
            return True
        name = self.names[place]
        return any(self.finds({**known, name: value}, place + 1) for value in self.values[name])


def _holds(member: Group | Condition, known: dict[str, FactValue]) -> bool | None:
    """Whether it holds with the facts that are `known` so far; None when that is open."""
    if isinstance(member, Condition):
        if any(name not in known for name in member.facts()):
            return None
        return member.holds(known)
    decisive = member.match == "any"
    open_yet = False
    for inner in member.members:
        held = _holds(inner, known)
        if held is decisive:
            return decisive
        open_yet = open_yet or held is None
    return None if open_yet else not decisive


def samples(groups: Iterable[Group]) -> dict[str, tuple[FactValue, ...]]:
    """For each fact that the groups ask, values that tell apart all that the groups tell apart."""
    conditions = [condition for group in groups for condition in group.conditions()]
    compared = {name for c in conditions if isinstance(c.value, OtherFact) for name in c.facts()}
    named: dict[str, set[FactValue]] = {name: set() for c in conditions for name in c.facts()}
    for condition in conditions:
        if isinstance(condition.value, tuple):
            named[condition.fact].update(condition.value)
        elif not isinstance(condition.value, OtherFact):
            named[condition.fact].add(condition.value)
    # Facts that are compared with each other need each other's values.
    shared: dict[FactType, set[FactValue]] = {}
    for name in compared:
        shared.setdefault(FACTS[name].type, set()).update(named[name])
    found: dict[str, tuple[FactValue, ...]] = {}
    for name, values in named.items():
        fact = FACTS[name]
        linked = sum(1 for other in compared if FACTS[other].type == fact.type)
        if name in compared:
            values = values | shared[fact.type]
        found[name] = tuple(_samples(fact, values, max(linked, 1)))
    return found


def _samples(fact: Fact, named: set[FactValue], apart: int) -> Iterator[FactValue]:
    """The named values and, around and between them, `apart` others."""
    if fact.type == FactType.YES_NO:
        yield from (True, False)
    elif fact.values:
        yield from fact.values
    elif fact.type == FactType.TEXT:
        yield from sorted(str(value) for value in named)
        yield from (f"\x00{number}" for number in range(apart))
    else:
        numbers = sorted(value for value in named if isinstance(value, Decimal))
        least = None if fact.least is None else Decimal(fact.least)
        for number in _numbers(numbers, least, apart, whole=fact.type == FactType.NUMBER):
            if least is None or number >= least:
                yield number
    if not fact.always_known:
        yield None


def _numbers(
    named: Sequence[Decimal], least: Decimal | None, apart: int, *, whole: bool
) -> Iterator[Decimal]:
    edges = sorted({*named, Decimal(0) if least is None else least})
    found: set[Decimal] = set(edges)
    for edge in edges:
        found.update(edge + step for step in range(-apart, apart + 1))
    if not whole:
        for low, high in pairwise(edges):
            gap = (high - low) / (apart + 1)
            found.update(low + gap * step for step in range(1, apart + 1))
    yield from sorted(found)
