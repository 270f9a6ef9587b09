"""Who is credited for won deals; the same sums in SQL and in Python."""

import datetime as dt
import random
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone

from core.money import Money
from dealreg.credits import credited_amounts
from dealreg.models import Deal
from dealreg.rules.splits import Share, SplitRole, money_parts
from dealreg.services import accept_split, decide_split
from tests.dealreg.sharing import part, share_a_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast, registered):
    return share_a_deal(cast, registered(amount=Decimal(40_000)))


def win(deal, amount, currency="EUR"):
    Deal.objects.filter(pk=deal.pk).update(
        stage="won", closed_on=timezone.localdate(), closed_amount=amount, currency=currency
    )


def credits_today(**more):
    today = timezone.localdate()
    return list(credited_amounts(today - dt.timedelta(days=1), today, **more))


def test_each_partner_is_credited_its_part_with_its_role(shared):
    split = shared.propose()
    accept_split(actor=shared.cast.actor(shared.cast.bo), split_id=split.pk, version=1)
    win(shared.deal, Decimal("1000.01"))

    assert [(one.partner_id, one.role, one.amount) for one in credits_today()] == [
        (shared.cast.alpha.pk, "sell", Decimal("700.01")),
        (shared.cast.beta.pk, "implement", Decimal("300.00")),
    ]
    betas = credits_today(partner_id=shared.cast.beta.pk)
    assert [(one.deal_id, one.amount) for one in betas] == [(shared.deal.pk, Decimal(300))]


def test_a_deal_without_agreement_is_its_partners(shared):
    shared.propose()
    win(shared.deal, Decimal(500))

    [only] = credits_today()
    assert (only.partner_id, only.role, only.percent, only.amount) == (
        shared.cast.alpha.pk,
        "source",
        Decimal(100),
        Decimal(500),
    )


def test_deals_of_other_periods_and_lost_ones_are_left_out(shared):
    assert credits_today() == []
    win(shared.deal, Decimal(500))
    Deal.objects.update(closed_on=timezone.localdate() - dt.timedelta(days=2))
    assert credits_today() == []


@pytest.mark.parametrize("seed", range(6))
def test_c4_credits_make_the_closed_amount_as_the_rules_share_it(shared, seed):
    dice = random.Random(seed)
    cuts = sorted(dice.sample(range(1, 9999), k=dice.choice([1, 2, 4])))
    percents = [Decimal(b - a) / 100 for a, b in pairwise([0, *cuts, 10_000])]
    partners = [shared.cast.alpha, shared.cast.beta, shared.gamma]
    roles = list(SplitRole)
    split = decide_split(
        actor=shared.cast.actor(shared.cast.mara),
        deal_id=shared.deal.pk,
        parts=[
            part(str(percent), roles[n], partner_id=partners[n % 3].pk)
            for n, percent in enumerate(percents)
        ],
        reason="By lot.",
    )
    for currency, amount in [
        ("JPY", Decimal(dice.randrange(10**9))),
        ("EUR", Decimal(dice.randrange(10**11)).scaleb(-2)),
        ("KWD", Decimal(dice.randrange(10**12)).scaleb(-3)),
        ("EUR", Decimal("0.01")),
        ("JPY", Decimal("10.005")),
    ]:
        win(shared.deal, amount, currency)
        rows = split.parties.model.objects.filter(split=split).values_list(
            "parts__pk", "pk", "partner_id", "parts__role", "parts__percent"
        )
        ordered = sorted(rows)
        shares = [Share(party, SplitRole(role), pct) for _k, party, _p, role, pct in ordered]
        expected = money_parts(Money(amount, currency), shares)
        found = credits_today()

        assert sum(one.amount for one in found) == amount
        assert [one.amount for one in found] == [money.amount for money in expected]
        assert [one.partner_id for one in found] == [row[2] for row in ordered]
