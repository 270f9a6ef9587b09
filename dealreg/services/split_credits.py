"""Partners who have a part of another one's deal are told when it is won, and when it is not."""

from django.db import transaction

from core.actor import Actor
from dealreg import split_access
from dealreg.rules.states import DealStage
from dealreg.services.split_terms import in_force, parties_of, said, shares_of, tell
from dealreg.split_events import SplitCredited, SplitCreditEnded


@transaction.atomic
def credit_others(*, actor: Actor, deal_id: int) -> int:
    """Tells the other partners in a split in force that the deal is won, or is open again; how
    many. What they are credited follows from the rows (credits.py); this says that it moved."""
    held = in_force(deal_id)
    if held is None:
        return 0
    split = split_access.locked(deal_id, held.pk)
    deal, shares = split.deal, shares_of(split)
    others = [party for party in parties_of(split) if party.partner_id != deal.partner_id]
    won = deal.stage == DealStage.WON
    tell(
        actor,
        split,
        others,
        lambda party: (
            SplitCredited(deal.customer_name, said(shares, party))
            if won
            else SplitCreditEnded(deal.customer_name)
        ),
    )
    return len(others)
