"""The facts of one registration, and what the rules in force say to them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.functional import lazy

from core import money_rates
from core.models import StoredFile
from core.money import Money, format_money
from dealreg import books, own_fields
from dealreg.conflicts import Conflict, at_work
from dealreg.models import Deal, DealRoute, EvidenceItem, ProductLine, Purchase
from dealreg.rules.distribution import Endorsement
from dealreg.rules.engagement import Verdict, decide
from dealreg.rules.facts import FACTS, Facts, FactValue, Source, over_limit
from dealreg.rules.nearest import Change, nearest_change
from dealreg.rules.protection import ProtectionTerms
from dealreg.rules.request import LARGEST_AMOUNT, RegistrationRequest
from dealreg.rules.states import DealStage, DealStatus
from partners.queries import territories_of
from partners.rules import RegistrationRights, in_territory

HISTORY = dt.timedelta(days=365)
# Most messages name no amount, and to write one takes longer than to apply ten rules.
written_where_asked = lazy(format_money, str)


@dataclass(frozen=True, slots=True)
class Judged:
    """`hint` is the nearest change that would have led to a better outcome."""

    verdict: Verdict
    facts: dict[str, FactValue]
    book: books.CurrentBook
    hint: Change | None


def judge(
    deal: Deal,
    product_line: ProductLine,
    rights: RegistrationRights,
    conflict: Conflict,
    own: Facts | None = None,
) -> Judged:
    """What the book in force for the partner's region and the product line decides. `own` are
    the answers in own fields as facts, read from the stored deal when they are not given.

    One query for the book, and one for each source of facts that its rules ask and a
    registration does not know anyway.
    """
    book = books.current_book(rights.region_path, product_line.pk, partner_id=rights.partner_id)
    facts = facts_of(deal, product_line, rights, conflict)
    facts |= stored_own_facts(deal, product_line, rights) if own is None else own
    sources = {FACTS[name].source for name in book.book.facts()} - {Source.REGISTRATION}
    for source in sorted(sources):
        facts |= READERS[source](deal, rights)
    verdict = decide(facts, book.book, words_of(deal, product_line, rights, book.terms))
    return Judged(verdict, facts, book, nearest_change(facts, book.book, verdict.rule))


def facts_of(
    deal: Deal, product_line: ProductLine, rights: RegistrationRights, conflict: Conflict
) -> dict[str, FactValue]:
    """The facts that cost nothing to know."""
    return {
        **known_facts(deal, product_line, rights),
        "conflict.level": conflict.level.value,
        "conflict.customer_level": conflict.customer_level.value,
        "conflict.direct_level": conflict.direct_level.value,
        "conflict.own_level": conflict.own_level.value,
        "conflict.own_open": conflict.own_open,
    }


def stored_own_facts(
    deal: Deal, product_line: ProductLine, rights: RegistrationRights
) -> dict[str, FactValue]:
    """What the stored deal says in own fields. Two queries."""
    definitions = own_fields.definitions()
    offered = own_fields.offered_in(definitions, rights.region_path, product_line.pk)
    return own_fields.facts_about(offered, own_fields.stored_values(deal))


def known_facts(
    deal: Deal | RegistrationRequest, product_line: ProductLine | None, rights: RegistrationRights
) -> dict[str, FactValue]:
    """The facts that the registration says itself, also while it is still being filled."""
    today = timezone.localdate()
    amount, closes = None, deal.expected_close
    if deal.amount is not None and deal.amount.is_finite() and deal.amount < LARGEST_AMOUNT:
        amount = money_rates.to_base(deal.amount, deal.currency, today)
    return {
        "partner.in_business": rights.in_business,
        "partner.status": rights.status,
        "partner.type": rights.partner_type,
        "partner.tier": rights.tier,
        "partner.region": rights.region_path,
        "partner.approval_limit": rights.approval_limit,
        "deal.amount": amount,
        "deal.over_tier_limit": over_limit(amount, rights.approval_limit),
        "deal.product_line": product_line.code if product_line else None,
        "deal.public_sector": deal.public_sector,
        "deal.customer_consent": deal.customer_consent,
        "deal.days_to_close": Decimal((closes - today).days) if closes else Decimal(0),
        "customer.country": deal.customer_country,
        "customer.in_partner_country": deal.customer_country == rights.country,
    }


def words_of(
    deal: Deal, product_line: ProductLine, rights: RegistrationRights, terms: ProtectionTerms
) -> dict[str, str]:
    """What the placeholders of messages stand for (soundness.PLACEHOLDERS)."""
    limit = rights.approval_limit
    base = money_rates.base_currency()
    return {
        "customer": deal.customer_name,
        "product_line": product_line.name,
        "amount": written_where_asked(Money(deal.amount or Decimal(0), deal.currency)),
        "tier": rights.tier,
        "days": str(terms.days),
        "limit": written_where_asked(Money(limit, base)) if limit is not None else "",
    }


def history(deal: Deal, _rights: RegistrationRights) -> dict[str, FactValue]:
    """The partner's registrations, won and lost deals of the last 12 months. One query."""
    since = timezone.now() - HISTORY
    closed = Q(closed_on__gte=timezone.localdate() - HISTORY)
    counts = Deal.objects.filter(partner_id=deal.partner_id).aggregate(
        registrations=Count("pk", filter=Q(submitted_at__gte=since) & ~Q(pk=deal.pk or 0)),
        wins=Count("pk", filter=closed & Q(stage=DealStage.WON)),
        losses=Count("pk", filter=closed & Q(stage=DealStage.LOST)),
    )
    return {f"partner.{name}_12m": Decimal(number) for name, number in counts.items()}


