"""A registration of a partner that is let go becomes one of another partner.

The one that goes keeps its own as history, withdrawn. The other begins with the customer, the
amount and the day, and with nothing that the first has written: no note, file or name of it.
"""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.actor import Actor
from core.clock import database_now
from core.events import record
from core.inserting import insert
from dealreg.events import DealApproved, DealRegistered, DealSentToReview
from dealreg.matching import lock_customer
from dealreg.models import Deal, Decision
from dealreg.models.deals import DealSource
from dealreg.rules.names import Customer
from dealreg.rules.states import (
    OPEN_STAGES,
    TRANSITIONS,
    DealStatus,
    DecisionOrigin,
    Outcome,
    Verb,
)
from dealreg.running_cases import running_case
from dealreg.services.protecting import book_for, protect
from dealreg.services.withdrawing import withdraw


def may_be_handed_over(deal: Deal, heir_id: int) -> bool:
    """Not while people decide about it in a conflict case, and not to somebody who has
    registered the same already. Two queries."""
    own = Deal.objects.filter(
        partner_id=heir_id,
        account_id=deal.account_id or 0,
        product_line_id=deal.product_line_id or 0,
        status__in=TRANSITIONS[Verb.WITHDRAW],
        stage__in=OPEN_STAGES,
    )
    return deal.amount is not None and running_case(deal) is None and not own.exists()


def hand_over(actor: Actor, deal: Deal, heir_id: int, reason: str) -> Deal:
    """Withdraws the registration and gives the heir its own: approved and protected anew under
    the heir's terms where the old one was approved, in review otherwise. The caller holds the
    old one's lock and the transaction."""
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))
    approved = deal.status == DealStatus.APPROVED
    withdraw(actor, deal, reason)
    taken = _copy(actor, deal, heir_id, approved=approved)
    registered = DealRegistered(
        customer=taken.customer_name,
        product_line=deal.product_line.name if deal.product_line else "",
        amount=str(taken.amount),
        currency=taken.currency,
        account_id=taken.account_id or 0,
    )
    record(registered, subject=taken, actor=actor, partner_id=heir_id)
    # The record is written in one language: many read it.
    with translation.override(settings.LANGUAGE_CODE):
        note = _(
            "The partner that worked with this customer has left our programme. The registration "
            "is yours from today."
        )
    Decision.objects.create(
        deal=taken,
        origin=DecisionOrigin.PERSON,
        outcome=Outcome.APPROVE if approved else Outcome.REVIEW,
        message=note,
        decided_at=taken.updated_at,
    )
    if approved:
        until = protect(taken, taken.updated_at, book_for(taken))
        fact: object = DealApproved(taken.customer_name, note, actor.label, "", until)
    else:
        fact = DealSentToReview(taken.customer_name, note, "", "none")
    record(fact, subject=taken, actor=actor, partner_id=heir_id)
    return taken


def _copy(actor: Actor, deal: Deal, heir_id: int, *, approved: bool) -> Deal:
    now = database_now()
    taken = Deal(
        partner_id=heir_id,
        account_id=deal.account_id,
        product_line_id=deal.product_line_id,
        customer_name=deal.customer_name,
        customer_domain=deal.customer_domain,
        customer_country=deal.customer_country,
        amount=deal.amount,
        currency=deal.currency,
        expected_close=deal.expected_close,
        public_sector=deal.public_sector,
        status=DealStatus.APPROVED if approved else DealStatus.IN_REVIEW,
        source=DealSource.PORTAL,
        submitted_at=now,
        updated_at=now,
        version=1,
    )
    if approved:
        taken.decided_at, taken.decided_by = now, actor.label[:200]
    insert(taken)
    return taken
