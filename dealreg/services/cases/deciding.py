"""A case is decided, with effect on every registration in it, and once more on appeal."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from core.events import record
from dealreg import access
from dealreg.case_events import CaseDecided, SideDecided
from dealreg.conflicts import in_force
from dealreg.models import CaseSide, ConflictCase, Deal, Protection
from dealreg.rules import cases as rules
from dealreg.rules.cases import CaseReason, CaseStatus, CaseVerb, Claim, SideOutcome
from dealreg.rules.states import DealStatus
from dealreg.service_levels import level_of
from dealreg.services.awarding import award_customer, take_customer_away
from dealreg.services.cases.opening import CaseRefused
from dealreg.services.cases.stating import changed
from dealreg.services.cases.steering import CLOSE
from dealreg.services.reviewing import CustomerIsProtected
from partners.queries import calendar_of
from partners.rules import add_business_days, business_hours_between


@dataclass(frozen=True, slots=True)
class SideDecision:
    """What one side gets, and the sentence that it reads."""

    outcome: SideOutcome
    message: str


class StaleCase(Exception):
    """The case has changed since it was read."""


def decide_case(
    *,
    actor: Actor,
    case_id: int,
    decisions: Mapping[int, SideDecision],
    reason: CaseReason,
    grounds: str,
    version: int | None = None,
) -> ConflictCase:
    """Decides a case, by side; on an appeal finally, and not by who decided before. The sides'
    registrations and protections follow in the same transaction.

    Raises CaseRefused, ImpossibleDecision, CustomerIsProtected (for somebody who is no side),
    StaleCase, NotInThisCaseState, PermissionDenied, Http404; nothing changes then.
    """
    try:
        return _decide(actor, case_id, decisions, reason, grounds, version)
    except IntegrityError as error:
        if "protection_never_overlaps" not in str(error):
            raise
    # Somebody was faster between our look and our write: look again, and say who.
    return _decide(actor, case_id, decisions, reason, grounds, version)


@transaction.atomic
def _decide(
    actor: Actor,
    case_id: int,
    decisions: Mapping[int, SideDecision],
    reason: CaseReason,
    grounds: str,
    version: int | None,
) -> ConflictCase:
    final = access.case_for_reading(actor, case_id).status == CaseStatus.APPEALED
    verb = CaseVerb.DECIDE_APPEAL if final else CaseVerb.DECIDE
    case = access.case_for_changing(actor, case_id, verb)
    rules.require(verb, case.status)
    if version is not None and case.version != version:
        raise StaleCase
    if actor.user_id is None:
        raise PermissionDenied(_("Your role does not include this."))
    if final and actor.user_id == case.decided_by_id:
        raise CaseRefused(_("Somebody else has to decide the appeal."))
    if not grounds.strip() or any(not one.message.strip() for one in decisions.values()):
        raise CaseRefused(_("Give the grounds, and tell every side in a sentence."))
    sides = list(case.sides.select_related("partner").order_by("id"))
    deals = _locked_deals(sides)
    claims = [_claim(side, deals[side.deal_id]) for side in _by_registration(sides, deals)]
    outcomes = {key: one.outcome for key, one in decisions.items()}
    rules.require_possible(claims, outcomes)
    _require_free(claims, outcomes, deals)
    _carry_out(actor, sides, deals, claims, decisions, reason)
    _write(actor, case, sides, decisions, reason, grounds.strip(), final=final)
    return case


def _locked_deals(sides: list[CaseSide]) -> dict[int, Deal]:
    keys = [side.deal_id for side in sides]
    rows = Deal.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {deal.pk: deal for deal in rows}


def _by_registration(sides: list[CaseSide], deals: dict[int, Deal]) -> list[CaseSide]:
    def registered(side: CaseSide) -> tuple[dt.datetime, int]:
        deal = deals[side.deal_id]
        return deal.submitted_at or deal.created_at, deal.pk

    return sorted(sides, key=registered)


def _claim(side: CaseSide, deal: Deal) -> Claim:
    held = Protection.objects.filter(in_force(), deal=deal).exists()
    ground = (deal.account_id or 0, deal.product_line_id or 0)
    return Claim(side.pk, DealStatus(deal.status), deal.stage, held, ground)


def claims_of(case: ConflictCase) -> dict[int, Claim]:
    """What each side's registration is now, by side, for whoever decides."""
    sides = case.sides.select_related("deal")
    return {side.pk: _claim(side, side.deal) for side in sides}


