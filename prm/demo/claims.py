"""Who was working on a customer when: what a registration of that day ran into."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer as Compared
from dealreg.rules.similarity import LEVEL_ORDER, compare
from prm.demo.customers import Customer
from prm.demo.stories import Story


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's work on a customer: from when to when it keeps others out."""

    customer: str
    line: str
    company: str
    registered: dt.datetime
    decided: dt.datetime | None
    approved: bool
    ended: dt.datetime | None
    protected_until: dt.datetime | None

    def holds_at(self, moment: dt.datetime) -> bool:
        if moment <= self.registered:
            return False
        if self.decided is None or moment < self.decided:
            return True
        if not self.approved:
            return False
        if self.ended is None or moment < self.ended:
            return True
        return self.protected_until is not None and moment < self.protected_until


def conflict_of(
    story: Story, at: dt.datetime, claims: Sequence[Claim], customers: Mapping[str, Customer]
) -> tuple[ConflictLevel, bool]:
    """How surely somebody else was on this customer then, and whether the company itself."""
    typed = compared(customers[story.customer])
    level, own = ConflictLevel.NONE, False
    for claim in claims:
        if claim.line != story.line or not claim.holds_at(at):
            continue
        found = compare(compared(customers[claim.customer]), typed).level
        if claim.company == story.company:
            own = own or found == ConflictLevel.SAME
        else:
            level = max(level, found, key=LEVEL_ORDER.index)
    return level, own


def compared(customer: Customer) -> Compared:
    return Compared.typed(customer.name, customer.domain, customer.country)
