"""Each measure of deals against a plain recomputation, for one partner and for all of them."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import kind_of
from core.models import ExchangeRate
from core.sql import Sql, rows_of
from dealreg.models import Account, Deal
from partners.measures import EVERYBODY, Among, Period, all_measures, measure_named, values

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 30)
PERIOD = Period(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
RATES = [
    ("USD", "2025-06-01", "0.9"),
    ("USD", "2026-03-15", "0.8125"),
    ("JPY", "2026-02-01", "0.00571"),
]
DEALS = (
    "sourced_revenue",
    "deals_won",
    "open_pipeline",
    "deals_registered",
    "approval_rate",
    "win_rate",
)

days = st.dates(dt.date(2025, 11, 1), dt.date(2026, 8, 1))
SOLD = {"approved"}


def possible(row):
    """Only what is approved is sold."""
    return row if row["status"] in SOLD else {**row, "stage": "prospecting"}


deals = st.lists(
    st.fixed_dictionaries(
        {
            "partner": st.integers(0, 1),
            "status": st.sampled_from(
                ["draft", "in_review", "approved", "approved", "declined", "withdrawn"]
            ),
            "stage": st.sampled_from(["prospecting", "engaging", "won", "lost"]),
            "day": days,
            "closed": days,
            "amount": st.decimals(1, 900_000, places=3),
            "currency": st.sampled_from(["EUR", "USD", "JPY", "CHF"]),
        }
    ).map(possible),
    max_size=25,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=deals)
def test_measures_say_what_counting_by_hand_says(cast, rows):
    with transaction.atomic():
        for currency, day, rate in RATES:
            ExchangeRate.objects.get_or_create(
                currency=currency, valid_from=day, defaults={"rate": Decimal(rate)}
            )
        partners = [cast.alpha, cast.beta]
        make(cast, partners, rows)
        found = values(DEALS, PERIOD, [one.pk for one in partners])
        for place, partner in enumerate(partners):
            own = [row for row in rows if row["partner"] == place]
            assert found[partner.pk] == by_hand(own), own
        for name in DEALS:
            assert counted(name, EVERYBODY) == counted(name, Among(after=0, upto=2**60))
        transaction.set_rollback(True)


def counted(name: str, among: Among) -> dict[int, Decimal]:
    query = measure_named(name).query(PERIOD, among)
    return dict(rows_of(Sql(query.text, query.values)))


def make(cast, partners, rows) -> None:
    account = Account.objects.create(name="Somebody", name_key="somebody", country="DE")
    Deal.objects.bulk_create(
        Deal(
            partner=partners[row["partner"]],
            account=account,
            product_line=cast.product,
            customer_name="Somebody",
            amount=row["amount"],
            currency=row["currency"],
            expected_close=row["day"],
            status=row["status"],
            stage=row["stage"],
            closed_on=row["closed"] if row["stage"] in {"won", "lost"} else None,
            closed_amount={"won": row["amount"], "lost": 0}.get(row["stage"]),
            submitted_at=None if row["status"] == "draft" else moment(row["day"]),
            decided_at=moment(row["day"]) if decided(row) else None,
            decided_by="x" if decided(row) else "",
        )
        for row in rows
    )


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59), dt.UTC)


def decided(row) -> bool:
    return row["status"] in {"approved", "declined", "withdrawn"}


def within(day: dt.date) -> bool:
    return PERIOD.first <= day <= PERIOD.last


def worth(row, day: dt.date) -> Decimal:
    """In euros at the newest rate of the day; nothing without one."""
    if row["currency"] == "EUR":
        return Decimal(row["amount"])
    known = [rate for code, since, rate in RATES if code == row["currency"] and since <= str(day)]
    if not known:
        return Decimal(0)
    return (Decimal(row["amount"]) * Decimal(known[-1])).quantize(Decimal("0.001"), ROUND_HALF_UP)


def share(part: Sequence[object], whole: Sequence[object]) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100 * len(part)) / len(whole)).quantize(Decimal("0.001"), ROUND_HALF_UP)


def by_hand(rows) -> dict[str, Decimal | None]:
    accepted = [row for row in rows if row["status"] in SOLD]
    closed = [row for row in accepted if row["stage"] in {"won", "lost"} and within(row["closed"])]
    won = [row for row in closed if row["stage"] == "won"]
    sent = [row for row in rows if row["status"] != "draft" and within(row["day"])]
    judged = [row for row in sent if decided(row)]
    return {
        "sourced_revenue": sum((worth(row, row["closed"]) for row in won), Decimal(0)),
        "deals_won": Decimal(len(won)),
        "open_pipeline": sum(
            (worth(row, TODAY) for row in accepted if row["stage"] not in {"won", "lost"}),
            Decimal(0),
        ),
        "deals_registered": Decimal(len(sent)),
        "approval_rate": share([row for row in judged if row["status"] != "declined"], judged),
        "win_rate": share(won, closed),
    }


def test_people_profiles_and_entered_values(cast):
    from core.account_facts import SignedIn
    from core.actor import system
    from core.events import record
    from partners.services import NewValue, enter_values

    today = timezone.localdate()
    period = Period(today - dt.timedelta(days=30), today)
    long_ago = timezone.now() - dt.timedelta(days=60)
    for user, at in [(cast.jonas, None), (cast.jonas, None), (cast.ada, long_ago)]:
        record(SignedIn(("password",)), subject=user, actor=system("x"), occurred_at=at)
    new = [
        NewValue(cast.alpha.pk, "psat", today - dt.timedelta(days=9), Decimal(70), "Survey"),
        NewValue(cast.alpha.pk, "psat", today - dt.timedelta(days=2), Decimal(85), "Survey"),
        NewValue(cast.alpha.pk, "psat", today + dt.timedelta(days=2), Decimal(10), "Survey"),
        NewValue(cast.alpha.pk, "influenced_revenue", today, Decimal(500), "CRM"),
        NewValue(cast.alpha.pk, "influenced_revenue", period.first, Decimal(50), "CRM"),
    ]
    enter_values(actor=cast.actor(cast.otto), values=new)
    names = [
        "active_users",
        "profile_completeness",
        "psat",
        "influenced_revenue",
        "active_certifications",
    ]
    found = values(names, period, [cast.alpha.pk, cast.beta.pk])

    assert list(found[cast.alpha.pk].values()) == [1, 67, 85, 550, 0]
    assert list(found[cast.beta.pk].values()) == [0, 33, None, 0, 0]


def test_every_measure_says_what_moves_it_and_how(cast):
    for one in all_measures():
        assert str(one.label)
        assert str(one.description)
        assert one.moved_by, one.name
        for payload in one.moved_by:
            assert kind_of(payload).name


def test_periods_of_a_year_do_not_overlap():
    from partners.rules.periods import period_at

    starts = [dt.date(2026, month, 15) for month in (2, 5, 8, 11)]
    for one, other in pairwise(period_at("quarter", 1, day) for day in starts):
        assert other.first - one.last == dt.timedelta(days=1)
