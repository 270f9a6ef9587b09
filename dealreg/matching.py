"""Finding customers that are, or may be, the one that was typed."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from dealreg.models import Account
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import name_key

MOST_CANDIDATES = 50

LEVEL_ORDER = [
    ConflictLevel.NONE,
    ConflictLevel.POSSIBLE,
    ConflictLevel.LIKELY,
    ConflictLevel.SAME,
]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the check compares it: key of the name, registrable domain, country."""

    name_key: str
    domain: str
    country: str

    @classmethod
    def typed(cls, name: str, domain: str, country: str) -> "Customer":
        return cls(name_key(name), domain, country)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known account that may be the customer, how surely, and which fields said so."""

    account_id: int
    name: str
    domain: str
    country: str
    level: ConflictLevel
    agreeing: tuple[str, ...]


def find_similar(customer: Customer) -> list[Candidate]:
    """Known accounts like `customer`, surest first (at most 50). One indexed query."""
    wanted = Q(name_key=customer.name_key)
    if customer.domain:
        wanted |= Q(domain=customer.domain)
    rows = Account.objects.filter(wanted).order_by("id")[:MOST_CANDIDATES]
    candidates = [_candidate(account, customer) for account in rows]
    return sorted(candidates, key=lambda one: (-LEVEL_ORDER.index(one.level), one.account_id))


def _candidate(account: Account, customer: Customer) -> Candidate:
    known = Customer(account.name_key, account.domain, account.country)
    level, agreeing = compare(known, customer)
    return Candidate(account.pk, account.name, account.domain, account.country, level, agreeing)


def compare(known: Customer, typed: Customer) -> tuple[ConflictLevel, tuple[str, ...]]:
    """How surely two customers are one, and the fields that agree.

    One domain is one company. One name in one country is one company unless both have
    domains and these differ; then, or across countries, a person has to look.
    """
    same_name = bool(typed.name_key) and known.name_key == typed.name_key
    same_domain = bool(typed.domain) and known.domain == typed.domain
    other_country = bool(known.country and typed.country) and known.country != typed.country
    other_domain = bool(known.domain and typed.domain) and known.domain != typed.domain
    agreeing = tuple(
        field
        for field, agrees in (
            ("name", same_name),
            ("domain", same_domain),
            ("country", bool(typed.country) and known.country == typed.country),
        )
        if agrees
    )
    if same_domain:
        return ConflictLevel.SAME, agreeing
    if not same_name:
        return ConflictLevel.NONE, agreeing
    if other_country and other_domain:
        return ConflictLevel.POSSIBLE, agreeing
    if other_country or other_domain:
        return ConflictLevel.LIKELY, agreeing
    return ConflictLevel.SAME, agreeing


LOCK_IN_TURN = """
SELECT pg_advisory_xact_lock(hashtextextended(key, 7001))
FROM (SELECT key FROM unnest(%s::text[]) WITH ORDINALITY AS keys (key, place)
      ORDER BY place OFFSET 0) AS sorted
"""


def lock_customer(customer: Customer) -> None:
    """Makes simultaneous registrations of one customer wait for each other until the end of
    the transaction. Locks are taken in one order, so that they cannot deadlock."""
    keys = sorted({f"name:{customer.name_key}", f"domain:{customer.domain}"} - {"domain:"})
    with connection.cursor() as cursor:
        cursor.execute(LOCK_IN_TURN, [keys])
