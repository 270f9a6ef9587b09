"""Up to which amount somebody at the vendor approves a registration."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core import money_rates
from core.actor import Actor
from core.money import Money, format_money
from dealreg.models import Deal
from dealreg.rules.facts import over_limit
from partners.queries import policy_of


@dataclass(frozen=True, slots=True)
class ApprovalLimit:
    """`limit` is in the base currency; None means any amount. `region` is the path of the one
    that sets it. `exceeded`: the deal is above it, or cannot be converted."""

    limit: Decimal | None
    region: str
    exceeded: bool

    @property
    def shown(self) -> str:
        if self.limit is None:
            return ""
        return format_money(Money(self.limit, money_rates.base_currency()))


NO_LIMIT = ApprovalLimit(None, "", exceeded=False)


def approval_limit(actor: Actor, deal: Deal) -> ApprovalLimit:
    """The actor's limit for a deal: that of the partner's region for channel managers, none for
    partner operations and the portal itself. At most three queries."""
    if actor.is_ops or actor.is_system:
        return NO_LIMIT
    held = policy_of(deal.partner_id).approval_limit
    if held.value is None:
        return NO_LIMIT
    amount = None
    if deal.amount is not None:
        amount = money_rates.to_base(deal.amount, deal.currency, timezone.localdate())
    return ApprovalLimit(held.value, held.region, over_limit(amount, held.value))
