"""The customer answers for itself, once, and learns nothing that it did not know."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from core import mail
from core.delivery import deliver_due
from core.models import Event, Notification, OutgoingMail
from dealreg.models import Confirmation, Deal, EvidenceItem
from dealreg.services import CannotAsk, ask_customer, withdraw_deal
from dealreg.services.confirming import digest

pytestmark = pytest.mark.django_db

ANNA = "anna@nordwind.example.com"
DAY = dt.timedelta(days=1)


@pytest.fixture
def asked(registered, cast, mailoutbox):
    """Jonas has asked Anna at the customer; the link that she got."""
    deal = registered()
    ask_customer(actor=cast.actor(cast.jonas), deal_id=deal.pk, address=ANNA)
    mail.send_due()
    (message,) = [one for one in mailoutbox if one.to == [ANNA]]
    (path,) = re.findall(r"https?://[^/]+(/confirm/[\w-]+/)", message.body)
    return deal, path, message


def test_the_mail_says_the_least(asked):
    _deal, _path, message = asked
    assert "Alpha Systems" in message.body
    assert "Cloud" in message.body
    assert not re.search(r"12[.,]?800|Nordwind Logistics|Jonas|DR-", message.body)


def test_the_link_is_kept_nowhere(asked):
    _deal, path, _message = asked
    token = path.split("/")[2]
    assert Confirmation.objects.get().token_hash == digest(token)
    assert not OutgoingMail.objects.filter(text__contains=token).exists()
    assert not Event.objects.filter(payload__icontains=token).exists()


def test_the_page_says_the_least_and_is_not_indexed(asked):
    _deal, path, _message = asked
    page = Client().get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Alpha Systems" in text
    assert not re.search(r"12[.,]?800|Nordwind Logistics|Jonas|DR-|Beta", text)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    # Not "no-referrer": a browser then hides its origin, and the answer would be refused.
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]


def test_a_refused_answer_leaves_no_link_in_the_log(asked, caplog):
    _deal, path, _message = asked
    answer = Client(enforce_csrf_checks=True).post(path, {"answer": "yes"})
    Client().get("/confirm/" + "y" * 43 + "/")

    assert (answer.status_code, caplog.text.count("/confirm/…/")) == (403, 4)
    assert path not in caplog.text
    assert "yyy" not in caplog.text
    assert not EvidenceItem.objects.exists()


def test_a_yes_becomes_evidence(asked, cast):
    deal, path, _message = asked
    answer = Client().post(path, {"answer": "yes"})
    deliver_due()

    assert (answer.status_code, EvidenceItem.objects.get().kind) == (200, "confirmation")
    assert Confirmation.objects.get().answer == "yes"
    assert Event.objects.latest("id").kind == "dealreg.customer_confirmed"
    assert Notification.objects.filter(user=cast.jonas, title__contains="confirmed").exists()
    assert Deal.objects.get(pk=deal.pk).status == "approved"


def test_a_no_warns_the_manager_and_not_the_partner(asked, cast, client):
    deal, path, _message = asked
    Client().post(path, {"answer": "no"})
    deliver_due()

    assert not EvidenceItem.objects.exists()
    assert Notification.objects.filter(user=cast.mara, title__contains="not its partner").exists()
    assert not Notification.objects.filter(
        user=cast.jonas, title__contains="not its partner"
    ).exists()
    client.force_login(cast.jonas)
    for page in ("timeline", "protection"):
        assert "not its partner" not in client.get(f"/deals/{deal.pk}/{page}/").content.decode()


def bare(page) -> str:
    return re.sub(r"[\w-]{40,}", "…", page.content.decode())


def test_wrong_used_and_expired_links_look_the_same(asked):
    _deal, path, _message = asked
    Client().post(path, {"answer": "yes"})
    used = Client().get(path)
    Confirmation.objects.update(used_at=None, answer="", expires_at=timezone.now())
    expired = Client().get(path)
    wrong = Client().get("/confirm/" + "x" * 43 + "/")

    assert {page.status_code for page in (used, expired, wrong)} == {404}
    assert bare(used) == bare(expired) == bare(wrong)


def test_an_answer_is_taken_once(asked):
    _deal, path, _message = asked
    events = Event.objects.count()
    answers = [Client().post(path, {"answer": answer}).status_code for answer in ("yes", "no")]

    assert answers == [200, 404]
    assert (EvidenceItem.objects.count(), Event.objects.count()) == (1, events + 1)


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_no_answer_is_none(asked, answer):
    _deal, path, _message = asked
    assert Client().post(path, {"answer": answer}).status_code == 404
    assert Confirmation.objects.get().used_at is None


def test_looking_answers_nothing(asked):
    _deal, path, _message = asked
    Client().get(path)
    assert Confirmation.objects.get().used_at is None


def test_a_withdrawn_deals_link_is_dead(asked, cast):
    deal, path, _message = asked
    withdraw_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk)
    assert Client().post(path, {"answer": "yes"}).status_code == 404
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["anna@gmail.com", "anna@halcyon.example.net", "nobody", "", "a@b@nordwind.example.com"],
)
def test_only_the_customers_own_addresses(registered, cast, address):
    deal = registered()
    events = Event.objects.count()
    with pytest.raises(CannotAsk, match="Enter an e-mail address at"):
        ask_customer(actor=cast.actor(cast.jonas), deal_id=deal.pk, address=address)

    assert (Confirmation.objects.count(), Event.objects.count()) == (0, events)
    assert not OutgoingMail.objects.filter(to_user=None).exists()


def test_without_a_domain_nobody_is_asked(registered, cast):
    deal = registered(customer_domain="")
    with pytest.raises(CannotAsk, match="web domain is not known"):
        ask_customer(actor=cast.actor(cast.jonas), deal_id=deal.pk, address=ANNA)


def test_a_customer_is_not_pestered(registered, cast):
    deal = registered()
    jonas = cast.actor(cast.jonas)
    for _number in range(2):
        ask_customer(actor=jonas, deal_id=deal.pk, address=ANNA)
        with pytest.raises(CannotAsk, match="wait a day"):
            ask_customer(actor=jonas, deal_id=deal.pk, address=ANNA)
        Confirmation.objects.update(asked_at=timezone.now() - DAY)
    ask_customer(actor=jonas, deal_id=deal.pk, address="ben@nordwind.example.com")
    with pytest.raises(CannotAsk, match="about this deal already"):
        ask_customer(actor=jonas, deal_id=deal.pk, address="cleo@nordwind.example.com")

    assert Confirmation.objects.count() == 3
