"""The components of a page. docs/ui.md shows how a page is built from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import charts
from core.tables import Column, Table
from core.templatetags.charts import mirrored
from core.ui import TONE_ICONS, Step, Tab, Text, TimelineEntry, Tone, form_problems

register = template.Library()

DIRECTIONAL = {"arrow-end", "chevron-start", "chevron-end", "logout"}
"""Icons that point along the line of reading and so turn around with it."""

EMPTY_BDI = re.compile(r"<bdi[^>]*>\s*</bdi>")


def draw(name: str, values: Mapping[str, Any]) -> SafeString:
    return render_to_string(f"ui/{name}.html", dict(values))


def trimmed(content: str) -> SafeString:
    """What stood in a block, already rendered and escaped, without the space around it."""
    return SafeString(content.strip())


# --- small things -----------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: int = 20, label: Text = "") -> SafeString:
    """An icon of static/icons.svg. With `label` it speaks; without, it is decoration."""
    role = format_html(' role="img" aria-label="{}"', label) if label else ""
    return format_html(
        '<svg class="icon{}" width="{}" height="{}"{}><use href="{}#{}"/></svg>',
        " directional" if name in DIRECTIONAL else "",
        size,
        size,
        role or SafeString(' aria-hidden="true"'),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def badge(label: Text, tone: str = Tone.NEUTRAL, dot: bool = True) -> SafeString:
    """A state: `{% badge deal.status_label tone=deal.tone %}`."""
    return format_html(
        '<span class="badge{}" data-tone="{}">{}</span>', "" if dot else " plain", tone, label
    )


@register.simple_tag
def tone_icon(tone: str, size: int = 20) -> SafeString:
    return icon(TONE_ICONS[Tone(tone)], size)


@register.simple_tag
def button(
    label: Text, href: str = "", kind: str = "", icon_name: str = "", **attributes: Text
) -> SafeString:
    """A link with `href`, else a submit button. `kind`: primary, danger, quiet, small.

    Further arguments become attributes, `_` read as `-`: name="act" value="approve"
    data_dialog="decline".
    """
    inside = format_html("{}{}", icon(icon_name, 18) if icon_name else "", label)
    classes = f"button {kind}".strip()
    extra = format_html_join(
        "", ' {}="{}"', ((name.replace("_", "-"), value) for name, value in attributes.items())
    )
    if href:
        return format_html('<a class="{}" href="{}"{}>{}</a>', classes, href, extra, inside)
    return format_html('<button class="{}"{}>{}</button>', classes, extra, inside)


@register.inclusion_tag("ui/moment.html")
def moment(at: datetime | None, dated: bool = False) -> dict[str, Any]:
    """When something happened: how long ago within a day, else (or with `dated`) the date; the
    exact time on hover."""
    recent = at is not None and abs(timezone.now() - at) < timedelta(days=1)
    return {"at": at, "recent": recent and not dated}


@register.filter
def message_tone(level: str) -> str:
    """The tone of one of Django's message levels."""
    return {"success": Tone.GOOD, "warning": Tone.WARN, "error": Tone.BAD}.get(level, Tone.INFO)


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a person."""
    words = str(name).split("@")[0].replace(".", " ").split()
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper()


# --- the page ---------------------------------------------------------------------------


@register.simple_tag
def breadcrumb(*parts: Text) -> SafeString:
    """`{% breadcrumb _("Deals") deals_url "DR-1042" %}`: label and address in turn, the page
    itself last without one."""
    links = list(zip(parts[:-1:2], parts[1::2], strict=True))
    return draw("breadcrumb", {"links": links, "here": parts[-1]})


@register.simple_block_tag
def page_header(
    content: str,
    title: Text,
    subtitle: Text = "",
    badge: Text = "",
    tone: str = Tone.NEUTRAL,
) -> SafeString:
    """The page's h1, what it is about, and its actions as the content."""
    values = {"title": title, "subtitle": subtitle, "badge": badge, "tone": tone}
    return draw("page_header", {**values, "actions": trimmed(content)})


@register.simple_block_tag
def card(
    content: str,
    title: Text = "",
    href: str = "",
    link: Text = "",
    flush: bool = False,
    id: str = "",
) -> SafeString:
    """A titled box. `href` and `link` put a link in its head; `flush` for a table inside."""
    values = {"title": title, "href": href, "link": link or _("View all"), "flush": flush}
    return draw("card", {**values, "id": id, "content": content})


@register.simple_block_tag
def callout(content: str, title: Text = "", tone: str = Tone.INFO, next: Text = "") -> SafeString:
    """What was decided or needs attention, and in `next` what the reader can do now."""
    return draw(
        "callout", {"title": title, "tone": tone, "next": next, "content": trimmed(content)}
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: Text) -> SafeString:
    """Opened by any link or button with data-dialog="id"; the link's href serves without JS."""
    return draw("dialog", {"id": id, "title": title, "content": content})


