"""Shared deals as the vendor sees them: who gets what, who answered, and the page on which
staff propose a split or set it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.base import ReadOnlyAdmin, RecordedAdmin, actor_of
from core.number_fields import NumberField
from dealreg import services, sharing, split_access
from dealreg.models import Split, SplitPolicy
from dealreg.rules.splits import MOST_PARTS, InvalidSplit, SplitMovedOn, SplitRole, SplitStatus
from dealreg.services import PartAsked
from dealreg.split_forms import LONGEST_NOTE, TakeBackForm
from partners.admin import RegionFilter
from partners.queries.organisations import partner_called

TONES = {
    SplitStatus.PROPOSED: "info",
    SplitStatus.COUNTERED: "warning",
    SplitStatus.IN_FORCE: "success",
    SplitStatus.DECLINED: "danger",
    SplitStatus.WITHDRAWN: "",
    SplitStatus.EXPIRED: "warning",
    SplitStatus.SUPERSEDED: "",
}
SPARE_ROWS = 4


class SplitRegionFilter(RegionFilter):
    path_field = "deal__partner__region__path"


@admin.register(Split)
class SplitAdmin(ReadOnlyAdmin):
    list_display = ["reference_shown", "customer", "partner", "status_shown", "basis", "until"]
    list_display_links = ["reference_shown"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("basis", ChoicesDropdownFilter),
        SplitRegionFilter,
    ]
    list_select_related = ["deal__partner"]
    search_fields = ["deal__customer_name__istartswith", "deal__partner__name__istartswith"]
    search_help_text = gettext_lazy("Beginning of the customer's or the partner's name.")
    ordering = ["-id"]
    sortable_by: list[str] = []
    empty_text = gettext_lazy("Splits appear here as soon as partners propose to share a deal.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        pages: list[tuple[str, str, Any]] = [
            ("deal/<int:deal_id>/", "share", share),
            ("<int:split_id>/withdraw/", "withdraw", withdraw),
        ]
        own = [
            path(route, guarded(view), {"site": self.admin_site}, name=f"dealreg_split_{name}")
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return story(request, object_id, site=self.admin_site)

    @display(description=gettext_lazy("split"))
    def reference_shown(self, split: Split) -> str:
        return split.reference

    @display(description=gettext_lazy("customer"))
    def customer(self, split: Split) -> str:
        return split.deal.customer_name

    @display(description=gettext_lazy("whose deal"))
    def partner(self, split: Split) -> str:
        return split.deal.partner.name

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in TONES.items()},
    )
    def status_shown(self, split: Split) -> tuple[str, str]:
        return split.status, split.get_status_display()

    @display(description=gettext_lazy("deadline"))
    def until(self, split: Split) -> str:
        return date_format(localtime(split.deadline), "DATE_FORMAT") if split.deadline else "–"


@require_safe
def story(request: HttpRequest, object_id: str, site: AdminSite) -> HttpResponse:
    """Everything about one split, all parts with their partners."""
    if not object_id.isdigit() or len(object_id) > 18:
        raise Http404
    actor = actor_of(request)
    page = sharing.split_page(actor, int(object_id))
    context = {
        **site.each_context(request),
        "title": f"{page.split.reference} · {page.deal.customer_name}",
        "subtitle": None,
        "page": page,
        "split": page.split,
        "tone": TONES[SplitStatus(page.split.status)],
        "news": sharing.news_of(actor, page.split),
        "withdraw_form": TakeBackForm(initial={"version": page.split.version}),
        "may_change": split_access.may_answer(actor),
    }
    return TemplateResponse(request, "admin/dealreg/split/story.html", context)


@require_POST
def withdraw(request: HttpRequest, split_id: int, site: AdminSite) -> HttpResponse:
    form = TakeBackForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        services.withdraw_split(actor=actor_of(request), split_id=split_id, version=version)
    except (services.SplitChanged, SplitMovedOn):
        messages.warning(request, _("The split has changed meanwhile; please look again."))
    else:
        messages.success(request, _("The proposal is withdrawn; the partners are told."))
    return redirect("admin:dealreg_split_change", split_id)


class StaffPartForm(forms.Form):
    partner = forms.CharField(
        required=False,
        max_length=253,
        widget=UnfoldAdminTextInputWidget(attrs={"aria-label": gettext_lazy("Partner")}),
    )
    role = forms.ChoiceField(
        required=False,
        choices=[("", "–"), *SplitRole.choices],
        widget=UnfoldAdminSelectWidget(attrs={"aria-label": gettext_lazy("Role")}),
    )
    percent = NumberField(
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=UnfoldAdminTextInputWidget(attrs={"aria-label": gettext_lazy("Share in per cent")}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [bool(data.get(name)) for name in ("partner", "role", "percent")]
        if not self.errors and any(given) and not all(given):
            raise forms.ValidationError(_("Fill in the whole row: partner, role and share."))
        return data


StaffRows = forms.formset_factory(
    StaffPartForm, extra=0, max_num=MOST_PARTS, absolute_max=MOST_PARTS, validate_max=True
)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What the partners should know"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("All partners concerned read it. Needed to set the split."),
    )


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    """Staff propose a split, or set it with a reason."""
    actor = actor_of(request)
    shared = sharing.deal_sharing(actor, deal_id)
    if request.method == "GET":
        return draw_share(request, site, shared, rows_of(shared), ReasonForm())
    rows, words = StaffRows(request.POST, prefix="parts"), ReasonForm(request.POST)
    if not (rows.is_valid() and words.is_valid()):
        return draw_share(request, site, shared, rows, words, status=422)
    reason = words.cleaned_data["reason"]
    try:
        parts = parts_named(request, rows)
        if request.POST.get("act") == "decide":
            split = services.decide_split(actor=actor, deal_id=deal_id, parts=parts, reason=reason)
        else:
            split = services.propose_split(actor=actor, deal_id=deal_id, parts=parts, note=reason)
    except (InvalidSplit, services.NotShareable) as wrong:
        words.add_error(None, str(wrong))
        return draw_share(request, site, shared, rows, words, status=422)
    except services.SplitIsOpen:
        words.add_error(
            None, _("The partners talk about a proposal already. Set the split, or wait.")
        )
        return draw_share(request, site, shared, rows, words, status=409)
    messages.success(request, _("Done; the partners are told."))
    return redirect("admin:dealreg_split_change", split.pk)


def parts_named(request: HttpRequest, rows: Any) -> list[PartAsked]:
    """The filled rows. Raises InvalidSplit for a partner that is not in the actor's regions."""
    found = []
    for row in rows.forms:
        data = row.cleaned_data
        if not data.get("partner"):
            continue
        partner = partner_called(actor_of(request), data["partner"])
        if partner is None:
            raise InvalidSplit(
                _("There is no partner “%(name)s” in your regions.") % {"name": data["partner"]}
            )
        found.append(PartAsked(SplitRole(data["role"]), data["percent"], partner_id=partner.pk))
    return found


