"""H4: importers account for every row, and the same file twice adds nothing."""

import datetime as dt
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.db.models import Sum

from core import fsck
from core.models import Event, EventDelivery, Notification, OutgoingMail, User
from dealreg.models import (
    Account,
    Deal,
    Decision,
    DirectOpportunity,
    ProductLine,
    Protection,
    Purchase,
)
from dealreg.rules.names import name_key
from dealreg.services.importing import deals as importing
from integrations.services.crm import deals as crm_deals
from partners.models import Membership, Partner, Region, StaffDuty
from partners.queries import actor_for
from tests.integrations.conftest import Run, add_line, report_of

WRITTEN = (Account, Deal, Decision, Event, Membership, Partner, ProductLine, Region, User)


def everything() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in WRITTEN}


def deal(ref: str) -> Deal:
    return Deal.objects.get(external_ref=f"crm:{ref}")


def test_customers_come_with_their_parents(run: Run):
    run()
    acorn = Account.objects.get(name="Acorn Tools Ltd")
    assert (acorn.country, acorn.sector, acorn.employees) == ("GB", "retail", 90)
    assert acorn.name_key == name_key("Acorn Tools")
    assert acorn.parent is not None
    assert acorn.parent.name == "Borealis Foods"


def test_sellers_of_one_office_and_manager_are_one_partner(run: Run):
    run()
    teams = Partner.objects.values_list("name", "region__path", "manager__email")
    assert set(teams) == {
        ("Mo Farrow (East)", "SALES.EAST", "mo.farrow@vendor.example"),
        ("Zoë Lang (West)", "SALES.WEST", "zoe.lang@vendor.example"),
    }
    east = Membership.objects.filter(partner__name="Mo Farrow (East)")
    assert set(east.values_list("user__name", flat=True)) == {"Ana Sá", "Ben Okri"}
    assert {tuple(place.roles) for place in east} == {("sales",)}


def test_people_cannot_sign_in_before_they_set_a_password(run: Run):
    run()
    ana = User.objects.get(email="ana.sa@mo-farrow-east.example")
    assert not ana.has_usable_password()
    assert not ana.is_staff


def test_managers_see_the_deals_of_their_region(run: Run):
    run()
    mo = User.objects.get(email="mo.farrow@vendor.example")
    assert [duty.region.path for duty in StaffDuty.objects.filter(user=mo)] == ["SALES.EAST"]  # type: ignore[union-attr]
    seen = set(Deal.objects.visible_to(actor_for(mo)).values_list("external_ref", flat=True))
    assert seen == {"crm:W1", "crm:L1", "crm:E1", "crm:P1", "crm:N1"}


def test_a_won_deal_is_history_with_what_it_closed_at(run: Run):
    run()
    won = deal("W1")
    assert (won.status, won.stage, won.source) == ("approved", "won", "import")
    assert (won.amount, won.closed_amount, won.currency) == (Decimal(1054), Decimal(1054), "USD")
    assert won.closed_on == dt.date(2017, 3, 1)
    decision = won.decisions.get()
    assert (decision.origin, decision.outcome) == ("import", "approve")
    assert decision.decided_at.date() == dt.date(2016, 10, 20)


def test_a_lost_deal_closed_at_nothing(run: Run):
    run()
    lost = deal("L1")
    assert (lost.stage, lost.amount, lost.closed_amount) == ("lost", None, Decimal(0))


def test_open_deals_have_no_amount_yet(run: Run):
    run()
    assert [(deal(ref).stage, deal(ref).amount) for ref in ("E1", "P1")] == [
        ("engaging", None),
        ("prospecting", None),
    ]


def test_a_deal_without_a_date_is_dated_by_the_export(run: Run):
    run()
    assert deal("P1").created_at.date() == dt.date(2017, 5, 5)


def test_a_deal_without_customer_is_a_draft_of_its_seller(run: Run):
    run()
    draft = deal("N1")
    assert (draft.status, draft.account, draft.customer_name) == ("draft", None, "")
    assert draft.created_by == User.objects.get(name="Ana Sá")
    assert not draft.decisions.exists()


