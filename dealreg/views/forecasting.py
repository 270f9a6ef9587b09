"""What the reader's company may sell: its open sales by stage and by month."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.charts import Point
from core.money import short_money
from core.tables import csv_lines
from dealreg import forecast
from dealreg.forecast import Forecast, Line
from partners.doors import actor_of, for_partners, with_feature


@require_GET
@for_partners
@with_feature("forecast")
def deal_forecast(request: HttpRequest) -> HttpResponse:
    shown = forecast.forecast(forecast.pipeline(actor_of(request)))
    deals = reverse("deal_list")
    context = {
        "forecast": shown,
        "all_open": f"{deals}?sale=open",
        "stages": with_links(shown.by_stage, f"{deals}?sale=open&stage="),
        "months": with_links(shown.by_month, f"{deals}?sale=open&closes="),
        "stage_points": points(shown.by_stage, shown.currency, f"{deals}?sale=open&stage="),
        "month_points": points(shown.by_month, shown.currency, f"{deals}?sale=open&closes="),
    }
    return render(request, "dealreg/forecast.html", context)


def with_links(lines: tuple[Line, ...], address: str) -> list[tuple[Line, str]]:
    """Each line with the list that it is made of."""
    return [(line, f"{address}{line.key}") for line in lines]


def points(lines: tuple[Line, ...], currency: str, address: str) -> list[Point]:
    """The weighted amounts of what there is, for a chart."""
    return [
        Point(
            line.short,
            line.weighted,
            short_money(line.weighted, currency),
            f"{address}{line.key}",
        )
        for line in lines
        if line.deals
    ]


@require_GET
@for_partners
@with_feature("forecast")
def deal_forecast_export(request: HttpRequest) -> StreamingHttpResponse:
    return forecast_file(forecast.forecast(forecast.pipeline(actor_of(request))))


def forecast_file(
    shown: Forecast, more: dict[str, tuple[Line, ...]] | None = None
) -> StreamingHttpResponse:
    """The forecast as a CSV file: what it is summed by, of what, how many, how much."""
    tables = {_("Sales stage"): shown.by_stage, _("Expected close"): shown.by_month, **(more or {})}

    def rows() -> Iterator[list[Any]]:
        for name, lines in tables.items():
            for line in lines:
                yield [name, line.label, line.deals, line.amount, line.weighted, shown.currency]
        total = shown.total
        yield [_("Total"), total.label, total.deals, total.amount, total.weighted, shown.currency]

    header = [_("By"), _("What"), _("Deals"), _("Amount"), _("Weighted amount"), _("Currency")]
    answer = StreamingHttpResponse(
        csv_lines(header, rows()), content_type="text/csv; charset=utf-8"
    )
    name = f"forecast-{shown.day:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
