"""Bells of this floor. Each looks for due rows and stops when there are none."""

from celery import shared_task

from core import bell
from partners.runs import packs, recalculation, scoring
from partners.services import duplicates
from partners.services.reviews import MAKE_PACKS


@shared_task(name=recalculation.RECALCULATE, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def recalculate() -> None:
    bell.answer(recalculation.RECALCULATE)
    recalculation.work_due()


@shared_task(name=duplicates.LOOK_FOR_LIKE_PARTNERS, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def look_for_like_partners() -> None:
    duplicates.look_on()


@shared_task(name=MAKE_PACKS, soft_time_limit=60, time_limit=75)  # type: ignore[untyped-decorator]
def make_packs() -> None:
    bell.answer(MAKE_PACKS)
    packs.work_due()


@shared_task(name=scoring.SCORE, soft_time_limit=100, time_limit=115)  # type: ignore[untyped-decorator]
def score() -> None:
    bell.answer(scoring.SCORE)
    scoring.work_due()
