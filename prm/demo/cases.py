"""Two conflict cases of the example: one that waits for a decision, with both sides heard, and one
that is decided and may still be appealed."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.actor import Actor
from core.models import Event, User
from dealreg.models import ConflictCase, Deal
from dealreg.rules import cases as rules
from dealreg.rules.cases import CaseReason, SideOutcome
from dealreg.rules.states import DealStatus
from dealreg.services import cases
from partners.queries import actor_for, managers_of
from prm.demo.news import tell
from prm.demo.past import Ids

SUBJECTS = ("dealreg.conflictcase", "dealreg.caseside", "dealreg.deal")


def settle_conflicts(now: dt.datetime, ids: Ids) -> None:
    """Opens the cases once; a second run adds nothing."""
    if ConflictCase.objects.exists():
        return
    before = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    _waiting(ids)
    _decided(now)
    tell(Event.objects.filter(pk__gt=before, subject_type__in=SUBJECTS), now)


def _waiting(ids: Ids) -> None:
    """Albwerk runs Hansaport's data centre; Nordlicht has the customer already."""
    deal = Deal.objects.filter(
        partner_id=ids.partners["albwerk"],
        account_id=ids.accounts["hansaport"],
        status=DealStatus.IN_REVIEW,
    ).first()
    if deal is None:
        return
    case = cases.open_case(
        actor=_manager(deal), deal_id=deal.pk, why="Both say that the port asked them."
    )
    for side in case.sides.select_related("deal__created_by"):
        cases.add_statement(
            actor=_seller(side.deal), case_id=case.pk, text=SAID[side.partner_id == deal.partner_id]
        )


SAID = {
    True: "We operate the data centre and were asked by the head of IT to replace the library.",
    False: "We sized 140 TB with the port's backup team and sent the quote they asked for.",
}


def _decided(now: dt.datetime) -> None:
    """Somebody contests a registration that was declined lately, about which nobody else is
    asked; it stays so, and may be appealed."""
    declined = Deal.objects.filter(
        status=DealStatus.DECLINED,
        created_by__isnull=False,
        decided_at__gt=now - dt.timedelta(days=rules.CONTEST_WITHIN_DAYS - 1),
    )
    for deal in declined.order_by("-decided_at")[:20]:
        case = _contested_alone(deal)
        if case is not None:
            side = case.sides.get()
            told = cases.SideDecision(SideOutcome.LOSES, "We leave it as it was decided.")
            cases.decide_case(
                actor=_manager(deal),
                case_id=case.pk,
                decisions={side.pk: told},
                reason=CaseReason.EVIDENCE,
                grounds="Nothing in writing from the customer yet.",
            )
            return


def _contested_alone(deal: Deal) -> ConflictCase | None:
    try:
        with transaction.atomic():
            case = cases.contest_deal(
                actor=_seller(deal), deal_id=deal.pk, text="The buyer named us in the kick-off."
            )
            if case.sides.count() > 1:
                raise cases.CaseRefused
    except (cases.CaseRefused, PermissionDenied):
        return None
    return case


def _manager(deal: Deal) -> Actor:
    return actor_for(managers_of(deal.partner_id)[0])


def _seller(deal: Deal) -> Actor:
    return actor_for(User.objects.get(pk=deal.created_by_id or 0))