@register.simple_block_tag
def facts(content: str, layout: str = "") -> SafeString:
    """Terms and descriptions, each a `{% fact %}`. `layout="list"`: one under another."""
    return format_html('<dl class="facts {}">{}</dl>', layout, content)


@register.simple_block_tag
def fact(content: str, label: Text) -> SafeString:
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, said(content) or "—")


def said(content: str) -> SafeString:
    """The block, unless all that stands in it is an empty `<bdi>` around a text that is none."""
    text = trimmed(content)
    return SafeString("") if EMPTY_BDI.fullmatch(text) else text


@register.inclusion_tag("ui/kpi.html", takes_context=True)
def kpi(
    context: Context,
    label: Text,
    value: Any,
    period: Text = "",
    unit: Text = "",
    change: Text = "",
    trend: str = "",
    tone: str = Tone.NEUTRAL,
    href: str = "",
    spark: Sequence[charts.Number] = (),
) -> dict[str, Any]:
    """One figure. `period` says what it covers, `change` what moved (`trend`: up or down,
    `tone`: whether that is good), `href` opens what it is made of, `spark` a few values."""
    drawing = charts.sparkline(spark, mirrored=mirrored(context))
    moved = {"change": change, "trend": trend, "tone": tone, "chart": drawing}
    return {"label": label, "value": value, "period": period, "unit": unit, "href": href, **moved}


@register.inclusion_tag("ui/empty.html")
def empty(
    title: Text,
    text: Text = "",
    icon_name: str = "search",
    href: str = "",
    link: Text = "",
    level: int = 3,
) -> dict[str, Any]:
    """What to say, and what to do next, where there is nothing to show."""
    values = {"title": title, "text": text, "icon_name": icon_name, "level": level}
    return {**values, "href": href, "link": link}


@register.inclusion_tag("ui/steps.html")
def steps(steps: Iterable[Step], label: Text) -> dict[str, Any]:
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Iterable[TimelineEntry]) -> dict[str, Any]:
    """What happened, newest first. Entries are TimelineEntry or have the same attributes."""
    return {"entries": entries}


@register.inclusion_tag("ui/tabs.html")
def tabs(tabs: Iterable[Tab], label: Text) -> dict[str, Any]:
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("ui/progress.html")
def progress(label: Text, value: float, maximum: float, text: Text = "") -> dict[str, Any]:
    """How far along something is; `text` reads the amount, e.g. "3 of 5 modules"."""
    return {"label": label, "value": value, "maximum": maximum, "text": text}


# --- forms ------------------------------------------------------------------------------


@register.inclusion_tag("ui/field.html")
def field(field: BoundField, affix: Text = "", full: bool = False) -> dict[str, Any]:
    """`{{ field.as_field_group }}` with more to say: `affix` (a currency) before the control,
    `full` for the whole width of the form's grid."""
    return {"field": field, "affix": affix, "full": full}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm, focus: bool = True) -> dict[str, Any]:
    """What is wrong, on top of the form, each line leading to its field. Nothing if all is well."""
    return {"problems": list(form_problems(form)) if form.is_bound else [], "focus": focus}


# --- lists ------------------------------------------------------------------------------


@register.simple_block_tag
def table(content: str, table: Table[Any]) -> SafeString:
    """The list `table` with the rows as content; says so when there are none."""
    return draw("table", {"table": table, "content": content})


@register.simple_block_tag
def cell(content: str, column: Column) -> SafeString:
    """One cell of a row: `{% cell table.columns.amount %}…{% endcell %}`. An empty one says "—"
    and is left out on a phone."""
    inside = trimmed(content)
    return format_html(
        "<{0} {1}>{2}</{0}>",
        SafeString("th" if column.primary else "td"),
        column.cell_attributes(nothing=inside in {"", "—"}),
        inside or "—",
    )


@register.inclusion_tag("ui/paging.html")
def paging(table: Table[Any]) -> dict[str, Any]:
    return {"table": table}


# What fits into one line beside the buttons.
FILTERS_AT_ONCE = 4


@register.inclusion_tag("ui/filters.html")
def filters(table: Table[Any], form: BaseForm | None = None) -> dict[str, Any]:
    """The list's search and filters (a GET form) and what is set, each removable. Of many the
    last ones wait behind "More filters", unless one of them is set."""
    fields = form.visible_fields() if form else []
    shown = FILTERS_AT_ONCE if len(fields) > FILTERS_AT_ONCE + 1 else len(fields)
    chips = table.chips(form) if form else []
    labels = {chip.label for chip in chips}
    return {
        "table": table,
        "form": form,
        "chips": chips,
        "fields": fields[:shown],
        "more": fields[shown:],
        "more_is_set": any(str(field.label) in labels for field in fields[shown:]),
    }
