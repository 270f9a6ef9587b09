"""Customers ask for a partner; the partner answers in time, or the vendor has them back."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor, system
from core.appointments import DueAppointment, cancel_appointments, falls_due, make_appointment
from core.events import record
from core.sql import LARGEST_ID
from core.tokens import count_call
from dealreg.access import may_register
from dealreg.lead_events import LEAD_CLOCK, THE_DIRECTORY, LeadMoved, LeadOffered
from dealreg.models import Lead, LeadOffer
from dealreg.rules.leads import (
    WITH_A_PARTNER,
    LeadOutcome,
    LeadSource,
    LeadState,
    LeadVerb,
    possible,
)
from partners.queries import calendar_of, is_in_business, region_of
from partners.queries.directory import public_name
from partners.queries.organisations import partners_in_scope
from partners.registries.offboarding import Done, Step, declare_step, is_being_let_go
from partners.rules import add_business_days

EXPIRE_LEAD = "dealreg.expire_lead"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOST_AT_ONCE = 200


class LeadMovedOn(Exception):
    """The lead is no longer where the act starts from."""


class LeadRefused(ValueError):
    """The lead cannot be moved like that; the message says why."""


class TooManyInquiries(Exception):
    """The visitor, or everybody for one partner, has asked too often."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a visitor of the directory sent. The visitor consented to its being passed on."""

    person: str
    company: str
    email: str
    message: str
    phone: str = ""
    country: str = ""
    product_line_id: int | None = None
    language: str = ""
    submission_key: uuid.UUID | None = None


# --- coming in ------------------------------------------------------------------------------


def receive_inquiry(*, visitor: str, partner_id: int, inquiry: Inquiry) -> Lead | None:
    """Makes a lead for a partner that is in the directory at this moment; the same submission
    makes one. None for what was sent before. `visitor` is the address it came from. Raises
    TooManyInquiries, Http404."""
    if not public_name(partner_id):
        raise Http404
    for caller, window, most in (
        (f"lead:visitor:{visitor}", HOUR, settings.INQUIRIES_AN_HOUR),
        (f"lead:partner:{partner_id}", DAY, settings.INQUIRIES_A_DAY),
    ):
        calls, _left = count_call(caller, window)
        if calls > most:
            raise TooManyInquiries
    try:
        return _receive(partner_id, inquiry)
    except IntegrityError as error:
        if "submission_key" not in str(error):
            raise
    return None


@transaction.atomic
def _receive(partner_id: int, inquiry: Inquiry) -> Lead:
    region_id, _path = region_of(partner_id)
    now = timezone.now()
    lead = Lead(
        source=LeadSource.DIRECTORY,
        partner_id=partner_id,
        region_id=region_id,
        product_line_id=inquiry.product_line_id,
        person=inquiry.person,
        company=inquiry.company,
        email=inquiry.email,
        phone=inquiry.phone,
        country=inquiry.country,
        message=inquiry.message,
        language=inquiry.language,
        consent_at=now,
        created_at=now,
        submission_key=inquiry.submission_key,
        answer_until=now,
    )
    lead.save(force_insert=True)
    _offer(system(THE_DIRECTORY), lead, partner_id)
    return lead


def _offer(actor: Actor, lead: Lead, partner_id: int) -> None:
    """Gives a stored lead to a partner until its business days are over."""
    now = timezone.now()
    until = add_business_days(now, settings.LEAD_ANSWER_DAYS, calendar_of(partner_id))
    lead.partner_id, lead.state = partner_id, LeadState.NEW
    lead.answer_until, lead.changed_at = until, now
    lead.save(update_fields=["partner", "state", "answer_until", "changed_at"])
    LeadOffer.objects.create(lead=lead, partner_id=partner_id, offered_at=now, answer_until=until)
    make_appointment(EXPIRE_LEAD, lead, until)
    record(LeadOffered(lead.reference, until), subject=lead, actor=actor, partner_id=partner_id)


# --- answering ------------------------------------------------------------------------------


@transaction.atomic
def accept_lead(*, actor: Actor, lead_id: int) -> Lead:
    """The partner takes it. Raises LeadMovedOn, PermissionDenied, Http404."""
    lead = _lead_for(actor, lead_id, LeadVerb.ACCEPT)
    move_lead(actor, lead, LeadState.ACCEPTED, "")
    return lead


@transaction.atomic
def decline_lead(*, actor: Actor, lead_id: int, reason: str) -> Lead:
    """The partner does not take it; the vendor has it back and reads why. Raises LeadRefused,
    and as accept_lead."""
    if not reason.strip():
        raise LeadRefused(_("Say why, in a sentence."))
    lead = _lead_for(actor, lead_id, LeadVerb.DECLINE)
    move_lead(actor, lead, LeadState.DECLINED, reason)
    return lead


