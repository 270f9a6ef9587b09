"""The published rules of engagement as the evaluator reads them, and decisions as JSON."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import money_rates
from core.kept import kept_until_changed, looking_once
from core.money import Money, format_money
from core.system_names import declare_name
from dealreg.features import BOOKS
from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import Book, Rule, Step, read_group, spelled
from dealreg.rules.facts import FACTS, FactType, FactValue
from dealreg.rules.nearest import Change
from dealreg.rules.protection import ProtectionTerms
from dealreg.rules.states import Outcome
from partners.queries import containing, policies_off

BOOK_NAME = declare_name(gettext_noop("Rules of engagement v%(version)s"))


class NoRulesPublished(RuntimeError):
    """No rule book is in force, so nothing can be decided."""


@dataclass(frozen=True, slots=True)
class CurrentBook:
    """`terms` say for how long, and how, the book protects."""

    id: int
    book: Book
    terms: ProtectionTerms

    @property
    def label(self) -> str:
        """How the record names the book as the one who decided."""
        return BOOK_NAME % {"version": self.book.version}


# A published book never changes (a trigger refuses it), so a process reads each one once.
_read: dict[tuple[int, dt.datetime | None], Book] = {}
_terms: dict[tuple[int, dt.datetime | None], ProtectionTerms] = {}


@dataclass(frozen=True, slots=True)
class _Published:
    """A published book and what it speaks about; `region` is "" for everywhere."""

    id: int
    version: int
    effective_from: dt.datetime
    region: str
    product_line_id: int | None


def current_book(
    region_path: str = "",
    product_line_id: int | None = None,
    at: dt.datetime | None = None,
    *,
    partner_id: int | None = None,
) -> CurrentBook:
    """The book that decides at a moment (default: now) about a partner (None: no one in
    particular) of a region ("" for none) and a product line: of the published ones in force the
    most specific; a region that lies deeper counts before a product line. One that is tried out
    counts only for whom a roll-out includes. One small query once the book is known to the
    process, none in a request.
    Raises NoRulesPublished.
    """
    moment = at or timezone.now()
    with looking_once():
        off, known_books = _off(region_path, partner_id, moment), _published_books()
    regions = ["", *containing(region_path)]
    counting = [
        one
        for one in known_books
        if one.effective_from <= moment
        and one.id not in off
        and one.region in regions
        and one.product_line_id in (None, product_line_id)
    ]
    if not counting:
        raise NoRulesPublished("Publish a rule book: the admin lists the drafts.")
    return _as_it_decides(max(counting, key=_precedence))


def _precedence(one: _Published) -> tuple[int, bool, dt.datetime, int]:
    return len(one.region), one.product_line_id is not None, one.effective_from, one.version


def _as_it_decides(found: _Published) -> CurrentBook:
    """What the book says, read once by the process."""
    key = (found.id, found.effective_from)
    known, terms = _read.get(key), _terms.get(key)
    if known is None or terms is None:
        row = RuleBook.objects.get(pk=found.id)
        known, terms = read_book(row), row.terms
        _terms[key] = terms
    return CurrentBook(found.id, known, terms)


@kept_until_changed(RuleBook, "partners_region")
def _published_books() -> list[_Published]:
    rows = RuleBook.objects.filter(
        status=BookStatus.PUBLISHED, effective_from__isnull=False
    ).annotate(path=Coalesce("region__path", Value("")))
    fields = ("pk", "version", "effective_from", "path", "product_line_id")
    return [_Published(*values) for values in rows.values_list(*fields)]


def _off(region_path: str, partner_id: int | None, at: dt.datetime) -> set[int]:
    """The books that are tried out, but not here."""
    day = timezone.localdate(at)
    return policies_off(BOOKS, partner_id=partner_id, region=region_path, day=day)


def in_force(
    region_path: str, product_line_id: int | None, at: dt.datetime
) -> models.QuerySet[RuleBook]:
    """The published books that speak about a scope at a moment, the deciding one first."""
    return published(region_path, at).filter(
        Q(product_line__isnull=True) | Q(product_line_id=product_line_id)
    )


def published(
    region_path: str, at: dt.datetime, *, partner_id: int | None = None
) -> models.QuerySet[RuleBook]:
    """The published books that speak about a region at a moment, those that decide before
    others first; those that are tried out only where they count."""
    regions = containing(region_path)
    return (
        RuleBook.objects.filter(
            Q(region__isnull=True) | Q(region__path__in=regions),
            status=BookStatus.PUBLISHED,
            effective_from__lte=at,
        )
        .exclude(pk__in=_off(region_path, partner_id, at))
        .annotate(depth=Coalesce(Length("region__path"), 0))
        .select_related("region")
        .order_by(
            "-depth", F("product_line_id").asc(nulls_last=True), "-effective_from", "-version"
        )
    )


def deciding(rows: Sequence[RuleBook], product_line_id: int) -> RuleBook | None:
    """Of the `published` books of a region the one that decides about a product line."""
    return next((row for row in rows if row.product_line_id in (None, product_line_id)), None)


def same_scope(row: RuleBook) -> Q:
    """The condition that a book speaks about the same region and product line as `row`."""
    return Q(region_id=row.region_id, product_line_id=row.product_line_id)


def book_before(row: RuleBook) -> RuleBook | None:
    """The version that `row` replaces or overrides: the last one of its scope, else the one
    whose rules its scope inherits. At most two queries."""
    others = RuleBook.objects.exclude(pk=row.pk).exclude(status=BookStatus.DRAFT)
    same = others.filter(same_scope(row), version__lt=row.version)
    path = row.region.path if row.region else ""
    inherited = in_force(path, row.product_line_id, timezone.now()).exclude(pk=row.pk)
    return same.order_by("-version").first() or inherited.first()


def read_book(row: RuleBook) -> Book:
    """A stored book as the evaluator takes it; a published one is kept. Raises InvalidRule."""
    if row.status == BookStatus.DRAFT:
        return _fetch(row)
    key = (row.pk, row.effective_from)
    if key not in _read:
        _read[key] = _fetch(row)
    return _read[key]


def _fetch(row: RuleBook) -> Book:
    rules = tuple(
        Rule(
            code=rule.code,
            outcome=Outcome(rule.outcome),
            when=read_group(rule.conditions),
            message=rule.message,
            reason=rule.reason,
            asks_for=tuple(rule.asks_for),
            opens_case=rule.opens_case,
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


def hint_to_json(change: Change | None) -> dict[str, Any] | None:
    """A change as a decision stores it."""
    if change is None:
        return None
    value = change.value if isinstance(change.value, bool) else str(change.value)
    return {
        "fact": change.fact,
        "direction": change.direction,
        "value": value,
        "outcome": change.outcome.value,
    }


def hint_in_words(hint: Mapping[str, Any] | None) -> str:
    """A stored hint as the reader's sentence; "" without one."""
    fact = FACTS.get(str(hint["fact"])) if hint else None
    if hint is None or fact is None:
        return ""
    value: Decimal | bool = (
        hint["value"] if hint["value"] in (True, False) else Decimal(hint["value"])
    )
    if fact.type == FactType.MONEY and isinstance(value, Decimal):
        words = format_money(Money(value, money_rates.base_currency()))
    else:
        words = spelled(value, fact)
    change = str(fact.more if hint["direction"] == "more" else fact.less) % {"value": words}
    sentences = {
        Outcome.APPROVE: _("With %(change)s it would have been approved at once."),
        Outcome.ASK: _("With %(change)s you would have been asked to complete it."),
        Outcome.REVIEW: _("With %(change)s a channel manager would have looked at it."),
    }
    sentence = sentences.get(Outcome(hint["outcome"]), "")
    return sentence % {"change": change} if sentence else ""
