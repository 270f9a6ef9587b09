"""This app's entry in the portal's side navigation, the page of a deal, and its tabs."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Entry, declare, declare_page
from dealreg import sharing
from dealreg.rules.states import SELLING, DealStatus
from dealreg.tabs import DealTab, declare_tab
from dealreg.todos import find_for_todo
from partners.queries.todos import declare_subject

declare(Entry("deal_list", _("Deals"), "deal", 20, lambda actor: actor.partner_id is not None))
declare(
    Entry(
        "split_list",
        _("Shared deals"),
        "team",
        22,
        lambda actor: actor.partner_id is not None,
        sharing.waiting_count,
    )
)
declare(Entry("lead_list", _("Leads"), "mail", 24, lambda actor: actor.partner_id is not None))
declare(Entry("case_list", _("Cases"), "team", 25, lambda actor: actor.partner_id is not None))
declare_page("dealreg.deal", "deal_detail")
declare_subject("dealreg.deal", find_for_todo)
declare_page("dealreg.lead", "lead_detail")
declare_page("dealreg.split", "split_detail")
declare_tab(DealTab("overview", _("Overview"), "deal_detail", lambda _head: True, 10))
declare_tab(
    DealTab(
        "partners",
        _("Partners"),
        "deal_partners",
        lambda head: head.deal.submitted_at is not None,
        25,
    )
)
declare_tab(DealTab("sale", _("Sale"), "deal_sale", lambda head: head.deal.status in SELLING, 20))
declare_tab(DealTab("evidence", _("Evidence"), "deal_evidence", lambda _head: True, 30))
declare_tab(
    DealTab(
        "protection",
        _("Protection"),
        "deal_protection",
        lambda head: head.deal.status != DealStatus.DRAFT,
        25,
    )
)
declare_tab(
    DealTab("cases", _("Cases"), "deal_cases", lambda head: head.deal.submitted_at is not None, 40)
)
declare_tab(DealTab("timeline", _("Timeline"), "deal_timeline", lambda _head: True, 50))
