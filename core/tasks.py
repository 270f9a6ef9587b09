"""Bells of this floor. Each looks for due rows and stops when there are none, so that a late,
doubled or missing run does no harm."""

from celery import shared_task

from core import appointments, bell, delivery, files, mail, seal
from core.api import idempotency
from core.events import DELIVER_EVENTS
from core.importing import runs


@shared_task(name=DELIVER_EVENTS, soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def deliver_events() -> None:
    bell.answer(DELIVER_EVENTS)
    delivery.deliver_due()


@shared_task(name=appointments.KEEP_APPOINTMENTS, soft_time_limit=60, time_limit=90)  # type: ignore[untyped-decorator]
def keep_appointments() -> None:
    bell.answer(appointments.KEEP_APPOINTMENTS)
    appointments.keep_due()


@shared_task(name=mail.SEND_MAIL, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def send_mail() -> None:
    bell.answer(mail.SEND_MAIL)
    mail.send_due()


@shared_task(name="core.tasks.seal_events", soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def seal_events() -> None:
    seal.seal_events()


@shared_task(name="core.tasks.sweep_files", soft_time_limit=280, time_limit=300)  # type: ignore[untyped-decorator]
def sweep_files() -> None:
    files.sweep()


@shared_task(name="core.tasks.forget_calls", soft_time_limit=280, time_limit=300)  # type: ignore[untyped-decorator]
def forget_calls() -> None:
    idempotency.forget_old()


@shared_task(name=runs.WORK_IMPORTS, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def work_imports() -> None:
    bell.answer(runs.WORK_IMPORTS)
    runs.work_due()
