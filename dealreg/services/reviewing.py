"""A channel manager decides what the rules sent to review."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.clock import database_now
from core.events import record
from dealreg import access
from dealreg.conflicts import in_force
from dealreg.distributed import awaits_endorsement
from dealreg.events import DealApproved, DealDeclined, DealSentBack
from dealreg.limits import approval_limit
from dealreg.matching import lock_customer
from dealreg.models import Deal, Decision, Protection
from dealreg.rules import states
from dealreg.rules.names import Customer
from dealreg.rules.request import PERSON_MAY_ASK
from dealreg.rules.states import (
    DealStatus,
    DecisionOrigin,
    DeclineReason,
    Outcome,
    Verb,
)
from dealreg.running_cases import require_no_case
from dealreg.services.answering import await_answer
from dealreg.services.protecting import book_for, protect
from dealreg.services.stale import require_version
from partners.queries.people import acted_for

# Kept in the record like the rules' messages to partners, and so in the same language.
APPROVED_WITHOUT_A_NOTE = "A channel manager checked and approved your registration."


class CustomerIsProtected(Exception):
    """The customer is kept for another registration; `protection` says which and until when."""

    def __init__(self, protection: Protection) -> None:
        super().__init__(f"protected for {protection.deal.reference}")
        self.protection = protection


class OverApprovalLimit(PermissionDenied):
    """The deal is above what the actor may approve; the message says who may."""


class AwaitsEndorsement(PermissionDenied):
    """The distributor is asked first; the message says what can be done."""


class ReasonMissing(ValueError):
    """A partner is never declined without a sentence that says why."""


class NothingAskedFor(ValueError):
    """Whoever sends a registration back says what is to be completed."""


def approve_deal(*, actor: Actor, deal_id: int, version: int | None = None, note: str = "") -> Deal:
    """Approves a deal in review and protects its customer by the terms of the rules in force.

    `note` is read by the partner. Raises CaseRuns while a conflict case decides about it,
    CustomerIsProtected when somebody else holds the customer, OverApprovalLimit,
    AwaitsEndorsement, StaleEdit, NotInThisState, PermissionDenied, Http404; nothing changes then.
    """
    try:
        return _approve(actor, deal_id, version, note)
    except IntegrityError as error:
        if "protection_never_overlaps" not in str(error):
            raise
    # Somebody was faster between our look and our write: look again, and say who.
    return _approve(actor, deal_id, version, note)


def _require_other_eyes(actor: Actor, deal: Deal) -> None:
    """Raises PermissionDenied for who acted for the partner when the deal was submitted: nobody
    approves what may be their own."""
    if deal.submitted_at and acted_for(actor.user_id, deal.partner_id, deal.submitted_at):
        raise PermissionDenied(
            _("You acted for the partner when this was registered, so a colleague decides.")
        )


@transaction.atomic
def _approve(actor: Actor, deal_id: int, version: int | None, note: str) -> Deal:
    deal = access.deal_for_changing(actor, deal_id, Verb.APPROVE)
    states.require(Verb.APPROVE, deal.status)
    _require_other_eyes(actor, deal)
    require_no_case(deal)
    require_version(deal, version)
    require_within_limit(actor, deal)
    require_endorsement_heard(deal)
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))
    holder = (
        Protection.objects.filter(in_force(), account=deal.account, product_line=deal.product_line)
        .select_related("deal", "partner")
        .first()
    )
    if holder is not None:
        raise CustomerIsProtected(holder)
    note = note.strip() or APPROVED_WITHOUT_A_NOTE
    settle(actor, deal, DealStatus.APPROVED, Outcome.APPROVE, note)
    until = protect(deal, deal.decided_at or database_now(), book_for(deal))
    record(
        DealApproved(
            customer=deal.customer_name,
            note=note,
            decided_by=actor.label,
            rule="",
            protected_until=until,
        ),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return deal


def require_endorsement_heard(deal: Deal) -> None:
    """Raises AwaitsEndorsement."""
    if awaits_endorsement(deal):
        raise AwaitsEndorsement(
            _("The distributor is asked to endorse this first. Wait, or go on without it.")
        )


def require_within_limit(actor: Actor, deal: Deal) -> None:
    """Raises OverApprovalLimit."""
    limit = approval_limit(actor, deal)
    if limit.exceeded:
        raise OverApprovalLimit(
            _(
                "In %(region)s channel managers approve up to %(limit)s; partner operations "
                "approves what is above."
            )
            % {"region": limit.region, "limit": limit.shown}
        )


@transaction.atomic
def decline_deal(
    *, actor: Actor, deal_id: int, reason: DeclineReason, message: str, version: int | None = None
) -> Deal:
    """Declines a deal in review. The partner reads `message`, and the reason's label before it.

    Raises ReasonMissing for an empty message, CaseRuns while a conflict case decides about it,
    StaleEdit, NotInThisState, PermissionDenied, Http404; nothing changes then.
    """
    if not message.strip():
        raise ReasonMissing(_("Tell the partner why, in a sentence."))
    deal = access.deal_for_changing(actor, deal_id, Verb.DECLINE)
    states.require(Verb.DECLINE, deal.status)
    require_no_case(deal)
    require_version(deal, version)
    note = f"{reason.label}. {message.strip()}"
    settle(actor, deal, DealStatus.DECLINED, Outcome.DECLINE, note, reason.value)
    record(
        DealDeclined(
            customer=deal.customer_name,
            note=note,
            decided_by=actor.label,
            rule="",
            reason=reason.value,
        ),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return deal


@transaction.atomic
def send_back_deal(
    *,
    actor: Actor,
    deal_id: int,
    asks_for: Collection[str],
    message: str,
    version: int | None = None,
) -> Deal:
    """Returns a deal in review to the partner, who may change only what it is asked for
    (names of PERSON_MAY_ASK) and then gets a decision anew. The partner reads `message`.

    Raises NothingAskedFor, ReasonMissing for an empty message, StaleEdit, NotInThisState,
    PermissionDenied, Http404; nothing changes then.
    """
    if not message.strip():
        raise ReasonMissing(_("Tell the partner what to do, in a sentence."))
    asked_for = [field for field in PERSON_MAY_ASK if field in asks_for]
    if not asked_for or set(asked_for) != set(asks_for):
        raise NothingAskedFor(_("Choose what the partner is to complete."))
    deal = access.deal_for_changing(actor, deal_id, Verb.SEND_BACK)
    states.require(Verb.SEND_BACK, deal.status)
    require_version(deal, version)
    now = database_now()
    deal.status, deal.updated_at = DealStatus.NEEDS_INFO, now
    deal.version += 1
    deal.save(update_fields=["status", "updated_at", "version"])
    _write_decision(actor, deal, Outcome.ASK, message.strip(), now, asked_for=asked_for)
    await_answer(deal, now)
    record(
        DealSentBack(
            customer=deal.customer_name,
            note=message.strip(),
            decided_by=actor.label,
            rule="",
            asked_for=asked_for,
        ),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return deal


def settle(
    actor: Actor, deal: Deal, status: DealStatus, outcome: Outcome, message: str, reason: str = ""
) -> None:
    """Writes what a person decided: the deal's status and the decision. The caller holds the
    deal, and tells."""
    now = database_now()
    deal.status = status
    deal.decided_at = deal.updated_at = now
    deal.decided_by = actor.label[:200]
    deal.version += 1
    deal.save(update_fields=["status", "decided_at", "updated_at", "decided_by", "version"])
    _write_decision(actor, deal, outcome, message, now, reason=reason)


def _write_decision(
    actor: Actor,
    deal: Deal,
    outcome: Outcome,
    message: str,
    now: dt.datetime,
    *,
    reason: str = "",
    asked_for: Sequence[str] = (),
) -> None:
    before = deal.decisions.order_by("-id").first()
    Decision.objects.create(
        deal=deal,
        origin=DecisionOrigin.PERSON,
        outcome=outcome,
        reason=reason,
        message=message,
        asked_for=list(asked_for),
        conflict_level=before.conflict_level if before else "none",
        decided_by_id=actor.user_id,
        decided_at=now,
    )
