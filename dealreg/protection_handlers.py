"""Whom deal registration tells about protections: their end, extensions, the customer's word."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.notify import notify
from core.spoken import day_later
from dealreg.events import (
    CustomerConfirmed,
    CustomerDenied,
    DealLapsed,
    ExtensionAsked,
    ExtensionDeclined,
    ProtectionEndsSoon,
    ProtectionExtended,
)
from dealreg.handlers import readers_of, tell_partner
from dealreg.models import Deal, Extension
from dealreg.rules.protection import ExtensionStatus
from partners import queries as partners

# Of what came to an end longer ago nobody is told: it was brought in, or the portal stood still.
OLD_NEWS = dt.timedelta(days=7)
LAST_CALL_DAYS = 3


@hears(ProtectionEndsSoon, name="dealreg.remind_partner_of_end")
def remind_partner_of_end(event: RecordedEvent[ProtectionEndsSoon]) -> None:
    deal = Deal.objects.get(pk=event.subject_id)
    notify(
        event,
        readers_of(deal),
        title=format_lazy(
            _("{customer}: the protection ends on {day}"),
            customer=isolated_later(deal.customer_name),
            day=day_later(event.payload.until),
        ),
        body=_(
            "Add evidence of your work and ask for an extension if you need more time. "
            "After the end others may register the customer."
        ),
        url=reverse("deal_protection", args=[deal.pk]),
    )


@hears(ProtectionEndsSoon, name="dealreg.remind_managers_of_extension")
def remind_managers_of_extension(event: RecordedEvent[ProtectionEndsSoon]) -> None:
    """Asks again for the decision about an extension, before it is too late."""
    waits = Extension.objects.filter(deal_id=event.subject_id, status=ExtensionStatus.WAITING)
    if event.payload.days <= LAST_CALL_DAYS and waits.exists():
        ask_for_extension(event)


@hears(ExtensionAsked, name="dealreg.tell_managers_of_extension")
def tell_managers_of_extension(event: RecordedEvent[ExtensionAsked]) -> None:
    ask_for_extension(event)


def ask_for_extension(event: RecordedEvent[Any]) -> None:
    deal = Deal.objects.select_related("partner").get(pk=event.subject_id)
    waiting = Extension.objects.filter(deal=deal, status=ExtensionStatus.WAITING).first()
    if waiting is None:
        return
    notify(
        event,
        partners.managers_of(deal.partner_id),
        title=format_lazy(
            _("{partner} needs more time for {customer}: please decide"),
            partner=isolated_later(deal.partner.name),
            customer=isolated_later(deal.customer_name),
        ),
        body=waiting.reason,
        url=reverse("admin:dealreg_extension_change", args=[waiting.pk]),
    )


@hears(ProtectionExtended, name="dealreg.tell_partner_extended")
def tell_partner_extended(event: RecordedEvent[ProtectionExtended]) -> None:
    title = _("{customer}: the protection is extended")
    tell_partner(event, title, page="deal_protection")


@hears(ExtensionDeclined, name="dealreg.tell_partner_extension_declined")
def tell_partner_extension_declined(event: RecordedEvent[ExtensionDeclined]) -> None:
    title = _("{customer}: the protection is not extended")
    tell_partner(event, title, page="deal_protection")


@hears(DealLapsed, name="dealreg.tell_partner_lapsed")
def tell_partner_lapsed(event: RecordedEvent[DealLapsed]) -> None:
    if timezone.now() - event.payload.ended_at > OLD_NEWS:
        return
    deal = Deal.objects.get(pk=event.subject_id)
    notify(
        event,
        readers_of(deal),
        title=format_lazy(
            _("{customer}: the protection has lapsed"),
            customer=isolated_later(deal.customer_name),
        ),
        body=_("The customer is free. Register the deal again if you still work on it."),
        url=reverse("deal_detail", args=[deal.pk]),
    )


@hears(CustomerConfirmed, name="dealreg.tell_partner_confirmed")
def tell_partner_confirmed(event: RecordedEvent[CustomerConfirmed]) -> None:
    deal = Deal.objects.get(pk=event.subject_id)
    notify(
        event,
        readers_of(deal),
        title=format_lazy(
            _("{customer} confirmed that you are its partner"),
            customer=isolated_later(deal.customer_name),
        ),
        url=reverse("deal_protection", args=[deal.pk]),
    )


@hears(CustomerDenied, name="dealreg.warn_managers_of_denial")
def warn_managers_of_denial(event: RecordedEvent[CustomerDenied]) -> None:
    deal = Deal.objects.select_related("partner").get(pk=event.subject_id)
    notify(
        event,
        partners.managers_of(deal.partner_id),
        title=format_lazy(
            _("{customer} says that {partner} is not its partner"),
            partner=isolated_later(deal.partner.name),
            customer=isolated_later(deal.customer_name),
        ),
        body=_("Somebody at the customer answered so through the link. Please look into it."),
        url=reverse("admin:dealreg_deal_change", args=[deal.pk]),
    )
