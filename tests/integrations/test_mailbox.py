"""Reading a mailbox: nothing is lost and nothing doubled, whoever dies or falls silent."""

import time

import pytest
from django.core.management import CommandError, call_command

from integrations.maildoor import imap, port, webhook
from integrations.models import InboundMessage
from tests.integrations.fake_imap import Box, Server, deaf_port
from tests.integrations.mails import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def box() -> Box:
    made = Box()
    for number in range(3):
        made.put(mail("Hello", message_id=f"<{number}@cast.example>").as_bytes())
    return made


def test_unseen_mails_are_taken_then_marked(box):
    with Server(box) as server:
        assert [imap.read_mailbox(server.url()) for _again in "ab"] == [3, 0]

    rows = InboundMessage.objects.order_by("id").values_list("via", "sender", "subject")
    assert list(rows) == [("imap", "jonas@cast.example", "A new deal")] * 3
    assert all(flags == {"\\Seen"} for _raw, flags in box.mails.values())


def test_taken_mails_may_be_moved(box):
    with Server(box) as server:
        imap.read_mailbox(server.url("?done=Archive"))

    assert (box.mails, len(box.archived)) == ({}, 3)


def test_killed_between_our_commit_and_the_mark_nothing_is_lost_or_doubled(box, monkeypatch):
    def die(_self, _received):
        raise SystemExit

    with Server(box) as server:
        with monkeypatch.context() as patched:
            patched.setattr(imap.ImapMail, "taken", die)
            with pytest.raises(SystemExit):
                imap.read_mailbox(server.url())
        assert InboundMessage.objects.count() == 1
        assert not any(flags for _raw, flags in box.mails.values())
        imap.read_mailbox(server.url())

    assert InboundMessage.objects.count() == 3
    assert all(flags == {"\\Seen"} for _raw, flags in box.mails.values())


def test_killed_between_fetch_and_commit_it_is_read_again(box, monkeypatch):
    """The control of the order: before our commit nothing outside has changed."""

    def die(_received, _way):
        raise SystemExit

    with Server(box) as server:
        with monkeypatch.context() as patched:
            patched.setattr(port, "take", die)
            with pytest.raises(SystemExit):
                imap.read_mailbox(server.url())
        assert not any(flags for _raw, flags in box.mails.values())
        assert imap.read_mailbox(server.url()) == 3


def test_without_the_order_a_mail_would_be_lost(box, monkeypatch):
    """The control: marked before it is safe, a kill loses it."""
    waiting = imap.ImapMail.waiting

    def mark_first(self):
        for received in waiting(self):
            self.taken(received)
            yield received

    def die(_received, _way):
        raise SystemExit

    with Server(box) as server:
        with monkeypatch.context() as patched:
            patched.setattr(imap.ImapMail, "waiting", mark_first)
            patched.setattr(port, "take", die)
            with pytest.raises(SystemExit):
                imap.read_mailbox(server.url())
        assert imap.read_mailbox(server.url()) == 2


def test_the_same_mail_by_both_doors_is_one(box):
    with Server(box) as server:
        imap.read_mailbox(server.url())
    raw = box.mails[1][0]

    assert not port.take(port.Received("", raw, len(raw)), webhook.PostedMail.way)
    assert InboundMessage.objects.count() == 3


@pytest.mark.parametrize("after", [0, 1, 2, 4])
def test_f4_a_server_that_falls_silent_is_left(box, after):
    box.silent_after = after
    began = time.monotonic()
    with Server(box) as server, pytest.raises(imap.MailboxAway):
        imap.read_mailbox(server.url(), timeout=0.3)

    assert time.monotonic() - began < 3
    assert not any(flags for _raw, flags in box.mails.values())


def test_f4_a_deaf_server_is_left_in_less_than_ten_seconds():
    deaf = deaf_port()
    began = time.monotonic()
    with pytest.raises(imap.MailboxAway):
        imap.read_mailbox(f"imap://a:b@127.0.0.1:{deaf.getsockname()[1]}/INBOX")
    deaf.close()

    assert time.monotonic() - began < 10


def test_large_mails_are_taken_by_their_head(box, monkeypatch):
    monkeypatch.setattr(imap, "LARGEST", 200)
    monkeypatch.setattr(port, "LARGEST", 200)
    with Server(box) as server:
        imap.read_mailbox(server.url())

    assert {bytes(row.raw) for row in InboundMessage.objects.all()} == {b""}
    assert not any("BODY.PEEK[]" in command for command in box.commands)


def test_the_command_says_what_it_did(box, settings, capsys):
    with pytest.raises(CommandError, match="INBOUND_IMAP_URL"):
        call_command("read_mailbox")
    with Server(box) as server:
        settings.INBOUND_IMAP_URL = server.url()
        call_command("read_mailbox", work=True)

    assert capsys.readouterr().out == "3 new mails.\n3 mails worked.\n"


def test_a_url_says_where_the_mailbox_is():
    found = imap.mailbox_at("imaps://deals%40x.example:p%40ss@mail.example/In%20box?done=Old")

    assert found == imap.Mailbox(
        "mail.example", 993, "deals@x.example", "p@ss", "In box", "Old", "tls"
    )
