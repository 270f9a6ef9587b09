"""Strengths and weaknesses in the back office: every line, and a partner's four lists."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.acts import tell_outcome
from core.admin.base import actor_of
from partners.admin.pages import PagesAdmin
from partners.models import Partner, SwotPoint
from partners.queries import plans, swot
from partners.rules.swot import Quadrant
from partners.services import swot as services
from partners.services.swot import StalePoint, SwotRefused
from partners.views.swot import version_asked_for

REFUSALS = (SwotRefused, StalePoint)


@admin.register(SwotPoint)
class SwotPointAdmin(PagesAdmin):
    list_display = ["text", "quadrant", "partner", "side", "added_by_label", "added_at", "stands"]
    list_display_links = ["text"]
    list_select_related = ["partner"]
    list_filter = [("quadrant", ChoicesDropdownFilter), ("side", ChoicesDropdownFilter)]
    search_fields = ["text", "partner__name"]
    ordering = ["-id"]
    empty_text = gettext_lazy("Nobody has written about strengths and weaknesses yet.")
    pages = [
        ("of/<int:partner_id>/", "lists"),
        ("of/<int:partner_id>/add/", "add_line"),
        ("<int:point_id>/save/", "save"),
        ("<int:point_id>/remove/", "remove_line"),
    ]

    @display(description=gettext_lazy("still said"), boolean=True)
    def stands(self, point: SwotPoint) -> bool:
        return point.until is None

    def draw(
        self, request: HttpRequest, row: SwotPoint, status: int = 200, **context: Any
    ) -> HttpResponse:
        return self.sheet(request, row.partner)

    def sheet(self, request: HttpRequest, partner: Partner) -> HttpResponse:
        page = swot.swot_page(actor_of(request), partner.pk, version_asked_for(request))
        return self.page(
            request,
            "admin/partners/swotpoint/lists.html",
            _("Strengths and weaknesses of %s") % partner.name,
            partner=partner,
            shown=page,
        )

    @method_decorator(require_safe)
    def lists(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        return self.sheet(request, plans.partner_of(actor_of(request), partner_id))

    def change(
        self, request: HttpRequest, partner_id: int, act: Callable[[], object]
    ) -> HttpResponse:
        tell_outcome(request, act, _("Done."), REFUSALS)
        return redirect("admin:partners_swotpoint_lists", partner_id)

    @method_decorator(require_POST)
    def add_line(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        actor, asked = actor_of(request), request.POST.get("quadrant", "")
        partner = plans.partner_of(actor, partner_id)
        if asked not in Quadrant.values:
            raise Http404
        return self.change(
            request,
            partner.pk,
            lambda: services.add_point(
                actor=actor,
                partner_id=partner.pk,
                quadrant=Quadrant(asked),
                text=request.POST.get("text", ""),
            ),
        )

    @method_decorator(require_POST)
    def save(self, request: HttpRequest, point_id: int) -> HttpResponse:
        row: SwotPoint = self.row(request, point_id)
        actor, text = actor_of(request), request.POST.get("text", "")
        return self.change(
            request,
            row.partner_id,
            lambda: services.change_point(actor=actor, point_id=row.pk, text=text),
        )

    @method_decorator(require_POST)
    def remove_line(self, request: HttpRequest, point_id: int) -> HttpResponse:
        row: SwotPoint = self.row(request, point_id)
        actor = actor_of(request)
        return self.change(
            request,
            row.partner_id,
            lambda: services.remove_point(actor=actor, point_id=row.pk),
        )
