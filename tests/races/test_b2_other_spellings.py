"""B2: one customer under forty spellings at once; no registration goes by the others unseen."""

from collections import Counter

import pytest

from dealreg.models import Deal, Decision, ProductLine, Protection
from dealreg.rules.blocking import lock_keys
from dealreg.rules.names import Customer
from dealreg.services import registering
from tests.races.rig import asking, register_all, sellers
from tests.races.spellings import NORDWIND
from tests.races.test_b1_one_customer import let_pass


@pytest.fixture
def line(rules) -> ProductLine:
    return ProductLine.objects.create(code="cloud", name="Cloud")


def test_any_two_spellings_wait_for_each_other():
    locks = [set(lock_keys(Customer.typed(name, "", "DE"))) for name in NORDWIND]

    assert len(set(NORDWIND)) == 40
    assert all(not one.isdisjoint(other) for one in locks for other in locks)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_b2_forty_spellings_by_twenty_partners(line):
    requests = [asking(line, customer_name=name) for name in NORDWIND]
    deals, errors = register_all(sellers(20), requests, abreast=20)

    assert (len(deals), errors) == (40, [])
    assert Counter(Deal.objects.values_list("status", flat=True)) == {
        "approved": 1,
        "in_review": 39,
    }
    assert Protection.objects.count() == 1
    assert Decision.objects.filter(conflict_level="none").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_b2_without_the_locks_spellings_go_by_each_other(line, monkeypatch):
    monkeypatch.setattr(registering, "lock_customer", let_pass)
    requests = [asking(line, customer_name=name) for name in NORDWIND]
    _deals, errors = register_all(sellers(20), requests, abreast=20)

    assert errors == []
    assert Protection.objects.count() > 1
