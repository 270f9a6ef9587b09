"""What deal registration does when it hears its own facts: it tells the people concerned."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.models import User
from core.notify import notify
from dealreg.events import (
    DealApproved,
    DealDeclined,
    DealSentBack,
    DealSentToReview,
    DealWithdrawn,
)
from dealreg.models import Deal
from dealreg.services.cases import open_case_by_rule
from dealreg.services.clocks import keep_clocks
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


# How long registrations wait for a person: the clock starts when one is sent to review and stops
# with whatever comes next.


@hears(DealSentToReview, name="dealreg.start_clock")
def start_clock(event: RecordedEvent[DealSentToReview]) -> None:
    measure(event.subject_id)


@hears(DealApproved, name="dealreg.stop_clock_approved")
def stop_clock_approved(event: RecordedEvent[DealApproved]) -> None:
    measure(event.subject_id)


@hears(DealDeclined, name="dealreg.stop_clock_declined")
def stop_clock_declined(event: RecordedEvent[DealDeclined]) -> None:
    measure(event.subject_id)


@hears(DealSentBack, name="dealreg.stop_clock_sent_back")
def stop_clock_sent_back(event: RecordedEvent[DealSentBack]) -> None:
    measure(event.subject_id)


@hears(DealWithdrawn, name="dealreg.stop_clock_withdrawn")
def stop_clock_withdrawn(event: RecordedEvent[DealWithdrawn]) -> None:
    measure(event.subject_id)


def measure(deal_id: int) -> None:
    keep_clocks(actor=system("service levels"), deal_id=deal_id)


@hears(DealSentToReview, name="dealreg.open_case")
def open_case_where_the_rule_says_so(event: RecordedEvent[DealSentToReview]) -> None:
    """A rule of the book that decided may ask for a conflict case."""
    decision = Deal.objects.get(pk=event.subject_id).decisions.order_by("-id").first()
    if decision is None or decision.book is None or decision.rule != event.payload.rule:
        return
    rule = decision.book.rules.filter(code=decision.rule).first()
    if rule is not None and rule.opens_case:
        why = f"Rule “{rule.code}”, conflict level {decision.conflict_level}."
        open_case_by_rule(actor=system(event.actor_label), deal_id=event.subject_id, why=why)


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
