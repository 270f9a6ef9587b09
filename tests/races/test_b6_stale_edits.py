"""B6: many edit one sale at once, all having read the same state; one wins, the others are told."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from django.utils import timezone

from core.actor import Actor
from dealreg import sales
from dealreg.models import Deal, ProductLine, SaleChange
from dealreg.rules.sale import Closing
from dealreg.rules.states import DealStage, NotInThisState
from dealreg.services import StaleEdit, close_deal, register_deal, selling, update_sale
from tests.races.rig import asking, at_once, sellers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

EDITORS = 20


@pytest.fixture
def seller(rules) -> Actor:
    return sellers(1)[0]


@pytest.fixture
def deal(seller) -> Deal:
    line = ProductLine.objects.create(code="cloud", name="Cloud")
    return register_deal(actor=seller, request=asking(line))


def edit(seller: Actor, deal: Deal, number: int) -> Deal:
    sale = replace(sales.sale_of(deal), next_step=f"Step {number}")
    return update_sale(actor=seller, deal_id=deal.pk, sale=sale, version=deal.version)


def edits(seller: Actor, deal: Deal) -> list[Callable[[], Deal]]:
    return [partial(edit, seller, deal, number) for number in range(EDITORS)]


def test_b6_of_twenty_stale_edits_one_is_kept(seller, deal):
    kept, errors = at_once(edits(seller, deal), abreast=EDITORS)

    assert len(kept) == 1
    assert len([error for error in errors if error.startswith("StaleEdit")]) == EDITORS - 1
    assert Deal.objects.get().next_step == kept[0].next_step
    assert SaleChange.objects.count() == 1


def test_b6_without_the_check_edits_are_lost(seller, deal, monkeypatch):
    """The control: everybody is let through, and all but the last are overwritten."""
    monkeypatch.setattr(selling, "require_version", lambda _deal, _version: None)
    kept, errors = at_once(edits(seller, deal), abreast=EDITORS)

    assert (len(kept), errors) == (EDITORS, [])
    assert SaleChange.objects.count() == EDITORS


def test_b6_a_sale_is_won_or_updated_never_both(seller, deal):
    """Closing and updating from the same state: who comes second is told."""
    together = threading.Barrier(2)
    day = timezone.localdate(deal.submitted_at)

    def close() -> Deal:
        together.wait(30)
        closing = Closing(DealStage.LOST, day, reasons_at_hand())
        return close_deal(actor=seller, deal_id=deal.pk, closing=closing, version=deal.version)

    def update() -> Deal:
        together.wait(30)
        return edit(seller, deal, 1)

    kept, errors = at_once([close, update], abreast=2)

    assert (len(kept), len(errors)) == (1, 1)
    assert errors[0].startswith((StaleEdit.__name__, NotInThisState.__name__))
    now = Deal.objects.get()
    assert (now.stage == "lost") != (now.next_step == "Step 1")


def reasons_at_hand() -> tuple[str, ...]:
    return tuple(reason.code for reason in sales.reasons_for(DealStage.LOST)[:1])
