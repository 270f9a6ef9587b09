"""The rules of engagement as a partner reads them, with its own figures put in."""

import datetime as dt
from dataclasses import dataclass
from string import Template

from django.utils import timezone

from core import money_rates
from core.actor import Actor
from core.money import Money, format_money
from dealreg import books
from dealreg.models import RuleBook
from dealreg.queries import product_lines
from dealreg.rules.engagement import in_words
from dealreg.rules.protection import terms_in_words
from dealreg.rules.request import MAY_BE_ASKED
from dealreg.rules.soundness import PLACEHOLDERS
from dealreg.rules.states import Outcome
from partners.queries import registration_rights
from partners.rules import RegistrationRights


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """`message` has the partner's own tier, limit and days in it; `asks_for` are labels."""

    code: str
    outcome: Outcome
    always: bool
    words: str
    message: str
    asks_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookInWords:
    """A book that decides about a partner now. `region` and `product_lines` say for what; the
    lines of the general book are those that have no book of their own."""

    version: int
    title: str
    since: dt.datetime | None
    region: str
    product_lines: tuple[str, ...]
    rules: tuple[RuleInWords, ...]
    terms: tuple[str, ...]


def rules_for(actor: Actor) -> tuple[BookInWords, ...]:
    """The rules in force for the actor's partner, a book for each group of product lines with
    the same rules. Three queries, and one for each book that the process has not read yet."""
    if actor.partner_id is None:
        return ()
    rights = registration_rights(actor.partner_id)
    region = rights.region_path
    now = timezone.now()
    lines_of: dict[int, list[str]] = {}
    rows: dict[int, RuleBook] = {}
    published = tuple(books.published(region, now, partner_id=actor.partner_id))
    for line in product_lines().order_by("name"):
        row = books.deciding(published, line.pk)
        if row is not None:
            rows[row.pk] = row
            lines_of.setdefault(row.pk, []).append(line.name)
    known = words_for_everybody(rights)
    return tuple(_in_words(row, lines_of[key], known) for key, row in rows.items())


def words_for_everybody(rights: RegistrationRights) -> dict[str, str]:
    """The placeholders that mean the same in every registration of a partner; the others as
    what they stand for, in brackets."""
    limit = rights.approval_limit
    return {
        **{name: f"[{label}]" for name, label in PLACEHOLDERS.items()},
        "tier": rights.tier,
        "limit": format_money(Money(limit, money_rates.base_currency())) if limit else "",
    }


def _in_words(row: RuleBook, lines: list[str], known: dict[str, str]) -> BookInWords:
    book = books.read_book(row)
    known = {**known, "days": str(row.terms.days)}
    return BookInWords(
        version=row.version,
        title=row.title,
        since=row.effective_from,
        region=row.region.name if row.region else "",
        product_lines=tuple(lines),
        rules=tuple(
            RuleInWords(
                code=rule.code,
                outcome=rule.outcome,
                always=rule.always,
                words=in_words(rule.when),
                message=Template(rule.message).safe_substitute(known),
                asks_for=tuple(str(MAY_BE_ASKED[field]) for field in rule.asks_for),
            )
            for rule in book.rules
        ),
        terms=tuple(terms_in_words(row.terms)),
    )
