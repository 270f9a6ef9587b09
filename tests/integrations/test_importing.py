"""Deals from a spreadsheet: all or reported by row, the same file twice adds nothing, and back."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core import fsck
from core.actor import system
from core.importing import runs
from core.importing.contract import RowOutcome, SheetRow
from core.importing.sheets import Unreadable, rows_of
from core.models import Event, ImportRun
from core.tables import csv_lines
from dealreg.models import Account, Deal, Protection
from dealreg.services import withdraw_deal
from dealreg.sheet import CELLS
from integrations.sheets.deals import DealImporter

pytestmark = pytest.mark.django_db

HEAD = (
    "Reference,Partner,Customer,Country,Product line,Amount,Currency,Expected close,Status,Decided"
)
ROWS = [
    "A-1,Alpha Systems,Nordwind GmbH,DE,cloud,12800.00,EUR,2027-01-31,approved,2026-03-01",
    "A-2,beta networks,Halcyon Retail,Austria,Cloud,900,EUR,31.01.2027,Declined,2026-03-02",
    "A-3,Alpha Systems,Quarry Works,CH,cloud,,,,draft,",
]


def sheet(rows=ROWS, head=HEAD, name="deals.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows, ""]).encode())


@pytest.fixture
def otto(cast, rules):
    return cast.actor(cast.otto)


@pytest.fixture
def run_through(otto):
    """From the file to the end; the run."""

    def go(upload=None, until="taken") -> ImportRun:
        run = runs.begin(actor=otto, importer="deals", upload=upload or sheet())
        runs.try_out(actor=otto, run_id=run.pk, mapping=run.mapping)
        runs.work_due()
        if until == "taken":
            runs.go_ahead(actor=otto, run_id=run.pk)
            runs.work_due()
        run.refresh_from_db()
        return run

    return go


def test_a_trial_writes_nothing_and_says_what_would_happen(run_through):
    events = Event.objects.count()
    run = run_through(sheet([*ROWS, "A-4,Nobody,X,DE,cloud,1,EUR,,approved,"]), until="tried")

    assert (run.phase, runs.counts_of(run)) == ("checked", {"added": 3, "wrong": 1})
    assert run.rows.get(outcome="wrong").message == "No partner is called “Nobody”."
    assert not Deal.objects.exists()
    assert Event.objects.count() == events + 1


def test_right_rows_become_deals_that_protect_nobody(run_through, cast):
    run = run_through()

    assert (run.phase, runs.counts_of(run)) == ("taken", {"added": 3})
    deal = Deal.objects.get(external_ref="A-1")
    assert (deal.partner, deal.status, deal.amount) == (cast.alpha, "approved", Decimal(12800))
    assert (deal.source, str(deal.account)) == ("import", "Nordwind GmbH")
    assert Deal.objects.get(external_ref="A-2").customer_country == "AT"
    assert not Protection.objects.exists()
    assert list(fsck.findings(only=["dealreg.decisions", "dealreg.keys", "imports"])) == []


def test_h4_the_same_file_twice_adds_nothing(run_through):
    run_through()
    again = run_through()

    assert runs.counts_of(again) == {"known": 3}
    assert (Deal.objects.count(), Account.objects.count()) == (3, 3)


def test_h4_also_without_references(run_through):
    head = HEAD.removeprefix("Reference,")
    rows = [row.partition(",")[2] for row in ROWS]
    run_through(sheet([*rows, rows[0]], head))
    again = run_through(sheet(rows, head))

    assert runs.counts_of(again) == {"known": 3}
    assert Deal.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A,Alpha Systems,X,XX,cloud,1,EUR,,approved,", "customer_country"),
        ("A,Alpha Systems,X,DE,boats,1,EUR,,approved,", "No product line is called"),
        ("A,Alpha Systems,X,DE,cloud,-1,EUR,,approved,", "is no amount"),
        ("A,Alpha Systems,X,DE,cloud,about 9,EUR,,approved,", "is no amount"),
        ("A,Alpha Systems,X,DE,cloud,1,XXX,,approved,", "currency"),
        ("A,Alpha Systems,X,DE,cloud,1,,,approved,", "needs its currency"),
        ("A,Alpha Systems,X,DE,cloud,1,EUR,03/04/2027,approved,", "is no date"),
        ("A,Alpha Systems,X,DE,cloud,1,EUR,,perhaps,", "is not known here"),
        ("A,Alpha Systems,X,DE,cloud,1,EUR,,needs_info,", "are not taken"),
        ("A,Alpha Systems,X,DE,cloud,1,EUR,,in_review,", "needs an amount and an expected close"),
        ("A,Alpha Systems,,DE,cloud,1,EUR,,approved,", "needs a customer"),
    ],
)
def test_wrong_rows_are_told_alone(run_through, row, says):
    run = run_through(sheet([ROWS[0], row]))

    assert runs.counts_of(run) == {"added": 1, "wrong": 1}
    assert says in run.rows.get(outcome="wrong").message
    assert Deal.objects.count() == 1


def test_what_nobody_touched_is_taken_back_and_the_rest_stays(run_through, otto, cast):
    run = run_through()
    touched = Deal.objects.get(external_ref="A-1")
    withdraw_deal(actor=cast.actor(cast.jonas), deal_id=touched.pk)
    runs.undo(actor=otto, run_id=run.pk)
    runs.work_due()

    run.refresh_from_db()
    assert (run.phase, runs.counts_of(run)) == ("undone", {"undone": 2, "kept": 1})
    assert list(Deal.objects.values_list("external_ref", flat=True)) == ["A-1"]
    assert Event.objects.filter(kind="dealreg.imported_deal_taken_back").count() == 2


def test_after_a_week_nothing_is_taken_back(run_through, otto):
    run = run_through()
    ImportRun.objects.update(taken_at=timezone.now() - dt.timedelta(days=8))
    with pytest.raises(runs.NotNow):
        runs.undo(actor=otto, run_id=run.pk)
    assert Deal.objects.count() == 3


def test_a_worker_that_dies_goes_on_where_it_was(otto, run_through, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 1)
    run = run_through(until="tried")
    runs.go_ahead(actor=otto, run_id=run.pk)
    taken = runs.work

    def die_at_the_third(run, importer, actor, rows):
        taken(run, importer, actor, rows)
        if rows[0].number == 4:
            raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(runs, "work", die_at_the_third)
        with pytest.raises(SystemExit):
            runs.work_due()
    assert Deal.objects.count() == 2
    ImportRun.objects.update(leased_until=timezone.now())
    runs.work_due()

    assert Deal.objects.count() == Event.objects.filter(kind="dealreg.deal_imported").count() == 3


def test_columns_are_remembered(run_through, otto):
    run = runs.begin(actor=otto, importer="deals", upload=sheet(head=HEAD.replace("Country", "Q")))
    assert run.mapping[3] == ""
    mapping = [field or "country" for field in run.mapping]
    runs.try_out(actor=otto, run_id=run.pk, mapping=mapping)
    again = runs.begin(
        actor=otto, importer="deals", upload=sheet(head=HEAD.replace("Country", "Q"))
    )

    assert again.mapping == mapping


@pytest.mark.parametrize("mapping", [["partner", "partner"], ["nothing"], ["reference"], []])
def test_columns_must_be_named_once_and_enough(run_through, otto, mapping):
    run = runs.begin(actor=otto, importer="deals", upload=sheet())
    with pytest.raises(runs.NotNow):
        runs.try_out(actor=otto, run_id=run.pk, mapping=mapping)


def test_a_workbook_is_read_and_its_formulas_are_not_worked_out(run_through):
    book = Workbook()
    for row in [HEAD.split(","), *(row.split(",") for row in ROWS)]:
        book.active.append(row)
    book.active["C2"] = '=HYPERLINK("http://evil.example")'
    content = io.BytesIO()
    book.save(content)
    run_through(SimpleUploadedFile("deals.xlsx", content.getvalue()))

    assert Deal.objects.get(external_ref="A-1").customer_name.startswith("=HYPERLINK(")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n", b"", b"a\x00,b\n1,2\n"])
def test_files_that_are_no_table_are_refused(otto, content):
    with pytest.raises((Unreadable, Exception)):
        runs.begin(actor=otto, importer="deals", upload=SimpleUploadedFile("x.csv", content))
    assert not ImportRun.objects.exists()


def test_only_operations_import(cast, client, rules):
    for user, status in ((cast.mara, 403), (cast.jonas, 403), (cast.otto, 200)):
        client.force_login(user)
        assert client.get("/admin/core/importrun/new/").status_code == status


def test_otto_takes_a_file_over_in_the_back_office(client, cast, rules):
    client.force_login(cast.otto)
    answer = client.post(
        "/admin/core/importrun/new/", {"importer": "deals", "upload": sheet()}, follow=True
    )
    run = ImportRun.objects.get()
    page = answer.content.decode()
    assert "Columns to be named" in page
    assert "Nordwind GmbH · Halcyon Retail · Quarry Works" in page

    address = f"/admin/core/importrun/run/{run.pk}/"
    named = {f"column-{place}": field for place, field in enumerate(run.mapping)}
    assert client.post(f"{address}columns/", named).status_code == 302
    assert client.get(address).headers["Refresh"] == "2"
    runs.work_due()
    assert "Take the rows that are right" in client.get(address).content.decode()
    client.post(f"{address}go-ahead/")
    runs.work_due()
    assert Deal.objects.count() == 3
    rows = b"".join(client.get(f"{address}export/")).decode("utf-8-sig").splitlines()
    assert rows[1].startswith("2,Added,,A-1,Alpha Systems")
    client.post(f"{address}undo/")
    runs.work_due()
    assert not Deal.objects.exists()


# --- H3 -------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=40
)
NAMES = WORDS.map(lambda text: f"{text}Nordwind")
DEALS = st.fixed_dictionaries(
    {
        "customer_name": NAMES
        | st.sampled_from(["=1+1 Works", "'=x", "+49 Ltd", "-a", "@b", "''=c"]),
        "description": WORDS | st.sampled_from(["=cmd|x", "two\nlines", 'a,"b";c', "'", "\t=x"]),
        "amount": st.none() | st.decimals("0.001", "99999999", places=3),
        "currency": st.sampled_from(["EUR", "KWD", "JPY"]),
        "public_sector": st.booleans(),
        "expected_close": st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)),
    }
)
KEPT = ["customer_name", "description", "amount", "currency", "public_sector", "expected_close"]


def exported(deals) -> bytes:
    rows = ([read(deal) for read in CELLS.values()] for deal in deals)
    return "".join(csv_lines(list(CELLS), rows)).encode()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields=DEALS)
def test_h3_what_is_exported_is_imported_as_it_was(cast, rules, fields):
    places = {"EUR": 2, "KWD": 3, "JPY": 0}[fields["currency"]]
    amount = fields["amount"] and round(fields["amount"], places)
    fields = {**fields, "amount": amount or None}
    deal = Deal(
        pk=10**9,
        partner=cast.alpha,
        product_line=cast.product,
        customer_country="DE",
        **fields,
    )
    table = list(rows_of(exported([deal]), "text/csv"))
    row = SheetRow(2, dict(zip(table[0], table[1], strict=True)))
    importer = DealImporter()
    importer_currencies = ["EUR", "KWD", "JPY"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("core.money_rates.accepted_currencies", lambda: importer_currencies)
        (result,) = importer.take(system("test"), [row], dry=False)

    assert result.outcome == RowOutcome.ADDED, result.message
    made = Deal.objects.get(pk=result.subject_id or 0)
    assert [getattr(made, name) for name in KEPT] == [fields[name] for name in KEPT]
    assert importer.take_back(system("test"), [made.pk]) == {made.pk}


def test_h3_no_exported_cell_is_a_formula(cast, rules):
    deal = Deal(partner=cast.alpha, customer_name="=1+1", description="@x", pk=1)
    cells = next(csv.reader(io.StringIO(exported([deal]).decode("utf-8-sig").split("\n", 1)[1])))

    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