def rows_of(shared: sharing.DealSharing) -> Any:
    page = shared.talking or shared.holding
    known = [
        {"partner": part.who, "role": part.role.value, "percent": part.percent}
        for part in (page.parts if page else ())
    ]
    first = known or [{"partner": shared.deal.partner.name}]
    spare: list[dict[str, Any]] = [{}] * SPARE_ROWS
    return StaffRows(initial=[*first, *spare][:MOST_PARTS], prefix="parts")


def draw_share(
    request: HttpRequest,
    site: AdminSite,
    shared: sharing.DealSharing,
    rows: Any,
    words: ReasonForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("Share %s") % shared.deal.reference,
        "subtitle": None,
        "sharing": shared,
        "deal": shared.deal,
        "rows": rows,
        "words": words,
        "back": reverse("admin:dealreg_deal_change", args=[shared.deal.pk]),
    }
    return TemplateResponse(request, "admin/dealreg/split/share.html", context, status=status)


@admin.register(SplitPolicy)
class SplitPolicyAdmin(RecordedAdmin):
    """What holds when partners do not agree, by region."""

    list_display = ["region_shown", "answer_days", "default_share", "names_shown"]
    list_select_related = ["region"]
    ordering = ["id"]
    fieldsets = [
        (None, {"fields": ["region", "answer_days", "default_share", "names_shown"]}),
        (
            gettext_lazy("Weights of the roles"),
            {
                "fields": [
                    "weight_source",
                    "weight_sell",
                    "weight_influence",
                    "weight_implement",
                    "weight_fulfil",
                ]
            },
        ),
    ]
    empty_text = gettext_lazy(
        "Without a policy partners have 14 days, and without agreement the deal stays with the "
        "partner who registered it."
    )

    @display(description=gettext_lazy("region"))
    def region_shown(self, policy: SplitPolicy) -> str:
        return str(policy)
