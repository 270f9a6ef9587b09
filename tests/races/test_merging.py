"""A registration and a merge of the same customer at one moment: the deal ends at the survivor."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core import fsck
from core.actor import system
from dealreg.matching import find_similar
from dealreg.models import Account, Deal, ProductLine
from dealreg.services import CustomerDetails, add_customer, merge_accounts, merging, registering
from tests.races.rig import asking, register_all, sellers
from tests.races.test_b1_one_customer import let_pass

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def line(rules) -> ProductLine:
    return ProductLine.objects.create(code="cloud", name="Cloud")


def register_while_merging(line: ProductLine, monkeypatch: pytest.MonkeyPatch) -> Account:
    """One partner has looked and found the customer when the merge begins; the survivor."""
    me, actors = system("test"), sellers(1)
    loser = add_customer(actor=me, details=CustomerDetails(name="Nordwind Logistics", country="DE"))
    survivor = add_customer(actor=me, details=CustomerDetails(name="Zephyr Spedition"))
    looked, merged = threading.Event(), threading.Event()
    look = find_similar

    def look_and_wait(customer):
        found = look(customer)
        looked.set()
        # With the locks the merge waits for us, so there is nothing to wait for but time.
        merged.wait(2)
        return found

    def merge() -> None:
        looked.wait(30)
        try:
            merge_accounts(actor=me, survivor_id=survivor.pk, loser_id=loser.pk)
        finally:
            merged.set()
            connection.close()

    monkeypatch.setattr(registering, "find_similar", look_and_wait)
    with ThreadPoolExecutor(1) as pool:
        merging_now = pool.submit(merge)
        _deals, errors = register_all(actors, [asking(line)], abreast=1)
        merging_now.result(60)
    assert errors == []
    return survivor


def test_a_registration_under_way_goes_to_the_survivor(line, monkeypatch):
    survivor = register_while_merging(line, monkeypatch)

    assert Deal.objects.get().account == survivor
    assert list(fsck.findings(only=["dealreg.merged", "dealreg.protections"])) == []


def test_without_the_locks_it_is_left_behind(line, monkeypatch):
    monkeypatch.setattr(registering, "lock_customer", let_pass)
    monkeypatch.setattr(merging, "lock_customer", lambda *_customers: None)
    register_while_merging(line, monkeypatch)

    assert Deal.objects.filter(account__merged_into__isnull=False).count() == 1
    assert len(list(fsck.findings(only=["dealreg.merged"]))) == 2
