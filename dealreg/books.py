"""The published rules of engagement as the evaluator reads them, and decisions as JSON."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.system_names import declare_name
from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import Book, Rule, Step, read_group
from dealreg.rules.facts import FactValue
from dealreg.rules.states import Outcome

BOOK_NAME = declare_name(gettext_noop("Rules of engagement v%(version)s"))


class NoRulesPublished(RuntimeError):
    """No rule book is in force, so nothing can be decided."""


@dataclass(frozen=True, slots=True)
class CurrentBook:
    id: int
    book: Book

    @property
    def label(self) -> str:
        """How the record names the book as the one who decided."""
        return BOOK_NAME % {"version": self.book.version}


# A published book never changes (a trigger refuses it), so a process reads each one once.
_read: dict[tuple[int, dt.datetime | None], Book] = {}


def current_book() -> CurrentBook:
    """The book in force at this moment. One query. Raises NoRulesPublished."""
    row = (
        RuleBook.objects.filter(status=BookStatus.PUBLISHED, effective_from__lte=timezone.now())
        .order_by("-effective_from", "-version")
        .first()
    )
    if row is None:
        raise NoRulesPublished("Publish a rule book: the admin lists the drafts.")
    key = (row.pk, row.effective_from)
    if key not in _read:
        _read[key] = read_book(row)
    return CurrentBook(row.pk, _read[key])


def read_book(row: RuleBook) -> Book:
    """A stored book as the evaluator takes it. Raises InvalidRule."""
    rules = tuple(
        Rule(
            code=rule.code,
            outcome=Outcome(rule.outcome),
            when=read_group(rule.conditions),
            message=rule.message,
            reason=rule.reason,
        )
        for rule in row.rules.order_by("position")
    )
    return Book(row.version, rules)


def facts_to_json(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Decimals as strings, so that a replay reads the same value."""
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in facts.items()
    }


def trace_to_json(trace: Sequence[Step]) -> list[dict[str, Any]]:
    return [asdict(step) for step in trace]
