"""What deal registration does when it hears its own facts: it tells the people concerned."""

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.events import RecordedEvent, hears
from core.models import User
from core.notify import notify
from dealreg.events import DealApproved, DealDeclined, DealSentToReview
from dealreg.models import Deal
from partners import queries as partners


MOST_READERS = 50


@hears(DealApproved, name="dealreg.tell_partner_approved")
def tell_partner_approved(event: RecordedEvent[DealApproved]) -> None:
    tell_partner(event, _("%(customer)s: your registration is approved"), event.payload.note)


@hears(DealDeclined, name="dealreg.tell_partner_declined")
def tell_partner_declined(event: RecordedEvent[DealDeclined]) -> None:
    tell_partner(event, _("%(customer)s: your registration is declined"), event.payload.note)


@hears(DealSentToReview, name="dealreg.tell_partner_of_review")
def tell_partner_of_review(event: RecordedEvent[DealSentToReview]) -> None:
    tell_partner(event, _("%(customer)s: your registration is in review"), event.payload.note)


@hears(DealSentToReview, name="dealreg.tell_managers_of_review")
def tell_managers_of_review(event: RecordedEvent[DealSentToReview]) -> None:
    deal = Deal.objects.select_related("partner").get(pk=event.subject_id)
    url = reverse("admin:dealreg_deal_review", args=[deal.pk])
    for manager in partners.managers_of(deal.partner_id):
        with translation.override(manager.language):
            title = translation.gettext("%(partner)s registered %(customer)s: please decide") % {
                "partner": deal.partner.name,
                "customer": deal.customer_name,
            }
            notify(event, [manager], title=title, body=event.payload.note, url=url)


def tell_partner(event: RecordedEvent[object], title: Promise, body: str) -> None:
    """Tells the person who registered the deal and the partner's administrators."""
    deal = Deal.objects.get(pk=event.subject_id)
    for reader in readers_of(deal):
        with translation.override(reader.language):
            words = str(title) % {"customer": deal.customer_name}
            notify(event, [reader], title=words, body=body, url=reverse("deal_detail", args=[deal.pk]))


def readers_of(deal: Deal) -> list[User]:
    """Who at the partner follows a deal: whoever registered it, and the administrators."""
    administrators = partners.administrators_of(deal.partner_id)
    registrant = partners.people_of(deal.partner_id).filter(pk=deal.created_by_id)
    return list((registrant | administrators).distinct()[:MOST_READERS])
