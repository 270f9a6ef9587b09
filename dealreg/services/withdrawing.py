"""A registration is given up: by its partner, or because that one leaves the programme."""

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.events import record
from dealreg import access
from dealreg.events import DealWithdrawn
from dealreg.models import Deal
from dealreg.rules import states
from dealreg.rules.states import DealStatus, Verb
from dealreg.services.answering import await_no_answer
from dealreg.services.protecting import release
from dealreg.services.stale import require_version


@transaction.atomic
def withdraw_deal(
    *, actor: Actor, deal_id: int, version: int | None = None, note: str = ""
) -> Deal:
    """Ends a registration in review or approved, and releases the customer.

    Raises StaleEdit, NotInThisState, PermissionDenied, Http404; nothing changes then.
    """
    deal = access.deal_for_changing(actor, deal_id, Verb.WITHDRAW)
    states.require(Verb.WITHDRAW, deal.status, deal.stage)
    require_version(deal, version)
    withdraw(actor, deal, note.strip())
    return deal


def withdraw(actor: Actor, deal: Deal, note: str) -> None:
    """Ends the registration and frees its customer. The caller holds the deal's lock and knows
    that this may be."""
    old_status, now = deal.status, timezone.now()
    await_no_answer(deal)
    deal.status = DealStatus.WITHDRAWN
    deal.updated_at = now
    deal.version += 1
    deal.save(update_fields=["status", "updated_at", "version"])
    release(deal, now)
    fact = DealWithdrawn(customer=deal.customer_name, note=note, old_status=old_status)
    record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)
