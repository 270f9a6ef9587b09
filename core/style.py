"""The page that shows every component, with the data of a small invented programme."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.charts import Point, Series
from core.tables import Column, EmptyState, Page, Table
from core.ui import Step, StepState, Tab, TimelineEntry, Tone, steps_at

THEMES = ("light", "dark")
DIRECTIONS = ("ltr", "rtl")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def icon_names() -> list[str]:
    """Every icon of the sprite."""
    sprite = finders.find("icons.svg")
    return re.findall(r'symbol id="([\w-]+)"', Path(sprite).read_text()) if sprite else []


@dataclass(frozen=True, slots=True)
class ShownDeal:
    customer: str
    number: str
    product: str
    amount: str
    status: str
    tone: Tone
    protected_until: str
    registered: str


DEALS = [
    ShownDeal("Nordwind Logistics GmbH", "DR-1042", "Fleet Suite", "€128,000.00",
              "Approved", Tone.GOOD, "2 Dec 2026", "3 Sep 2026"),
    ShownDeal("Acme Robotics", "DR-1043", "Edge Control", "€54,500.00",
              "In review", Tone.INFO, "—", "4 Sep 2026"),
    ShownDeal("Halcyon Retail", "DR-1044", "Fleet Suite", "€212,000.00",
              "Needs information", Tone.WARN, "—", "30 Aug 2026"),
    ShownDeal("Blue Ridge Health", "DR-1045", "Insight", "€76,250.00",
              "Declined", Tone.BAD, "—", "28 Aug 2026"),
    ShownDeal("Çelik Enerji A.Ş.", "DR-1046", "Insight", "€18,900.00",
              "Draft", Tone.NEUTRAL, "—", "27 Aug 2026"),
    ShownDeal("مجموعة النور للتجارة", "DR-1047", "Edge Control", "€9,400.00",
              "Approved", Tone.GOOD, "24 Nov 2026", "26 Aug 2026"),
]  # fmt: skip

COLUMNS = {
    column.name: column
    for column in (
        Column("customer", _("Customer"), "customer", primary=True),
        Column("number", _("Number"), priority=2),
        Column("product", _("Product"), priority=4),
        Column("amount", _("Amount"), "amount", numeric=True),
        Column("status", _("Status"), corner=True),
        Column("protected_until", _("Protected until"), "protected_until", priority=3),
        Column("registered", _("Registered"), "registered", priority=4),
    )
}


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any")), ("approved", _("Approved")), ("in_review", _("In review"))],
    )
    product = forms.ChoiceField(
        label=_("Product"), required=False, choices=[("", _("Any")), ("fleet", "Fleet Suite")]
    )


class ShownForm(forms.Form):
    customer = forms.CharField(label=_("Customer"))
    email = forms.EmailField(label=_("Work e-mail of your contact"))
    amount = forms.DecimalField(
        label=_("Expected amount"),
        min_value=1,
        help_text=_("Without tax, for the whole contract."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    expected_close = forms.DateField(
        label=_("Expected close"), widget=forms.DateInput(attrs={"type": "date"})
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=[("DE", _("Germany")), ("JP", _("Japan"))]
    )
    seats = forms.IntegerField(label=_("Seats"), required=False)
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=[("private", _("Private")), ("public", _("Public"))],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("What you need from us"),
        required=False,
        choices=[("demo", _("A demonstration")), ("price", _("A special price"))],
        widget=forms.CheckboxSelectMultiple,
    )
    description = forms.CharField(
        label=_("What the customer wants"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two or three sentences that let us tell this deal from others."),
    )
    proof = forms.FileField(label=_("Proof"), required=False, help_text=_("PDF or image, 10 MB."))
    consent = forms.BooleanField(label=_("The customer agreed to be registered with us"))


WRONG_INPUT = {
    "customer": "Halcyon Retail",
    "email": "kim@",
    "amount": "-5",
    "expected_close": "2026-12-18",
    "country": "DE",
    "sector": "private",
    "needs": ["demo"],
    "description": "Replaces the stock system of 140 shops.",
}

TIMELINE = [
    TimelineEntry(_("Deal DR-1042 was approved"), _("Mara Lindt, channel manager"),
                  datetime(2026, 9, 3, 14, 5, tzinfo=UTC), Tone.GOOD,
                  _("Clear customer, within the tier's limit. Good luck!"), "#"),
    TimelineEntry(_("A similar customer was found: Nordwind Logistik"), _("Conflict check"),
                  datetime(2026, 9, 3, 9, 13, tzinfo=UTC), Tone.WARN),
    TimelineEntry(_("Deal DR-1042 was registered"), _("Jonas Weber, Hansa Systems"),
                  datetime(2026, 9, 3, 9, 12, tzinfo=UTC), Tone.INFO),
    TimelineEntry(_("Draft saved"), _("Jonas Weber, Hansa Systems"),
                  datetime(2026, 9, 2, 16, 40, tzinfo=UTC)),
]  # fmt: skip


def shown_charts() -> dict[str, Any]:
    quarters = ["Q1", "Q2", "Q3", "Q4"]
    amounts = (120, 180, 150, 240, 310, 280, 340, 390, 360, 420, 480, 510)
    return {
        "monthly": [
            Point(month, amount * 1000) for month, amount in zip(MONTHS, amounts, strict=True)
        ],
        "by_product": [
            Point("Fleet Suite", 840_000, "€840k", "#"),
            Point("Edge Control", 512_000, "€512k", "#"),
            Point("Insight", 338_000, "€338k", "#"),
            Point("Services", 150_000, "€150k", "#"),
        ],
        "months": MONTHS,
        "won_and_lost": [
            Series(str(_("Won")), (12, 14, 11, 19, 22, 18, 25, 27, 24, 30, 33, 36)),
            Series(str(_("Lost")), (9, 8, 12, 10, 11, 13, 9, 12, 14, 11, 10, 12)),
        ],
        "quarters": quarters,
        "sources": [
            Series(str(_("Partner sourced")), (320, 410, 480, 560)),
            Series(str(_("Influenced")), (180, 160, 220, 260)),
            Series(str(_("Direct")), (90, 120, 80, 110)),
        ],
        "stages": [
            Point(str(_("Registered")), 1240, "1,240"),
            Point(str(_("Approved")), 903, "903"),
            Point(str(_("Quoted")), 512, "512"),
            Point(str(_("Won")), 341, "341"),
        ],
        "trend": amounts,
    }  # fmt: skip


def shown_table(parameters: QueryDict, *, rows: list[ShownDeal]) -> Table[ShownDeal]:
    return Table(
        columns=COLUMNS,
        page=Page(rows=rows, next_cursor="next", previous_cursor="previous"),
        caption=_("Deals"),
        sort="-registered",
        parameters=parameters,
        empty=EmptyState(
            _("No deal matches"),
            _("Take a filter away, or register the deal you were looking for."),
            "#",
            _("Register a deal"),
            "deal",
        ),
        export_url="",
        total=8800,
    )


@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """Every component in light, dark and right-to-left; for the vendor's staff."""
    if not getattr(request.user, "is_staff", False):
        raise PermissionDenied
    theme = request.GET.get("theme", "")
    direction = request.GET.get("dir", "")
    filters = QueryDict("status=approved&product=fleet")
    context: dict[str, Any] = {
        "icons": icon_names(),
        "tones": list(Tone),
        "table": shown_table(filters, rows=DEALS),
        "no_deals": shown_table(QueryDict(), rows=[]),
        "filter_form": FilterForm(filters),
        "form": ShownForm(WRONG_INPUT),
        "timeline_entries": TIMELINE,
        "steps": steps_at(
            [_("Profile"), _("Agreement"), _("Training"), _("First deal"), _("Launch")], 2
        ),
        "declined_steps": [
            Step(_("Draft"), StepState.DONE, _("2 Sep")),
            Step(_("Registered"), StepState.DONE, _("3 Sep")),
            Step(_("Review"), StepState.DONE, _("3 Sep")),
            Step(_("Declined"), StepState.FAILED, _("4 Sep")),
        ],
        "tabs": [
            Tab(_("Overview"), "#", current=True),
            Tab(_("Documents"), "#", count=3),
            Tab(_("History"), "#"),
        ],
        **shown_charts(),
    }
    if theme in THEMES:
        context["theme"] = theme
    if direction in DIRECTIONS:
        context["direction"] = direction
    return render(request, "core/style.html", context)
