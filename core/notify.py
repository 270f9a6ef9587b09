"""Telling people about an event: in the portal, and by e-mail when they want that."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise

from core.events import RecordedEvent
from core.mail import one_line, queue_mail, reading_as
from core.models import Event, Notification, User

Words = str | Promise
Sieve = Callable[[Iterable[int]], set[int]]

_sieves: list[Sieve] = []


def tell_only(sieve: Sieve) -> None:
    """Names the function that says which of some people (by id) still have a place, and keeps
    that true until the transaction ends; the floor of the partners does."""
    _sieves.append(sieve)


def notify(
    event: RecordedEvent[Any] | Event,
    users: Iterable[User],
    *,
    title: Words,
    body: Words = "",
    url: str,
    mail_template: str | None = None,
) -> int:
    """Tells each active user once about `event`; returns how many had not been told. Nobody who
    has left their partner meanwhile is told.

    Lazy words are spoken in each reader's language (django.utils.text.format_lazy puts values
    in). `url` is a path of the portal; the e-mail has it as a full address. `mail_template`
    defaults to "core/mail/notification" and is given title, body, url and reader.
    """
    readers = {user.pk: user for user in users if user.is_active}
    with transaction.atomic():
        told = Notification.objects.filter(event_id=event.id, user__in=readers)
        for known in told.values_list("user_id", flat=True):
            del readers[known]
        for sieve in _sieves:
            kept = sieve(readers)
            readers = {key: user for key, user in readers.items() if key in kept}
        rows = [_notification(event.id, each, title, body, url) for each in readers.values()]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        for reader in readers.values():
            if reader.mail_notifications:
                _mail(event.id, reader, title, body, url, mail_template)
    return len(readers)


def _notification(event_id: int, reader: User, title: Words, body: Words, url: str) -> Notification:
    with reading_as(reader):
        return Notification(
            user=reader, event_id=event_id, title=one_line(str(title)), body=str(body), url=url
        )


def _mail(
    event_id: int, reader: User, title: Words, body: Words, url: str, template: str | None
) -> None:
    with reading_as(reader):
        words = {"title": str(title), "body": str(body)}
        queue_mail(
            once=f"notification:{event_id}:{reader.pk}",
            to_user=reader,
            subject=words["title"],
            template=template or "core/mail/notification",
            context={**words, "url": urljoin(settings.SITE_URL, url)},
        )


def forget_partner(*, user_id: int, partner_id: int) -> int:
    """Takes away what somebody who left a partner was told about it; returns how many."""
    told = Notification.objects.filter(user_id=user_id, event__partner_id=partner_id)
    return told.delete()[0]
