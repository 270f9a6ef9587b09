"""Before a proposal's deadline who is silent is reminded; people are invited by their address; what
is shared counts for each partner by its role."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from core import appointments, delivery
from core.models import Appointment, Event, ExchangeRate, Notification
from core.sql import Sql, rows_of
from dealreg.credits import credited_amounts
from dealreg.models import Deal, Split
from dealreg.rules.sale import Closing
from dealreg.rules.splits import InvalidSplit, SplitRole, reminder_at
from dealreg.rules.states import DealStage
from dealreg.services import accept_split, close_deal, decide_split, reopen_deal
from partners.measures import EVERYBODY, Among, Period, measure_named, values
from partners.models import Membership
from partners.services import NewValue, enter_values
from tests.cast import Cast
from tests.dealreg.sharing import IMPLEMENT, SOURCE, part, share_a_deal

SOON = "dealreg.split_reminder"
INFLUENCE = SplitRole.INFLUENCE


@pytest.fixture
def shared(cast, rules, registered):
    return share_a_deal(cast, registered(amount=Decimal(40_000)))


def told(user) -> list[str]:
    delivery.deliver_due()
    return list(Notification.objects.filter(user=user).values_list("title", flat=True))


def let_come() -> int:
    Appointment.objects.filter(kind=SOON).update(due_at=timezone.now() - dt.timedelta(hours=1))
    return appointments.keep_due()


# --- the reminder ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_who_has_not_answered_is_reminded_once(cast, shared):
    split = shared.three()
    accept_split(actor=cast.actor(cast.bo), split_id=split.pk, version=split.version)
    assert let_come() == 1
    assert any("please answer" in title for title in told(shared.gia))
    assert not any("please answer" in title for title in [*told(cast.bo), *told(cast.jonas)])
    assert let_come() == 0


@pytest.mark.django_db(transaction=True)
def test_nobody_is_reminded_of_what_is_settled(cast, shared):
    split = shared.propose()
    accept_split(actor=cast.actor(cast.bo), split_id=split.pk, version=1)
    assert not Appointment.objects.filter(kind=SOON, state="due").exists()
    Split.objects.filter(pk=split.pk).update(status="declined")
    let_come()
    assert not Event.objects.filter(kind="dealreg.split_due_soon").exists()


def test_the_reminder_comes_three_days_before_or_halfway():
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    day = dt.timedelta(days=1)
    assert reminder_at(now, now + 14 * day) == now + 11 * day
    assert reminder_at(now, now + 2 * day) == now + day


# --- invited by a person's address ----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["Bo@Cast.Example", "somebody.new@beta.example"])
def test_a_partner_is_invited_by_the_address_of_a_person_there(cast, shared, address):
    split = shared.propose([part("70"), part("30", IMPLEMENT, address)])
    invited = split.parties.exclude(partner=cast.alpha).get()
    assert (invited.partner, invited.invited_as) == (cast.beta, address.lower())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["nobody@cast.example", "jane@gmail.com", "x@nowhere.example", "olga@cast.example"]
)
def test_an_address_that_leads_nowhere_looks_the_same(cast, shared, address):
    split = shared.propose([part("70"), part("30", IMPLEMENT, address)])
    invited = split.parties.exclude(partner=cast.alpha).get()
    assert (invited.partner, invited.invited_as, split.status) == (None, address, "proposed")


@pytest.mark.django_db
def test_who_left_is_no_way_to_a_partner(cast, shared):
    Membership.objects.filter(user=cast.bo).update(left_at=timezone.now())
    split = shared.propose([part("70"), part("30", IMPLEMENT, "bo@cast.example")])
    assert split.parties.filter(partner=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a b@beta.example", "bo@", "no domain"])
def test_what_is_neither_domain_nor_address_is_refused(shared, text):
    with pytest.raises(InvalidSplit):
        shared.propose([part("70"), part("30", IMPLEMENT, text)])
    assert not Split.objects.exists()


# --- what counts for whom -------------------------------------------------------------------


def win(shared, amount):
    deal = Deal.objects.get(pk=shared.deal.pk)
    closing = Closing(
        DealStage.WON, timezone.localdate(), reasons=("price",), amount=Decimal(amount)
    )
    return close_deal(
        actor=shared.cast.actor(shared.cast.jonas),
        deal_id=deal.pk,
        version=deal.version,
        closing=closing,
    )


def agreed(shared) -> None:
    """Alpha 50 as the source, Beta 30 as influence, Gamma 20 implements."""
    cast: Cast = shared.cast
    decide_split(
        actor=cast.actor(cast.mara),
        deal_id=shared.deal.pk,
        parts=[
            part("50", SOURCE, partner_id=cast.alpha.pk),
            part("30", INFLUENCE, partner_id=cast.beta.pk),
            part("20", IMPLEMENT, partner_id=shared.gamma.pk),
        ],
        reason="As agreed.",
    )


def counted(shared):
    today = timezone.localdate()
    partners = [shared.cast.alpha.pk, shared.cast.beta.pk, shared.gamma.pk]
    names = ["sourced_revenue", "influenced_revenue"]
    found = values(names, Period(today - dt.timedelta(days=30), today), partners)
    return [(found[key][names[0]], found[key][names[1]]) for key in partners]


@pytest.mark.django_db
def test_parts_count_by_role_and_a_deal_without_a_split_is_its_partners(shared):
    win(shared, "1000.01")
    assert counted(shared) == [(Decimal("1000.01"), 0), (0, 0), (0, 0)]
    agreed(shared)
    assert counted(shared) == [(Decimal("500.01"), 0), (0, Decimal("300.00")), (0, 0)]


@pytest.mark.django_db
def test_entered_influence_counts_beside_it(shared):
    agreed(shared)
    win(shared, "1000")
    today, cast = timezone.localdate(), shared.cast
    value = NewValue(cast.beta.pk, "influenced_revenue", today, Decimal(50), "CRM")
    enter_values(actor=cast.actor(cast.otto), values=[value])
    assert counted(shared)[1] == (0, Decimal(350))


@pytest.mark.django_db
def test_parts_are_worth_what_the_day_says_and_all_ways_agree(shared):
    agreed(shared)
    win(shared, "1000")
    Deal.objects.update(currency="USD")
    assert counted(shared) == [(0, 0), (0, 0), (0, 0)]
    ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate=Decimal("0.9"))
    assert counted(shared) == [(Decimal(450), 0), (0, Decimal(270)), (0, 0)]
    today = timezone.localdate()
    period = Period(today, today)
    for name in ("sourced_revenue", "influenced_revenue"):
        everybody, some = (
            dict(rows_of(Sql(one.text, one.values)))
            for one in (
                measure_named(name).query(period, EVERYBODY),
                measure_named(name).query(period, Among(after=0, upto=2**60)),
            )
        )
        assert everybody == some
    assert sum(one.amount for one in credited_amounts(today, today)) == 1000


@pytest.mark.django_db
def test_the_others_are_told_when_it_is_won_and_when_it_is_not(cast, shared):
    agreed(shared)
    deal = win(shared, "1000")
    assert any("is won" in title for title in told(shared.gia))
    assert not Event.objects.filter(
        kind="dealreg.split_credited", partner_id=cast.alpha.pk
    ).exists()
    reopen_deal(
        actor=cast.actor(cast.jonas), deal_id=deal.pk, version=deal.version, why="Too early."
    )
    assert any("open again" in title for title in told(shared.gia))
