"""The distributor endorses a registration before the rules of engagement decide; or it does not,
or not in time, and the vendor goes on."""

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.actor import Actor, system
from core.appointments import DueAppointment, cancel_appointments, falls_due
from core.clock import database_now
from core.events import NewEvent, record_many
from dealreg import access, distribution_access
from dealreg.conflicts import conflict_of
from dealreg.distribution_events import (
    AFTER_ENDORSEMENT,
    THE_DISTRIBUTOR,
    EndorsementGiven,
    EndorsementHeard,
)
from dealreg.matching import find_similar, lock_customer
from dealreg.models import Deal, DealRoute
from dealreg.rules.distribution import Endorsement
from dealreg.rules.names import Customer
from dealreg.rules.states import DealStatus, DecisionOrigin, Outcome, Verb
from dealreg.services.judging import judge
from dealreg.services.routing import ENDORSE_BY
from dealreg.services.settling import left_to_case, mark_judged, outcome_of, write_decision
from partners.queries import registration_rights

ATTEMPTS = 3
# Kept with the decision, in the one language of the record.
NOT_ENDORSED = "The distributor did not endorse the registration, so a channel manager looks at it."


class EndorsementIsOver(Exception):
    """The registration no longer waits for the distributor."""


class ReasonMissing(ValueError):
    """A registration is never refused without a sentence that says why."""


def endorse_deal(*, actor: Actor, deal_id: int, note: str = "") -> Deal:
    """The distributor endorses; the rules of engagement decide now. The reseller and the vendor
    read `note`. Raises EndorsementIsOver, PermissionDenied, Http404."""
    return _answered(actor, deal_id, Endorsement.ENDORSED, note)


def refuse_endorsement(*, actor: Actor, deal_id: int, note: str) -> Deal:
    """The distributor does not endorse, and says why: nothing is approved then without a person
    of the vendor. Raises ReasonMissing, and as endorse_deal."""
    if not note.strip():
        raise ReasonMissing(_("Say why, in a sentence."))
    return _answered(actor, deal_id, Endorsement.REFUSED, note)


def go_on_without_distributor(*, actor: Actor, deal_id: int) -> Deal:
    """The vendor does not wait any longer. Raises as endorse_deal."""
    deal = access.deal_for_reading(actor, deal_id)
    if not access.may(actor, Verb.APPROVE):
        raise PermissionDenied(_("Your role does not include this."))
    return _with_retries(actor, deal.pk, Endorsement.PASSED_OVER, "")


def _answered(actor: Actor, deal_id: int, answer: Endorsement, note: str) -> Deal:
    route = distribution_access.route_for_reading(actor, deal_id)
    distribution_access.require_may_endorse(actor)
    return _with_retries(actor, route.deal_id, answer, note)


def _with_retries(actor: Actor, deal_id: int, answer: Endorsement, note: str) -> Deal:
    """A race for the customer is decided by the database; the loser is judged anew."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _hear(actor, deal_id, answer, note)
        except IntegrityError as error:
            if "protection_never_overlaps" not in str(error):
                raise
    return _hear(actor, deal_id, answer, note)


@transaction.atomic
def _hear(actor: Actor, deal_id: int, answer: Endorsement, note: str) -> Deal:
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=deal_id)
    rows = DealRoute.objects.select_for_update(of=("self",)).select_related("distributor")
    route = rows.filter(deal_id=deal_id).first()
    if route is None or route.distributor is None or not waits(deal, route):
        raise EndorsementIsOver
    if actor.partner_id is not None:
        # Looked at again: the relation may have ended on the way.
        distribution_access.route_for_reading(actor, deal_id)
    route.endorsement, route.note = answer, note.strip()[:1000]
    route.answered_at = timezone.now()
    route.answered_by_id = actor.user_id
    route.save(update_fields=["endorsement", "note", "answered_at", "answered_by"])
    cancel_appointments(deal, ENDORSE_BY)
    name = route.distributor.name
    heard = EndorsementHeard(deal.customer_name, name, answer.value, route.note)
    who = system(THE_DISTRIBUTOR % {"name": name}) if actor.partner_id is not None else actor
    given = EndorsementGiven(deal.reference, answer.value, route.note)
    record_many(
        [
            NewEvent(given, route, route.distributor_id),
            NewEvent(heard, deal, deal.partner_id, actor=who),
        ],
        actor=actor,
    )
    _judge_now(deal, route)
    return deal


def waits(deal: Deal, route: DealRoute) -> bool:
    return deal.status == DealStatus.IN_REVIEW and route.endorsement == Endorsement.WAITING


def _judge_now(deal: Deal, route: DealRoute) -> None:
    """The rules of engagement decide as they would have at the beginning, about the customer as
    it is known now. What the distributor did not endorse is looked at by a person instead of
    being approved."""
    assert deal.product_line is not None  # registered
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))
    customer = Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country)
    conflict = conflict_of(
        partner_id=deal.partner_id,
        product_line_id=deal.product_line.pk,
        candidates=find_similar(customer),
        except_deal_id=deal.pk,
    )
    deal.chosen_route = route
    with translation.override(settings.LANGUAGE_CODE):
        judged = judge(deal, deal.product_line, registration_rights(deal.partner_id), conflict)
    judged = left_to_case(deal, judged)
    origin = DecisionOrigin.RULE
    if route.endorsement == Endorsement.REFUSED and judged.verdict.outcome == Outcome.APPROVE:
        verdict = replace(judged.verdict, outcome=Outcome.REVIEW, message=NOT_ENDORSED)
        judged, origin = replace(judged, verdict=verdict, hint=None), DecisionOrigin.PERSON
    now = database_now()
    mark_judged(deal, judged, now)
    deal.save(update_fields=["status", "updated_at", "version", "decided_at", "decided_by"])
    write_decision(deal, judged, conflict, now, origin)
    record_many([outcome_of(deal, judged, conflict)], actor=system(AFTER_ENDORSEMENT))


@falls_due(ENDORSE_BY)
def go_on_when_time_is_over(due: DueAppointment) -> None:
    """The distributor has not answered in time."""
    release(due.subject_id)


def release(deal_id: int) -> None:
    """Goes on without the distributor where the registration still waits for it."""
    try:
        _hear(system(AFTER_ENDORSEMENT), deal_id, Endorsement.UNANSWERED, "")
    except EndorsementIsOver:
        return


def release_all(*, distributor_id: int, reseller_id: int) -> int:
    """Their relation has ended: what waits goes on. Returns how many did."""
    waiting = DealRoute.objects.filter(
        distributor_id=distributor_id,
        deal__partner_id=reseller_id,
        endorsement=Endorsement.WAITING,
    )
    keys = list(waiting.order_by("deal_id").values_list("deal_id", flat=True)[:MOST_AT_ONCE])
    for key in keys:
        release(key)
    return len(keys)


MOST_AT_ONCE = 200
