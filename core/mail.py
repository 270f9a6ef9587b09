"""E-mail through rows: written down with its cause in one transaction, sent afterwards.

A message's row is its identity: the Message-ID is made from the row's id, so a message that
was sent just before its worker died, and so is sent again, is recognisable as the same one.
"""

import datetime as dt
import re
import time
import unicodedata
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Any

import css_inline
import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core import queries, queue
from core.bell import ring_on_commit
from core.models import OutgoingMail, QueueState, User

log = structlog.get_logger(__name__)

SEND_MAIL = "core.tasks.send_mail"
# The lease covers a whole batch; a message is not begun in its last part.
PACE = queue.Pace(lease=dt.timedelta(seconds=120), pauses=queue.seconds(20, 120, 600, 1800))
BATCH = 20
SAFE_PART_OF_LEASE = 60.0
# How long to wait when the mail server itself is away, which is no message's fault.
SERVER_AWAY = dt.timedelta(seconds=20)


class MailServerAway(Exception):
    """No connection to the mail server; nothing was tried."""


def queue_mail(
    *,
    once: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    to_user: User | None = None,
    to_address: str = "",
    secret: bool = False,
    headers: Mapping[str, str] | None = None,
) -> bool:
    """Writes a message down to be sent after commit; False when `once` was written before.

    `template` names a pair "…/name.txt" and "…/name.html" without the ending. With `to_user`
    it is rendered in that reader's language and time zone; the subject comes ready. A `secret`
    message holds a link that opens something: its text is kept only until it is sent. `headers`
    are added, or stand instead of ours.
    Raises ValidationError for an address that is none.
    """
    address = to_user.email if to_user is not None else to_address
    validate_email(address)
    with reading_as(to_user):
        subject = one_line(subject)
        text, html = rendered(template, {**context, "subject": subject, "reader": to_user})
    mail = OutgoingMail(
        once=once,
        to_user=to_user,
        to_address=address,
        subject=subject,
        text=text,
        html=html,
        secret=secret,
        headers={name: one_line(value, 900) for name, value in (headers or {}).items()},
        due_at=Now(),
    )
    with transaction.atomic():
        OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
        ring_on_commit(SEND_MAIL)
        return OutgoingMail.objects.filter(pk=mail.pk).exists()


@contextmanager
def reading_as(reader: User | None) -> Iterator[None]:
    """Texts and times as that person reads them."""
    language = reader.language if reader else settings.LANGUAGE_CODE
    zone = reader.time_zone if reader else settings.TIME_ZONE
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
        yield


def one_line(text: str, longest: int = 200) -> str:
    """Fit for a header: no line breaks or other control characters."""
    visible = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    line = re.sub(r"\s+", " ", visible).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def rendered(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    values = {"branding": queries.branding(), "site_url": settings.SITE_URL, **context}
    values["language_bidi"] = translation.get_language_bidi()
    text = render_to_string(f"{template}.txt", values).strip() + "\n"
    html = render_to_string(f"{template}.html", values)
    sheet = render_to_string("core/mail/mail.css", values)
    inlined = css_inline.inline(html, extra_css=sheet, load_remote_stylesheets=False)
    return text.replace("\x00", ""), inlined.replace("\x00", "")


def withdraw_mail(*, user_id: int) -> int:
    """Stops what waits to be sent to somebody whose access ended; returns how many. What a
    worker holds already and has not begun to send is stopped too."""
    return (
        OutgoingMail.objects.filter(to_user_id=user_id)
        .exclude(state=QueueState.DONE)
        .update(
            state=QueueState.DONE,
            finished_at=Now(),
            leased_until=None,
            last_error="Withdrawn before sending.",
            **without_secrets(),
        )
    )


def without_secrets() -> dict[str, Case]:
    """What a message keeps of its text when nothing more is to be done with it."""
    return {
        field: Case(When(secret=True, then=Value("")), default=F(field), output_field=TextField())
        for field in ("text", "html")
    }


def send_due(*, seconds: float = 20.0) -> int:
    """Sends what is due until nothing is or the time is up; returns how many were sent."""
    stop = time.monotonic() + seconds
    sent = 0
    queue.park_spent(OutgoingMail, PACE)
    while time.monotonic() < stop:
        mails = queue.claim_new(OutgoingMail, BATCH, PACE)
        if not mails:
            again = queue.claim_again(OutgoingMail, PACE)
            mails = [again] if again else []
        if not mails:
            break
        try:
            sent += send_batch(mails)
        except MailServerAway:
            break
    return sent


def send_batch(mails: list[OutgoingMail]) -> int:
    """Sends claimed mails over one connection, each finished as soon as it is sent."""
    until = time.monotonic() + SAFE_PART_OF_LEASE
    sent = 0
    connection = get_connection()
    try:
        for place, mail in enumerate(mails):
            if time.monotonic() > until:
                queue.give_back(mails[place:])
                break
            open_or_give_back(connection, mails[place:])
            sent += send_one(mail, connection)
    finally:
        close(connection)
    return sent


def open_or_give_back(connection: BaseEmailBackend, mails: list[OutgoingMail]) -> None:
    """Raises MailServerAway, with the mails back in the queue and none of their tries spent."""
    try:
        connection.open()
    except Exception as error:
        close(connection)
        queue.give_back(mails, after=SERVER_AWAY, error=f"Mail server: {error}")
        log.warning("mail_server_away", error=str(error))
        raise MailServerAway from error


def send_one(mail: OutgoingMail, connection: BaseEmailBackend) -> bool:
    if not may_still_read(mail):
        queue.finish([mail], "Not sent: the account is closed.", **without_secrets())
        return False
    try:
        message(mail, connection).send()
    except Exception as error:
        # The connection may be in the middle of anything: the next mail gets a fresh one.
        close(connection)
        queue.fail(mail, f"{type(error).__name__}: {error}", PACE)
        log.warning("mail_failed", mail=str(mail.pk), attempt=mail.attempts, error=str(error))
        return False
    queue.finish([mail], "", **without_secrets())
    return True


def may_still_read(mail: OutgoingMail) -> bool:
    """Whether the message was not withdrawn since it was claimed, nor its reader's account
    closed."""
    claimed = OutgoingMail.objects.filter(pk=mail.pk).exclude(state=QueueState.DONE)
    if mail.to_user_id is not None:
        claimed = claimed.filter(to_user__is_active=True)
    return claimed.exists()


def message(mail: OutgoingMail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The message as it goes out: the same bytes for the same row, bar the date."""
    composed = EmailMultiAlternatives(
        subject=one_line(mail.subject),
        body=mail.text,
        to=[mail.to_address],
        connection=connection,
        headers={
            "Message-ID": message_id(mail),
            "Auto-Submitted": "auto-generated",
            **mail.headers,
        },
    )
    if mail.html:
        composed.attach_alternative(mail.html, "text/html")
    return composed


def message_id(mail: OutgoingMail) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{mail.pk}@{domain}>"


def close(connection: BaseEmailBackend) -> None:
    with suppress(Exception):
        connection.close()


def rerun(keys: Iterable[uuid.UUID]) -> int:
    """Has parked messages tried again, with all their attempts; returns how many were parked."""
    with transaction.atomic():
        waiting = queue.rerun(OutgoingMail, keys)
        ring_on_commit(SEND_MAIL)
    return waiting
