import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import reverse

from core.charts import Point
from core.styles import PARTS, JoinedStyles, joined_styles, write_at_once
from core.tables import Column, EmptyState, Page, Table
from core.templatetags.ui import initials
from core.ui import Step, StepState, TimelineEntry, Tone, form_problems, steps_at

STATIC = Path(settings.STATICFILES_DIRS[0])
TEMPLATES = STATIC.parent / "templates"


def shown(source: str, **values) -> str:
    return Template("{% load charts ui %}" + source).render(Context(values))


class DealForm(forms.Form):
    customer = forms.CharField(label="Customer", help_text="As in the <b>register</b>.")
    sector = forms.ChoiceField(choices=[("a", "Private")], widget=forms.RadioSelect)
    consent = forms.BooleanField(label="Agreed", required=False)
    draft = forms.CharField(widget=forms.HiddenInput, required=False)


# --- what is written by people is never markup ---


@pytest.mark.parametrize(
    "source",
    [
        "{% badge text %}",
        "{% card text %}{{ text }}{% endcard %}",
        "{% page_header text subtitle=text badge=text %}{{ text }}{% endpage_header %}",
        "{% callout text next=text %}{{ text }}{% endcallout %}",
        "{% fact text %}{{ text }}{% endfact %}",
        "{% dialog 'd' text %}{{ text }}{% enddialog %}",
        "{% kpi text text period=text change=text %}",
        "{% empty text text=text href=text link=text %}",
        "{% breadcrumb text text text %}",
        "{% button text href=text data_dialog=text %}",
        "{% progress text 1 2 text=text %}",
        "{% icon 'home' label=text %}",
    ],
)
def test_text_is_escaped(source):
    html = shown(source, text='<script>"x"</script>')
    assert "<script>" not in html
    assert '"x"' not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("nothing", ["", " \n ", "<bdi></bdi>", '<bdi dir="auto"> </bdi>'])
def test_a_fact_without_a_value_says_so(nothing):
    assert "<dd>—</dd>" in shown("{% fact 'Why' %}" + nothing + "{% endfact %}")


def test_a_fact_shows_what_it_has():
    assert "<dd><bdi>x</bdi></dd>" in shown("{% fact 'Why' %}<bdi>x</bdi>{% endfact %}")


def test_a_timeline_note_is_escaped():
    entry = TimelineEntry("<b>", "<i>", datetime(2026, 9, 1, tzinfo=UTC), note="<u>")
    html = shown("{% timeline entries %}", entries=[entry])
    assert [tag for tag in ("<b>", "<i>", "<u>") if tag in html] == []


# --- forms ---


def test_field_ties_its_error_and_hint_to_the_control():
    html = str(DealForm({})["customer"].as_field_group())
    assert 'aria-describedby="id_customer_helptext id_customer_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_customer_error"' in html
    assert 'id="id_customer_helptext"' in html


def test_a_required_field_is_marked_and_an_optional_one_is_not():
    assert 'class="required"' in str(DealForm()["customer"].as_field_group())
    assert 'class="required"' not in str(DealForm()["consent"].as_field_group())


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = str(DealForm()["sector"].as_field_group())
    assert re.search(r"<fieldset.*<legend>Sector", html, re.S)


def test_what_was_typed_is_kept():
    assert 'value="Acme &quot;Robotics&quot;"' in str(DealForm({"customer": 'Acme "Robotics"'}))


def test_a_whole_form_carries_summary_fields_and_hidden_ones():
    html = str(DealForm({"draft": "7"}))
    assert html.index("Please correct 2 things") < html.index('name="customer"')
    assert 'type="hidden" name="draft" value="7"' in html


def test_problems_lead_to_their_controls():
    form = DealForm({})
    form.add_error(None, "Too many deals today.")
    assert [(one.label, one.href) for one in form_problems(form)] == [
        ("", ""), ("Customer", "#id_customer"), ("Sector", "#id_sector_0"),
    ]  # fmt: skip
    assert 'id="id_sector_0"' in str(form)


def test_no_summary_before_anything_was_sent():
    assert shown("{% error_summary form %}", form=DealForm()).strip() == ""


def test_a_file_field_is_a_drop_zone_around_a_plain_input():
    class FileForm(forms.Form):
        proof = forms.FileField()

    html = str(FileForm())
    assert 'class="file-drop"' in html
    assert '<input type="file" name="proof"' in html


# --- parts ---


def test_steps_before_the_current_one_are_done():
    states = [step.state for step in steps_at(["a", "b", "c"], 1)]
    assert states == [StepState.DONE, StepState.CURRENT, StepState.TODO]
    assert {step.state for step in steps_at(["a", "b"], 2)} == {StepState.DONE}


def test_the_current_step_is_announced():
    html = shown("{% steps steps 'Way' %}", steps=[Step("Ask"), Step("Do", StepState.CURRENT)])
    assert html.count('aria-current="step"') == 1


def test_an_unknown_message_level_still_has_a_tone():
    assert shown("{{ level|message_tone }}", level="error") == Tone.BAD
    assert shown("{{ level|message_tone }}", level="") == Tone.INFO


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Jonas Weber", "JW"), ("Ada", "A"), ("kim.lee@x.example", "KL"), ("", ""),
     ("Ana Maria da Silva", "AS")],
)  # fmt: skip
def test_initials(name, letters):
    assert initials(name) == letters


