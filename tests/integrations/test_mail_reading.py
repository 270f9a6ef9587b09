"""What is taken from the bytes of a mail, and whether its sender is who they say."""

import pytest

from integrations.maildoor.proof import is_proven
from integrations.maildoor.reading import read_mail, seen_in
from tests.integrations.mails import mail


def test_a_page_is_read_as_it_is_seen():
    page = (
        "<html><head><style>p {x: y}</style></head><body><p>Customer:&nbsp;<b>Nordwind</b></p>"
        "<script>alert('Country: XX')</script><div>Country: DE<br>Amount: 5</div>"
        "<blockquote><p>Land: AT</p></blockquote></body></html>"
    )
    lines = [line.strip() for line in seen_in(page).splitlines() if line.strip()]

    assert lines == ["Customer: Nordwind", "Country: DE", "Amount: 5", "> Land: AT"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<news.example>"},
        {"List-Unsubscribe": "<mailto:x@y.example>"},
        {"Return-Path": "<>"},
        {"X-Autoreply": "yes"},
    ],
)
def test_what_no_person_wrote_is_known(headers):
    assert read_mail(mail("x", headers=headers).as_bytes()).automatic
    assert not read_mail(mail("x", headers={"Auto-Submitted": "no"}).as_bytes()).automatic


@pytest.mark.parametrize("sender", ["mailer-daemon@x.example", "noreply@x.example"])
def test_nobodies_are_known(sender):
    assert read_mail(mail("x", sender=sender).as_bytes()).automatic == "nobody"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nx",
        b"From: a@b.example, c@d.example\r\n\r\nx",
        b'Content-Type: text/plain; charset="nothing"\r\nFrom: <<<>>>\r\n\r\n\xff',
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n\r\n--x",
        b"Subject: =?utf-8?b?!!!?=\r\nMessage-ID: ;;;\r\nDate: x\r\n\r\n",
    ],
)
def test_broken_mails_are_read_as_far_as_they_go(raw):
    read = read_mail(raw)

    assert (read.sender, read.automatic) == ("", "nobody")


def test_files_are_taken_and_pictures_of_the_signature_are_not():
    message = mail("x", files={"a.csv": b"a;b"})
    message.add_attachment(
        b"GIF",
        maintype="image",
        subtype="gif",
        filename="logo.gif",
        cid="<l@x>",
        disposition="inline",
    )
    read = read_mail(message.as_bytes())

    assert [(each.name, each.content) for each in read.attachments] == [("a.csv", b"a;b")]


def test_ten_files_are_taken():
    read = read_mail(mail("x", files={f"{n}.csv": b"a" for n in range(13)}).as_bytes())

    assert (len(read.attachments), read.left_out) == (10, 3)


PROVEN = [
    "mx.prm.example; dmarc=pass header.from=cast.example",
    "MX.prm.example 1; spf=fail smtp.mailfrom=x.example; dmarc=pass (p=none)"
    " header.from=cast.example",
    "mx.prm.example; dkim=pass header.d=cast.example",
    "mx.prm.example; spf=pass smtp.mailfrom=jonas@cast.example",
]
NOT_PROVEN = [
    "",
    "mx.prm.example; none",
    "mx.other.example; dmarc=pass header.from=cast.example",
    "mx.prm.example; dmarc=fail header.from=cast.example; spf=pass smtp.mailfrom=cast.example",
    "mx.prm.example; dmarc=pass header.from=evil.example",
    "mx.prm.example; dkim=pass header.d=evil.example",
    "mx.prm.example; spf=pass smtp.mailfrom=evil.example (dmarc=pass header.from=cast.example)",
    "mx.prm.example; dkim=pass header.d=st.example",
    "mx.prm.example; dkim=pass header.d=example",
]


@pytest.mark.parametrize("said", PROVEN)
def test_senders_that_are_proven(said):
    assert is_proven("jonas@cast.example", [said], "mx.prm.example")


@pytest.mark.parametrize("said", NOT_PROVEN)
def test_senders_that_are_not(said):
    assert not is_proven("jonas@cast.example", [said], "mx.prm.example")


def test_only_the_first_line_of_the_trusted_server_counts():
    said = ["mx.prm.example; dmarc=fail header.from=cast.example", PROVEN[0]]
    assert not is_proven("jonas@cast.example", said, "mx.prm.example")
