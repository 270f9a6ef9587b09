"""Who is told when companies begin or end to work together: each one's administrators."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.notify import notify
from partners import queries
from partners.events.distribution import DistributionAsked, DistributionMoved
from partners.rules.distribution import LinkState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TITLES: "dict[str, StrOrPromise]" = {
    LinkState.ACTIVE: _("Distribution with {other} has begun"),
    LinkState.DECLINED: _("{other} declined to work together in distribution"),
    LinkState.WITHDRAWN: _("{other} withdrew its proposal about distribution"),
    LinkState.EXPIRED: _("Your proposal to {other} about distribution was not answered"),
    LinkState.ENDED: _("Distribution with {other} has ended"),
}


@hears(DistributionAsked, name="partners.tell_of_proposed_distribution")
def tell_of_proposal(event: RecordedEvent[DistributionAsked]) -> None:
    _tell(event, _("{other} asks to work with you in distribution"))


@hears(DistributionMoved, name="partners.tell_of_moved_distribution")
def tell_of_move(event: RecordedEvent[DistributionMoved]) -> None:
    _tell(event, TITLES[event.payload.state])


def _tell(event: RecordedEvent[Any], title: "StrOrPromise") -> None:
    """Tells the administrators of the event's partner, but not of what one of them did."""
    if event.partner_id is None:
        return
    people = list(queries.administrators_of(event.partner_id))
    if event.actor_user_id in {person.pk for person in people}:
        return
    notify(
        event,
        people,
        title=format_lazy(title, other=isolated_later(event.payload.other)),
        body=event.payload.note,
        url=reverse("distribution"),
    )
