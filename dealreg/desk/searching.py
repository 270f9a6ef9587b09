"""The vendor's list of deals: what a line shows, and finding by words."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from dealreg.models import Account, Decision
from dealreg.models.deals import DealQuerySet
from dealreg.queries import REFERENCE
from dealreg.rules.names import NotADomain, registrable_domain
from partners.queries.organisations import partners_named

MOST_CUSTOMERS = 500
WORD = re.compile(r"[^\W_]+", re.UNICODE)


def listed(rows: DealQuerySet) -> DealQuerySet:
    """`rows` with what a line of the vendor's list shows."""
    return rows.select_related(
        "partner__tier", "partner__region", "product_line", "protection"
    ).annotate(conflict=latest("conflict_level"))


def latest(field: str) -> Subquery:
    """A field of a deal's newest decision."""
    newest = Decision.objects.filter(deal=OuterRef("pk")).order_by("-id")
    return Subquery(newest.values(field)[:1])


DEAL_WORDS = SearchVector("customer_name", "customer_domain", config="simple")
ACCOUNT_WORDS = SearchVector("name", "domain", config="simple")


def beginning_with(text: str) -> SearchQuery | None:
    """The query for texts in which every word of `text` begins some word."""
    words = WORD.findall(text.replace("\x00", "")[:100])[:8]
    if not words:
        return None
    raw = " & ".join(f"{word}:*" for word in words)
    return SearchQuery(raw, config="simple", search_type="raw")


def domain_query(text: str) -> SearchQuery | None:
    """The query for a domain, when `text` is an address of a company; else None."""
    if "." not in text or any(letter.isspace() for letter in text):
        return None
    try:
        domain = registrable_domain(text)
    except NotADomain:
        return None
    return SearchQuery(f"'{domain}'", config="simple", search_type="raw") if domain else None


def search_deals(rows: DealQuerySet, text: str) -> DealQuerySet:
    """By reference, customer, domain or partner; each part by an index."""
    words = text.strip()
    reference = REFERENCE.fullmatch(words)
    if reference:
        return rows.filter(pk=int(reference[1]))
    query = domain_query(words) or beginning_with(words)
    if query is None:
        return rows.none()
    # The partners' ids are fetched first: the planner sees a few numbers and uses their index.
    partners = partners_named(words)
    return rows.annotate(words=DEAL_WORDS).filter(Q(words=query) | Q(partner_id__in=partners))


def search_accounts(rows: "models.QuerySet[Account]", text: str) -> "models.QuerySet[Account]":
    """By words of the name or domain."""
    query = domain_query(text.strip()) or beginning_with(text)
    return rows.none() if query is None else rows.annotate(words=ACCOUNT_WORDS).filter(words=query)


def search_by_customer(rows: "models.QuerySet[Any]", text: str) -> "models.QuerySet[Any]":
    """Rows of customers by words of the customer's name or domain."""
    found = search_accounts(Account.objects.all(), text).order_by("pk")
    return rows.filter(account__in=list(found.values_list("pk", flat=True)[:MOST_CUSTOMERS]))
