"""What differs between two books, rule by rule."""

from dataclasses import dataclass
from enum import StrEnum

from dealreg.rules.engagement import Book, Rule


class Difference(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A rule is known by its code. `old` is None for an added one, `new` for a removed one; a
    moved one kept its words but is looked at earlier or later than other rules."""

    kind: Difference
    old: Rule | None
    new: Rule | None

    @property
    def code(self) -> str:
        rule = self.new or self.old
        return rule.code if rule else ""


def differences(old: Book, new: Book) -> list[RuleDifference]:
    """In the order of the new book, removed rules last."""
    before, after = ({rule.code: rule for rule in book.rules} for book in (old, new))
    order_before = [code for code in before if code in after]
    order_after = [code for code in after if code in before]
    found = []
    for code, rule in after.items():
        known = before.get(code)
        if known is None:
            found.append(RuleDifference(Difference.ADDED, None, rule))
        elif known != rule:
            found.append(RuleDifference(Difference.CHANGED, known, rule))
        elif order_before.index(code) != order_after.index(code):
            found.append(RuleDifference(Difference.MOVED, known, rule))
    gone = [rule for code, rule in before.items() if code not in after]
    return found + [RuleDifference(Difference.REMOVED, rule, None) for rule in gone]
