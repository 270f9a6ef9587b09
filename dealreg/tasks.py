"""Bells of this floor. Each looks for due rows and stops when there are none."""

from celery import shared_task

from core import bell
from dealreg import replay
from dealreg.services import duplicates, lead_retention


@shared_task(name=replay.REPLAY_DECISIONS, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def replay_decisions() -> None:
    bell.answer(replay.REPLAY_DECISIONS)
    replay.work_due()


@shared_task(name=duplicates.LOOK_FOR_DUPLICATES, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def look_for_duplicates() -> None:
    duplicates.look_on()


@shared_task(name="dealreg.tasks.erase_old_leads", soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def erase_old_leads() -> None:
    lead_retention.erase_due()
