"""Partners that may be one: the queue of pairs, a look at both, merging, and back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from partners.admin.pages import refuse_writing
from partners.models import Partner, PartnerMerge, PartnerPair
from partners.queries.duplicates import in_words, moved_by, pair_page
from partners.services.duplicates import dismiss_pair, open_pairs, propose_pair
from partners.services.merging import MergeRefused, merge_partners, undo_merge


def key_of(text: str) -> int:
    """Raises Http404 for what is no key."""
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


@admin.register(PartnerPair)
class PartnerPairAdmin(ReadOnlyAdmin):
    list_display = ["first", "second", "score", "why", "found_at"]
    list_select_related = ["first", "second"]
    search_fields = ["first__name", "second__name"]
    sortable_by = ["score", "found_at"]
    ordering = ["-score", "id"]
    empty_text = gettext_lazy("No two partners look like one.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        match = request.resolver_match
        # The list is the queue; what was decided stays readable by its address.
        listed = match is not None and str(match.url_name).endswith("_changelist")
        return rows.filter(pk__in=open_pairs()) if listed else rows

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        own = path("<int:partner_pair_id>/decide/", decide, name="partners_partnerpair_decide")
        return [own, *super().get_urls()]

    @display(description=gettext_lazy("how alike"))
    def why(self, pair: PartnerPair) -> str:
        return ", ".join(in_words(pair))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Both side by side, and what merging would hand over."""
        refuse_writing(request)
        page = pair_page(actor_of(request), key_of(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Partners that may be one"),
            "subtitle": None,
            "page": page,
        }
        return TemplateResponse(request, "admin/partners/pair.html", context)

    def decide(self, request: HttpRequest, partner_pair_id: int) -> HttpResponse:
        """`keep` is the id of the one that stays, "both" when they are two."""
        actor, keep = actor_of(request), request.POST.get("keep", "")
        page = pair_page(actor, partner_pair_id)
        ids = [side.partner.pk for side in page.sides]
        if keep == "both":
            dismiss_pair(actor=actor, pair_id=partner_pair_id)
            messages.success(request, _("They stay two partners and are not proposed again."))
            return redirect("admin:partners_partnerpair_changelist")
        if keep not in map(str, ids):
            messages.error(request, _("Choose which one is kept."))
            return redirect("admin:partners_partnerpair_change", partner_pair_id)
        kept = int(keep)
        loser = ids[1] if kept == ids[0] else ids[0]
        try:
            done = merge_partners(actor=actor, survivor_id=kept, loser_id=loser)
        except MergeRefused as refused:
            messages.error(request, str(refused))
            return redirect("admin:partners_partnerpair_change", partner_pair_id)
        messages.success(request, _("%s is merged.") % done.loser.name)
        return redirect("admin:partners_partnermerge_change", done.pk)


@admin.register(PartnerMerge)
class PartnerMergeAdmin(ReadOnlyAdmin):
    list_display = ["loser", "survivor", "merged_at", "merged_by", "undone_at"]
    list_select_related = ["loser", "survivor"]
    search_fields = ["loser__name", "survivor__name"]
    ordering = ["-id"]
    fields = ["loser", "survivor", "merged_at", "merged_by", "undone_at"]
    empty_text = gettext_lazy("No partners have been merged yet.")

    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(require_POST(self.undo))
        own = path("<int:partner_merge_id>/undo/", undo, name="partners_partnermerge_undo")
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        refuse_writing(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge of partners"),
            "subtitle": None,
            "merge": row,
            "moved": moved_by(row),
            "may_undo": actor_of(request).is_ops and row.undone_at is None,
        }
        return TemplateResponse(request, "admin/partners/merge.html", context)

    def undo(self, request: HttpRequest, partner_merge_id: int) -> HttpResponse:
        try:
            undo_merge(actor=actor_of(request), merge_id=partner_merge_id)
        except (PartnerMerge.DoesNotExist, Partner.DoesNotExist):
            raise Http404 from None
        except MergeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The merge is undone; they are two partners again."))
        return redirect("admin:partners_partnermerge_change", partner_merge_id)


def propose(model_admin: Any, request: HttpRequest, queryset: "models.QuerySet[Any]") -> Any:
    """Two partners chosen from the list, side by side."""
    chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
    if len(chosen) != 2:
        messages.error(request, _("Choose two partners."))
        return None
    pair = propose_pair(actor=actor_of(request), one_id=chosen[0], other_id=chosen[1])
    return redirect("admin:partners_partnerpair_change", pair.pk)