def open_registrations(deal: Deal, rights: RegistrationRights) -> dict[str, FactValue]:
    """The partner's other registrations that wait, or whose sale is open, and whether this one
    is more than its tier may have at a time. One query."""
    number = count_open(deal.partner_id, except_deal_id=deal.pk)
    limit = rights.open_limit
    return {
        "partner.open_registrations": Decimal(number),
        "partner.over_registration_limit": limit is not None and number >= limit,
    }


def count_open(partner_id: int, *, except_deal_id: int | None = None) -> int:
    """How many registrations of a partner are open."""
    rows = Deal.objects.filter(at_work(), partner_id=partner_id)
    return rows.exclude(pk=except_deal_id or 0).count()


def evidence(deal: Deal, _rights: RegistrationRights) -> dict[str, FactValue]:
    """The files attached to the registration, and the age of its newest evidence, that of the
    registration which it continues too. At most two queries, none for a new one."""
    known = [key for key in (deal.pk, deal.previous_id) if key]
    if not known:
        return {"deal.files": Decimal(0), "deal.evidence_age_days": None}
    files = StoredFile.objects.filter(subject_type=deal._meta.label_lower, subject_id=deal.pk or 0)
    last = EvidenceItem.objects.filter(deal_id__in=known).aggregate(last=Max("dated_on"))["last"]
    age = Decimal(max((timezone.localdate() - last).days, 0)) if last else None
    return {"deal.files": Decimal(files.count()), "deal.evidence_age_days": age}


def customer(deal: Deal, _rights: RegistrationRights) -> dict[str, FactValue]:
    """Whether the customer has ever bought this product line from anybody. One query or two."""
    this = {"account": deal.account, "product_line": deal.product_line}
    won = Deal.objects.filter(**this, stage=DealStage.WON)
    bought = won.exists() or Purchase.objects.filter(**this).exists()
    return {"customer.bought_before": bought}


def territory(deal: Deal, _rights: RegistrationRights) -> dict[str, FactValue]:
    """Whether the partner sells in the customer's country; unknown for a partner without
    territories. One query."""
    held = territories_of(deal.partner_id)
    return {"partner.in_territory": in_territory(deal.customer_country, held)}


def lapses(deal: Deal, _rights: RegistrationRights) -> dict[str, FactValue]:
    """How often the partner let this customer's protection lapse. One query."""
    lapsed = Deal.objects.filter(
        partner_id=deal.partner_id,
        account=deal.account,
        product_line=deal.product_line,
        status=DealStatus.LAPSED,
    )
    return {"deal.lapsed_before": Decimal(lapsed.count())}


def distribution(deal: Deal, _rights: RegistrationRights) -> dict[str, FactValue]:
    """The way of the registration and what the distributor said. One query at most."""
    route = deal.chosen_route or DealRoute.objects.filter(deal_id=deal.pk or 0).first()
    through = isinstance(route, DealRoute) and route.distributor_id is not None
    said = route.endorsement if isinstance(route, DealRoute) else Endorsement.NONE
    return {"deal.through_distributor": through, "deal.endorsement": str(said)}


READERS: dict[Source, Callable[[Deal, RegistrationRights], dict[str, FactValue]]] = {
    Source.HISTORY: history,
    Source.OPEN: open_registrations,
    Source.EVIDENCE: evidence,
    Source.CUSTOMER: customer,
    Source.TERRITORY: territory,
    Source.LAPSES: lapses,
    Source.DISTRIBUTION: distribution,
}
