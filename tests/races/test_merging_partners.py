"""A registration and a merge of its partner at one moment: the deal ends at the partner that is
kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core import events
from core.actor import Actor, ActorKind, StaffRole
from dealreg.models import Deal, ProductLine
from dealreg.services import registering
from partners.models import Membership, PartnerMerge
from partners.services import merging
from tests.races.rig import asking, register_all, sellers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def line(rules) -> ProductLine:
    return ProductLine.objects.create(code="cloud", name="Cloud")


def register_while_merging(line: ProductLine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The partner's people have been handed over, but the merge is not committed, when one of them
    registers a deal; what went wrong."""
    seller, kept = sellers(2)
    ops = Actor(ActorKind.USER, "Otto", staff_roles=frozenset({StaffRole.OPS}))
    handing, registering_now = threading.Event(), threading.Event()

    def record_and_wait(*args, **kwargs):
        handing.set()
        # With the locks the registration waits for us, so there is nothing to wait for but time.
        registering_now.wait(2)
        events.record(*args, **kwargs)

    def merge() -> None:
        try:
            merging.merge_partners(
                actor=ops, survivor_id=kept.partner_id or 0, loser_id=seller.partner_id or 0
            )
        finally:
            connection.close()

    monkeypatch.setattr(merging, "record", record_and_wait)
    with ThreadPoolExecutor(1) as pool:
        merging_now = pool.submit(merge)
        assert handing.wait(30)
        _deals, errors = register_all([seller], [asking(line)], abreast=1)
        registering_now.set()
        merging_now.result(60)
    return errors


def test_it_ends_at_the_partner_that_is_kept(line, monkeypatch):
    errors = register_while_merging(line, monkeypatch)

    merge = PartnerMerge.objects.get()
    assert errors == []
    assert Deal.objects.get().partner_id == merge.survivor_id
    assert Membership.objects.filter(partner_id=merge.loser_id).count() == 0


def test_without_looking_again_it_is_refused(line, monkeypatch):
    monkeypatch.setattr(registering, "actor_after_merge", lambda _actor: None)
    errors = register_while_merging(line, monkeypatch)

    assert errors == ["PermissionDenied('You no longer have this place at the partner.')"]
    assert not Deal.objects.exists()


def test_without_any_guard_it_is_left_behind(line, monkeypatch):
    monkeypatch.setattr("core.standing._guards", [])
    monkeypatch.setattr(registering, "actor_after_merge", lambda _actor: None)
    register_while_merging(line, monkeypatch)

    assert Deal.objects.get().partner_id == PartnerMerge.objects.get().loser_id
