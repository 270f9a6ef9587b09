"""A reader's own notifications: pages of them, and having read them."""

from dataclasses import dataclass

from django.utils import timezone

from core import queries
from core.models import Notification
from core.sql import LARGEST_ID

PAGE = 30


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """`older` is the place to continue from; None on the last page."""

    rows: list[Notification]
    older: int | None


def page_of(user_id: int, before: str = "") -> NotificationPage:
    """The newest notifications, or those older than the one numbered `before`."""
    rows = queries.notifications(user_id).order_by("-id")
    if before.isascii() and before.isdigit() and int(before[:20]) <= LARGEST_ID:
        rows = rows.filter(id__lt=int(before))
    shown = list(rows[: PAGE + 1])
    return NotificationPage(shown[:PAGE], shown[PAGE - 1].pk if len(shown) > PAGE else None)


def read_one(*, user_id: int, notification_id: int) -> str | None:
    """Counts it as read; where it leads, or None if it is not this reader's."""
    row = Notification.objects.filter(pk=notification_id, user_id=user_id).first()
    if row is None:
        return None
    if row.read_at is None:
        row.read_at = timezone.now()
        row.save(update_fields=["read_at"])
    return row.url


def read_all(*, user_id: int) -> int:
    """Counts all as read; returns how many were not."""
    unread = Notification.objects.filter(user_id=user_id, read_at__isnull=True)
    return unread.update(read_at=timezone.now())
