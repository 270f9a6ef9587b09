"""B5: a registration is approved at the desk while a conflict case about it is opened."""

import threading
from collections.abc import Callable

import pytest

from core.actor import StaffRole
from core.models import User
from dealreg import access, running_cases
from dealreg.models import ConflictCase, Deal, ProductLine, Protection
from dealreg.rules.cases import RUNNING
from dealreg.services import CaseRuns, approve_deal, cases, reviewing
from partners.models import StaffDuty
from partners.queries import actor_for
from tests.cast import person
from tests.races.rig import asking, at_once, register_all, sellers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def line(rules) -> ProductLine:
    return ProductLine.objects.create(code="cloud", name="Cloud")


@pytest.fixture
def waiting(line) -> Deal:
    """The second of two registrations of one customer; nothing is protected any more."""
    first, second = sellers(2)
    for seller in (first, second):
        register_all([seller], [asking(line)], abreast=1)
    Protection.objects.all().delete()
    return Deal.objects.get(partner_id=second.partner_id or 0)


@pytest.fixture
def mara(db) -> User:
    mara = person("Mara", staff=True)
    StaffDuty.objects.create(user=mara, role=StaffRole.CHANNEL_MANAGER.value)
    return mara


class Race:
    """The approval has found no case, and is written when one was opened meanwhile, or when that
    waited for it in vain. `seen` is what the registration was when the case had been opened."""

    def __init__(self, deal: Deal, mara: User, monkeypatch) -> None:
        self.deal, self.mara, self.seen = deal, mara, ""
        self.looked, self.opened = threading.Event(), threading.Event()
        monkeypatch.setattr(reviewing, "require_no_case", self.look)

    def look(self, deal: Deal) -> None:
        running_cases.require_no_case(deal)
        self.looked.set()
        self.opened.wait(3)

    def approve(self) -> Deal:
        return approve_deal(actor=actor_for(self.mara), deal_id=self.deal.pk)

    def open(self) -> ConflictCase:
        assert self.looked.wait(10)
        case = cases.open_case(actor=actor_for(self.mara), deal_id=self.deal.pk, why="Both met.")
        self.seen = Deal.objects.get(pk=self.deal.pk).status
        self.opened.set()
        return case

    def run(self) -> list[str]:
        jobs: list[Callable[[], object]] = [self.approve, self.open]
        _done, errors = at_once(jobs, abreast=2)
        return errors


def test_b5_the_case_waits_for_the_decision(waiting, mara, monkeypatch):
    race = Race(waiting, mara, monkeypatch)
    assert race.run() == []
    assert race.seen == "approved"


def test_b5_the_decision_sees_the_case(waiting, mara):
    cases.open_case(actor=actor_for(mara), deal_id=waiting.pk, why="Both met.")
    with pytest.raises(CaseRuns):
        approve_deal(actor=actor_for(mara), deal_id=waiting.pk)


def test_b5_without_the_lock_it_is_decided_behind_the_cases_back(waiting, mara, monkeypatch):
    """The control."""
    monkeypatch.setattr(
        access, "deal_for_changing", lambda _actor, key, _verb: Deal.objects.get(pk=key)
    )
    race = Race(waiting, mara, monkeypatch)
    assert race.run() == []
    assert race.seen == "in_review"
    assert Deal.objects.get(pk=waiting.pk).status == "approved"
    assert ConflictCase.objects.filter(status__in=sorted(RUNNING)).exists()
