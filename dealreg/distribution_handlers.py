"""Who is told when a deal runs through a distributor, and what follows when they part."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.notify import notify
from dealreg.distribution_events import EndorsementAsked, EndorsementHeard
from dealreg.models import Deal, DealRoute
from dealreg.rules.distribution import Endorsement
from dealreg.services.endorsing import release_all
from partners import queries as partners
from partners.events.distribution import DistributionMoved
from partners.queries.distribution import partners_of_link
from partners.rules.distribution import LinkState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TITLES: "dict[str, StrOrPromise]" = {
    Endorsement.ENDORSED: _("{customer}: {distributor} endorsed the registration"),
    Endorsement.REFUSED: _("{customer}: {distributor} did not endorse the registration"),
    Endorsement.UNANSWERED: _("{customer}: {distributor} did not answer in time"),
    Endorsement.PASSED_OVER: _("{customer}: the vendor goes on without {distributor}"),
}


@hears(EndorsementAsked, name="dealreg.ask_distributor_to_endorse")
def ask_distributor(event: RecordedEvent[EndorsementAsked]) -> None:
    """The distributor's sellers and administrators, in words that say no more than its list."""
    route = DealRoute.objects.select_related("deal__partner").filter(deal=event.subject_id).first()
    if route is None or route.distributor_id is None:
        return
    notify(
        event,
        partners.sellers_of(route.distributor_id),
        title=format_lazy(
            _("{reseller} registered {reference}: please endorse"),
            reseller=isolated_later(route.deal.partner.name),
            reference=route.deal.reference,
        ),
        url=reverse("distributed_deal", args=[route.deal_id]),
    )


@hears(EndorsementHeard, name="dealreg.tell_of_endorsement")
def tell_reseller(event: RecordedEvent[EndorsementHeard]) -> None:
    _tell(event, TITLES[event.payload.answer])


def _tell(event: RecordedEvent[Any], title: "StrOrPromise") -> None:
    deal = Deal.objects.select_related("created_by").filter(pk=event.subject_id).first()
    if deal is None or deal.created_by is None:
        return
    notify(
        event,
        [deal.created_by],
        title=format_lazy(
            title,
            customer=isolated_later(event.payload.customer),
            distributor=isolated_later(event.payload.distributor),
        ),
        body=event.payload.note,
        url=reverse("deal_detail", args=[deal.pk]),
    )


@hears(DistributionMoved, name="dealreg.go_on_when_distribution_ends")
def go_on_without(event: RecordedEvent[DistributionMoved]) -> None:
    """What waits for a distributor that no longer is one goes on."""
    if event.payload.state != LinkState.ENDED:
        return
    distributor_id, reseller_id = partners_of_link(event.subject_id)
    if distributor_id is not None and reseller_id is not None:
        release_all(distributor_id=distributor_id, reseller_id=reseller_id)
