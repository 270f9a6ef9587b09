"""Example data by the million, for tests of speed: made by the database, set by set.

Row number n is the same row however many rows are asked for, so that a run that was cut short,
or one for more, goes on where the last one ended. Every batch is one transaction, and what
it leaves is whole: a deal with its decision, its protection and its events.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from core import money_rates
from core.actor import Actor, system
from core.money import Money, format_money
from dealreg.books import CurrentBook, current_book, facts_to_json, trace_to_json
from dealreg.rules.engagement import decide
from dealreg.rules.facts import FactValue
from dealreg.services import import_product_lines, index_missing
from dealreg.services.protecting import CLOCK
from partners.rules import PartnerRole, PartnerStatus, PartnerType
from partners.services import (
    NewPartner,
    NewPerson,
    add_partners,
    add_people,
    add_regions,
    add_tiers,
)
from prm.demo import programme
from prm.demo.coined import coined
from prm.demo.volume_sql import ACCOUNTS, DEALS

BATCH = 20_000
TIER = "Gold"
MOST_DEALS = 20_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows there shall be. Each account has `deals / accounts` deals, a whole number
    of at most ten, which must not change from one run to the next."""

    partners: int
    accounts: int
    deals: int

    @property
    def deals_each(self) -> int:
        return max(self.deals // self.accounts, 1)


def size_of(scale: str) -> Size | None:
    """The size that `scale` names; None for the story alone. Raises ValueError."""
    named = {"small": 0, "medium": 10_000, "large": 1_000_000}
    if scale not in named and not re.fullmatch("[0-9]{1,9}", scale):
        raise ValueError(f"--scale takes small, medium, large or a number of deals, not {scale!r}.")
    deals = named[scale] if scale in named else int(scale)
    if deals > MOST_DEALS:
        raise ValueError(f"--scale takes at most {MOST_DEALS} deals.")
    if not deals:
        return None
    deals = -(-deals // 10) * 10
    return Size(partners=min(max(deals // 500, 20), 5_000), accounts=deals // 10, deals=deals)


def grow(size: Size, *, tell: Callable[[str], object] = print) -> None:
    """Adds what is missing up to `size`, then lets the database take stock of it."""
    _partners(size.partners)
    import_product_lines(actor=actor(), lines=programme.PRODUCT_LINES)
    for first, last in _batches("dealreg_account", "demo:a:%", size.accounts):
        _insert(ACCOUNTS, {"first": first, "last": last})
        tell(f"{last:,} of {size.accounts:,} customers")
    index_missing()
    constants = _constants(size)
    for first, last in _batches("dealreg_deal", "demo:d:%", size.deals):
        _insert(DEALS, {"first": first, "last": last, **constants})
        tell(f"{last:,} of {size.deals:,} deals")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def actor() -> Actor:
    return system("example data")


def _batches(table: str, pattern: str, wanted: int) -> list[tuple[int, int]]:
    """The first and last number of each batch that is missing; batches are made in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE external_ref LIKE %s", [pattern])  # noqa: S608
        done = cursor.fetchone()[0]
    return [(start + 1, min(start + BATCH, wanted)) for start in range(done, wanted, BATCH)]


@transaction.atomic
def _insert(sql: str, values: Mapping[str, str | int]) -> None:
    with connection.cursor() as cursor:
        # The number of rows is known better than the planner can guess it.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(sql, values)


def _partners(number: int) -> None:
    base = money_rates.base_currency()
    add_regions(actor=actor(), regions=programme.REGIONS)
    add_tiers(actor=actor(), tiers=programme.tiers(base))
    paths = [region.path for region in programme.REGIONS if region.parent]
    partners = {
        f"volume-{n}.example": NewPartner(
            name=f"{coined(n)} Partners {n}",
            region=paths[n % len(paths)],
            tier=TIER,
            type=PartnerType.RESELLER,
            status=PartnerStatus.ACTIVE,
            domains=(f"volume-{n}.example",),
        )
        for n in range(1, number + 1)
    }
    ids = add_partners(actor=actor(), partners=list(partners.values()))
    people = [
        NewPerson(f"sales@{domain}", f"{new.name} Sales", ids[new.key], (PartnerRole.SALES,))
        for domain, new in partners.items()
    ]
    add_people(actor=actor(), people=people)


def _constants(size: Size) -> dict[str, str | int]:
    """What all deals share: rows' ids, and the rules' verdicts on the three kinds there are."""
    book = current_book()
    limit = next(t for t in programme.tiers(money_rates.base_currency()) if t.name == TIER)
    allowed = int(limit.approval_limit or 0)
    return {
        "deals_each": size.deals_each,
        "partners": size.partners,
        "currency": money_rates.base_currency(),
        "allowed": allowed,
        "days": book.terms.days,
        "book": book.id,
        "book_label": book.label,
        "clock": CLOCK,
        "tier": TIER,
        "approve": _verdict(book, Decimal(allowed), over=False, tender=False),
        "decline": _verdict(book, Decimal(allowed), over=False, tender=True),
        "review": _verdict(book, Decimal(allowed), over=True, tender=False),
    }


def _verdict(book: CurrentBook, limit: Decimal, *, over: bool, tender: bool) -> str:
    facts: dict[str, FactValue] = {
        "partner.in_business": True,
        "partner.status": PartnerStatus.ACTIVE.value,
        "partner.type": PartnerType.RESELLER.value,
        "partner.tier": TIER,
        "deal.over_tier_limit": over,
        "deal.public_sector": tender,
        "deal.customer_consent": False,
        "conflict.level": "none",
        "conflict.customer_level": "none",
        "conflict.direct_level": "none",
        "conflict.own_level": "none",
        "conflict.own_open": False,
    }
    words = {
        "tier": TIER,
        "days": str(book.terms.days),
        "limit": format_money(Money(limit, money_rates.base_currency())),
    }
    verdict = decide(facts, book.book, words)
    return json.dumps(
        {
            "outcome": verdict.outcome.value,
            "rule": verdict.rule,
            "reason": verdict.reason,
            "message": verdict.message,
            "facts": facts_to_json(facts),
            "trace": trace_to_json(verdict.trace),
        }
    )