@transaction.atomic
def close_lead(*, actor: Actor, lead_id: int, outcome: LeadOutcome, note: str = "") -> Lead:
    """Says what became of it. Raises as accept_lead."""
    lead = _lead_for(actor, lead_id, LeadVerb.CLOSE)
    lead.outcome, lead.note = outcome, note.strip()[:1000]
    move_lead(actor, lead, LeadState.CLOSED, note)
    return lead


@transaction.atomic
def offer_lead(*, actor: Actor, lead_id: int, partner_id: int) -> Lead:
    """The vendor offers it to a partner of its scope that is in business. Raises LeadRefused, and
    as accept_lead."""
    lead = _lead_for(actor, lead_id, LeadVerb.OFFER)
    known = partner_id in partners_in_scope(actor, [partner_id]) and is_in_business(partner_id)
    if not known or is_being_let_go(partner_id):
        raise LeadRefused(_("Choose an active partner of your regions."))
    if lead.partner_id == partner_id:
        raise LeadRefused(_("It is with this partner already."))
    if lead.state == LeadState.NEW:
        move_lead(actor, lead, LeadState.EXPIRED, "")
    _offer(actor, lead, partner_id)
    return lead


def lead_for_reading(actor: Actor, lead_id: int) -> Lead:
    """The lead; Http404 for what is not the actor's to know."""
    if not 0 < lead_id <= LARGEST_ID:
        raise Http404
    rows = Lead.objects.visible_to(actor).select_related("partner", "product_line", "region")
    lead = rows.filter(pk=lead_id).first()
    if lead is None:
        raise Http404
    return lead


def may_say(actor: Actor, verb: LeadVerb, lead: Lead) -> bool:
    """Whether the actor may do that with a lead that it may read."""
    works = actor.is_staff or may_register(actor)
    return works and actor.may("leads:write") and possible(verb, lead.state, vendor=actor.is_staff)


def require_may_work(actor: Actor) -> None:
    """Raises PermissionDenied for whose work leads are not."""
    if not (actor.is_staff or may_register(actor)) or not actor.may("leads:write"):
        raise PermissionDenied(_("Leads need the role Sales or Administrator at a partner."))


def _lead_for(actor: Actor, lead_id: int, verb: LeadVerb) -> Lead:
    """The lead, locked. Http404, PermissionDenied, LeadMovedOn."""
    lead_for_reading(actor, lead_id)
    require_may_work(actor)
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead_id)
    still_theirs = actor.partner_id is None or lead.partner_id == actor.partner_id
    if not still_theirs or not may_say(actor, verb, lead):
        raise LeadMovedOn
    return lead


def move_lead(actor: Actor, lead: Lead, state: LeadState, reason: str) -> None:
    """Moves a locked lead and closes the offer that was open."""
    was_with, now = lead.partner_id, timezone.now()
    offers = LeadOffer.objects.filter(lead=lead, answered_at__isnull=True)
    offers.update(
        answer=state, answered_at=now, answered_by_id=actor.user_id, reason=reason.strip()[:1000]
    )
    lead.state, lead.changed_at, lead.answer_until = state, now, None
    if state in {LeadState.DECLINED, LeadState.EXPIRED}:
        lead.partner_id = None
    lead.save(update_fields=["state", "changed_at", "answer_until", "partner", "outcome", "note"])
    cancel_appointments(lead, EXPIRE_LEAD)
    fact = LeadMoved(lead.reference, state.value, reason.strip()[:1000])
    record(fact, subject=lead, actor=actor, partner_id=was_with)


@falls_due(EXPIRE_LEAD)
def expire_lead(due: DueAppointment) -> None:
    """The partner has not answered in time: the vendor has it back."""
    lead = Lead.objects.select_for_update(of=("self",)).filter(pk=due.subject_id).first()
    if lead is not None and lead.state == LeadState.NEW:
        move_lead(system(LEAD_CLOCK), lead, LeadState.EXPIRED, "")


# --- offboarding ----------------------------------------------------------------------------


@transaction.atomic
def return_leads(actor: Actor, partner_id: int, reason: str) -> Done:
    """What a partner that is let go still had is back with the vendor."""
    rows = Lead.objects.filter(partner_id=partner_id, state__in=sorted(WITH_A_PARTNER))
    found = list(rows.select_for_update(of=("self",)).order_by("pk")[:MOST_AT_ONCE])
    for lead in found:
        move_lead(actor, lead, LeadState.EXPIRED, reason)
    note = _("Leads back with the vendor: %d") % len(found)
    return Done(note, whole=len(found) < MOST_AT_ONCE)


declare_step(Step("dealreg.return_leads", gettext_lazy("Take leads back"), 22, return_leads))