def test_the_timeline_tells_when_the_sale_moved(run: Run):
    run()
    events = Event.objects.filter(subject_id=deal("W1").pk, subject_type="dealreg.deal")
    told = [(event.kind, event.occurred_at.date()) for event in events.order_by("occurred_at")]
    assert told == [
        ("dealreg.deal_imported", dt.date(2016, 10, 20)),
        ("dealreg.stage_imported", dt.date(2016, 10, 20)),
        ("dealreg.stage_imported", dt.date(2017, 3, 1)),
    ]
    assert [event.payload.get("new_stage") for event in events.order_by("occurred_at")] == [
        None,
        "engaging",
        "won",
    ]


def test_old_news_protects_nobody_and_tells_nobody(run: Run):
    run()
    for model in (Protection, Notification, OutgoingMail):
        assert not model.objects.exists()
    # New partners are measured, scored and compared with those there, which nobody is told of.
    silent = (
        "partners.measure_again",
        "partners.score_again",
        "partners.look_for_one_like_the_new",
    )
    heard = EventDelivery.objects.values_list("handler", flat=True)
    assert [handler for handler in heard if not handler.startswith(silent)] == []


def test_what_was_imported_is_consistent(run: Run):
    run()
    assert list(fsck.findings()) == []


def test_a_second_run_adds_nothing(run: Run):
    run()
    before = everything()
    output = run()
    assert everything() == before
    assert "6 deals: 1 prospecting; 2 engaging; 2 won, worth 1,500 USD; 1 lost" in output


def test_every_row_is_in_the_report(run: Run, tmp_path: Path):
    rows = report_of(run, tmp_path)
    places = {(row["file"], row["line"]) for row in rows}
    assert len(places) == 3 + 3 + 6
    assert Counter(row["result"] for row in rows)["refused"] == 0


@pytest.mark.parametrize(
    ("column", "remark"),
    [
        ("sector", "“technolgy” read as “technology”"),
        ("office_location", "“Philipines” read as Philippines"),
        ("product", "“GTXPro” read as “GTX Pro”"),
        ("account", "no customer: kept as a draft"),
    ],
)
def test_what_was_read_otherwise_than_written_is_said(
    run: Run, tmp_path: Path, column: str, remark: str
):
    rows = [row for row in report_of(run, tmp_path) if row["remark"] == remark]
    assert [(row["column"], row["result"]) for row in rows] == [(column, "taken")]


