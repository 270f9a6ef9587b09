"""B3: a protection is extended while another partner registers its customer at its very end."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from core.actor import Actor
from core.clock import database_now
from dealreg.models import Deal, Extension, ProductLine, Protection, RuleBook
from dealreg.rules.protection import what_suffices
from dealreg.services import ExtensionRefused, NewEvidence, ask_extension, extending, registering
from tests.races.rig import asking, at_once, register_all, sellers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OVERLAPS = """
SELECT count(*) FROM dealreg_protection AS one JOIN dealreg_protection AS other
ON one.id < other.id AND one.account_id = other.account_id
   AND one.product_line_id = other.product_line_id AND one.period && other.period
WHERE one.released_at IS NULL AND other.released_at IS NULL
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        number: int = cursor.fetchone()[0]
    return number


def let_pass(_customer):
    """In place of the locks."""
    return database_now()


@pytest.fixture
def line(rules) -> ProductLine:
    return ProductLine.objects.create(code="cloud", name="Cloud")


@pytest.fixture
def no_constraint() -> Iterator[None]:
    """The table without what refuses overlaps; it is back afterwards."""
    [kept] = [
        one for one in Protection._meta.constraints if one.name == "protection_never_overlaps"
    ]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Protection, kept)
    yield
    Protection.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Protection, kept)


class Race:
    """The extension has looked and decided before the end, and is written after it, when the
    other partner has registered (or has waited for it in vain)."""

    def __init__(self, line: ProductLine, monkeypatch) -> None:
        self.line = line
        self.looked, self.registered = threading.Event(), threading.Event()
        self.first, self.second = sellers(2)
        [self.deal], _errors = register_all([self.first], [asking(line)], abreast=1)
        book = RuleBook.objects.create(version=99, title="x", sufficient_evidence=["quote"])
        now = database_now()
        self.end = now + dt.timedelta(seconds=1.5)
        Protection.objects.update(
            book=book, period=DateTimeTZRange(now - dt.timedelta(days=80), self.end)
        )
        monkeypatch.setattr(extending, "what_suffices", self.look)

    def look(self, *seen, **how):
        enough = what_suffices(*seen, **how)
        self.looked.set()
        self.registered.wait(4)
        return enough

    def extend(self) -> Extension:
        quote = NewEvidence("quote", timezone.localdate())
        return ask_extension(
            actor=self.first, deal_id=self.deal.pk, reason="Nearly there.", evidence=quote
        )

    def register(self) -> Deal:
        assert self.looked.wait(10)
        while database_now() <= self.end:
            time.sleep(0.02)
        [deal], errors = register_all([self.second], [asking(self.line)], abreast=1)
        assert errors == []
        self.registered.set()
        return deal

    def run(self) -> tuple[list[object], list[str]]:
        jobs: list[Callable[[], object]] = [self.extend, self.register]
        return at_once(jobs, abreast=2)


def deal_of(actor: Actor) -> Deal:
    return Deal.objects.get(partner_id=actor.partner_id or 0)


def test_b3_the_lock_lets_the_extension_through_and_the_other_one_sees_it(line, monkeypatch):
    race = Race(line, monkeypatch)
    _done, errors = race.run()

    assert errors == []
    assert (overlaps(), Protection.objects.count()) == (0, 1)
    assert deal_of(race.second).status == "in_review"


def test_b3_without_the_lock_the_constraint_refuses_the_extension(line, monkeypatch):
    for service in (extending, registering):
        monkeypatch.setattr(service, "lock_customer", let_pass)
    race = Race(line, monkeypatch)
    _done, errors = race.run()

    assert len(errors) == 1
    assert ExtensionRefused.__name__ in errors[0]
    assert (overlaps(), Protection.objects.count()) == (0, 2)
    assert deal_of(race.second).status == "approved"
    assert Extension.objects.count() == 0


def test_b3_without_lock_and_constraint_protections_overlap(line, monkeypatch, no_constraint):
    """The control."""
    for service in (extending, registering):
        monkeypatch.setattr(service, "lock_customer", let_pass)
    race = Race(line, monkeypatch)
    _done, errors = race.run()

    assert errors == []
    assert overlaps() == 1
