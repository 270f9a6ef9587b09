import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from core import mail
from core.mail import queue_mail, send_due, withdraw_mail
from core.models import OutgoingMail, QueueState
from tests.core.trial import rolled_back


def write(once: str = "x", subject: str = "Hello", **how) -> bool:
    how.setdefault("to_address", "bo@cast.example")
    context = {"title": subject, "body": how.pop("body", ""), "url": "http://portal.example/a"}
    return queue_mail(
        once=once, subject=subject, template="core/mail/notification", context=context, **how
    )


class Server(BaseEmailBackend):
    """A mail server whose faults the tests choose."""

    refuses: set[str] = set()
    away = False
    taken: list[str] = []

    def open(self) -> bool:
        if self.away:
            raise ConnectionRefusedError("nobody there")
        return True

    def send_messages(self, messages) -> int:
        for message in messages:
            if message.to[0] in self.refuses:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
            self.taken.append(message.extra_headers["Message-ID"])
        return len(messages)


@pytest.fixture
def server(settings, monkeypatch) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    for name, value in {"refuses": set(), "away": False, "taken": []}.items():
        monkeypatch.setattr(Server, name, value)
    return Server


def states() -> list[tuple[str, int]]:
    return list(OutgoingMail.objects.order_by("once").values_list("state", "attempts"))


def make_due() -> None:
    OutgoingMail.objects.filter(state=QueueState.WAITING).update(due_at=Now())


def test_a_message_is_sent_once_under_the_id_of_its_row(db):
    write(body="News <b>here</b>")

    assert send_due() == 1
    assert send_due() == 0
    (sent,) = django_mail.outbox
    row = OutgoingMail.objects.get()
    assert sent.extra_headers["Message-ID"] == f"<{row.pk}@prm.example>"
    assert (sent.to, sent.subject) == (["bo@cast.example"], "Hello")
    assert row.state == "done"


def test_text_and_html_say_the_same_and_html_is_escaped(db):
    write(body="News <b>here</b>")
    send_due()
    (sent,) = django_mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html, kind = map(str, sent.alternatives[0])

    assert "News <b>here</b>" in sent.body
    assert kind == "text/html"
    assert "News &lt;b&gt;here&lt;/b&gt;" in html
    assert 'style="' in html  # many mail programs know no style sheets
    assert "http://portal.example/a" in sent.body


def test_the_same_thing_makes_one_message(db):
    assert write() is True
    assert write(subject="Other") is False

    assert OutgoingMail.objects.get().subject == "Hello"


def test_no_message_without_the_commit_of_its_cause(db):
    with rolled_back():
        write()

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: c@d.example", "a@b.example, c@d"])
def test_what_is_no_address_is_refused(db, address):
    with pytest.raises(ValidationError):
        write(to_address=address)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("subject", "sent"),
    [
        ("Deal\r\nBcc: all@cast.example", "Deal Bcc: all@cast.example"),
        ("tab\tand\x00nul\u2028line", "tab and nul line"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_a_subject_stays_one_line(db, subject, sent):
    write(subject=subject)
    send_due()

    assert django_mail.outbox[0].subject == sent
    assert list(django_mail.outbox[0].message().keys()).count("Bcc") == 0


def test_a_refused_message_is_tried_five_times_and_parked(db, server):
    server.refuses = {"bo@cast.example"}
    write("a")
    write("b", to_address="ada@cast.example")
    for _ in range(7):
        send_due()
        make_due()

    assert states() == [("parked", 5), ("done", 1)]
    assert len(server.taken) == 1
    assert "SMTPRecipientsRefused" in OutgoingMail.objects.get(once="a").last_error


def test_a_parked_message_goes_out_when_it_is_run_again(db, server):
    write()
    OutgoingMail.objects.update(state=QueueState.PARKED, attempts=5)

    assert mail.rerun(OutgoingMail.objects.values_list("pk", flat=True)) == 1
    assert send_due() == 1
    assert states() == [("done", 1)]


def test_a_server_that_is_away_costs_no_message_a_try(db, server):
    server.away = True
    write()
    for _ in range(9):
        assert send_due() == 0
        make_due()
    assert states() == [("waiting", 0)]
    assert "nobody there" in OutgoingMail.objects.get().last_error

    server.away = False
    assert send_due() == 1
    assert states() == [("done", 1)]


def test_a_message_whose_worker_died_is_sent_again_under_the_same_id(db, server):
    write()
    send_due()
    OutgoingMail.objects.update(
        state=QueueState.RUNNING, finished_at=None, leased_until=Now() - timedelta(seconds=1)
    )

    assert send_due() == 1
    assert len(server.taken) == 2
    assert len(set(server.taken)) == 1


def test_a_closed_account_gets_no_mail_any_more(olga, server):
    write(to_user=olga, to_address="")
    olga.is_active = False
    olga.save(update_fields=["is_active"])

    assert send_due() == 0
    assert server.taken == []
    assert states() == [("done", 1)]


def test_withdrawn_mail_is_not_sent(olga, server):
    write("a", to_user=olga)
    write("b")

    assert withdraw_mail(user_id=olga.pk) == 1
    assert send_due() == 1
    assert OutgoingMail.objects.get(once="a").last_error == "Withdrawn before sending."


def test_a_secret_is_forgotten_once_it_is_sent(db):
    write("a", body="https://partners.example.com/reset/abc", secret=True)
    write("b", body="Nothing to hide")
    assert send_due() == 2

    assert "reset/abc" in django_mail.outbox[0].body
    secret, open_one = OutgoingMail.objects.order_by("once")
    assert (secret.text, secret.html) == ("", "")
    assert "Nothing to hide" in open_one.text


def test_a_secret_that_is_withdrawn_is_forgotten(olga):
    write("a", body="https://partners.example.com/reset/abc", to_user=olga, secret=True)
    withdraw_mail(user_id=olga.pk)
    assert OutgoingMail.objects.get().text == ""


def test_the_database_lets_no_sent_secret_stay(db):
    write("a", secret=True)
    with pytest.raises(IntegrityError, match="mail_secret_is_forgotten"), transaction.atomic():
        OutgoingMail.objects.update(state=QueueState.DONE, finished_at=Now())
    assert OutgoingMail.objects.get().text != ""


def test_times_are_those_of_the_reader(olga):
    olga.time_zone = "Asia/Tokyo"
    with mail.reading_as(olga):
        assert timezone.get_current_timezone_name() == "Asia/Tokyo"
