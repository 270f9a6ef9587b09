"""What stands in the sidebar of the back office, and who sees it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actor import ANONYMOUS, Actor
from dealreg import desk


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it is called, its icon, where it leads, the permission that shows it."""

    label: Promise | str
    icon: str
    url_name: str
    permission: str


def table(label: Promise | str, icon: str, name: str) -> Entry:
    """The entry of a table's list, for whoever may see its rows; `name` is "dealreg.split"."""
    app_label, model = name.split(".")
    return Entry(label, icon, f"admin:{app_label}_{model}_changelist", f"{app_label}.view_{model}")


SIDEBAR: list[tuple[Promise | str, list[Entry]]] = [
    (
        _("Work"),
        [
            Entry(_("Review queue"), "inbox", "admin:dealreg_deal_queue", "dealreg.view_deal"),
            table(_("Conflict cases"), "balance", "dealreg.conflictcase"),
            table(_("Deals"), "handshake", "dealreg.deal"),
            Entry(_("Forecast"), "trending_up", "admin:dealreg_deal_forecast", "dealreg.view_deal"),
            table(_("Extensions"), "more_time", "dealreg.extension"),
            Entry(
                _("Registered and progressed"),
                "monitoring",
                "admin:dealreg_deal_squatting",
                "dealreg.view_deal",
            ),
            table(_("Shared deals"), "pie_chart", "dealreg.split"),
            table(_("Leads"), "contact_mail", "dealreg.lead"),
            table(_("Customers"), "apartment", "dealreg.account"),
            table(_("Other names"), "label", "dealreg.accountalias"),
            Entry(
                _("Duplicates"),
                "join",
                "admin:dealreg_account_duplicates",
                "dealreg.change_account",
            ),
            table(_("Merges"), "merge", "dealreg.accountmerge"),
        ],
    ),
    (
        _("Own sales"),
        [
            table(_("Purchases"), "receipt_long", "dealreg.purchase"),
            table(_("Direct opportunities"), "target", "dealreg.directopportunity"),
        ],
    ),
    (
        _("Partners"),
        [
            table(_("Partners"), "storefront", "partners.partner"),
            table(_("Directory profiles"), "menu_book", "partners.directoryprofile"),
            table(_("People"), "group", "partners.membership"),
            table(_("Invitations"), "forward_to_inbox", "partners.invitation"),
            table(_("Joint plans"), "flag", "partners.jointplan"),
            table(_("Quarterly reviews"), "event_note", "partners.quarterlyreview"),
            table(_("Review packs"), "picture_as_pdf", "partners.reviewpack"),
            table(_("Review agendas"), "list_alt", "partners.reviewtemplate"),
            table(_("Strengths and weaknesses"), "grid_view", "partners.swotpoint"),
            table(_("Tasks"), "task_alt", "partners.todo"),
            table(_("Offboardings"), "logout", "partners.offboarding"),
            table(_("Distribution"), "conversion_path", "partners.distributionlink"),
            table(_("Distribution policies"), "rule_settings", "partners.distributionpolicy"),
            table(_("Visits"), "supervisor_account", "partners.visit"),
            table(_("Regions"), "public", "partners.region"),
            table(_("Roll-outs"), "rocket_launch", "partners.rollout"),
            table(_("Region policies to try"), "science", "partners.triedregionpolicy"),
            table(_("Distribution policies to try"), "science", "partners.trieddistributionpolicy"),
            table(_("Documents"), "description", "partners.partnerdocument"),
            table(_("Duties and playbooks"), "menu_book", "partners.typeplaybook"),
            table(_("Partners that may be one"), "join", "partners.partnerpair"),
            table(_("Merges of partners"), "merge", "partners.partnermerge"),
            table(_("Contacts"), "contacts", "partners.partnercontact"),
            Entry(
                _("Notes"),
                "sticky_note_2",
                "admin:partners_partnernote_changelist",
                "partners.view_partnernote",
            ),
            table(_("Specialisations and verticals"), "category", "partners.focus"),
            table(_("Tiers"), "workspace_premium", "partners.tier"),
        ],
    ),
    (
        _("Programme"),
        [
            table(_("Tier programmes"), "stairs", "partners.tierprogramme"),
            table(_("Benefits"), "redeem", "partners.benefitcatalogue"),
            table(_("Ideal partner profiles"), "target", "partners.idealprofile"),
            table(_("Partners by score"), "leaderboard", "partners.partnerfit"),
            table(_("Scorings"), "speed", "partners.fitrun"),
            table(_("Proposed tiers"), "how_to_vote", "partners.tierproposal"),
            table(_("Tier exceptions"), "pan_tool", "partners.tierexception"),
            table(_("Assessments"), "fact_check", "partners.tierassessment"),
            table(_("Recalculations"), "update", "partners.tierrun"),
            table(_("Recalculation schedules"), "schedule", "partners.tierschedule"),
            table(_("Entered values"), "edit_note", "partners.measurevalue"),
            table(_("Rules of engagement"), "gavel", "dealreg.rulebook"),
            table(_("Split policies"), "balance", "dealreg.splitpolicy"),
            Entry(
                _("How fast we decide"),
                "speed",
                "admin:dealreg_case_promptness",
                "dealreg.view_conflictcase",
            ),
            table(_("Service levels"), "timer", "dealreg.servicelevel"),
            table(_("Own fields"), "edit_note", "dealreg.dealfield"),
            table(_("Product lines"), "category", "dealreg.productline"),
            table(_("Sales stages"), "stairs", "dealreg.salesstage"),
            table(_("Reasons for winning or losing"), "emoji_events", "dealreg.closereason"),
            table(_("Exchange rates"), "currency_exchange", "core.exchangerate"),
        ],
    ),
    (
        _("Portal"),
        [
            table(_("Users"), "person", "core.user"),
            table(_("Staff duties"), "badge", "partners.staffduty"),
            table(_("API tokens"), "key", "core.apitoken"),
            table(_("Branding"), "palette", "core.branding"),
        ],
    ),
    (
        _("Record"),
        [
            table(_("Events"), "history", "core.event"),
            table(_("Deliveries"), "sync_alt", "core.eventdelivery"),
            table(_("Appointments"), "event_upcoming", "core.appointment"),
            table(_("Outgoing mail"), "mail", "core.outgoingmail"),
            table(_("Imports"), "upload_file", "core.importrun"),
            table(_("Inbound mail"), "mark_email_read", "integrations.inboundmessage"),
            table(_("Seals"), "verified", "core.eventseal"),
            table(_("Files"), "attach_file", "core.storedfile"),
        ],
    ),
]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and entries that the reader may open, the queue with its length."""
    start = {"title": _("Start"), "icon": "home", "link": address("admin:index")}
    groups = [
        {
            "title": title,
            "items": [item(request, entry) for entry in entries if may(request, entry)],
        }
        for title, entries in SIDEBAR
    ]
    return [{"items": [start]}, *(group for group in groups if group["items"])]


def may(request: HttpRequest, entry: Entry) -> bool:
    return request.user.has_perm(entry.permission)


def waiting_count(request: HttpRequest) -> int:
    """The queue's length, counted once for a request."""
    known: int | None = request.__dict__.get("_waiting")
    if known is None:
        known = request.__dict__["_waiting"] = desk.waiting_count(actor_of(request))
    return known


OWN_ENTRY = {
    "admin:dealreg_deal_changelist": (
        "admin:dealreg_deal_queue",
        "admin:dealreg_deal_forecast",
        "admin:dealreg_deal_squatting",
    ),
    "admin:dealreg_account_changelist": ("admin:dealreg_account_duplicates",),
}


def address(url_name: str) -> str:
    return _address(url_name, get_script_prefix())


@cache
def _address(url_name: str, _prefix: str) -> str:
    # Kept: a page of the back office names some seventy, always the same.
    return reverse(url_name)


def item(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    link = address(entry.url_name)
    # Some pages lie below a list and have an entry of their own.
    below = OWN_ENTRY.get(entry.url_name, ())
    here = request.path.startswith(link)
    here = here and not any(request.path.startswith(address(name)) for name in below)
    shown = {"title": entry.label, "icon": entry.icon, "link": link, "active": here}
    if entry.url_name == "admin:dealreg_deal_queue":
        number = waiting_count(request)
        if number:
            shown |= {"badge": f"{number:,}", "badge_variant": "primary"}
    return shown
