"""What falls due in conflict cases, and how the vendor's own time is measured."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from core import appointments, delivery
from core.actor import StaffRole, system
from core.models import Appointment, Event, Notification
from dealreg import service_levels, services
from dealreg.models import (
    CaseEscalation,
    ConflictCase,
    EscalationStep,
    ReviewClock,
    ServiceLevel,
)
from dealreg.rules.cases import CaseReason, SideOutcome
from dealreg.rules.clocks import DEFAULT_LEVEL, Level, Step, Who, tone_of
from dealreg.services import cases
from partners.models import Region, StaffDuty
from partners.queries import nearest_managers
from tests.cast import person

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
OUTCOMES = (SideOutcome.KEEPS, SideOutcome.LOSES)


def let_pass(**of) -> int:
    """Brings appointments forward and keeps them."""
    Appointment.objects.filter(**of).update(due_at=timezone.now() - HOUR)
    return appointments.keep_due()


def told(user) -> list[str]:
    delivery.deliver_due()
    return list(Notification.objects.filter(user=user).values_list("title", flat=True))


# --- the path of escalation -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_each_step_is_taken_once_and_tells_who_is_next(cast, rules, case):
    assert let_pass(kind="dealreg.case_step", key="first:1:owner") == 1
    assert let_pass(kind="dealreg.case_step", key="first:5:ops") == 1
    assert let_pass(kind="dealreg.case_step", state="done") == 0

    steps = [(one.who, one.told, one.why, one.by) for one in CaseEscalation.objects.all()]
    assert steps == [
        ("owner", ["Mara"], "Undecided after 1 business days.", None),
        ("ops", ["Otto"], "Undecided after 5 business days.", None),
    ]
    assert Event.objects.filter(kind="dealreg.case_escalated").count() == 2
    assert "undecided" in told(cast.otto)[-1]


@pytest.mark.django_db(transaction=True)
def test_a_decided_case_is_no_longer_escalated(cast, rules, case):
    ConflictCase.objects.filter(pk=case.pk).update(status="withdrawn", closed_at=timezone.now())
    let_pass(kind="dealreg.case_step")
    assert not CaseEscalation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_case_goes_on_when_nobody_answers_in_time(cast, rules, case):
    sides = list(case.sides.values_list("pk", flat=True))
    mara = cast.actor(cast.mara)
    cases.ask_for_evidence(actor=mara, case_id=case.pk, side_ids=sides, text="Show us.")
    assert let_pass(kind="dealreg.case_evidence_over") == 1
    assert ConflictCase.objects.get().status == "open"
    assert any("time for evidence is over" in title for title in told(cast.mara))


@pytest.mark.django_db(transaction=True)
def test_a_decision_is_final_when_nobody_appeals(cast, rules, case):
    said = {
        side.pk: cases.SideDecision(outcome, "So.")
        for side, outcome in zip(
            case.sides.order_by("deal_id"), (SideOutcome.KEEPS, SideOutcome.LOSES), strict=True
        )
    }
    cases.decide_case(
        actor=cast.actor(cast.mara),
        case_id=case.pk,
        decisions=said,
        reason=CaseReason.FIRST,
        grounds="So.",
    )
    assert let_pass(kind="dealreg.case_close") == 1
    assert ConflictCase.objects.get().status == "closed"
    assert let_pass(kind="dealreg.case_close") == 0


def test_the_nearest_region_with_a_channel_manager(cast):
    emea = cast.alpha.region
    dach = Region.objects.create(code="DACH", name="DACH", parent=emea, path="WORLD.EMEA.DACH")
    assert nearest_managers(dach.path) == [cast.mara]
    rita = person("Rita", staff=True)
    StaffDuty.objects.create(user=rita, role=StaffRole.CHANNEL_MANAGER.value, region=emea)
    assert nearest_managers(dach.path) == [rita]
    assert nearest_managers("WORLD") == [cast.mara]


def test_service_levels_are_inherited_and_overridden(cast):
    ServiceLevel.objects.all().delete()
    assert service_levels.level_of("WORLD.EMEA") == DEFAULT_LEVEL
    ServiceLevel.objects.create(decision_days=3)
    own = ServiceLevel.objects.create(region=cast.alpha.region, decision_days=1, appeal_days=9)
    EscalationStep.objects.create(level=own, after_days=1, who=Who.OPS)
    assert service_levels.level_of("WORLD").decision_days == 3
    assert service_levels.level_of("WORLD.EMEA.DACH") == Level(1, 2, 9, (Step(1, Who.OPS),))


def test_the_tone_of_a_clock():
    now = timezone.now()
    assert [tone_of(now, now + left * HOUR, now - 3 * HOUR) for left in (9, 1, 0)] == [
        "good", "warn", "bad",
    ]  # fmt: skip
    assert tone_of(now, None, now) == "neutral"


# --- the vendor's own time ------------------------------------------------------------------


def test_a_registration_in_review_is_measured_until_it_is_decided(cast, registered):
    deal = registered(amount=Decimal(61_000))
    delivery.deliver_due()
    clock = ReviewClock.objects.get()
    assert (clock.started_at, clock.stopped_at) == (deal.decisions.get().decided_at, None)
    assert clock.due_at > clock.started_at + dt.timedelta(days=1)

    services.approve_deal(actor=cast.actor(cast.mara), deal_id=deal.pk)
    delivery.deliver_due()
    clock.refresh_from_db()
    assert (clock.minutes, clock.in_time) == (0, True)


def test_a_withdrawn_registration_is_not_measured(cast, registered):
    deal = registered(amount=Decimal(61_000))
    services.withdraw_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk)
    delivery.deliver_due()
    clock = ReviewClock.objects.get()
    assert (clock.minutes, clock.stopped_at is None) == (None, False)


def test_clocks_catch_up_with_what_came_without_events(cast, registered):
    registered(amount=Decimal(61_000))
    assert services.catch_up_clocks(actor=system("test")) == 1
    assert services.catch_up_clocks(actor=system("test")) == 0
    assert ReviewClock.objects.count() == 1


def measured(deal, minutes, in_time, days_ago=1):
    """A wait of that many minutes, as if it had been measured."""
    at = timezone.now() - dt.timedelta(days=days_ago)
    decision = deal.decisions.create(origin="import", outcome="review", message="Look.")
    ReviewClock.objects.create(
        decision=decision, deal=deal, region=deal.partner.region, started_at=at, due_at=at,
        stopped_at=at, minutes=minutes, in_time=in_time,
    )  # fmt: skip


def test_the_median_of_ninety_days_is_what_partners_read(client, cast, registered):
    deal = registered(amount=Decimal(61_000))
    for minutes in (60, 120, 300, 600, 6000):
        measured(deal, minutes, in_time=minutes < 1000)
    measured(deal, 99_999, in_time=False, days_ago=91)
    prompt = service_levels.promptness("WORLD.EMEA")
    assert (prompt.minutes, prompt.percent, prompt.number) == (300, 80, 5)

    client.force_login(cast.jonas)
    for page in (f"/deals/{deal.pk}/", "/deals/rules/"):
        said = client.get(page).content.decode()
        assert "Half of our decisions take 5 working hours or less; 80 % come" in said


def test_a_few_decisions_say_nothing(registered):
    measured(registered(amount=Decimal(61_000)), 60, in_time=True)
    assert service_levels.promptness("WORLD.EMEA").minutes is None


def test_the_trend_by_region_and_quarter(client, cast, registered):
    deal = registered(amount=Decimal(61_000))
    for minutes in (60, 180):
        measured(deal, minutes, in_time=True)
    cell = service_levels.trend(cast.actor(cast.mara))[0]
    assert (cell.region, cell.what, cell.number, cell.hours, cell.percent) == (
        "EMEA", "review", 2, 2, 100,
    )  # fmt: skip
    client.force_login(cast.mara)
    assert "EMEA" in client.get("/admin/dealreg/conflictcase/promptness/").content.decode()


def test_the_queue_shows_when_a_decision_is_due(client, cast, registered):
    registered(amount=Decimal(61_000))
    delivery.deliver_due()
    client.force_login(cast.mara)
    said = client.get("/admin/dealreg/deal/queue/").content.decode()
    assert 'data-tone="success">due ' in said


def test_fsck_finds_a_clock_that_does_not_fit(cast, registered):
    from dealreg.case_checks import review_clocks

    deal = registered(amount=Decimal(61_000))
    delivery.deliver_due()
    assert list(review_clocks()) == []
    ReviewClock.objects.all().delete()
    type(deal).objects.update(submitted_at=timezone.now() - 3 * HOUR)
    assert [finding.check for finding in review_clocks()] == ["dealreg.clocks"]
