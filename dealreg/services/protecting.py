"""Keeping a customer for a registration: the grant, what is due because of it, the end.

The protection ends by itself: nobody is kept out from the very moment on. The appointments only
say it: three reminders before, and the lapse of the registration whose sale is still open.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.actor import Actor
from core.appointments import NewAppointment, cancel_appointments, make_appointments
from core.clock import database_now
from core.events import record
from core.inserting import insert
from core.system_names import declare_name
from dealreg.books import CurrentBook, current_book
from dealreg.events import DealLapsed, ProtectionEndsSoon
from dealreg.models import Deal, Extension, Protection
from dealreg.rules.protection import (
    REMINDER_DAYS,
    ExtensionStatus,
    ProtectionTerms,
    reminders_ahead,
)
from dealreg.rules.states import OPEN_STAGES, DealStatus
from partners.queries import entitlements, registration_rights
from partners.rules import RegistrationRights

CLOCK = declare_name(gettext_noop("The protection's clock"))
LAPSE = "dealreg.lapse_protection"
REMIND = "dealreg.remind_of_end"


def protect(
    deal: Deal, since: dt.datetime, book: CurrentBook, rights: RegistrationRights | None = None
) -> dt.datetime:
    """Keeps the deal's customer for its partner from `since` on, under the book's terms;
    returns the end. `rights` are the partner's at that moment where they are known.

    Raises IntegrityError (protection_never_overlaps) when the customer is kept already.
    """
    if deal.account_id is None or deal.product_line_id is None:
        raise ValueError(f"{deal.reference} has no customer or product line to protect.")
    until = since + dt.timedelta(days=book.terms.days)
    insert(
        Protection(
            deal=deal,
            partner_id=deal.partner_id,
            account_id=deal.account_id,
            product_line_id=deal.product_line_id,
            period=DateTimeTZRange(since, until),
            book_id=book.id,
            margin=margin_guaranteed(deal.partner_id, book.terms, since, rights),
        )
    )
    make_appointments(appointments_for(deal, until, since))
    return until


def margin_guaranteed(
    partner_id: int,
    terms: ProtectionTerms,
    at: dt.datetime,
    rights: RegistrationRights | None = None,
) -> Decimal | None:
    """The book's margin in percent where it says one, else what the partner is entitled to at
    that moment; None where neither says any."""
    if terms.margin is not None:
        return terms.margin
    return rights.margin if rights else entitlements(partner_id, at).margin


def appointments_for(deal: Deal, until: dt.datetime, now: dt.datetime) -> list[NewAppointment]:
    """What is due because of a protection that ends at `until`."""
    reminders = [
        NewAppointment(REMIND, deal, at, str(days)) for days, at in reminders_ahead(until, now)
    ]
    return [NewAppointment(LAPSE, deal, until), *reminders]


def release(deal: Deal, at: dt.datetime) -> None:
    """Gives the customer free at once."""
    Protection.objects.filter(deal=deal, released_at__isnull=True).update(released_at=at)
    follow_protection(deal)


def follow_protection(deal: Deal) -> None:
    """Brings what is due in step with the deal as it stands: after its end was moved, after its
    registration or its sale ended, or began again. The deal's row is locked by the caller."""
    cancel_appointments(deal, LAPSE, REMIND)
    protection = Protection.objects.filter(deal=deal, released_at__isnull=True).first()
    if protection is not None and runs(deal):
        make_appointments(appointments_for(deal, end_of(protection), timezone.now()))
    else:
        void_extension(deal)


def runs(deal: Deal) -> bool:
    """Whether the registration is approved and its sale still open."""
    return deal.status == DealStatus.APPROVED and deal.stage in OPEN_STAGES


def end_of(protection: Protection) -> dt.datetime:
    until: dt.datetime = protection.period.upper  # type: ignore[assignment]
    return until


def void_extension(deal: Deal) -> None:
    """A request that still waits is of no use any more."""
    Extension.objects.filter(deal=deal, status=ExtensionStatus.WAITING).update(
        status=ExtensionStatus.VOID, decided_at=timezone.now()
    )


def terms_of(protection: Protection) -> ProtectionTerms:
    """The terms under which it was granted; those in force now for imported history."""
    if protection.book is not None:
        return protection.book.terms
    return book_for(protection.deal).terms


def book_for(deal: Deal) -> CurrentBook:
    """The version that decides now about the deal's partner and product line."""
    rights = registration_rights(deal.partner_id)
    return current_book(rights.region_path, deal.product_line_id, partner_id=deal.partner_id)


@transaction.atomic
def lapse_protection(*, actor: Actor, deal_id: int) -> bool:
    """Marks a registration lapsed whose protection has ended by the database's clock while its
    sale was open; whether it did."""
    deal = Deal.objects.select_for_update(of=("self",)).filter(pk=deal_id).first()
    if deal is None or not runs(deal):
        return False
    ended = Protection.objects.filter(
        deal=deal, released_at__isnull=True, period__endswith__lte=Now()
    ).first()
    if ended is None:
        follow_protection(deal)
        return False
    deal.status = DealStatus.LAPSED
    deal.updated_at = timezone.now()
    deal.version += 1
    deal.save(update_fields=["status", "updated_at", "version"])
    cancel_appointments(deal, LAPSE, REMIND)
    void_extension(deal)
    record(
        DealLapsed(customer=deal.customer_name, ended_at=end_of(ended)),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
        occurred_at=end_of(ended),
    )
    return True


@transaction.atomic
def remind_of_end(*, actor: Actor, deal_id: int, days: int) -> bool:
    """Tells that a protection ends soon; whether it did. A reminder that comes so late that a
    later one is due as well is left to that one."""
    deal = Deal.objects.select_for_update(of=("self",)).filter(pk=deal_id).first()
    if deal is None or not runs(deal):
        return False
    protection = Protection.objects.filter(deal=deal, released_at__isnull=True).first()
    if protection is None:
        return False
    left = end_of(protection) - database_now()
    later = [one for one in REMINDER_DAYS if one < days and left <= dt.timedelta(days=one)]
    if later or left <= dt.timedelta(0) or left > dt.timedelta(days=days):
        return False
    record(
        ProtectionEndsSoon(
            customer=deal.customer_name,
            days=-(-left // dt.timedelta(days=1)),
            until=end_of(protection),
        ),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return True
