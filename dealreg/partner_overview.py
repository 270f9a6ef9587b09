"""What the page about a partner tells of its deals and its money."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.actor import Actor
from core.money import Money, format_money
from dealreg.models import Deal
from dealreg.models.deals import DealQuerySet
from dealreg.queries import figures_of
from dealreg.rules.states import DealStatus
from partners.overview import Card, CardKind, Line, declare_card

NEWEST = 5


def deals_of(actor: Actor, partner_id: int) -> DealQuerySet:
    return Deal.objects.visible_to(actor).filter(partner_id=partner_id)


def its_deals(actor: Actor, partner_id: int) -> Card:
    mine = deals_of(actor, partner_id).exclude(status=DealStatus.DRAFT)
    by_status = figures_of(mine).by_status
    lines = [
        Line(status.label, number_format(by_status[status]))
        for status in DealStatus
        if by_status.get(status)
    ]
    lines += [
        Line(
            f"{deal.reference} {deal.customer_name}",
            deal.get_status_display(),
            reverse("admin:dealreg_deal_change", args=[deal.pk]),
        )
        for deal in mine.order_by("-id")[:NEWEST]
    ]
    partner = mine.values_list("partner__name", flat=True).first() or ""
    link = f"{reverse('admin:dealreg_deal_changelist')}?{urlencode({'q': partner})}"
    return Card(_("Deals"), tuple(lines), link if partner else "")


def its_money(actor: Actor, partner_id: int) -> Card:
    figures = figures_of(deals_of(actor, partner_id))
    lines = [
        Line(label, format_money(Money(one.amount, one.currency)))
        for label, sums in (
            (_("Open pipeline"), figures.pipeline),
            (_("Weighted pipeline"), figures.weighted),
            (_("Won in 365 days"), figures.won),
        )
        for one in sums
    ]
    return Card(_("Money"), tuple(lines))


declare_card(CardKind("deals", 40, its_deals))
declare_card(CardKind("money", 50, its_money))
