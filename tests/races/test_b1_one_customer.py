"""B1: many partners register one customer at once; one is protected, the others meet it."""

import threading
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from core import fsck
from core.clock import database_now
from dealreg.conflicts import conflict_of
from dealreg.matching import find_similar
from dealreg.models import Account, Deal, Decision, ProductLine, Protection
from dealreg.services import registering
from tests.races.rig import asking, register_all, sellers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def let_pass(_customer):
    """In place of the locks."""
    return database_now()


@pytest.fixture
def line(rules) -> ProductLine:
    return ProductLine.objects.create(code="cloud", name="Cloud")


def test_b1_a_hundred_registrations_by_twenty_partners(line):
    deals, errors = register_all(sellers(20), [asking(line)] * 100, abreast=20)

    assert (len(deals), errors) == (100, [])
    assert Counter(Deal.objects.values_list("status", flat=True)) == {
        "approved": 1,
        "in_review": 99,
    }
    assert (Account.objects.count(), Protection.objects.count()) == (1, 1)
    assert not Decision.objects.filter(outcome="review", rule="approve").exists()
    assert (
        list(fsck.findings(only=["dealreg.protections", "dealreg.decisions", "dealreg.keys"])) == []
    )


def test_b1_without_the_locks_one_customer_is_protected_twice(line, monkeypatch):
    """The control: all have looked before anybody writes, so nobody sees the others."""
    everybody_looked = threading.Barrier(8)
    look = find_similar

    def look_together(customer):
        found = look(customer)
        everybody_looked.wait(30)
        return found

    monkeypatch.setattr(registering, "lock_customer", let_pass)
    monkeypatch.setattr(registering, "find_similar", look_together)
    _deals, errors = register_all(sellers(8), [asking(line)] * 8, abreast=8)

    assert errors == []
    assert Account.objects.count() == Protection.objects.count() == 8


def test_b3_without_the_locks_the_constraint_still_lets_one_through(line, monkeypatch):
    """The customer is known already, so that all of them want to protect the same row."""
    actors = sellers(9)
    first, _errors = register_all(actors[8:], [asking(line)], abreast=1)
    Protection.objects.all().delete()
    Deal.objects.filter(pk=first[0].pk).update(status="declined")
    everybody_looked = threading.Barrier(8)
    look = conflict_of
    refused: list[str] = []

    def look_together(**question):
        found = look(**question)
        if not refused:
            everybody_looked.wait(30)
        return found

    def lost(error):
        refused.append(str(error))
        return "protection_never_overlaps" in str(error)

    monkeypatch.setattr(registering, "lock_customer", let_pass)
    monkeypatch.setattr(registering, "conflict_of", look_together)
    monkeypatch.setattr(registering, "_lost_a_race", lost)
    deals, errors = register_all(actors[:8], [asking(line)] * 8, abreast=8)

    assert (len(deals), errors) == (8, [])
    assert refused
    assert Protection.objects.count() == 1
    assert Counter(deal.status for deal in deals) == {"approved": 1, "in_review": 7}


def test_b3_the_database_refuses_a_second_protection(line):
    [deal], _errors = register_all(sellers(1), [asking(line)], abreast=1)
    held = Protection.objects.get()
    other = Deal.objects.get(pk=deal.pk)
    other.pk, other.submission_key = None, None
    other.save(force_insert=True)

    with pytest.raises(IntegrityError, match="protection_never_overlaps"), transaction.atomic():
        Protection.objects.create(
            deal=other,
            partner_id=held.partner_id,
            account_id=held.account_id,
            product_line_id=held.product_line_id,
            period=held.period,
        )
    assert Protection.objects.count() == 1
