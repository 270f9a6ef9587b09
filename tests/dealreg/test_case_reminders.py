"""Before a case's deadlines its sides and its owner are reminded, once, and only if need be."""

import datetime as dt

import pytest
from django.utils import timezone

from core import appointments, delivery
from core.models import Appointment, Event, Notification
from dealreg.models import ConflictCase
from dealreg.rules.case_reminders import reminder_before
from dealreg.services import cases
from partners.queries import calendar_of

HOUR = dt.timedelta(hours=1)
KEEP = pytest.mark.django_db(transaction=True)
SIDE, OWNER = "dealreg.case_remind_side", "dealreg.case_remind_owner"


@pytest.fixture
def case(cast, rules, registered) -> ConflictCase:
    registered()
    beta = registered(cast.bo, customer_name="Nordwind Logistics AG")
    mara = cast.actor(cast.mara)
    case = cases.open_case(actor=mara, deal_id=beta.pk, why="Both were there.")
    cases.assign_case(actor=mara, case_id=case.pk, user_id=cast.otto.pk)
    return case


def let_come(kind: str) -> int:
    Appointment.objects.filter(kind=kind).update(due_at=timezone.now() - HOUR)
    return appointments.keep_due()


def titles(user) -> list[str]:
    delivery.deliver_due()
    return list(Notification.objects.filter(user=user).values_list("title", flat=True))


@pytest.mark.django_db
def test_reminders_lie_ahead_of_their_deadlines(case):
    made = dict(Appointment.objects.filter(kind__in=[SIDE, OWNER]).values_list("key", "due_at"))
    assert set(made) == {"", *(str(side.pk) for side in case.sides.all())}
    assert case.opened_at < made.pop("") < case.due_at
    assert all(case.opened_at < at < case.evidence_due_at for at in made.values())


@KEEP
def test_a_side_that_is_silent_is_reminded_and_the_other_is_not(cast, case):
    cases.add_statement(actor=cast.actor(cast.bo), case_id=case.pk, text="We met the buyer.")
    assert let_come(SIDE) == 2
    assert any("evidence by" in title for title in titles(cast.jonas))
    assert not any("evidence by" in title for title in titles(cast.bo))
    assert let_come(SIDE) == 0
    assert Event.objects.filter(kind="dealreg.case_evidence_due_soon").count() == 1


@KEEP
def test_who_is_asked_once_more_is_reminded_of_what_was_asked(cast, case):
    cases.add_statement(actor=cast.actor(cast.bo), case_id=case.pk, text="We met the buyer.")
    beta = case.sides.get(partner=cast.beta)
    cases.ask_for_evidence(
        actor=cast.actor(cast.mara), case_id=case.pk, side_ids=[beta.pk], text="Show us a quote."
    )
    let_come(SIDE)
    delivery.deliver_due()
    [told] = Notification.objects.filter(user=cast.bo, title__contains="evidence by")
    assert told.body == "Show us a quote."


@KEEP
def test_the_owner_is_reminded_of_the_decision(cast, case):
    assert let_come(OWNER) == 1
    assert any("due soon" in title for title in titles(cast.otto))
    assert not any("due soon" in title for title in titles(cast.jonas))


@KEEP
def test_nobody_is_reminded_of_a_case_that_is_over(cast, case):
    ConflictCase.objects.filter(pk=case.pk).update(status="withdrawn", closed_at=timezone.now())
    let_come(SIDE)
    let_come(OWNER)
    assert not Event.objects.filter(kind__endswith="_due_soon").exists()


@pytest.mark.django_db
def test_a_reminder_comes_a_working_day_before_or_halfway(cast):
    calendar = calendar_of("WORLD")
    monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    friday, later = monday + dt.timedelta(days=4), monday + HOUR
    assert reminder_before(friday, monday, calendar) == friday - dt.timedelta(days=1)
    assert reminder_before(later, monday, calendar) == monday + HOUR / 2
    assert reminder_before(monday, monday, calendar) is None