@pytest.mark.parametrize(
    ("line", "column", "why"),
    [
        ("X,Nobody,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,5", "sales_agent", "Nobody"),
        ("X,Ana Sá,GTX Basic,Ghost Inc,Won,2016-10-20,2017-03-01,5", "account", "Ghost Inc"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Maybe,2016-10-20,,", "deal_stage", "Maybe"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,20.10.2016,2017-03-01,5", "engage_date", "20.10.2016"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-02-30,2017-03-01,5", "engage_date", "calendar"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,,5", "close_date", "needs the date"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2016-10-19,5", "close_date", "before"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2999-01-01,5", "close_date", "2999"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,many", "close_value", "many"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,-7", "close_value", "needs"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,1e9", "close_value", "1e9"),
        ("X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,1.005", "close_value", "finer"),
        (
            "X,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01," + "9" * 13,
            "close_value",
            "t",
        ),
        ("W1,Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,5", "opportunity_id", "line 2"),
        (",Ana Sá,GTX Basic,Cinder Rail,Won,2016-10-20,2017-03-01,5", "opportunity_id", "empty"),
        ("X,Ana Sá,,Cinder Rail,Won,2016-10-20,2017-03-01,5", "product", "empty"),
        ("X,Ana Sá,GTX Basic", "", "number of cells"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_alone(
    run: Run, export: Path, tmp_path: Path, line: str, column: str, why: str
):
    add_line(export, "sales_pipeline.csv", line)
    refused = [row for row in report_of(run, tmp_path) if row["result"] == "refused"]
    assert [(row["line"], row["column"]) for row in refused] == [("8", column)]
    assert why in refused[0]["remark"]
    assert Deal.objects.count() == 6


@pytest.mark.parametrize(
    ("name", "line", "why"),
    [
        ("accounts.csv", "Borealis Foods,retail,1,1,1,Norway,NULL", "line 2"),
        ("accounts.csv", "...,retail,1,1,1,Norway,NULL", "neither letters nor digits"),
        ("accounts.csv", f"{'x' * 201},retail,1,1,1,Norway,NULL", "longer than 200"),
        ("sales_teams.csv", "Ana Sá,Mo Farrow,East", "line 2"),
        ("sales_teams.csv", "Ana Sa,Mo Farrow,East", "address of line 2"),
        ("sales_teams.csv", "Dan Poe,,East", "empty"),
    ],
)
def test_a_customer_or_seller_that_cannot_be_taken_is_refused_alone(
    run: Run, export: Path, name: str, line: str, why: str
):
    add_line(export, name, line)
    output = run()
    assert why in output.partition("Refused:")[2]
    assert (Account.objects.count(), Membership.objects.count()) == (3, 3)


def test_an_unknown_parent_is_left_out_and_said(run: Run, export: Path, tmp_path: Path):
    add_line(export, "accounts.csv", "Dune Works,retail,1,1,1,Norway,Ghost Inc")
    remarks = [row["remark"] for row in report_of(run, tmp_path)]
    assert "“Ghost Inc” is not in this file; left without parent" in remarks
    assert Account.objects.get(name="Dune Works").parent is None


def test_a_customer_that_the_portal_has_is_not_added_twice(run: Run):
    known = Account.objects.create(name="Cinder Rail AS", name_key="cinder rail", country="NO")
    run()
    known.refresh_from_db()
    assert (known.external_ref, known.employees) == ("crm:Cinder Rail", 12)
    assert deal("E1").account == known
    assert Account.objects.count() == 3


def test_a_formula_in_the_report_is_made_inert(run: Run, export: Path, tmp_path: Path):
    add_line(export, "sales_pipeline.csv", "=1+1,Nobody,GTX Basic,,Engaging,2017-01-01,,")
    refused = [row for row in report_of(run, tmp_path) if row["result"] == "refused"]
    assert refused[0]["key"] == "'=1+1"


def break_after(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    """Makes the import end, as by a power cut, when it begins one batch too many."""
    whole, counted = importing.import_deals, []

    def import_deals(**given):
        counted.append(1)
        if len(counted) > calls:
            raise KeyboardInterrupt
        return whole(**given)

    monkeypatch.setattr(crm_deals, "BATCH", 2)
    monkeypatch.setattr(crm_deals, "import_deals", import_deals)


def test_a_run_that_was_cut_short_is_finished_by_the_next(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as cut:
        break_after(cut, calls=1)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert Deal.objects.count() == 2
    run()
    assert Deal.objects.count() == 6
    assert Event.objects.filter(kind="dealreg.deal_imported").count() == 6
    assert list(fsck.findings()) == []


def test_what_the_database_refuses_is_refused_alone(run: Run, monkeypatch: pytest.MonkeyPatch):
    whole = importing._deal

    def picky(one):
        if one.ref == "crm:L1":
            raise DatabaseError("check constraint says no")
        return whole(one)

    monkeypatch.setattr(importing, "_deal", picky)
    output = run()
    assert "(L1): the database refuses it: check constraint says no" in output
    assert Deal.objects.count() == 5


def utf16(text: str) -> bytes:
    return text.encode("utf-16")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("accounts.csv", b"", "accounts.csv is empty"),
        ("accounts.csv", b"account,sector\nA,b\n", "has no column employees, office_location"),
        ("accounts.csv", utf16("account,sector\n"), "accounts.csv is UTF-16"),
        (
            "sales_teams.csv",
            b"sales_agent,manager,regional_office\nA,b\0,c\n",
            "line 2: a NUL byte",
        ),
        (
            "sales_teams.csv",
            b"sales_agent,manager,regional_office\nA\xe9,b,c\n",
            "line 2: not UTF-8",
        ),
        ("sales_teams.csv", b"sales_agent,manager,manager,regional_office\n", "manager twice"),
        ("sales_teams.csv", b'sales_agent,manager,regional_office\n"A,b,c\n', "line 2:"),
        (
            "sales_teams.csv",
            b"sales_agent,manager,regional_office\n" + b"x" * 200_000 + b",b,c\n",
            "field larger than field limit",
        ),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_written(
    run: Run, export: Path, name: str, content: bytes, why: str
):
    (export / name).write_bytes(content)
    before = everything()
    with pytest.raises(CommandError, match=r"Nothing was imported\.") as refused:
        run()
    assert why in str(refused.value)
    assert everything() == before


def test_a_huge_file_is_refused_unread(run: Run, export: Path):
    with (export / "accounts.csv").open("ab") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="larger than 64 MB"):
        run()


def test_a_missing_file_is_named(run: Run, export: Path):
    (export / "sales_teams.csv").unlink()
    with pytest.raises(CommandError, match=r"sales_teams\.csv is missing"):
        run()


def test_a_byte_order_mark_does_no_harm(run: Run, export: Path):
    path = export / "accounts.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    run()
    assert Account.objects.count() == 3


def test_the_list_of_products_decides_how_they_are_spelt(run: Run, export: Path):
    (export / "products.csv").write_text("product,series\nGTX Pro Max,GTX\nMG-Pro,MG\n")
    output = run()
    assert "“MG Pro” read as “MG-Pro”" in output
    assert "“GTX Basic” is not in the list of products; added" in output


@pytest.mark.parametrize("wrong", [["--currency", "XXX"], ["--staff-domain", "not a domain"]])
def test_wrong_options_are_refused(run: Run, wrong: list[str]):
    before = everything()
    with pytest.raises(CommandError):
        run(*wrong)
    assert everything() == before


@pytest.mark.skipif("PRM_CRM_DATA" not in os.environ, reason="PRM_CRM_DATA names no export")
def test_the_real_export_is_taken_whole(db):
    call_command("import_crm", os.environ["PRM_CRM_DATA"])
    stages = Counter(Deal.objects.values_list("stage", flat=True))
    assert stages == {"won": 4238, "lost": 2473, "engaging": 1589, "prospecting": 500}
    assert Deal.objects.aggregate(Sum("closed_amount"))["closed_amount__sum"] == 10_005_534
    assert Deal.objects.filter(account=None).count() == 1425
    assert (Account.objects.count(), Account.objects.exclude(parent=None).count()) == (85, 15)
    assert (Membership.objects.count(), Partner.objects.count()) == (36, 7)
    assert list(fsck.findings()) == []


PURCHASES = [
    "purchase_id,account,product,bought_on,ends_on",
    "B1,Acorn Tools Ltd,GTX Basic,2016-05-01,2099-04-30",
    "B2,Nobody Inc,GTX Basic,2016-05-01,",
    "B3,Acorn Tools Ltd,GTX Basic,2016-05-01,2016-04-30",
]
DIRECT = [
    "opportunity_id,account,product,stage,owner,opened_on,closed_on",
    "D1,Cinder Rail,,Proposal,Hannah Osei,2017-03-01,",
]


def test_the_vendors_own_sales_come_too(run: Run, export: Path, tmp_path: Path):
    (export / "purchases.csv").write_text("\n".join(PURCHASES) + "\n", encoding="utf-8")
    (export / "direct_opportunities.csv").write_text("\n".join(DIRECT) + "\n", encoding="utf-8")
    rows = [row for row in report_of(run, tmp_path) if row["file"].startswith(("pur", "dir"))]

    bought, direct = Purchase.objects.get(), DirectOpportunity.objects.get()
    assert (bought.account.name, bought.product_line.name) == ("Acorn Tools Ltd", "GTX Basic")
    assert (direct.account.name, direct.product_line, direct.owner) == (
        "Cinder Rail",
        None,
        "Hannah Osei",
    )
    assert [(row["key"], row["result"], row["column"]) for row in rows] == [
        ("B1", "taken", ""),
        ("B2", "refused", "account"),
        ("B3", "refused", "ends_on"),
        ("D1", "taken", ""),
    ]
    before = everything()
    run()
    assert (everything(), Purchase.objects.count()) == (before, 1)
