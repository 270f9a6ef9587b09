"""The vendor's back office: whose it is, who gets in, what its start page shows."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from core import record
from core.context import branding_for
from core.models import User
from core.models.users import Theme
from core.permissions import remember
from dealreg import case_queries, desk, duplicates
from partners.queries import organisations, tiers
from prm.sidebar import actor_of, sidebar, waiting_count


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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Every table with its permissions, worked out where a page lists them: the sidebar has
        entries of its own, and this took a third of each page."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        return lazy(lambda: super(BackOffice, self).get_app_list(request), list)()

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """As it is: ours has no callbacks, which Unfold would look for in a copy of it."""
        return sidebar(request)

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
            "at_risk": organisations.partners_at_risk(actor),
            "active_partners": organisations.active_partners(actor),
            "proposed_tiers": tiers.proposed_tiers(actor),
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


# --- what unfold asks for by name (UNFOLD in the settings) ----------------------------------


def style_sheet(_request: HttpRequest) -> str:
    return static("css/admin.css")


def script(request: HttpRequest) -> str:
    return static("js/admin.js")


def favicon(_request: HttpRequest) -> str:
    return static("favicon.svg")