def _require_free(
    claims: list[Claim], outcomes: Mapping[int, SideOutcome], deals: dict[int, Deal]
) -> None:
    """Raises CustomerIsProtected when somebody outside the case holds what a side is to get."""
    wanted = {one.ground for one in claims if outcomes[one.side_id] != SideOutcome.LOSES}
    for account_id, line_id in sorted(wanted):
        holder = (
            Protection.objects.filter(in_force(), account_id=account_id, product_line_id=line_id)
            .exclude(deal_id__in=deals)
            .select_related("deal", "partner")
            .first()
        )
        if holder is not None:
            raise CustomerIsProtected(holder)


def _carry_out(
    actor: Actor,
    sides: list[CaseSide],
    deals: dict[int, Deal],
    claims: list[Claim],
    decisions: Mapping[int, SideDecision],
    reason: CaseReason,
) -> None:
    """Takes away first, so that what is given never overlaps what is taken."""
    by_side = {side.pk: deals[side.deal_id] for side in sides}
    outcomes = {key: one.outcome for key, one in decisions.items()}
    holding = set(rules.first_sharing(claims, outcomes))
    for claim in claims:
        if outcomes[claim.side_id] == SideOutcome.LOSES:
            note = decisions[claim.side_id].message.strip()
            take_customer_away(actor=actor, deal=by_side[claim.side_id], note=note, reason=reason)
    for claim in claims:
        outcome = outcomes[claim.side_id]
        if outcome in {SideOutcome.GETS, SideOutcome.SHARES}:
            note = decisions[claim.side_id].message.strip()
            alone = outcome == SideOutcome.GETS or claim.side_id in holding
            award_customer(actor=actor, deal=by_side[claim.side_id], note=note, protected=alone)


def _write(
    actor: Actor,
    case: ConflictCase,
    sides: list[CaseSide],
    decisions: Mapping[int, SideDecision],
    reason: CaseReason,
    grounds: str,
    *,
    final: bool,
) -> None:
    now, path = timezone.now(), case.region.path
    calendar = calendar_of(path)
    began = case.appealed_at if final and case.appealed_at else case.opened_at
    minutes = int(business_hours_between(began, now, calendar) / dt.timedelta(minutes=1))
    in_time = now <= case.due_at
    until = None if final else add_business_days(now, level_of(path).appeal_days, calendar)
    cancel_appointments(case)
    said = (reason, grounds, minutes)
    if final:
        case.appeal_reason, case.appeal_grounds, case.appeal_minutes = said
        case.appeal_decided_at, case.appeal_decided_by_id = now, actor.user_id
        case.status, case.closed_at = CaseStatus.CLOSED, now
        changed(case, *WRITTEN_LAST)
    else:
        case.reason, case.grounds, case.minutes = said
        case.decided_at, case.decided_by_id = now, actor.user_id
        case.status, case.appeal_until, case.in_time = CaseStatus.DECIDED, until, in_time
        changed(case, *WRITTEN_FIRST)
    for side in sides:
        _write_side(actor, side, decisions[side.pk], until)
    record(
        CaseDecided(
            customer=case.account.name,
            reason=reason.value,
            note=grounds,
            outcomes={side.partner.name: side.outcome for side in sides},
            final=final,
            minutes=minutes,
            in_time=in_time,
        ),
        subject=case,
        actor=actor,
    )
    if until is not None:
        make_appointment(CLOSE, case, until)


def _write_side(
    actor: Actor, side: CaseSide, told: SideDecision, appeal_until: dt.datetime | None
) -> None:
    side.outcome, side.message = told.outcome, told.message.strip()
    side.first_outcome = side.first_outcome or told.outcome
    side.save(update_fields=["outcome", "message", "first_outcome"])
    may_appeal = told.outcome in {SideOutcome.LOSES, SideOutcome.SHARES}
    record(
        SideDecided(
            case_id=side.case_id,
            customer=side.deal.customer_name,
            outcome=told.outcome.value,
            note=side.message,
            appeal_until=appeal_until if may_appeal else None,
        ),
        subject=side,
        actor=actor,
        partner_id=side.partner_id,
    )


WRITTEN_FIRST = (
    "reason", "grounds", "minutes", "in_time", "decided_at", "decided_by", "status", "appeal_until",
)  # fmt: skip
WRITTEN_LAST = (
    "appeal_reason", "appeal_grounds", "appeal_minutes", "appeal_decided_at", "appeal_decided_by",
    "status", "closed_at",
)  # fmt: skip
