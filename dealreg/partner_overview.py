"""What the page about a partner tells of its deals, its money and its leads."""

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.actor import Actor
from core.money import Money, format_money
from dealreg.models import Deal, Lead
from dealreg.models.deals import DealQuerySet
from dealreg.queries import money_of, numbers_by_status
from dealreg.rules.leads import WITH_A_PARTNER
from dealreg.rules.states import DealStatus
from partners.registries.cards import Card, CardKind, Line, declare_card

NEWEST = 5


def deals_of(actor: Actor, partner_id: int) -> DealQuerySet:
    return Deal.objects.visible_to(actor).filter(partner_id=partner_id)


def its_deals(actor: Actor, partner_id: int) -> Card:
    mine = deals_of(actor, partner_id).exclude(status=DealStatus.DRAFT)
    by_status = numbers_by_status(mine)
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
    link = reverse("admin:dealreg_deal_changelist")
    return Card(_("Deals"), tuple(lines), link, by_name=True)


def its_money(actor: Actor, partner_id: int) -> Card:
    figures = money_of(deals_of(actor, partner_id))
    lines = [
        Line(label, format_money(Money(one.amount, one.currency)))
        for label, sums in (
            (_("Open pipeline"), figures.pipeline),
            (_("Weighted pipeline"), figures.weighted),
            (_("Won in 365 days"), figures.won),
        )
        for one in sums
    ]
    return Card(_("Amounts"), tuple(lines))


def its_leads(actor: Actor, partner_id: int) -> Card:
    """The customers who ask for it, those that wait for its answer first."""
    rows = Lead.objects.visible_to(actor).filter(partner_id=partner_id)
    # "new" comes after "accepted".
    open_rows = rows.filter(state__in=sorted(WITH_A_PARTNER)).order_by("-state", "-id")
    lines = tuple(
        Line(
            f"{lead.reference} {lead.company}",
            lead.get_state_display(),
            reverse("admin:dealreg_lead_change", args=[lead.pk]),
        )
        for lead in open_rows[:NEWEST]
    )
    return Card(_("Leads"), lines, reverse("admin:dealreg_lead_changelist"), by_name=True)


declare_card(CardKind("deals", 40, its_deals))
declare_card(CardKind("money", 50, its_money))
declare_card(CardKind("leads", 55, its_leads))
