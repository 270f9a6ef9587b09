"""What deal registration does when it hears its own facts: it tells the people concerned."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears, record
from core.models import User
from core.notify import notify
from dealreg import sales
from dealreg.events import (
    DealApproved,
    DealDeclined,
    DealSentBack,
    DealSentToReview,
    SaleWentStale,
)
from dealreg.models import Deal
from dealreg.rules import states
from dealreg.rules.states import Verb
from dealreg.services.selling import SALE_IS_STALE, begin_sale, remind_when_stale
from partners import queries as partners

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_READERS = 50


@hears(DealApproved, name="dealreg.tell_partner_approved")
def tell_partner_approved(event: RecordedEvent[DealApproved]) -> None:
    tell_partner(event, _("{customer}: your registration is approved"))


@hears(DealDeclined, name="dealreg.tell_partner_declined")
def tell_partner_declined(event: RecordedEvent[DealDeclined]) -> None:
    tell_partner(event, _("{customer}: your registration is declined"))


@hears(DealSentToReview, name="dealreg.tell_partner_of_review")
def tell_partner_of_review(event: RecordedEvent[DealSentToReview]) -> None:
    tell_partner(event, _("{customer}: your registration is in review"))


@hears(DealSentBack, name="dealreg.tell_partner_of_more")
def tell_partner_of_more(event: RecordedEvent[DealSentBack]) -> None:
    tell_partner(event, _("{customer}: please complete your registration"))


@hears(DealSentToReview, name="dealreg.tell_managers_of_review")
def tell_managers_of_review(event: RecordedEvent[DealSentToReview]) -> None:
    """Asks whoever looks after the partner to decide."""
    deal = Deal.objects.select_related("partner").get(pk=event.subject_id)
    notify(
        event,
        partners.managers_of(deal.partner_id),
        title=format_lazy(
            _("{partner} registered {customer}: please decide"),
            partner=isolated_later(deal.partner.name),
            customer=isolated_later(deal.customer_name),
        ),
        body=event.payload.note,
        url=reverse("admin:dealreg_deal_review", args=[deal.pk]),
    )


@hears(DealApproved, name="dealreg.begin_sale")
def begin_sale_of_approved(event: RecordedEvent[DealApproved]) -> None:
    begin_sale(Deal.objects.select_for_update().get(pk=event.subject_id))


@falls_due(SALE_IS_STALE)
def notice_stale_sale(due: DueAppointment) -> None:
    """Nobody has updated an open sale for as long as its stage allows: said once, until it is
    updated and goes quiet again."""
    deal = Deal.objects.select_for_update().filter(pk=due.subject_id).first()
    if deal is None or not states.possible(Verb.UPDATE_SALE, deal.status, deal.stage):
        return
    at = sales.stale_at(deal, sales.stage_terms())
    if at is None or deal.sale_updated_at is None:
        return
    if at > max(due.at, timezone.now()):
        # Operations have given the stage more time since.
        remind_when_stale(deal)
        return
    days = (due.at - deal.sale_updated_at).days
    fact = SaleWentStale(customer=deal.customer_name, days=days)
    record(fact, subject=deal, actor=system("reminder"), partner_id=deal.partner_id)


@hears(SaleWentStale, name="dealreg.ask_for_update")
def ask_for_update(event: RecordedEvent[SaleWentStale]) -> None:
    deal = Deal.objects.get(pk=event.subject_id)
    notify(
        event,
        readers_of(deal),
        title=format_lazy(
            _("{customer}: is the sale still up to date?"),
            customer=isolated_later(deal.customer_name),
        ),
        body=_("It takes half a minute: confirm it as it is, or say what has changed."),
        url=reverse("deal_sale", args=[deal.pk]),
    )


def tell_partner(event: RecordedEvent[Any], title: "StrOrPromise") -> None:
    deal = Deal.objects.get(pk=event.subject_id)
    notify(
        event,
        readers_of(deal),
        title=format_lazy(title, customer=isolated_later(deal.customer_name)),
        body=event.payload.note,
        url=reverse("deal_detail", args=[deal.pk]),
    )


def readers_of(deal: Deal) -> list[User]:
    """Who at the partner follows a deal: whoever registered it, and the administrators."""
    administrators = partners.administrators_of(deal.partner_id)
    registrant = partners.people_of(deal.partner_id).filter(pk=deal.created_by_id or 0)
    return list((registrant | administrators).distinct()[:MOST_READERS])
