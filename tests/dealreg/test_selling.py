"""The sale behind a registration: kept current, closed, opened again, and what is said about it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import delivery
from core.appointments import keep_due
from core.models import Appointment, Event, Notification
from dealreg import sales
from dealreg.models import Deal, Protection, SaleChange, SaleClosing, SalesStage
from dealreg.rules.sale import Closing, InvalidSale
from dealreg.rules.states import DealStage, NotInThisState
from dealreg.services import (
    CustomerIsProtected,
    StaleEdit,
    TooLateToReopen,
    close_deal,
    reopen_deal,
    update_sale,
    withdraw_deal,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def deal(registered) -> Deal:
    """Approved: Nordwind, 12,800 EUR."""
    made: Deal = registered()
    return made


@pytest.fixture
def change(cast, deal):
    """Updates the sale as `by` (default Jonas); keywords change it."""

    def update(by=None, note="", version=None, **changes):
        sale = replace(sales.sale_of(Deal.objects.get(pk=deal.pk)), **changes)
        actor = cast.actor(by or cast.jonas)
        return update_sale(actor=actor, deal_id=deal.pk, sale=sale, note=note, version=version)

    return update


@pytest.fixture
def close(cast, deal):
    def end(outcome=DealStage.WON, by=None, **changes):
        won = outcome == DealStage.WON
        closing = Closing(
            outcome=outcome,
            closed_on=TODAY(),
            reasons=("price",) if won else ("competitor",),
            amount=Decimal(12_000) if won else None,
            competitor="" if won else "Rival Inc",
            note="Signed" if won else "Too late",
        )
        closing = replace(closing, **changes)
        return close_deal(actor=cast.actor(by or cast.jonas), deal_id=deal.pk, closing=closing)

    return end


def told(deal):
    return list(
        Event.objects.filter(subject_type="dealreg.deal", subject_id=deal.pk, partner_id__gt=0)
        .order_by("id")
        .values_list("kind", flat=True)
    )[2:]


def test_each_changed_field_leaves_a_row_and_a_fact(deal, change, cast):
    close_on = TODAY() + dt.timedelta(days=80)
    change(
        stage="proposal",
        amount=Decimal("15000.50"),
        expected_close=close_on,
        probability=60,
        next_step="Send the offer",
        next_step_on=TODAY(),
        note="They want three years",
    )

    rows = SaleChange.objects.order_by("id").values_list("field", "old", "new", "why", "who")
    why, who = "They want three years", cast.actor(cast.jonas).label
    old_close = deal.expected_close.isoformat()
    assert list(rows) == [
        ("stage", "prospecting", "proposal", why, who),
        ("amount", "12800", "15000.5", why, who),
        ("expected_close", old_close, close_on.isoformat(), why, who),
        ("probability", "", "60", why, who),
        ("next_step", "", "Send the offer", why, who),
        ("next_step_on", "", TODAY().isoformat(), why, who),
    ]
    assert told(deal) == [
        "dealreg.stage_changed",
        "dealreg.sale_amount_changed",
        "dealreg.sale_close_moved",
        "dealreg.sale_probability_changed",
        "dealreg.sale_next_step_changed",
        "dealreg.sale_next_step_changed",
    ]


def test_the_history_reads_as_people_say_it(deal, change):
    change(amount=Decimal(9_500), stage="engaging", note="Smaller")

    shown = [(one.field, one.old, one.new, one.why) for one in sales.history(deal)]
    assert shown == [
        ("Expected amount", "€12,800.00", "€9,500.00", "Smaller"),
        ("Sales stage", "Prospecting", "Engaging", "Smaller"),
    ]


def test_nothing_changed_is_an_update_that_says_so(deal, change):
    Deal.objects.filter(pk=deal.pk).update(sale_updated_at=timezone.now() - dt.timedelta(days=100))
    assert sales.stale(Deal.objects.all()).exists()
    change()

    assert not sales.stale(Deal.objects.all()).exists()
    assert told(deal) == ["dealreg.sale_confirmed"]
    assert not SaleChange.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stage": "won"}, "stage"),
        ({"stage": "nonsense"}, "stage"),
        ({"amount": None}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1.001")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"expected_close": None}, "expected_close"),
        ({"expected_close": dt.date(2020, 1, 1)}, "expected_close"),
        ({"expected_close": dt.date(2999, 1, 1)}, "expected_close"),
        ({"probability": 101}, "probability"),
        ({"probability": -1}, "probability"),
        ({"next_step": "x" * 201}, "next_step"),
        ({"next_step": "a\x07b"}, "next_step"),
        ({"next_step_on": dt.date(2999, 1, 1), "next_step": "x"}, "next_step_on"),
        ({"next_step_on": dt.date(2027, 1, 1)}, "next_step"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_happens(deal, change, changes, field):
    before, events = Deal.objects.values().get(), Event.objects.count()
    with pytest.raises(InvalidSale) as refused:
        change(**changes)

    assert list(refused.value.problems) == [field]
    assert (Deal.objects.values().get(), Event.objects.count()) == (before, events)
    assert not SaleChange.objects.exists()


def test_a_date_that_has_passed_does_not_get_in_the_way_of_the_rest(deal, change):
    past = TODAY() - dt.timedelta(days=1)
    Deal.objects.update(expected_close=past)
    change(next_step="Call")

    assert Deal.objects.get().next_step == "Call"
    assert sales.overdue(Deal.objects.all()).exists()


def test_a_partner_cannot_grow_a_deal_past_the_rules(deal, change, cast):
    change(amount=Decimal(50_000))  # what Silver is approved for by rule
    with pytest.raises(InvalidSale) as refused:
        change(amount=Decimal(50_001))
    assert list(refused.value.problems) == ["amount"]

    change(by=cast.mara, amount=Decimal(60_000))
    change(amount=Decimal(75_000))  # a quarter more than was agreed
    with pytest.raises(InvalidSale):
        change(amount=Decimal("75000.01"))
    assert Deal.objects.get().amount == 75_000


def test_small_steps_do_not_lead_past_the_rules_either(deal, change, cast):
    change(by=cast.mara, amount=Decimal(60_000))
    change(amount=Decimal(75_000))
    change(amount=Decimal(70_000))

    with pytest.raises(InvalidSale):
        change(amount=Decimal(80_000))


def test_winning_ends_the_protection_and_leaves_how_it_ended(deal, close, cast):
    won = close()
    closing = SaleClosing.objects.get()

    assert (won.stage, won.closed_amount, won.closed_on) == ("won", 12_000, TODAY())
    assert [reason.code for reason in closing.reasons.all()] == ["price"]
    assert (closing.stage_before, closing.who) == ("prospecting", cast.actor(cast.jonas).label)
    assert Protection.objects.get().released_at == closing.at
    assert told(deal) == ["dealreg.deal_won"]


def test_losing_frees_the_customer(deal, close, registered, cast):
    close(DealStage.LOST)

    assert SaleClosing.objects.get().competitor == "Rival Inc"
    assert told(deal) == ["dealreg.deal_lost"]
    assert registered(by=cast.bo).status == "approved"


@pytest.mark.parametrize(
    ("outcome", "changes", "field"),
    [
        ("won", {"amount": None}, "amount"),
        ("won", {"amount": Decimal(-5)}, "amount"),
        ("won", {"reasons": ()}, "reasons"),
        ("won", {"reasons": ("competitor",)}, "reasons"),
        ("won", {"competitor": "Rival"}, "competitor"),
        ("won", {"closed_on": dt.date(2999, 1, 1)}, "closed_on"),
        ("won", {"closed_on": dt.date(2020, 1, 1)}, "closed_on"),
        ("lost", {"amount": Decimal(1)}, "amount"),
        ("lost", {"competitor": "x" * 201}, "competitor"),
        ("lost", {"note": "a\x00b"}, "note"),
    ],
)
def test_a_closing_that_says_too_little_or_too_much_is_refused(
    deal, close, outcome, changes, field
):
    with pytest.raises(InvalidSale) as refused:
        close(DealStage(outcome), **changes)

    assert list(refused.value.problems) == [field]
    assert Deal.objects.get().stage == "prospecting"
    assert not SaleClosing.objects.exists()
    assert Protection.objects.get().released_at is None


def test_reopening_puts_back_what_the_closing_took(deal, change, close, cast):
    change(stage="negotiation")
    close()
    reopened = reopen_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk, why="Wrong button")

    assert (reopened.stage, reopened.closed_on, reopened.closed_amount) == (
        "negotiation",
        None,
        None,
    )
    assert Protection.objects.get().released_at is None
    assert SaleClosing.objects.get().reopened_at is not None
    assert told(deal)[-1] == "dealreg.deal_reopened"
    close(DealStage.LOST)
    assert SaleClosing.objects.count() == 2


def test_who_may_reopen_and_until_when(deal, close, cast):
    close()
    SaleClosing.objects.update(at=timezone.now() - dt.timedelta(days=15))
    with pytest.raises(TooLateToReopen):
        reopen_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk, why="Late")
    with pytest.raises(InvalidSale):
        reopen_deal(actor=cast.actor(cast.mara), deal_id=deal.pk, why=" ")
    reopen_deal(actor=cast.actor(cast.mara), deal_id=deal.pk, why="Order was cancelled")

    assert Deal.objects.get().stage == "prospecting"


def test_a_sale_is_not_reopened_over_somebody_elses_protection(deal, close, registered, cast):
    close(DealStage.LOST)
    registered(by=cast.bo)
    with pytest.raises(CustomerIsProtected):
        reopen_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk, why="They came back")

    assert Deal.objects.get(pk=deal.pk).stage == "lost"


def test_a_closed_sale_is_not_withdrawn(deal, close, cast):
    close()
    with pytest.raises(NotInThisState, match="A sale that is “Won”"):
        withdraw_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk)

    assert Deal.objects.get().status == "approved"


def test_b6_a_stale_update_is_told_the_newer_values(deal, change):
    change(version=deal.version, stage="engaging")
    with pytest.raises(StaleEdit) as stale:
        change(version=deal.version, stage="proposal")

    assert stale.value.current.stage == Deal.objects.get().stage == "engaging"


@pytest.mark.parametrize(
    "broken",
    [
        {"stage": "won", "closed_on": dt.date(2026, 1, 1)},
        {"stage": "won", "closed_amount": 5},
        {"closed_on": dt.date(2026, 1, 1)},
        {
            "status": "declined",
            "stage": "won",
            "closed_amount": 1,
            "closed_on": dt.date(2026, 1, 1),
        },
        {"probability": 101},
        {"next_step_on": dt.date(2026, 1, 1)},
        {"stage": "dreaming"},
    ],
)
def test_the_database_refuses_what_a_state_cannot_be(deal, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(**broken)


# --- going stale ----------------------------------------------------------------------------


def approved_and_heard(deal):
    delivery.deliver_due()
    return Deal.objects.get(pk=deal.pk)


def test_an_approved_deal_begins_its_sale_with_a_reminder_in_the_book(deal):
    begun = approved_and_heard(deal)

    assert begun.sale_updated_at == begun.decided_at
    row = Appointment.objects.get(kind="dealreg.sale_is_stale")
    assert row.due_at == begun.decided_at + dt.timedelta(days=30)


def quiet_for(deal, days):
    """As if the sale had been updated that many days ago, its reminder being due."""
    at = timezone.now() - dt.timedelta(days=days)
    Deal.objects.filter(pk=deal.pk).update(sale_updated_at=at)
    Appointment.objects.filter(kind="dealreg.sale_is_stale").update(due_at=at)


def test_a_quiet_sale_is_asked_about_once(deal, cast):
    approved_and_heard(deal)
    Notification.objects.all().delete()
    quiet_for(deal, 31)
    for _again in range(3):
        keep_due()
        delivery.deliver_due()

    titles = Notification.objects.filter(user=cast.jonas).values_list("title", flat=True)
    assert [title.replace("\u2068", "").replace("\u2069", "") for title in titles] == [
        "Nordwind Logistics GmbH: is the sale still up to date?"
    ]


def test_an_update_or_a_closing_in_time_needs_no_reminder(deal, change, close):
    approved_and_heard(deal)
    quiet_for(deal, 31)
    change(stage="engaging")
    assert keep_due() == 0
    close()

    assert not Appointment.objects.filter(kind="dealreg.sale_is_stale", state="waiting").exists()


def test_a_stage_that_got_more_time_is_asked_about_later(deal):
    approved_and_heard(deal)
    quiet_for(deal, 31)
    SalesStage.objects.filter(stage="prospecting").update(stale_after_days=60)
    keep_due()

    assert "dealreg.sale_went_stale" not in told(deal)
    assert Appointment.objects.get(kind="dealreg.sale_is_stale").due_at > timezone.now()


def test_somebody_in_marketing_updates_nothing(change, cast):
    with pytest.raises(PermissionDenied):
        change(by=cast.chiara, stage="engaging")

    assert Deal.objects.get().stage == "prospecting"
