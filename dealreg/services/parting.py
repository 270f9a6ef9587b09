"""A registration ends with its partner's place in the programme."""

from django.utils import timezone

from core.actor import Actor
from core.events import record
from dealreg.events import DealWithdrawn
from dealreg.models import Deal
from dealreg.rules.states import DealStatus
from dealreg.services.answering import await_no_answer
from dealreg.services.protecting import release


def withdraw(actor: Actor, deal: Deal, reason: str) -> None:
    """Ends the registration and frees its customer. The caller holds the deal's lock."""
    old_status, now = deal.status, timezone.now()
    await_no_answer(deal)
    deal.status = DealStatus.WITHDRAWN
    deal.updated_at = now
    deal.version += 1
    deal.save(update_fields=["status", "updated_at", "version"])
    release(deal, now)
    fact = DealWithdrawn(customer=deal.customer_name, note=reason, old_status=old_status)
    record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)
