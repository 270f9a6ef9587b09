"""The vendor's back office: whose it is, who gets in, what the sidebar and the start page show."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from core import record
from core.actor import ANONYMOUS, Actor
from core.context import branding_for
from core.models import User
from core.models.users import Theme
from core.permissions import remember
from dealreg import case_queries, desk, duplicates
from partners import programme


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


class BackOffice(UnfoldAdminSite):  # type: ignore[misc]
    """For people of the vendor with a duty. Everybody else who is signed in is told so (403);
    signing in is the portal's, with its second factor and its rate limits."""

    index_template = "admin/home.html"
    index_title = _("Start")
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Removing many rows at once goes around the question whether others need them.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only tables that keep the record: those that packages bring write past it."""
        if getattr(admin_class, "keeps_the_record", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        actor = actor_of(request)
        if isinstance(request.user, User):
            remember(request.user, actor)
        return actor.is_staff

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                return self.refused(request)
            answer: HttpResponseBase = guarded(request, *args, **kwargs)
            return answer

        return update_wrapper(inner, guarded)

    def refused(self, request: HttpRequest) -> HttpResponse:
        """What somebody without a duty sees on every address of the back office."""
        return render(request, "admin/refused.html", status=403)

    @method_decorator([never_cache, login_not_required])
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("admin:index")
        wanted = request.GET.get("next", "")
        return redirect_to_login(wanted or reverse("admin:index"), reverse("account_login"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # 307: the form is sent on to the portal's own sign-out as it is.
        return redirect("account_logout", preserve_request=True)

    def search(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # Unfold's palette over names of tables; the sidebar has them all.
        raise Http404

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("security")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("security")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        brand = branding_for(request)
        theme = getattr(request.user, "theme", Theme.SYSTEM)
        return {
            **context,
            "site_title": brand.name,
            "site_header": brand.name,
            "site_subheader": _("Back office"),
            "site_icon": brand.logo_url,
            "site_url": None,
            "colors": {**(context["colors"] or {}), "primary": palette(brand.brand_colour)},
            "theme": theme if theme in {Theme.LIGHT, Theme.DARK} else None,
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        actor = actor_of(request)
        context = {
            "subtitle": None,
            "desk": desk.desk(actor),
            "waiting": waiting_count(request),
            "waiting_cases": case_queries.waiting_cases(actor),
            "at_risk": programme.partners_at_risk(actor),
            "active_partners": programme.active_partners(actor),
            "proposed_tiers": programme.proposed_tiers(actor),
            "parked": record.parked() if actor.is_ops else None,
            "pairs": duplicates.waiting_pairs() if actor.is_ops else 0,
            **(extra_context or {}),
        }
        answer: HttpResponse = super().index(request, context)
        return answer


# --- the vendor's colour --------------------------------------------------------------------

# Lightness and most chroma of each shade. Fixed, so that text can be read on each of them
# whatever colour the vendor chose.
SHADES = {
    "50": (0.977, 0.014),
    "100": (0.946, 0.033),
    "200": (0.902, 0.063),
    "300": (0.827, 0.1),
    "400": (0.76, 0.12),
    "500": (0.7, 0.13),
    "600": (0.48, 0.2),
    "700": (0.42, 0.18),
    "800": (0.37, 0.15),
    "900": (0.32, 0.12),
    "950": (0.25, 0.09),
}


def palette(colour: str) -> dict[str, str]:
    """The shades of a brand colour as CSS colours."""
    return {
        name: f"oklch(from {colour} {lightness} min(c, {chroma}) h)"
        for name, (lightness, chroma) in SHADES.items()
    }


# --- the sidebar ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it is called, its icon, where it leads, the permission that shows it."""

    label: Promise | str
    icon: str
    url_name: str
    permission: str


