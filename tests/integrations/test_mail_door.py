"""Registering by mail: what becomes of a message, and what its sender is answered."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from core import mail as outgoing
from core.models import OutgoingMail, StoredFile
from dealreg import services
from dealreg.models import Deal
from integrations.maildoor import working
from integrations.maildoor.port import Received, take
from integrations.models import InboundMessage, MailOutcome, MailWay
from partners.models import Membership
from tests.integrations.mails import WHOLE, mail

pytestmark = pytest.mark.django_db

CLOSE = timezone.localdate() + dt.timedelta(days=40)


@pytest.fixture(autouse=True)
def door(settings, cast, rules):
    settings.INBOUND_MAIL_ADDRESS = "deals@prm.example"
    settings.INBOUND_AUTHSERV_ID = "mx.prm.example"


@pytest.fixture
def receive():
    """Takes a mail and works it; its row."""

    def take_in(text="", **how) -> InboundMessage:
        raw = mail(text.replace("{close}", CLOSE.isoformat()), **how).as_bytes()
        take(Received("", raw, len(raw)), MailWay.WEBHOOK)
        working.work_due()
        return InboundMessage.objects.latest("id")

    return take_in


def reply() -> OutgoingMail:
    return OutgoingMail.objects.filter(once__startswith="maildoor").latest("created_at")


def test_a_whole_mail_registers_the_deal_and_is_answered(receive, cast):
    row = receive(WHOLE, files={"plan.csv": b"a;b\n"})
    deal = Deal.objects.get()

    assert (row.outcome, row.state, row.deal, row.user) == (
        MailOutcome.REGISTERED,
        "done",
        deal,
        cast.jonas,
    )
    assert (deal.status, deal.source, deal.partner) == ("approved", "email", cast.alpha)
    assert (deal.customer_name, deal.customer_country) == ("Nordwind Logistics GmbH", "DE")
    assert (deal.amount, deal.currency, deal.expected_close) == (Decimal(12800), "EUR", CLOSE)
    assert deal.description == "A new warehouse.\nThey decide in May."
    assert StoredFile.objects.get().name == "plan.csv"
    sent = reply()
    assert (sent.to_user, sent.subject) == (cast.jonas, "Re: A new deal")
    assert f"/deals/{deal.pk}/" in sent.text
    assert f"{deal.reference} for Nordwind Logistics GmbH: Approved" in sent.text


def test_the_same_message_twice_adds_nothing(receive):
    for _again in range(3):
        receive(WHOLE)

    assert (InboundMessage.objects.count(), Deal.objects.count()) == (1, 1)
    assert OutgoingMail.objects.filter(once__startswith="maildoor").count() == 1


def test_what_is_missing_is_asked_for_and_the_reply_completes_it(receive, cast):
    row = receive("Customer: Nordwind GmbH\nCountry: DE\nAmount: 900 EUR\nClose: next spring\n")
    draft = Deal.objects.get()
    assert (row.outcome, draft.status, draft.amount) == (MailOutcome.ASKED, "draft", Decimal(900))
    sent = reply()
    for words in (
        "* Product line – Choose a product line.",
        "“next spring” was not understood.",
        "Customer: Nordwind GmbH",
        "Expected amount: 900.00",
    ):
        assert words in sent.text, words

    quoted = "\n".join(f"> {line}" for line in sent.text.splitlines())
    filled = quoted.replace("> Product line:", "> Product line: Cloud")
    filled = filled.replace("> Expected close:", f"> Expected close: {CLOSE}")
    receive(filled, message_id="<2@cast.example>", to=sent.headers["Reply-To"])
    draft.refresh_from_db()
    assert (draft.status, draft.source, Deal.objects.count()) == ("approved", "email", 1)


def test_a_reply_is_known_by_the_mail_that_it_answers_too(receive):
    receive("Customer: Nordwind GmbH\nCountry: DE\nAmount: 900 EUR\n")
    receive(
        f"Product: cloud\nClose: {CLOSE}\n",
        message_id="<2@cast.example>",
        headers={"In-Reply-To": outgoing.message_id(reply())},
    )

    assert Deal.objects.get().status == "approved"


def test_betas_reply_does_not_reach_alphas_draft(receive, cast):
    receive("Customer: Nordwind GmbH\nCountry: DE\n")
    receive(
        "Customer: Nordwind GmbH\nAmount: 1 EUR\n",
        sender="bo@cast.example",
        message_id="<2@cast.example>",
        to=reply().headers["Reply-To"],
    )

    assert set(Deal.objects.values_list("partner__name", "amount")) == {
        ("Alpha Systems", None),
        ("Beta Networks", Decimal(1)),
    }


def test_a_wrong_proof_in_the_address_is_no_way_to_a_draft(receive):
    receive("Customer: Nordwind GmbH\nCountry: DE\n")
    forged = re.sub(r"-[0-9a-f]{20}@", f"-{'0' * 20}@", reply().headers["Reply-To"])
    receive("Customer: Nordwind GmbH\n", message_id="<2@x>", to=forged)

    assert Deal.objects.count() == 2


def test_what_was_sent_back_is_completed_by_mail(receive, cast):
    receive(WHOLE.replace("12,800.00", "80,000.00"))
    deal = Deal.objects.get()
    services.send_back_deal(
        actor=cast.actor(cast.mara), deal_id=deal.pk, asks_for=["amount"], message="So much?"
    )
    receive(
        "Amount: 8000 EUR\nCustomer: Somebody Else\n",
        message_id="<2@cast.example>",
        to=reply().headers["Reply-To"],
    )

    deal.refresh_from_db()
    assert (deal.status, deal.amount, deal.customer_name) == (
        "approved",
        Decimal(8000),
        "Nordwind Logistics GmbH",
    )


def test_refused_files_are_named_and_the_rest_is_done(receive):
    receive(WHOLE, files={"run.exe": b"MZ\x90", "plan.csv": b"a;b\n"})

    assert Deal.objects.get().status == "approved"
    assert [stored.name for stored in StoredFile.objects.all()] == ["plan.csv"]
    assert "* run.exe – Send a PDF" in reply().text


def test_a_mail_in_html_alone_is_read(receive):
    message = mail()
    lines = WHOLE.replace("{close}", CLOSE.isoformat()).splitlines()
    message.set_content("".join(f"<p>{line}</p>" for line in lines), subtype="html")
    raw = message.as_bytes()
    take(Received("", raw, len(raw)), MailWay.IMAP)
    working.work_due()

    assert Deal.objects.get().status == "approved"


def test_an_empty_mail_is_answered_with_the_form(receive, cast):
    cast.jonas.language = "de"
    cast.jonas.save(update_fields=["language"])
    row = receive("Guten Tag!")

    assert (row.outcome, Deal.objects.exists()) == (MailOutcome.ASKED, False)
    assert "\nErwarteter Abschluss: \n" in reply().text


@pytest.mark.parametrize(
    ("how", "outcome", "answers"),
    [
        ({"sender": "stranger@else.example"}, MailOutcome.REFUSED, 1),
        ({"proof": ""}, MailOutcome.REFUSED, 0),
        ({"proof": "mx.prm.example; dmarc=fail header.from=cast.example"}, MailOutcome.REFUSED, 0),
        ({"sender": "chiara@cast.example"}, MailOutcome.REFUSED, 1),
        ({"sender": "olga@cast.example"}, MailOutcome.REFUSED, 1),
        ({"sender": "mara@cast.example"}, MailOutcome.REFUSED, 1),
        ({"sender": "deals@prm.example"}, MailOutcome.IGNORED, 0),
        ({"headers": {"Auto-Submitted": "auto-replied"}}, MailOutcome.IGNORED, 0),
        ({"headers": {"List-Id": "<l.example>"}}, MailOutcome.IGNORED, 0),
        ({"sender": "mailer-daemon@cast.example"}, MailOutcome.IGNORED, 0),
    ],
)
def test_who_may_not_register_does_not(receive, how, outcome, answers):
    row = receive(WHOLE, **how)

    assert (row.outcome, row.state) == (outcome, "done")
    assert not Deal.objects.exists()
    assert OutgoingMail.objects.count() == answers


def test_an_unconfirmed_address_is_a_strangers(receive, cast):
    cast.jonas.emailaddress_set.update(verified=False)
    receive(WHOLE)

    assert not Deal.objects.exists()


def test_who_has_left_is_a_stranger_at_once(receive, cast):
    Membership.objects.filter(user=cast.jonas).update(left_at=timezone.now())
    assert receive(WHOLE).outcome == MailOutcome.REFUSED
    assert not Deal.objects.exists()


def test_a_suspended_partner_registers_nothing(receive, cast):
    cast.alpha.status = "suspended"
    cast.alpha.save(update_fields=["status"])

    assert receive(WHOLE).outcome == MailOutcome.REFUSED
    assert not Deal.objects.exists()


def test_a_stranger_is_answered_once_a_day(receive):
    for number in range(4):
        receive("Hello", sender="stranger@else.example", message_id=f"<{number}@else.example>")

    sent = OutgoingMail.objects.get()
    assert (sent.to_address, "Reply-To" in sent.headers) == ("stranger@else.example", False)
    assert sent.headers["Auto-Submitted"] == "auto-replied"


def test_two_machines_do_not_talk_for_ever(receive, monkeypatch):
    monkeypatch.setattr(working, "ANSWERS_AN_HOUR", 3)
    for number in range(6):
        receive("Hello", message_id=f"<{number}@cast.example>")

    assert OutgoingMail.objects.filter(once__startswith="maildoor").count() == 3


def test_a_flood_waits_its_turn_and_nothing_is_lost(receive, monkeypatch):
    monkeypatch.setattr(working, "MAILS_AN_HOUR", 2)
    for number in range(4):
        receive("Hello", message_id=f"<{number}@cast.example>")

    rows = InboundMessage.objects.order_by("id").values_list("state", "attempts")
    assert list(rows) == [("done", 1), ("done", 1), ("waiting", 0), ("waiting", 0)]


def test_too_large_a_message_is_kept_by_its_head_and_refused(monkeypatch, cast):
    monkeypatch.setattr("integrations.maildoor.port.LARGEST", 1000)
    raw = mail("x" * 2000).as_bytes()
    take(Received("", raw, len(raw)), MailWay.WEBHOOK)
    working.work_due()
    row = InboundMessage.objects.get()

    assert (row.outcome, row.sender, bytes(row.raw)) == (
        MailOutcome.REFUSED,
        "jonas@cast.example",
        b"",
    )


def test_a_poisoned_message_is_parked_and_can_be_run_again(receive, monkeypatch, client, cast):
    def fail(*_how, **_what):
        raise RuntimeError("broken")

    monkeypatch.setattr(working, "fields_of", fail)
    row = receive(WHOLE)
    for _attempt in range(5):
        InboundMessage.objects.filter(state="waiting").update(due_at=timezone.now())
        working.work_due()
    row.refresh_from_db()
    assert (row.state, row.attempts, Deal.objects.exists()) == ("parked", 5, False)

    monkeypatch.undo()
    client.force_login(cast.otto)
    client.post(
        "/admin/integrations/inboundmessage/",
        {"action": "run_again", "_selected_action": [row.pk]},
    )
    working.work_due()
    assert Deal.objects.get().status == "approved"


def test_a_worker_that_dies_on_the_way_leaves_nothing_and_loses_nothing(receive, monkeypatch):
    """Killed after everything is written and before the commit."""

    def die(*_how, **_what):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("core.queue.finish", die)
        with pytest.raises(SystemExit):
            receive(WHOLE)
    assert (Deal.objects.exists(), OutgoingMail.objects.exists()) == (False, False)
    assert not StoredFile.objects.exists()

    InboundMessage.objects.update(leased_until=timezone.now())
    working.work_due()
    assert (Deal.objects.count(), InboundMessage.objects.get().state) == (1, "done")
