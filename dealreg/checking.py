"""Asking beforehand whether a customer is taken, in answers that give nothing away.

Whoever may register learns that a person would have to look, never why (other partners,
the vendor's own sales and its customers get one answer), and of registrations only its own
company's. Each answer is counted, so that nobody reads the vendor's customers by
trying names.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from core.actor import Actor
from core.tokens import count_call
from dealreg import access
from dealreg.conflicts import conflict_of
from dealreg.features import EARLY_CHECK
from dealreg.matching import find_similar
from dealreg.models import Deal
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer, registrable_domain
from partners.queries import feature_on

DAY = dt.timedelta(days=1)


class TooManyChecks(Exception):
    """The person asked too often in a minute, or the company in a day."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(f"{seconds_left:.0f} seconds left")
        self.seconds_left = seconds_left


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """`conflict`: somebody else may be at work with the customer. `own`: the company's own open
    registrations of it."""

    conflict: bool
    own: tuple[Deal, ...]

    @property
    def own_open(self) -> list[str]:
        return [deal.reference for deal in self.own]


def check_customer(
    *, actor: Actor, name: str, domain: str, country: str, product_line_id: int | None
) -> CheckAnswer:
    """What a registration would meet now. Raises PermissionDenied, NotADomain, TooManyChecks."""
    partner_id = access.require_may_register(actor)
    if not feature_on(partner_id, EARLY_CHECK):
        raise PermissionDenied(_("This is being tried out with other partners first."))
    customer = Customer.typed(name, registrable_domain(domain), country)
    _count(actor, partner_id)
    conflict = conflict_of(
        partner_id=partner_id,
        product_line_id=product_line_id,
        candidates=find_similar(customer),
    )
    own = Deal.objects.visible_to(actor).filter(pk__in=conflict.own_deal_ids).order_by("-pk")
    return CheckAnswer(conflict.surest != ConflictLevel.NONE, tuple(own))


def _count(actor: Actor, partner_id: int) -> None:
    limits = (
        (f"check:user:{actor.user_id}", dt.timedelta(minutes=1), settings.CHECKS_A_MINUTE),
        (f"check:partner:{partner_id}", DAY, settings.CHECKS_A_DAY),
    )
    for caller, window, most in limits:
        calls, seconds_left = count_call(caller, window)
        if calls > most:
            raise TooManyChecks(seconds_left)
