"""The vendor's own fields by mail, and as columns of a spreadsheet."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.importing import runs
from core.importing.contract import RowOutcome, SheetRow
from core.models import OutgoingMail
from core.money import Money
from core.own_fields.fields import Choice, FieldSpec, FieldType, Needed
from dealreg import services
from dealreg.models import Deal, ProductLine
from dealreg.services import ChoiceDraft, FieldDraft
from integrations.maildoor import working
from integrations.maildoor.own_fields import value_of, written
from integrations.maildoor.port import Received, take
from integrations.models import InboundMessage, MailOutcome, MailWay
from integrations.sheets.deals import DealImporter
from tests.dealreg.conftest import asking, registered  # noqa: F401 - fixtures
from tests.integrations.mails import WHOLE, mail

pytestmark = pytest.mark.django_db
CLOSE = timezone.localdate() + dt.timedelta(days=40)


@pytest.fixture
def define(cast, rules):
    def add(code, kind=FieldType.TEXT, **more):
        draft = FieldDraft(code=code, type=kind, **{"labels": {"en": code.title()}, **more})
        return services.add_field(actor=cast.actor(cast.otto), draft=draft)

    return add


@pytest.fixture
def fields(define):
    """Seats, hosting, a saving and a start."""
    define("seats", FieldType.NUMBER, labels={"en": "Number of seats", "de": "Plätze"})
    answers = [
        ChoiceDraft("own", {"en": "Own data centre", "de": "Eigenes Rechenzentrum"}),
        ChoiceDraft("cloud", {"en": "Cloud"}),
    ]
    define("hosting", FieldType.CHOICE, choices=answers, labels={"en": "Hosting"})
    define("saving", FieldType.MONEY)
    define("start", FieldType.DATE)
    define("plan", FieldType.FILE)


GIVEN = {
    "seats": Decimal(1200),
    "hosting": "own",
    "saving": Money(Decimal("12500.50"), "EUR"),
    "start": dt.date(2027, 3, 31),
}


def answers(deal):
    return {one.field.code: one.value for one in deal.answers.select_related("field")}


# --- by mail --------------------------------------------------------------------------------


@pytest.fixture
def receive(settings, cast, rules):
    settings.INBOUND_MAIL_ADDRESS = "deals@prm.example"
    settings.INBOUND_AUTHSERV_ID = "mx.prm.example"

    def take_in(text, **how) -> InboundMessage:
        raw = mail(text.replace("{close}", CLOSE.isoformat()), **how).as_bytes()
        take(Received("", raw, len(raw)), MailWay.WEBHOOK)
        working.work_due()
        return InboundMessage.objects.latest("id")

    return take_in


def reply() -> str:
    return OutgoingMail.objects.filter(once__startswith="maildoor").latest("created_at").text


LINES = """Plätze: 1,200
Hosting: eigenes rechenzentrum
Saving: 12,500.50 EUR
Start: 31.03.2027
"""


def test_own_fields_are_read_by_their_labels_in_any_language(receive, fields):
    row = receive(LINES + WHOLE)
    assert (row.outcome, row.deal.status) == (MailOutcome.REGISTERED, "approved")
    assert answers(row.deal) == GIVEN


def test_what_is_missing_is_asked_for_with_its_line_and_the_reply_completes_it(receive, define):
    define("seats", FieldType.NUMBER, needed=Needed.ALWAYS, least=Decimal(5))
    row = receive(WHOLE)
    assert (row.outcome, row.deal.status) == (MailOutcome.ASKED, "draft")
    assert "Seats:" in reply()
    to = f"deals+{row.pk}-{working.proof_of(row.pk)}@prm.example"
    row = receive("Seats: 3\n", to=to, message_id="<2@cast.example>")
    assert (row.outcome, answers(row.deal)) == (MailOutcome.ASKED, {})
    row = receive("Seats: plenty\n", to=to, message_id="<3@cast.example>")
    assert "“plenty” was not understood." in reply()
    row = receive("Seats: 30\n", to=to, message_id="<4@cast.example>")
    assert (row.outcome, answers(row.deal)) == (MailOutcome.REGISTERED, {"seats": Decimal(30)})


def test_fields_of_another_line_are_left_out(receive, define, cast):
    other = ProductLine.objects.create(code="data", name="Data")
    define("racks", FieldType.NUMBER, product_line_id=other.pk)
    row = receive("Racks: 7\n" + WHOLE)
    assert (row.outcome, answers(row.deal)) == (MailOutcome.REGISTERED, {})


def test_the_sent_back_field_alone_is_taken(receive, fields, cast):
    row = receive("Number of seats: 9000\n" + WHOLE.replace("12,800.00", "61,000.00"))
    assert row.deal.status == "in_review"
    services.send_back_deal(
        actor=cast.actor(cast.mara), deal_id=row.deal_id, asks_for=["own.hosting"], message="Where?"
    )
    to = f"deals+{row.pk}-{working.proof_of(row.pk)}@prm.example"
    row = receive("Hosting: Cloud\nSeats: 1\n", to=to, message_id="<2@cast.example>")
    assert answers(row.deal) == {"seats": Decimal(9000), "hosting": "cloud"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.TEXT, "عقد كبير"),
        (FieldType.NUMBER, Decimal(12000)),
        (FieldType.NUMBER, Decimal("1.125")),
        (FieldType.MONEY, Money(Decimal("1.500"), "KWD")),
        (FieldType.MONEY, Money(Decimal(1500), "JPY")),
        (FieldType.DATE, dt.date(2027, 1, 31)),
        (FieldType.YES_NO, False),
        (FieldType.CHOICE, "b"),
    ],
)
def test_what_the_form_says_is_read_the_same(kind, value):
    spec = FieldSpec("x", kind, {"en": "X"}, {}, (Choice("b", {"en": "Second, best"}),))
    assert value_of(spec, written(spec, value)) == value


# --- spreadsheets ---------------------------------------------------------------------------

HEAD = "Reference,Partner,Customer,Country,Product line,Amount,Currency,Status,Decided,Next step,"
ROW = "{ref},Alpha Systems,Nordwind GmbH,DE,cloud,900,EUR,approved,2026-03-01,Call Ms Ott,"


def imported(otto, head: str, *rows: str):
    upload = SimpleUploadedFile("deals.csv", "\n".join([head, *rows, ""]).encode())
    run = runs.begin(actor=otto, importer="deals", upload=upload)
    runs.try_out(actor=otto, run_id=run.pk, mapping=run.mapping)
    runs.work_due()
    runs.go_ahead(actor=otto, run_id=run.pk)
    runs.work_due()
    run.refresh_from_db()
    return run


def test_own_fields_and_the_sale_are_columns(cast, fields):
    head = HEAD + "Next step on,own.seats,HOSTING,Saving,own.start"
    row = ROW.format(ref="A-1") + "2027-01-15,1200,Cloud,12500.50 EUR,2027-03-31"
    imported(cast.actor(cast.otto), head, row)
    deal = Deal.objects.get()
    assert (deal.next_step, deal.next_step_on) == ("Call Ms Ott", dt.date(2027, 1, 15))
    assert answers(deal) == {**GIVEN, "hosting": "cloud"}


@pytest.mark.parametrize(
    ("heading", "cell", "says"),
    [
        ("own.seats", "many", "Number of seats: "),
        ("own.hosting", "nowhere", "Hosting: "),
        ("own.saving", "12 XAU", "Saving: "),
        ("own.start", "soon", "Start: "),
        ("own.racks", "3", "Racks: "),
    ],
)
def test_wrong_answers_are_told_by_row(cast, fields, define, heading, cell, says):
    other = ProductLine.objects.create(code="data", name="Data")
    define("racks", FieldType.NUMBER, product_line_id=other.pk)
    head, right = HEAD + heading, ROW.format(ref="A-2")
    run = imported(cast.actor(cast.otto), head, ROW.format(ref="A-1") + cell, right)
    assert runs.counts_of(run) == {"added": 1, "wrong": 1}
    assert run.rows.get(outcome="wrong").message.startswith(says)


def test_h3_the_export_is_read_back_as_it_was(client, cast, fields, registered):  # noqa: F811
    deal = registered(own_values=GIVEN)
    Deal.objects.update(next_step="=Call", next_step_on=CLOSE, probability=35)
    client.force_login(cast.otto)
    answer = client.get(reverse("admin:dealreg_deal_export"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, line = list(csv.reader(io.StringIO(text)))
    values = {**dict(zip(head, line, strict=True)), "reference": "COPY-1", "next_step": "=Call"}
    (result,) = DealImporter().take(cast.actor(cast.otto), [SheetRow(2, values)], dry=False)

    assert result.outcome == RowOutcome.ADDED, result.message
    copy = Deal.objects.get(external_ref="COPY-1")
    assert answers(copy) == answers(deal) == GIVEN
    assert (copy.next_step, copy.next_step_on, copy.probability) == ("=Call", CLOSE, 35)
