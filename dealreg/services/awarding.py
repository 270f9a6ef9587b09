"""What the decision of a conflict case does to a registration. The caller holds the deal's lock
and says on whose behalf; nobody else gives a customer to a declined registration or takes it
from an approved one."""

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from core.actor import Actor
from core.clock import database_now
from core.events import record
from dealreg.events import DealApproved, DealDeclined
from dealreg.matching import lock_customer
from dealreg.models import Deal, Protection
from dealreg.rules.cases import CaseReason
from dealreg.rules.names import Customer
from dealreg.rules.states import DealStatus, DeclineReason, Outcome
from dealreg.services.protecting import book_for, follow_protection, protect, release
from dealreg.services.reviewing import require_within_limit, settle


def award_customer(*, actor: Actor, deal: Deal, note: str, protected: bool) -> None:
    """Approves a registration, whatever it was, and keeps the customer for it if `protected`.

    Raises OverApprovalLimit, IntegrityError (protection_never_overlaps) when the customer is
    kept for another.
    """
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))
    approved = deal.status == DealStatus.APPROVED
    if not approved:
        require_within_limit(actor, deal)
        settle(actor, deal, DealStatus.APPROVED, Outcome.APPROVE, note)
    until = _protect(deal) if protected else deal.decided_at or database_now()
    if not approved:
        fact = DealApproved(deal.customer_name, note, actor.label, "", until)
        record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)


def take_customer_away(*, actor: Actor, deal: Deal, note: str, reason: CaseReason) -> None:
    """Declines a registration that waits or was approved, and releases its customer; one that is
    over stays as it is."""
    if deal.status not in {DealStatus.IN_REVIEW, DealStatus.APPROVED}:
        return
    settle(actor, deal, DealStatus.DECLINED, Outcome.DECLINE, note, DeclineReason.OTHER.value)
    release(deal, deal.decided_at or database_now())
    fact = DealDeclined(
        customer=deal.customer_name,
        note=note,
        decided_by=actor.label,
        rule="",
        reason=reason.value,
    )
    record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)


def _protect(deal: Deal) -> dt.datetime:
    """Keeps the customer for the deal, anew if it was kept before; returns the end."""
    known = Protection.objects.filter(deal=deal).first()
    if known is None:
        return protect(deal, deal.decided_at or database_now(), book_for(deal))
    now = database_now()
    began: dt.datetime = known.period.lower  # type: ignore[assignment]
    until: dt.datetime = known.period.upper  # type: ignore[assignment]
    if known.released_at is None and now < until:
        return until
    until = now + (until - began)
    known.period, known.released_at = DateTimeTZRange(now, until), None
    known.save(update_fields=["period", "released_at"])
    follow_protection(deal)
    return until
