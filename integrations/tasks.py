"""Bells of this floor. Each looks for what is due and stops when nothing is."""

import structlog
from celery import shared_task
from django.conf import settings

from core import bell
from integrations.maildoor import imap, port, working

log = structlog.get_logger(__name__)


@shared_task(name=port.WORK_MAIL, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def work_mail() -> None:
    bell.answer(port.WORK_MAIL)
    working.work_due()


@shared_task(name="integrations.tasks.read_mailbox", soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def read_mailbox() -> None:
    if not settings.INBOUND_IMAP_URL:
        return
    try:
        imap.read_mailbox(settings.INBOUND_IMAP_URL)
    except imap.MailboxAway as away:
        log.warning("mailbox_away", error=str(away)[:300])
