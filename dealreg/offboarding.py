"""What becomes of a partner's registrations when it is let go: those that are open are withdrawn,
and their customers are free for others. Won and lost deals stay as they are."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.events import record
from dealreg.events import DealWithdrawn
from dealreg.models import Deal, Protection
from dealreg.rules.states import OPEN_STAGES, TRANSITIONS, DealStatus, Verb
from dealreg.services.answering import await_no_answer
from partners.registries.offboarding import Done, Step, declare_step

AT_ONCE = 200


@transaction.atomic
def close_deals(actor: Actor, partner_id: int, reason: str) -> Done:
    """Withdraws the partner's open registrations, some hundred at a time."""
    open_deals = Deal.objects.filter(
        partner_id=partner_id, status__in=TRANSITIONS[Verb.WITHDRAW], stage__in=OPEN_STAGES
    )
    deals = list(open_deals.select_for_update(of=("self",)).order_by("pk")[:AT_ONCE])
    for deal in deals:
        _withdraw(actor, deal, reason)
    left = open_deals.exists()
    if left:
        return Done(_("Withdrawing registrations."), whole=False)
    withdrawn = Deal.objects.filter(partner_id=partner_id, status=DealStatus.WITHDRAWN).count()
    return Done(_("No registration is open. Withdrawn in all: %d") % withdrawn)


def _withdraw(actor: Actor, deal: Deal, reason: str) -> None:
    old_status, now = deal.status, timezone.now()
    await_no_answer(deal)
    deal.status = DealStatus.WITHDRAWN
    deal.updated_at = now
    deal.version += 1
    deal.save(update_fields=["status", "updated_at", "version"])
    Protection.objects.filter(deal=deal, released_at__isnull=True).update(released_at=now)
    fact = DealWithdrawn(customer=deal.customer_name, note=reason, old_status=old_status)
    record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)


def release_protections(_actor: Actor, partner_id: int, _reason: str) -> Done:
    """What still keeps others out, e.g. for a deal that is won."""
    freed = Protection.objects.filter(partner_id=partner_id, released_at__isnull=True).update(
        released_at=timezone.now()
    )
    return Done(_("More protections released: %d") % freed)


declare_step(
    Step("dealreg.close_deals", gettext_lazy("Withdraw open registrations"), 20, close_deals)
)
declare_step(
    Step(
        "dealreg.release_protections",
        gettext_lazy("Release protections"),
        30,
        release_protections,
    )
)
