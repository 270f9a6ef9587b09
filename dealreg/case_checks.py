"""What fsck checks of conflict cases and of the vendor's clocks."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from core.fsck import Finding, check
from core.models import EventDelivery, QueueState
from dealreg.checks import MOST_FINDINGS
from dealreg.models import CaseSide, ConflictCase, Deal, ReviewClock
from dealreg.rules.states import DealStatus


@check("dealreg.cases", "Conflict cases agree with their sides, their clocks and the deals.")
def conflict_cases() -> Iterator[Finding]:
    name = "dealreg.cases"
    decided = ConflictCase.objects.filter(decided_at__isnull=False)
    untold = decided.filter(sides__outcome="").distinct()
    for case in untold.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{case.reference} is decided, but not for every side.")
    alone = ConflictCase.objects.filter(~Exists(CaseSide.objects.filter(case=OuterRef("pk"))))
    for case in alone.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{case.reference} has no side.")
    late = timezone.now() - dt.timedelta(hours=1)
    unclosed = decided.filter(status="decided", appeal_until__lt=late)
    for case in unclosed.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{case.reference} could be appealed until {case.appeal_until}.")
    foreign = CaseSide.objects.exclude(partner_id=F("deal__partner_id"))
    for side in foreign.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"Side {side.pk} is not of its deal's partner.")


@check("dealreg.clocks", "A clock runs exactly while a registration waits for a person.")
def review_clocks() -> Iterator[Finding]:
    name = "dealreg.clocks"
    running = ReviewClock.objects.filter(stopped_at__isnull=True)
    late = timezone.now() - dt.timedelta(hours=1)
    astray = running.exclude(deal__status=DealStatus.IN_REVIEW).filter(deal__updated_at__lt=late)
    for clock in astray.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"The clock of deal {clock.deal_id} runs, though nothing waits.")
    # Imported history has no clocks until somebody starts them (services.catch_up_clocks).
    started = EventDelivery.objects.filter(
        handler="dealreg.start_clock",
        state=QueueState.DONE,
        event__subject_type="dealreg.deal",
        event__subject_id=OuterRef("pk"),
    )
    waiting = Deal.objects.filter(Exists(started), status=DealStatus.IN_REVIEW)
    clocks = running.filter(deal=OuterRef("pk"))
    for deal in waiting.filter(~Exists(clocks)).order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{deal.reference} waits without a clock.")
