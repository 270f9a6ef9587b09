"""What happens because of joint plans: the other side is told."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.models import User
from core.notify import notify
from partners import queries
from partners.events.plans import PlanAgreed, PlanClosed, PlanCommented, PlanProposed, PlanSentBack
from partners.rules.plans import Side

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@hears(PlanProposed, name="partners.ask_to_agree_on_plan")
def ask_to_agree(event: RecordedEvent[PlanProposed]) -> None:
    tell_other_side(event, event.payload.side, _("Please look at the plan {title}, and agree"))


@hears(PlanAgreed, name="partners.tell_of_agreed_plan")
def tell_of_agreement(event: RecordedEvent[PlanAgreed]) -> None:
    tell_other_side(event, event.payload.side, _("The plan {title} is agreed"))


@hears(PlanSentBack, name="partners.tell_of_plan_sent_back")
def tell_of_return(event: RecordedEvent[PlanSentBack]) -> None:
    words = _("The plan {title} is a draft again")
    tell_other_side(event, event.payload.side, words, event.payload.note)


@hears(PlanCommented, name="partners.tell_of_plan_comment")
def tell_of_comment(event: RecordedEvent[PlanCommented]) -> None:
    words = _("New comment on the plan {title}")
    tell_other_side(event, event.payload.side, words, event.payload.note)


@hears(PlanClosed, name="partners.tell_of_closed_plan")
def tell_of_end(event: RecordedEvent[PlanClosed]) -> None:
    words = _("The plan {title} is closed")
    tell_other_side(event, Side.VENDOR, words, event.payload.note)


def tell_other_side(
    event: RecordedEvent[Any], side: str, words: "StrOrPromise", body: str = ""
) -> None:
    """Administrators hear what the vendor did, who looks after the partner hears what it did."""
    if event.partner_id is None:
        return
    title = format_lazy(words, title=isolated_later(event.payload.title))
    if side == Side.VENDOR:
        people: list[User] = list(queries.administrators_of(event.partner_id))
        url = reverse("plan", args=[event.subject_id])
    else:
        people = queries.managers_of(event.partner_id)
        url = reverse("admin:partners_jointplan_change", args=[event.subject_id])
    notify(event, people, title=title, body=body, url=url)
