"""Invitations and acting in somebody's place, in the back office."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from partners import access
from partners.middleware import VISIT
from partners.models import Invitation, Visit, in_regions
from partners.queries import people
from partners.services import invitations, visits


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, place_id: int, site: AdminSite) -> HttpResponse:
    """Asks why, then the portal opens as that person sees it."""
    actor, status = actor_of(request), 200
    place = access.place_to_act_in(actor, place_id)
    if request.method == "POST":
        try:
            visit = visits.begin_visit(
                actor=actor, membership_id=place_id, reason=request.POST.get("reason", "")
            )
        except visits.ReasonMissing as refused:
            messages.error(request, str(refused))
            status = 422
        else:
            request.session[VISIT] = visit.pk
            return redirect("home")
    context = {
        **site.each_context(request),
        "title": _("Act for %s") % place.user,
        "subtitle": None,
        "place": place,
    }
    return TemplateResponse(request, "admin/partners/membership/act.html", context, status=status)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "partner", "roles_shown", "state", "invited_by", "created_at"]
    list_select_related = ["partner", "invited_by"]
    list_filter = [("state", ChoicesDropdownFilter)]
    search_fields = ["email", "partner__name"]
    ordering = ["-id"]
    fields = ["email", "partner", "roles_shown", "state", "invited_by", "created_at", "expires_at"]
    readonly_fields = ["roles_shown"]
    actions = ["release", "refuse"]
    empty_text = gettext_lazy("Administrators of partners invite people in the portal.")

    def get_queryset(self, request: HttpRequest) -> Any:
        return people.invitations_in_scope(actor_of(request), super().get_queryset(request))

    @display(description=gettext_lazy("roles"))
    def roles_shown(self, invitation: Invitation) -> str:
        return ", ".join(people.labels(invitation.roles))

    def decide(
        self, request: HttpRequest, queryset: "models.QuerySet[Invitation]", service: Any, done: str
    ) -> None:
        for key in list(queryset.values_list("pk", flat=True)[:100]):
            try:
                service(actor=actor_of(request), invitation_id=key)
            except invitations.InvitationRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, done, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Approve: send the invitations"), permissions=["view"])
    def release(self, request: HttpRequest, queryset: "models.QuerySet[Invitation]") -> None:
        self.decide(request, queryset, invitations.release_invitation, _("The invitation is sent."))

    @admin.action(description=gettext_lazy("Refuse the invitations"), permissions=["view"])
    def refuse(self, request: HttpRequest, queryset: "models.QuerySet[Invitation]") -> None:
        self.decide(
            request, queryset, invitations.refuse_invitation, _("The invitation is refused.")
        )


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    list_display = ["staff", "place", "reason", "began_at", "ends_at", "ended_at"]
    list_select_related = ["staff", "place__user", "place__partner"]
    search_fields = ["staff__email", "place__user__email", "place__partner__name"]
    ordering = ["-id"]
    fields = ["staff", "place", "reason", "began_at", "ends_at", "ended_at"]
    empty_text = gettext_lazy("Nobody has acted in somebody else's place yet.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        paths = actor_of(request).region_paths
        return rows.filter(in_regions(paths, "place__partner__region__path"))
