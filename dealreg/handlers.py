"""What deal registration does when it hears its own facts: it tells the people concerned."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.models import User
from core.notify import notify
from dealreg.events import DealApproved, DealDeclined, DealSentBack, DealSentToReview
from dealreg.models import Deal
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
