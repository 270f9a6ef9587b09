"""What becomes of a partner's registrations when it is let go: those that are open are handed over
to the partner that operations named, or withdrawn, and then their customers are free for others.
Won and lost deals stay as they are."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from dealreg.models import Deal, Protection
from dealreg.rules.states import OPEN_STAGES, TRANSITIONS, DealStatus, Verb
from dealreg.services.handing_over import hand_over, may_be_handed_over
from dealreg.services.withdrawing import withdraw
from partners.registries.offboarding import Done, Step, declare_step, heir_of

AT_ONCE = 200


@transaction.atomic
def close_deals(actor: Actor, partner_id: int, reason: str) -> Done:
    """Hands over or withdraws the partner's open registrations, some hundred at a time."""
    open_deals = Deal.objects.filter(
        partner_id=partner_id, status__in=TRANSITIONS[Verb.WITHDRAW], stage__in=OPEN_STAGES
    )
    heir = heir_of(partner_id)
    deals = list(open_deals.select_for_update(of=("self",)).order_by("pk")[:AT_ONCE])
    for deal in deals:
        if heir is not None and may_be_handed_over(deal, heir.pk):
            hand_over(actor, deal, heir.pk, reason)
        else:
            withdraw(actor, deal, reason)
    left = open_deals.exists()
    if left:
        return Done(_("Handing over or withdrawing registrations."), whole=False)
    if heir is not None:
        return Done(_("No registration is open: %s has taken over what it could.") % heir)
    withdrawn = Deal.objects.filter(partner_id=partner_id, status=DealStatus.WITHDRAWN).count()
    return Done(_("No registration is open. Withdrawn in all: %d") % withdrawn)


def release_protections(_actor: Actor, partner_id: int, _reason: str) -> Done:
    """What still keeps others out, e.g. for a deal that is won."""
    freed = Protection.objects.filter(partner_id=partner_id, released_at__isnull=True).update(
        released_at=timezone.now()
    )
    return Done(_("More protections released: %d") % freed)


declare_step(
    Step(
        "dealreg.close_deals",
        gettext_lazy("Hand over or withdraw open registrations"),
        20,
        close_deals,
    )
)
declare_step(
    Step(
        "dealreg.release_protections",
        gettext_lazy("Release protections"),
        30,
        release_protections,
    )
)
