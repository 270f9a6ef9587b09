"""Tasks about registrations: who can make one, and what a deal's pages show of them."""

from django.http import Http404

from core.actor import Actor
from dealreg import access
from dealreg.models import Deal
from dealreg.rules.states import DealStatus
from partners.queries import todos

MOST_SHOWN = 8


def find_for_todo(actor: Actor, key: int) -> todos.Subject:
    """What a task about a deal is about. A draft is its partner's alone, but the vendor sees the
    partner's tasks; so there are none about drafts."""
    deal = access.deal_for_reading(actor, key, related=())
    if deal.status == DealStatus.DRAFT:
        raise Http404
    return todos.Subject(deal, f"{deal.reference} {deal.customer_name}", deal.partner_id)


def todos_of_deal(actor: Actor, deal: Deal) -> list[todos.ShownTodo]:
    """The tasks about a deal that its reader sees, open ones first. One query."""
    if deal.status == DealStatus.DRAFT:
        return []
    return todos.shown_about(actor, deal, most=MOST_SHOWN)
