"""Who is told when partners share a deal: each partner's own people, of what concerns them."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.models import User
from core.notify import notify
from core.spoken import day_later
from dealreg.events import DealReopened, DealWithdrawn, DealWon
from dealreg.models import Split
from dealreg.services.split_answers import end_talks
from dealreg.services.split_credits import credit_others
from dealreg.split_events import (
    THE_DEALS_END,
    SplitAccepted,
    SplitCountered,
    SplitCredited,
    SplitCreditEnded,
    SplitDeclined,
    SplitDueSoon,
    SplitExpired,
    SplitInForce,
    SplitProposed,
    SplitRecorded,
    SplitReplaced,
    SplitWithdrawn,
)
from partners import queries as partners

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_READERS = 50


@hears(SplitProposed, name="dealreg.tell_of_proposed_split")
def tell_of_proposal(event: RecordedEvent[SplitProposed]) -> None:
    tell(event, _("{customer}: a partner asks you to share a deal"))


@hears(SplitCountered, name="dealreg.tell_of_countered_split")
def tell_of_counter(event: RecordedEvent[SplitCountered]) -> None:
    tell(event, _("{customer}: another proposal for the split"))


@hears(SplitAccepted, name="dealreg.tell_of_accepted_split")
def tell_of_acceptance(event: RecordedEvent[SplitAccepted]) -> None:
    tell(event, _("{customer}: a partner accepted the split"))


@hears(SplitInForce, name="dealreg.tell_of_split_in_force")
def tell_in_force(event: RecordedEvent[SplitInForce]) -> None:
    tell(event, _("{customer}: the split is in force"), everybody=True)


@hears(SplitDeclined, name="dealreg.tell_of_declined_split")
def tell_of_refusal(event: RecordedEvent[SplitDeclined]) -> None:
    tell(event, _("{customer}: the split is declined"))


@hears(SplitWithdrawn, name="dealreg.tell_of_withdrawn_split")
def tell_of_withdrawal(event: RecordedEvent[SplitWithdrawn]) -> None:
    tell(event, _("{customer}: the proposed split is withdrawn"))


@hears(SplitExpired, name="dealreg.tell_of_expired_split")
def tell_of_expiry(event: RecordedEvent[SplitExpired]) -> None:
    tell(event, _("{customer}: the proposed split has expired"))


@hears(SplitReplaced, name="dealreg.tell_of_replaced_split")
def tell_of_replacement(event: RecordedEvent[SplitReplaced]) -> None:
    tell(event, _("{customer}: you are no longer part of the split"))


@hears(SplitRecorded, name="dealreg.tell_managers_of_disagreement")
def tell_managers(event: RecordedEvent[SplitRecorded]) -> None:
    """Whoever looks after the deal's partner may have to help."""
    if event.payload.act != "decline" or event.partner_id is None:
        return
    split = Split.objects.select_related("deal__partner").filter(deal=event.subject_id)
    declined = split.order_by("-changed_at").first()
    if declined is None:
        return
    notify(
        event,
        partners.managers_of(event.partner_id),
        title=format_lazy(
            _("{customer}: partners do not agree how to share {partner}’s deal"),
            customer=isolated_later(declined.deal.customer_name),
            partner=isolated_later(declined.deal.partner.name),
        ),
        body=declined.reason,
        url=reverse("admin:dealreg_split_change", args=[declined.pk]),
    )


@hears(DealWithdrawn, name="dealreg.end_talks_about_split")
def end_talks_of(event: RecordedEvent[DealWithdrawn]) -> None:
    """There is nothing left to share."""
    end_talks(actor=system(THE_DEALS_END), deal_id=event.subject_id)


@hears(SplitDueSoon, name="dealreg.remind_of_split")
def remind_of_answer(event: RecordedEvent[SplitDueSoon]) -> None:
    title = _("{customer}: please answer the proposed split by {day}")
    tell(event, title, day=day_later(event.payload.deadline))


@hears(DealWon, name="dealreg.credit_parts")
def credit_parts(event: RecordedEvent[DealWon]) -> None:
    """What a deal's own partner won, others have a part of."""
    credit_others(actor=system(THE_DEALS_END), deal_id=event.subject_id)


@hears(DealReopened, name="dealreg.end_credit_of_parts")
def end_credit(event: RecordedEvent[DealReopened]) -> None:
    credit_others(actor=system(THE_DEALS_END), deal_id=event.subject_id)


@hears(SplitCredited, name="dealreg.tell_of_credit")
def tell_of_credit(event: RecordedEvent[SplitCredited]) -> None:
    tell(event, _("{customer}: the deal in which you have a part is won"))


@hears(SplitCreditEnded, name="dealreg.tell_of_ended_credit")
def tell_of_ended_credit(event: RecordedEvent[SplitCreditEnded]) -> None:
    tell(event, _("{customer}: the deal in which you have a part is open again"))


def tell(
    event: RecordedEvent[Any],
    title: "StrOrPromise",
    *,
    everybody: bool = False,
    **words: "StrOrPromise",
) -> None:
    """Tells the sellers and administrators of the event's partner; not of what one of them did,
    unless it is for `everybody`."""
    if event.partner_id is None:
        return
    people: list[User] = list(partners.sellers_of(event.partner_id)[:MOST_READERS])
    if not everybody and event.actor_user_id in {person.pk for person in people}:
        return
    notify(
        event,
        people,
        title=format_lazy(title, customer=isolated_later(event.payload.customer), **words),
        body=getattr(event.payload, "note", ""),
        url=reverse("split_detail", args=[event.subject_id]),
    )
