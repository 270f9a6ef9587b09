from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django import forms
from django.db.models import F, Value
from django.db.models.functions import Length, NullIf
from django.http import QueryDict

from core.models import User
from core.tables import (
    Column,
    EmptyState,
    csv_cell,
    csv_export,
    keyset_page,
    neutral_cell,
    original_cell,
    read_table,
)

MORNING = datetime(2026, 9, 1, 8, tzinfo=UTC)
COLUMNS = [
    Column("name", "Name", "name", primary=True),
    Column("joined", "Joined", "date_joined"),
    Column("email", "E-mail"),
]


@pytest.fixture
def people(db):
    """Twelve people: names in pairs, every third never signed in, all joined in one minute."""
    return [
        User.objects.create(
            email=f"p{number}@cast.example",
            name=f"Name {number // 2}",
            date_joined=MORNING + timedelta(microseconds=number // 4),
            last_login=None if number % 3 == 0 else MORNING - timedelta(days=number % 4),
        )
        for number in range(12)
    ]


def walk(queryset, order, size, *, back=False):
    """Every row, page by page from the first one, or from the last page back."""
    page, pages = keyset_page(queryset, order=order, size=size), []
    while True:
        pages.append([row.pk for row in page.rows])
        cursor = page.next_cursor
        if cursor is None:
            break
        page = keyset_page(queryset, order=order, after=cursor, size=size)
    while back and page.previous_cursor:
        page = keyset_page(queryset, order=order, after=page.previous_cursor, size=size)
        pages.append([row.pk for row in page.rows])
    return pages


ORDERS = [
    ["name"], ["-name"], ["date_joined"], ["-date_joined"], ["last_login"], ["-last_login"],
    ["last_login", "-name"], ["-name", "date_joined"], ["pk"], ["-pk"],
]  # fmt: skip


@pytest.mark.parametrize(("order", "size"), list(product(ORDERS, (1, 2, 5, 12, 25))))
def test_pages_hold_every_row_once_in_order(people, order, size):
    rows = [pk for page in walk(User.objects.all(), order, size) for pk in page]
    keys = [
        (F(one[1:]).desc(nulls_last=True) if one[0] == "-" else F(one).asc(nulls_last=True))
        for one in order
    ]
    tie = "-pk" if order[-1].startswith("-") else "pk"
    assert rows == list(User.objects.order_by(*keys, tie).values_list("pk", flat=True))


@pytest.mark.parametrize("order", ORDERS)
def test_going_back_shows_the_same_pages(people, order):
    pages = walk(User.objects.all(), order, 5, back=True)
    assert pages == [pages[0], pages[1], pages[2], pages[1], pages[0]]


def test_a_computed_column_can_be_sorted_by(people):
    rows = User.objects.annotate(size=NullIf(Length("email"), Value(15)))
    pages = walk(rows, ["-size"], 5)
    assert [pk for page in pages for pk in page] == [people[11].pk, people[10].pk] + [
        person.pk for person in reversed(people[:10])
    ]


def test_microseconds_survive_the_cursor(people):
    pages = walk(User.objects.all(), ["date_joined"], 4)
    assert [len(page) for page in pages] == [4, 4, 4]


def test_the_middle_costs_one_query(people, django_assert_num_queries):
    first = keyset_page(User.objects.all(), order=["name"], size=5)
    with django_assert_num_queries(1) as queries:
        keyset_page(User.objects.all(), order=["name"], after=first.next_cursor, size=5)
    assert "OFFSET" not in queries.captured_queries[0]["sql"]


@pytest.mark.parametrize("cursor", ["", "x", "a:b:c", "é", "\x00", "W10:1abc:sig" * 500])
def test_a_bad_cursor_shows_the_first_page(people, cursor):
    first = keyset_page(User.objects.all(), order=["name"], size=5)
    assert keyset_page(User.objects.all(), order=["name"], after=cursor, size=5) == first


def test_a_cursor_of_another_order_shows_the_first_page(people):
    other = keyset_page(User.objects.all(), order=["-date_joined"], size=5).next_cursor
    page = keyset_page(User.objects.all(), order=["name"], after=other, size=5)
    assert page.rows == people[:5]
    assert page.previous_cursor is None


def test_rows_that_went_away_lead_to_the_first_page(people):
    cursor = keyset_page(User.objects.all(), order=["pk"], size=10).next_cursor
    User.objects.filter(pk__gt=people[8].pk).delete()
    page = keyset_page(User.objects.all(), order=["pk"], after=cursor, size=10)
    assert page.rows == people[:9]


def test_a_short_page_before_the_first_row_is_filled(people):
    second = keyset_page(
        User.objects.all(),
        order=["pk"],
        after=keyset_page(User.objects.all(), order=["pk"], size=5).next_cursor,
        size=5,
    )
    people[0].delete()
    page = keyset_page(User.objects.all(), order=["pk"], after=second.previous_cursor, size=5)
    assert page.rows == people[1:6]


def table(query: str, queryset=None):
    rows = User.objects.none() if queryset is None else queryset
    return read_table(
        rows, QueryDict(query), columns=COLUMNS, sort="-joined", caption="People",
        empty=EmptyState("Nobody"), size=5, export_url="/people.csv",
    )  # fmt: skip


def test_unknown_sort_falls_back(people):
    for asked in ("sort=nonsense", "sort=-email", "sort=password", "sort=--name", ""):
        assert table(asked, User.objects.all()).sort == "-joined"


def test_sort_links_keep_filters_and_leave_the_page():
    name, joined, email = table("q=acme&status=a&status=b&after=xyz&sort=name").headings
    assert name.href == "?q=acme&status=a&status=b&sort=-name"
    assert name.direction == "ascending"
    assert joined.href == "?q=acme&status=a&status=b&sort=joined"
    assert (email.href, email.direction) == ("", "")


def test_next_link_keeps_sort_and_filters(people):
    href = table("q=p&sort=name", User.objects.all()).next_href
    assert href.startswith("?q=p&sort=name&after=")


def test_export_link_has_filters_but_no_page():
    assert table("q=a&after=x").export_href == "/people.csv?q=a"


class Filters(forms.Form):
    q = forms.CharField(label="Search", required=False)
    status = forms.MultipleChoiceField(
        label="Status", required=False, choices=[("a", "Approved"), ("d", "Declined")]
    )
    level = forms.ChoiceField(
        label="Level", required=False, choices=[("", "Any"), ("Group", [("1", "Gold")])]
    )


def test_chips_name_what_is_set_and_lead_to_the_list_without_it():
    parameters = QueryDict("q=acme&status=a&status=d&level=1&after=x")
    chips = table(parameters.urlencode()).chips(Filters(parameters))
    assert [(chip.label, chip.value) for chip in chips] == [
        ("Search", "acme"), ("Status", "Approved, Declined"), ("Level", "Gold"),
    ]  # fmt: skip
    assert chips[1].href == "?q=acme&level=1"


def test_no_chips_for_a_form_that_is_wrong():
    assert table("level=9").chips(Filters(QueryDict("level=9"))) == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx", "＝1", "'=1"])
def test_formula_cells_are_made_inert_and_read_back(cell):
    assert neutral_cell(cell) == f"'{cell}"
    assert original_cell(neutral_cell(cell)) == cell


@pytest.mark.parametrize("cell", ["", "Acme", "'quoted'", "a=b", "5-6", "'", "日本"])
def test_other_cells_stay_as_they_are(cell):
    assert neutral_cell(cell) == cell == original_cell(cell)


def test_numbers_and_moments_are_written_plainly():
    assert csv_cell(-5) == "-5"
    assert csv_cell(None) == ""
    assert csv_cell(MORNING) == "2026-09-01T08:00:00+00:00"


def export(limit: int = 100):
    columns = {"Name": lambda person: person.name, "Sum": lambda _: "=1+1"}
    return csv_export(User.objects.order_by("pk"), name="people", columns=columns, limit=limit)


def test_export_holds_every_row(people):
    response = export()
    lines = b"".join(response.streaming_content).decode("utf-8-sig").split("\r\n")
    assert lines[:2] == ["Name,Sum", "Name 0,'=1+1"]
    assert len(lines) == 1 + 12 + 1
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'


def test_export_that_stops_says_so_in_its_name(people):
    response = export(limit=5)
    assert len(b"".join(response.streaming_content).split(b"\r\n")) == 1 + 5 + 1
    assert response["Content-Disposition"] == 'attachment; filename="people-first-5.csv"'
