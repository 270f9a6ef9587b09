"""What deal registration does when it hears its own facts: it tells the people concerned."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears, record
from core.models import User
from core.notify import notify
from core.spoken import day_later
from dealreg import sales
from dealreg.events import (
    AnswerMissed,
    AnswerReminded,
    DealApproved,
    DealDeclined,
    DealSentBack,
    DealSentToReview,
    SaleWentStale,
)
from dealreg.models import Deal
from dealreg.rules import states
from dealreg.rules.answering import answer_until
from dealreg.rules.request import PERSON_MAY_ASK
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
    until = answer_until(event.occurred_at)
    fields = [PERSON_MAY_ASK.get(field, field) for field in event.payload.asked_for]
    body = format_lazy(
        _("{note}\nPlease complete until {until}: {fields}."),
        note=event.payload.note,
        until=day_later(until),
        fields=joined_later(fields),
    )
    tell_partner(event, _("{customer}: please complete your registration"), body)


@hears(AnswerReminded, name="dealreg.remind_partner_of_answer")
def remind_partner_of_answer(event: RecordedEvent[AnswerReminded]) -> None:
    body = format_lazy(
        _("{note}\nWithout an answer the registration is withdrawn on {until}."),
        note=event.payload.note,
        until=day_later(event.payload.until),
    )
    tell_partner(event, _("{customer}: your registration still waits for you"), body)


@hears(AnswerMissed, name="dealreg.tell_partner_of_missed_answer")
def tell_partner_of_missed_answer(event: RecordedEvent[AnswerMissed]) -> None:
    body = _("What was asked for did not come in time. Register the deal again if it goes on.")
    tell_partner(event, _("{customer}: your registration is withdrawn"), body)


def _joined(words: Sequence[object]) -> str:
    return ", ".join(str(word) for word in words)


# Said in each reader's language.
joined_later = lazy(_joined, str)


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


def tell_partner(
    event: RecordedEvent[Any],
    title: "StrOrPromise",
    body: "StrOrPromise | None" = None,
    page: str = "deal_detail",
) -> None:
    deal = Deal.objects.get(pk=event.subject_id)
    notify(
        event,
        readers_of(deal),
        title=format_lazy(title, customer=isolated_later(deal.customer_name)),
        body=event.payload.note if body is None else body,
        url=reverse(page, args=[deal.pk]),
    )


def readers_of(deal: Deal) -> list[User]:
    """Who at the partner follows a deal: whoever registered it, and the administrators."""
    administrators = partners.administrators_of(deal.partner_id)
    registrant = partners.people_of(deal.partner_id).filter(pk=deal.created_by_id or 0)
    return list((registrant | administrators).distinct()[:MOST_READERS])
