"""Rows stored the short way are the same as those that were saved."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from core.inserting import insert, insert_all
from core.models import Event, ExchangeRate, User
from dealreg.models import Account, Deal, Decision
from partners.models import Membership

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


def stored(row):
    found: dict[str, object] = type(row).objects.values().get(pk=row.pk)
    return found


def test_a_row_is_stored_as_save_would(cast):
    both = [
        Deal(partner=cast.alpha, amount=Decimal("12.5"), currency="EUR", expected_close=DAY)
        for _ in range(2)
    ]
    moment = timezone.now()
    for row in both:
        row.created_at = row.updated_at = moment
    insert(both[0])
    both[1].save()

    first, second = map(stored, both)
    assert first.pop("id") != second.pop("id")
    assert first == second
    assert model_to_dict(both[0], exclude=["id"]) == model_to_dict(both[1], exclude=["id"])


def test_a_stored_row_is_changed_like_any_other(cast):
    account = Account(name="Zephyr", name_key="zephyr")
    insert(account)
    account.domain = "zephyr.de"
    account.save()

    assert Account.objects.get().domain == "zephyr.de"


def test_many_rows_get_their_keys_in_order():
    rows = [ExchangeRate(currency=code, rate=1, valid_from=DAY) for code in ("USD", "CHF")]
    insert_all(rows)

    assert [ExchangeRate.objects.get(pk=row.pk).currency for row in rows] == ["USD", "CHF"]
    insert_all([])


def test_lists_are_stored_as_lists(cast):
    user = User.objects.create_user("new@cast.example")
    insert(Membership(user=user, partner=cast.alpha, roles=["sales", "admin"]))

    assert Membership.objects.get(user=user).roles == ["sales", "admin"]


def test_the_database_refuses_what_it_refuses(cast):
    with pytest.raises(IntegrityError, match="deal_currency_code"), transaction.atomic():
        insert(Deal(partner=cast.alpha, currency="eur"))

    assert not Deal.objects.exists()


def test_what_was_given_stays_and_what_the_database_made_up_comes_back(cast):
    deal = Deal(partner=cast.alpha)
    insert(deal)
    decision = Decision(deal=deal, origin="person", outcome="approve", message="Fine.")
    decision.facts = {"a": 1}
    insert(decision)
    event = Event(
        kind="core.nothing",
        subject_type="core.user",
        subject_id=cast.ada.pk,
        actor_kind="system",
        payload={},
        occurred_at=timezone.now(),
    )
    insert(event)

    read = Decision.objects.get()
    assert (decision.asked_for, decision.facts) == (read.asked_for, read.facts) == ([], {"a": 1})
    assert event.at == Event.objects.get(pk=event.pk).at
