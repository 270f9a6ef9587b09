"""Several registrations that need no closer look, approved in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from dealreg import access
from dealreg.desk import waiting_shown
from dealreg.matching import lock_customer
from dealreg.models import Deal
from dealreg.rules.desk import MOST_TOGETHER, why_alone
from dealreg.rules.names import Customer
from dealreg.rules.states import NotInThisState, Verb
from dealreg.running_cases import CaseRuns
from dealreg.services.reviewing import (
    AwaitsEndorsement,
    CustomerIsProtected,
    OverApprovalLimit,
    approve_deal,
)
from dealreg.services.stale import StaleEdit


@dataclass(frozen=True, slots=True)
class Chosen:
    """A registration in the state (`version`) that its reader saw."""

    deal_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one of them. `refusal` is a sentence, empty for what was approved."""

    deal: Deal
    refusal: str = ""


class TooManyTogether(ValueError):
    """More registrations than somebody can have looked at."""


class LooksNeeded(Exception):
    """The registration must be opened; the reasons are the sentences."""


def approve_together(*, actor: Actor, chosen: Sequence[Chosen], note: str = "") -> list[Answer]:
    """Approves each of up to 50 registrations by itself: what cannot be approved is left as it
    is and says why, and the others are approved all the same.

    What is not the actor's to read is not answered about. Raises TooManyTogether,
    PermissionDenied; nothing changes then.
    """
    if len(chosen) > MOST_TOGETHER:
        raise TooManyTogether(_("Choose at most %(most)s at once.") % {"most": MOST_TOGETHER})
    if not access.may(actor, Verb.APPROVE):
        raise PermissionDenied(_("Your role does not include this."))
    answers = (_approve(actor, one, note) for one in chosen)
    return [answer for answer in answers if answer is not None]


def _approve(actor: Actor, one: Chosen, note: str) -> Answer | None:
    try:
        deal = access.deal_for_reading(actor, one.deal_id)
    except Http404:
        return None
    try:
        return Answer(_approve_if_clear(actor, deal, one.version, note))
    except LooksNeeded as needed:
        return Answer(deal, str(needed))
    except CustomerIsProtected:
        return Answer(deal, _("The customer is protected for another registration."))
    except StaleEdit:
        return Answer(deal, _("It has changed since the list was drawn."))
    except (NotInThisState, OverApprovalLimit, AwaitsEndorsement, CaseRuns) as wrong:
        return Answer(deal, str(wrong))


@transaction.atomic
def _approve_if_clear(actor: Actor, deal: Deal, version: int, note: str) -> Deal:
    # Looked at under the customer's lock, so that no registration slips in between.
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))
    reasons = why_alone(waiting_shown(deal))
    if reasons:
        raise LooksNeeded(" ".join(str(reason) for reason in reasons))
    return approve_deal(actor=actor, deal_id=deal.pk, version=version, note=note)