SIDEBAR: list[tuple[Promise | str, list[Entry]]] = [
    (
        _("Work"),
        [
            Entry(_("Review queue"), "inbox", "admin:dealreg_deal_queue", "dealreg.view_deal"),
            Entry(
                _("Conflict cases"),
                "balance",
                "admin:dealreg_conflictcase_changelist",
                "dealreg.view_conflictcase",
            ),
            Entry(_("Deals"), "handshake", "admin:dealreg_deal_changelist", "dealreg.view_deal"),
            Entry(_("Forecast"), "trending_up", "admin:dealreg_deal_forecast", "dealreg.view_deal"),
            Entry(
                _("Extensions"),
                "more_time",
                "admin:dealreg_extension_changelist",
                "dealreg.view_extension",
            ),
            Entry(
                _("Registered and progressed"),
                "monitoring",
                "admin:dealreg_deal_squatting",
                "dealreg.view_deal",
            ),
            Entry(
                _("Shared deals"),
                "pie_chart",
                "admin:dealreg_split_changelist",
                "dealreg.view_split",
            ),
            Entry(
                _("Customers"),
                "apartment",
                "admin:dealreg_account_changelist",
                "dealreg.view_account",
            ),
            Entry(
                _("Other names"),
                "label",
                "admin:dealreg_accountalias_changelist",
                "dealreg.view_accountalias",
            ),
            Entry(
                _("Duplicates"),
                "join",
                "admin:dealreg_account_duplicates",
                "dealreg.change_account",
            ),
            Entry(
                _("Merges"),
                "merge",
                "admin:dealreg_accountmerge_changelist",
                "dealreg.view_accountmerge",
            ),
        ],
    ),
    (
        _("Own sales"),
        [
            Entry(
                _("Purchases"),
                "receipt_long",
                "admin:dealreg_purchase_changelist",
                "dealreg.view_purchase",
            ),
            Entry(
                _("Direct opportunities"),
                "target",
                "admin:dealreg_directopportunity_changelist",
                "dealreg.view_directopportunity",
            ),
        ],
    ),
    (
        _("Partners"),
        [
            Entry(
                _("Partners"),
                "storefront",
                "admin:partners_partner_changelist",
                "partners.view_partner",
            ),
            Entry(
                _("People"),
                "group",
                "admin:partners_membership_changelist",
                "partners.view_membership",
            ),
            Entry(
                _("Invitations"),
                "forward_to_inbox",
                "admin:partners_invitation_changelist",
                "partners.view_invitation",
            ),
            Entry(
                _("Joint plans"),
                "flag",
                "admin:partners_jointplan_changelist",
                "partners.view_jointplan",
            ),
            Entry(
                _("Quarterly reviews"),
                "event_note",
                "admin:partners_quarterlyreview_changelist",
                "partners.view_quarterlyreview",
            ),
            Entry(
                _("Review packs"),
                "picture_as_pdf",
                "admin:partners_reviewpack_changelist",
                "partners.view_reviewpack",
            ),
            Entry(
                _("Review agendas"),
                "list_alt",
                "admin:partners_reviewtemplate_changelist",
                "partners.view_reviewtemplate",
            ),
            Entry(
                _("Strengths and weaknesses"),
                "grid_view",
                "admin:partners_swotpoint_changelist",
                "partners.view_swotpoint",
            ),
            Entry(_("Tasks"), "task_alt", "admin:partners_todo_changelist", "partners.view_todo"),
            Entry(
                _("Offboardings"),
                "logout",
                "admin:partners_offboarding_changelist",
                "partners.view_offboarding",
            ),
            Entry(_("Leads"), "contact_mail", "admin:dealreg_lead_changelist", "dealreg.view_lead"),
            Entry(
                _("Directory profiles"),
                "menu_book",
                "admin:partners_directoryprofile_changelist",
                "partners.view_directoryprofile",
            ),
            Entry(
                _("Distribution"),
                "conversion_path",
                "admin:partners_distributionlink_changelist",
                "partners.view_distributionlink",
            ),
            Entry(
                _("Distribution policies"),
                "rule_settings",
                "admin:partners_distributionpolicy_changelist",
                "partners.view_distributionpolicy",
            ),
            Entry(
                _("Visits"),
                "supervisor_account",
                "admin:partners_visit_changelist",
                "partners.view_visit",
            ),
            Entry(
                _("Regions"), "public", "admin:partners_region_changelist", "partners.view_region"
            ),
            Entry(
                _("Roll-outs"),
                "rocket_launch",
                "admin:partners_rollout_changelist",
                "partners.view_rollout",
            ),
            Entry(
                _("Documents"),
                "description",
                "admin:partners_partnerdocument_changelist",
                "partners.view_partnerdocument",
            ),
            Entry(
                _("Duties and playbooks"),
                "menu_book",
                "admin:partners_typeplaybook_changelist",
                "partners.view_typeplaybook",
            ),
            Entry(
                _("Partners that may be one"),
                "join",
                "admin:partners_partnerpair_changelist",
                "partners.view_partnerpair",
            ),
            Entry(
                _("Merges of partners"),
                "merge",
                "admin:partners_partnermerge_changelist",
                "partners.view_partnermerge",
            ),
            Entry(
                _("Contacts"),
                "contacts",
                "admin:partners_partnercontact_changelist",
                "partners.view_partnercontact",
            ),
            Entry(
                _("Notes"),
                "sticky_note_2",
                "admin:partners_partnernote_changelist",
                "partners.view_partnernote",
            ),
            Entry(
                _("Specialisations and verticals"),
                "category",
                "admin:partners_focus_changelist",
                "partners.view_focus",
            ),
            Entry(
                _("Tiers"),
                "workspace_premium",
                "admin:partners_tier_changelist",
                "partners.view_tier",
            ),
        ],
    ),
    (
        _("Programme"),
        [
            Entry(
                _("Tier programmes"),
                "stairs",
                "admin:partners_tierprogramme_changelist",
                "partners.view_tierprogramme",
            ),
            Entry(
                _("Benefits"),
                "redeem",
                "admin:partners_benefitcatalogue_changelist",
                "partners.view_benefitcatalogue",
            ),
            Entry(
                _("Proposed tiers"),
                "how_to_vote",
                "admin:partners_tierproposal_changelist",
                "partners.view_tierproposal",
            ),
            Entry(
                _("Tier exceptions"),
                "pan_tool",
                "admin:partners_tierexception_changelist",
                "partners.view_tierexception",
            ),
            Entry(
                _("Assessments"),
                "fact_check",
                "admin:partners_tierassessment_changelist",
                "partners.view_tierassessment",
            ),
            Entry(
                _("Recalculations"),
                "update",
                "admin:partners_tierrun_changelist",
                "partners.view_tierrun",
            ),
            Entry(
                _("Recalculation schedules"),
                "schedule",
                "admin:partners_tierschedule_changelist",
                "partners.view_tierschedule",
            ),
            Entry(
                _("Entered values"),
                "edit_note",
                "admin:partners_measurevalue_changelist",
                "partners.view_measurevalue",
            ),
            Entry(
                _("Rules of engagement"),
                "gavel",
                "admin:dealreg_rulebook_changelist",
                "dealreg.view_rulebook",
            ),
            Entry(
                _("Split policies"),
                "balance",
                "admin:dealreg_splitpolicy_changelist",
                "dealreg.view_splitpolicy",
            ),
            Entry(
                _("How fast we decide"),
                "speed",
                "admin:dealreg_case_promptness",
                "dealreg.view_conflictcase",
            ),
            Entry(
                _("Service levels"),
                "timer",
                "admin:dealreg_servicelevel_changelist",
                "dealreg.view_servicelevel",
            ),
            Entry(
                _("Own fields"),
                "edit_note",
                "admin:dealreg_dealfield_changelist",
                "dealreg.view_dealfield",
            ),
            Entry(
                _("Product lines"),
                "category",
                "admin:dealreg_productline_changelist",
                "dealreg.view_productline",
            ),
            Entry(
                _("Sales stages"),
                "stairs",
                "admin:dealreg_salesstage_changelist",
                "dealreg.view_salesstage",
            ),
            Entry(
                _("Reasons for winning or losing"),
                "emoji_events",
                "admin:dealreg_closereason_changelist",
                "dealreg.view_closereason",
            ),
            Entry(
                _("Exchange rates"),
                "currency_exchange",
                "admin:core_exchangerate_changelist",
                "core.view_exchangerate",
            ),
        ],
    ),
    (
        _("Portal"),
        [
            Entry(_("Users"), "person", "admin:core_user_changelist", "core.view_user"),
            Entry(
                _("Staff duties"),
                "badge",
                "admin:partners_staffduty_changelist",
                "partners.view_staffduty",
            ),
            Entry(_("API tokens"), "key", "admin:core_apitoken_changelist", "core.view_apitoken"),
            Entry(_("Branding"), "palette", "admin:core_branding_changelist", "core.view_branding"),
        ],
    ),
    (
        _("Record"),
        [
            Entry(_("Events"), "history", "admin:core_event_changelist", "core.view_event"),
            Entry(
                _("Deliveries"),
                "sync_alt",
                "admin:core_eventdelivery_changelist",
                "core.view_eventdelivery",
            ),
            Entry(
                _("Appointments"),
                "event_upcoming",
                "admin:core_appointment_changelist",
                "core.view_appointment",
            ),
            Entry(
                _("Outgoing mail"),
                "mail",
                "admin:core_outgoingmail_changelist",
                "core.view_outgoingmail",
            ),
            Entry(
                _("Imports"),
                "upload_file",
                "admin:core_importrun_changelist",
                "core.view_importrun",
            ),
            Entry(
                _("Inbound mail"),
                "mark_email_read",
                "admin:integrations_inboundmessage_changelist",
                "integrations.view_inboundmessage",
            ),
            Entry(_("Seals"), "verified", "admin:core_eventseal_changelist", "core.view_eventseal"),
            Entry(
                _("Files"),
                "attach_file",
                "admin:core_storedfile_changelist",
                "core.view_storedfile",
            ),
        ],
    ),
]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and entries that the reader may open, the queue with its length."""
    start = {"title": _("Start"), "icon": "home", "link": reverse("admin:index")}
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


def item(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    link = reverse(entry.url_name)
    # Some pages lie below a list and have an entry of their own.
    below = OWN_ENTRY.get(entry.url_name, ())
    here = request.path.startswith(link)
    here = here and not any(request.path.startswith(reverse(name)) for name in below)
    shown = {"title": entry.label, "icon": entry.icon, "link": link, "active": here}
    if entry.url_name == "admin:dealreg_deal_queue":
        number = waiting_count(request)
        if number:
            shown |= {"badge": f"{number:,}", "badge_variant": "primary"}
    return shown


# --- what unfold asks for by name (UNFOLD in the settings) ----------------------------------


def style_sheet(_request: HttpRequest) -> str:
    return static("css/admin.css")


def script(request: HttpRequest) -> str:
    return static("js/admin.js")


def favicon(_request: HttpRequest) -> str:
    return static("favicon.svg")
