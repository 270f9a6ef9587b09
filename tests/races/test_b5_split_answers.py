"""B5: accept, counter and withdraw at once; one final state, whoever was first."""

import threading
from decimal import Decimal
from functools import partial

import pytest

from core import fsck
from core.models import Event
from dealreg import split_access
from dealreg.models import Deal, ProductLine, Split
from dealreg.rules.splits import SplitMovedOn, SplitRole
from dealreg.services import (
    OwnPart,
    PartAsked,
    SplitChanged,
    accept_split,
    counter_split,
    propose_split,
    withdraw_split,
)
from partners.models import PartnerDomain
from tests.races.rig import asking, at_once, register_all, sellers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ENDS = ("dealreg.split_in_force", "dealreg.split_countered", "dealreg.split_withdrawn")


@pytest.fixture
def proposal(rules):
    line = ProductLine.objects.create(code="cloud", name="Cloud")
    alpha, beta = sellers(2)
    PartnerDomain.objects.create(partner_id=beta.partner_id or 0, domain="beta.example")
    [deal], _errors = register_all([alpha], [asking(line)], abreast=1)
    assert deal.status == "approved"
    return alpha, beta, deal


def propose(alpha, deal: Deal) -> Split:
    return propose_split(
        actor=alpha,
        deal_id=deal.pk,
        parts=[
            PartAsked(SplitRole.SELL, Decimal(70)),
            PartAsked(SplitRole.IMPLEMENT, Decimal(30), domain="beta.example"),
        ],
    )


def answer_at_once(alpha, beta, split):
    seen = {"split_id": split.pk, "version": split.version}
    own = [OwnPart(SplitRole.IMPLEMENT, Decimal(40))]
    jobs = [
        partial(accept_split, actor=beta, **seen),
        partial(counter_split, actor=beta, own=own, **seen),
        partial(withdraw_split, actor=alpha, **seen),
    ]
    return at_once(jobs, abreast=3)


def test_b5_accept_counter_and_withdraw_at_once_have_one_winner(proposal):
    alpha, beta, deal = proposal
    for _round in range(8):
        split = propose(alpha, deal)
        done, errors = answer_at_once(alpha, beta, split)

        assert len(done) == 1
        assert all(SplitMovedOn.__name__ in e or SplitChanged.__name__ in e for e in errors)
        split.refresh_from_db()
        assert split.version == 2
        told = Event.objects.filter(subject_type="dealreg.split", subject_id=split.pk)
        assert len(set(told.filter(kind__in=ENDS).values_list("kind", flat=True))) == 1
        if split.status == "in_force":
            break
        if split.status == "countered":
            withdraw_split(actor=beta, split_id=split.pk, version=2)
    assert list(fsck.findings(only=["dealreg.splits"])) == []


def test_b5_without_the_locks_several_win(proposal, monkeypatch):
    """The control: all have looked before anybody writes."""
    alpha, beta, deal = proposal
    split = propose(alpha, deal)
    everybody_looked = threading.Barrier(3)

    def look(deal_id, split_id):
        found = Split.objects.select_related("deal").get(pk=split_id)
        everybody_looked.wait(30)
        return found

    monkeypatch.setattr(split_access, "locked", look)
    done, _errors = answer_at_once(alpha, beta, split)

    assert len(done) > 1
