"""Customers that may be one: the list of pairs, a look at what merging would do, and back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.admin.base import ReadOnlyAdmin, actor_of
from dealreg import duplicates, services
from dealreg.models import Account, AccountMerge, DuplicatePair


def draw(
    request: HttpRequest, site: AdminSite, name: str, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    shown = {**site.each_context(request), "title": title, "subtitle": None, **context}
    return TemplateResponse(request, f"admin/dealreg/account/{name}.html", shown, status=status)


@require_safe
def pairs(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What the audit found and nobody has decided yet."""
    page = duplicates.duplicates(actor_of(request))
    return draw(request, site, "duplicates", _("Customers that may be one"), page=page)


@require_POST
def dismiss(request: HttpRequest, pair_id: int, site: AdminSite) -> HttpResponse:
    try:
        services.dismiss_duplicate(actor=actor_of(request), pair_id=pair_id)
    except DuplicatePair.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("They stay two customers and are not proposed again."))
    return redirect("admin:dealreg_account_duplicates")


@require_safe
def choose(request: HttpRequest, account_id: int, site: AdminSite) -> HttpResponse:
    """With which other customer this one is to be merged."""
    text = request.GET.get("q", "")[:100]
    page = duplicates.choices_for(actor_of(request), account_id, text)
    title = _("Merge %s with another customer") % page.account.name
    return draw(request, site, "choose", title, page=page, text=text)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, account_id: int, other_id: int, site: AdminSite) -> HttpResponse:
    """What merging `other_id` into `account_id` would do; POST does it."""
    actor, status = actor_of(request), 200
    if request.method == "POST":
        try:
            done = services.merge_accounts(actor=actor, survivor_id=account_id, loser_id=other_id)
        except Account.DoesNotExist:
            raise Http404 from None
        except services.MergeRefused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            messages.success(request, _("%s is merged.") % done.loser.name)
            return redirect("admin:dealreg_accountmerge_change", done.pk)
    try:
        page = duplicates.merge_page(actor, account_id, other_id)
    except services.MergeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:dealreg_account_change", account_id)
    return draw(request, site, "merge", _("Merge two customers"), status, page=page)


@require_safe
def show(request: HttpRequest, object_id: str, site: AdminSite) -> HttpResponse:
    """One merge and what it moved."""
    if not object_id.isdigit() or len(object_id) > 18:
        raise Http404
    page = duplicates.merged(actor_of(request), int(object_id))
    return draw(request, site, "merged", _("Merge of customers"), page=page)


@require_POST
def undo(request: HttpRequest, merge_id: int, site: AdminSite) -> HttpResponse:
    try:
        services.undo_merge(actor=actor_of(request), merge_id=merge_id)
    except AccountMerge.DoesNotExist:
        raise Http404 from None
    except services.MergeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The merge is undone; they are two customers again."))
    return redirect("admin:dealreg_accountmerge_change", merge_id)


def of_accounts(site: AdminSite) -> list[URLPattern]:
    """The addresses under the list of customers."""
    pages: list[tuple[str, str, Any]] = [
        ("duplicates/", "duplicates", pairs),
        ("duplicates/<int:pair_id>/dismiss/", "dismiss", dismiss),
        ("<int:account_id>/merge/", "choose", choose),
        ("<int:account_id>/merge/<int:other_id>/", "merge", merge),
    ]
    return [
        path(route, site.admin_view(view), {"site": site}, name=f"dealreg_account_{name}")
        for route, name, view in pages
    ]


@admin.register(AccountMerge)
class AccountMergeAdmin(ReadOnlyAdmin):
    list_display = ["loser", "survivor", "merged_at", "merged_by", "undone_at"]
    list_select_related = ["loser", "survivor", "merged_by"]
    ordering = ["-id"]
    sortable_by: list[str] = []
    empty_text = gettext_lazy("No customers have been merged yet.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(undo)
        name = "dealreg_accountmerge_undo"
        own = path("<int:merge_id>/undo/", view, {"site": self.admin_site}, name=name)
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return show(request, object_id, site=self.admin_site)


def live(rows: "models.QuerySet[Account]") -> "models.QuerySet[Account]":
    """Without the customers that were merged into others."""
    return rows.filter(merged_into__isnull=True)