def people_table(rows):
    columns = {
        "name": Column("name", "Name", primary=True),
        "sum": Column("sum", "Sum", numeric=True),
    }
    nobody = EmptyState("Nobody", link="Go", href="/new/")
    return Table(columns, Page(rows), "People", "name", QueryDict(), nobody)


def test_an_empty_list_says_what_to_do_next():
    html = shown("{% table table %}{% endtable %}", table=people_table([]))
    assert "Nobody" in html
    assert 'href="/new/"' in html
    assert "<table" not in html


def test_cells_know_their_column():
    source = (
        "{% cell table.columns.name %}Ada{% endcell %}{% cell table.columns.sum %} {% endcell %}"
    )
    html = shown(source, table=people_table(["Ada"]))
    assert html == (
        '<th scope="row" role="rowheader" data-label="Name" data-priority="1">Ada</th>'
        '<td role="cell" data-label="Sum" data-priority="1" class="numeric nothing">—</td>'
    )


def test_a_chart_says_in_words_what_it_shows():
    html = shown(
        "{% bar_chart points 'Deals' description='Two a month' %}", points=[Point("Jan", 2)]
    )
    assert 'aria-labelledby="chart-deals-title chart-deals-about"' in html
    assert '<desc id="chart-deals-about">Two a month</desc>' in html
    assert re.search(r'<th scope="row">Jan</th><td class="numeric">2</td>', html)


def test_coordinates_do_not_follow_the_readers_decimal_comma(settings):
    settings.USE_THOUSAND_SEPARATOR = True
    from django.utils import translation

    with translation.override("de"):
        html = shown("{% bar_chart points 'Deals' %}", points=[Point("Jan", 1234.5)])
    assert re.findall(r' (?:x|y|x1|x2|y1|y2)="[^"]*,', html) == []


# --- rules that hold for every file ---


def sources(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.rglob(pattern))
    assert found
    return found


def test_templates_carry_no_inline_style_or_script():
    # A block of linked data is no script: it is never run. Packs are printed, not browsed.
    script = r"<script(?![^>]*\ssrc=| type=\"application/ld\+json\")"
    inline = re.compile(rf"<style|\sstyle=|\son[a-z]+=\"|{script}|javascript:", re.I)
    browsed = set(sources(TEMPLATES, "*.html")) - {TEMPLATES / "partners" / "pack.html"}
    bad = [
        path.name
        for path in sorted(browsed)
        if "mail" not in path.parts and inline.search(path.read_text())
    ]
    assert bad == []


def test_styles_use_logical_directions_only():
    physical = re.compile(
        r"(margin|padding|border)-(left|right|top|bottom)\b|\b(left|right)\s*:|text-align:\s*(left|right)"
    )
    bad = [
        path.name for path in sources(STATIC / "css", "*.css") if physical.search(path.read_text())
    ]
    assert bad == []


def test_every_icon_that_is_named_exists():
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    named = set()
    for path in sources(TEMPLATES, "*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"|icon_name="([\w-]+)"', path.read_text()))
    assert {one or other for one, other in named} - drawn == set()


def test_every_style_sheet_is_a_part_of_the_joined_one():
    components = {f"components/{path.stem}" for path in sources(STATIC / "css/components", "*.css")}
    assert components == {part for part in PARTS if part.startswith("components/")}


def test_the_joined_style_sheet_is_found_and_begins_with_the_layers():
    text = Path(str(finders.find("css/portal.css"))).read_text()
    assert "@layer reset, tokens, base, layout, components, utilities;" in text[:600]
    assert text == joined_styles(STATIC / "css")


def test_a_changed_part_is_joined_anew(settings, tmp_path):
    settings.STYLES_SOURCE, settings.STYLES_ROOT = tmp_path / "css", tmp_path / "out"
    for part in PARTS:
        write_at_once(settings.STYLES_SOURCE / f"{part}.css", f"/* {part} */")
    finder = JoinedStyles()
    assert "/* print */" in Path(finder.find("css/portal.css")).read_text()
    write_at_once(settings.STYLES_SOURCE / "print.css", "/* paper */")
    assert "/* paper */" in Path(finder.find("css/portal.css")).read_text()
    assert finder.find("css/other.css") == []


def test_the_page_for_a_failure_needs_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        html = render_to_string("500.html")
    assert "Something went wrong" in html


# --- the page of components ---


def test_staff_see_every_component(client, cast):
    client.force_login(cast.mara)
    response = client.get(reverse("style"), {"theme": "dark", "dir": "rtl"})
    assert response.status_code == 200
    assert 'dir="rtl" data-theme="dark"' in response.content.decode()


def test_partners_do_not(client, cast):
    client.force_login(cast.jonas)
    assert client.get(reverse("style")).status_code == 403


def test_only_known_themes_are_taken(client, cast):
    client.force_login(cast.mara)
    page = client.get(reverse("style"), {"theme": "pink", "dir": "up"}).content.decode()
    assert 'dir="ltr" data-theme="system"' in page
