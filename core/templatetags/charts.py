"""Charts on a page. Views give values; where they go is core.charts. Each chart has a title and a
description for those who do not see it, and its numbers as a table for everybody."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from babel.numbers import format_percent
from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import get_language, get_language_bidi, override, to_locale

from core import charts
from core.charts import Point, Series
from core.ui import Text

register = template.Library()


def mirrored(context: Context) -> bool:
    """Whether the page reads from right to left."""
    return bool(context.get("direction", "rtl" if get_language_bidi() else "ltr") == "rtl")


def printed_mirrored(context: Context) -> bool:
    """Whether the chart is for a PDF that reads from right to left. WeasyPrint draws the words of a
    drawing letter by letter from left to right, and knows no direction of anchors."""
    return bool(context.get("printed")) and mirrored(context)


def end_of(context: Context) -> str:
    """The anchor of words that end beside an axis; on a page it follows the direction."""
    return "start" if printed_mirrored(context) else "end"


def axis_language(context: Context) -> AbstractContextManager[None]:
    """In which language the numbers of an axis are shortened: in letters that can be drawn."""
    return override("en") if printed_mirrored(context) else nullcontext()


def chart_values(title: Text, description: Text, **more: Any) -> dict[str, Any]:
    id_ = f"chart-{slugify(str(title), allow_unicode=True)}"
    return {"id": id_, "title": title, "description": description, **more}


@register.inclusion_tag("ui/charts/plot.html", takes_context=True)
def bar_chart(
    context: Context,
    points: Sequence[Point],
    title: Text,
    description: Text = "",
    heading: Text = "",
) -> dict[str, Any]:
    """One bar for each point. `heading` names the values in the table of numbers."""
    with axis_language(context):
        drawing = charts.bar_chart(points, mirrored=mirrored(context))
    rows = [(point.label, point.href, [point_text(point)]) for point in points]
    return chart_values(
        title,
        description,
        chart=drawing,
        headings=[heading or title],
        rows=rows,
        end=end_of(context),
    )


@register.inclusion_tag("ui/charts/plot.html", takes_context=True)
def line_chart(
    context: Context,
    labels: Sequence[str],
    series: Sequence[Series],
    title: Text,
    description: Text = "",
) -> dict[str, Any]:
    with axis_language(context):
        drawing = charts.line_chart(labels, series, mirrored=mirrored(context))
    end = end_of(context)
    return chart_values(title, description, chart=drawing, end=end, **table_of(labels, series))


@register.inclusion_tag("ui/charts/plot.html", takes_context=True)
def stacked_chart(
    context: Context,
    labels: Sequence[str],
    series: Sequence[Series],
    title: Text,
    description: Text = "",
) -> dict[str, Any]:
    with axis_language(context):
        drawing = charts.stacked_chart(labels, series, mirrored=mirrored(context))
    end = end_of(context)
    return chart_values(title, description, chart=drawing, end=end, **table_of(labels, series))


@register.inclusion_tag("ui/charts/funnel.html", takes_context=True)
def funnel_chart(
    context: Context,
    points: Sequence[Point],
    title: Text,
    description: Text = "",
    heading: Text = "",
) -> dict[str, Any]:
    drawing = charts.funnel(points, mirrored=mirrored(context))
    rows = [(point.label, point.href, [point_text(point)]) for point in points]
    return chart_values(title, description, chart=drawing, headings=[heading or title], rows=rows)


@register.inclusion_tag("ui/charts/donut.html")
def donut_chart(
    points: Sequence[Point],
    title: Text,
    description: Text = "",
    total: Text = "",
    heading: Text = "",
) -> dict[str, Any]:
    """Parts of a whole; `total` is written in the middle. Five parts are readable, not more."""
    drawing = charts.donut(points)
    rows = [(point.label, point.href, [point_text(point)]) for point in points]
    values = {"chart": drawing, "headings": [heading or title], "rows": rows, "total": total}
    return chart_values(title, description, **values)


@register.filter
def percent(share: float) -> str:
    """A share of 1 as the active language writes it."""
    locale = to_locale(get_language() or "en")
    return str(format_percent(round(share, 2), locale=locale))


def point_text(point: Point) -> str:
    return point.text or number_format(point.value, use_l10n=True)


def table_of(labels: Sequence[str], series: Sequence[Series]) -> dict[str, Any]:
    """The numbers of a chart, a row for each label, and the names of its colours."""
    rows = [
        (label, "", [number_format(one.values[index]) for one in series])
        for index, label in enumerate(labels)
    ]
    names = [one.name for one in series]
    legend = [(name, charts.colour(index)) for index, name in enumerate(names)]
    return {"rows": rows, "headings": names, "legend": legend if len(series) > 1 else []}
