"""How the example comes into the portal, and many more rows by numbers. What it holds:
test_example.py."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db.models import Count

from core import fsck
from dealreg.books import current_book
from dealreg.models import Account, Deal, Decision, Protection
from dealreg.rules.engagement import decide
from dealreg.rules.names import name_key, registrable_domain
from dealreg.rules.states import OPEN_STAGES, DealStatus
from partners.models import Partner
from prm.demo import volume
from prm.demo.seeding import UnknownBaseCurrency, seed
from tests.prm.example import counts, facts_of, seed_demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_ins(tmp_path: Path) -> Path:
    return tmp_path / "demo" / "sign-ins.txt"


def test_it_refuses_to_run_in_production(rules, sign_ins: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRM_ENV", "production")
    before = counts()
    with pytest.raises(CommandError, match="PRM_ENV=production"):
        seed_demo(sign_ins)
    assert counts() == before
    assert not sign_ins.exists()


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_the_same_deals_wait_whatever_the_base_currency(rules, settings, currency: str):
    settings.BASE_CURRENCY = currency
    seed()
    assert Deal.objects.filter(status="in_review").count() == 8


def test_a_base_currency_without_rates_is_refused(rules, settings):
    settings.BASE_CURRENCY = "XAF"
    with pytest.raises(UnknownBaseCurrency):
        seed()
    assert not Partner.objects.exists()


# By numbers


@pytest.fixture
def many(rules) -> None:
    volume.grow(volume.Size(partners=3, accounts=60, deals=600), tell=lambda _line: None)


def test_rows_by_numbers_are_consistent(many):
    assert (Account.objects.count(), Deal.objects.count()) == (60, 600)
    assert list(fsck.findings()) == []
    # The starter rules ask for nothing, so nothing was sent back.
    happened = set(DealStatus.values) - {DealStatus.NEEDS_INFO}
    assert set(Deal.objects.values_list("status", flat=True)) == happened


def test_the_database_makes_keys_as_the_rules_do(many):
    for account in Account.objects.all():
        assert account.name_key == name_key(account.name)
        assert account.domain == registrable_domain(account.domain)


def test_decisions_by_numbers_are_what_the_rules_say(many):
    book = current_book().book
    for decision in Decision.objects.all():
        verdict = decide(facts_of(decision), book)
        assert (verdict.rule, verdict.outcome) == (decision.rule, decision.outcome)
    kept = Protection.objects.filter(deal__status="approved", released_at=None).count()
    assert kept == Deal.objects.filter(status="approved", stage__in=OPEN_STAGES).count()


def test_growing_goes_on_where_it_ended(many):
    first = dict(Deal.objects.values_list("external_ref", "amount"))
    volume.grow(volume.Size(partners=3, accounts=80, deals=800), tell=lambda _line: None)
    now = dict(Deal.objects.values_list("external_ref", "amount"))
    assert len(now) == 800
    assert {ref: now[ref] for ref in first} == first
    doubles = Account.objects.values("name_key").annotate(n=Count("id")).filter(n__gt=1)
    assert not doubles.exists()


@pytest.mark.parametrize("scale", ["huge", "-5", "1e6", "99999999999", "٣"])
def test_a_scale_that_is_none_is_refused(rules, sign_ins: Path, scale: str):
    with pytest.raises(CommandError, match="--scale takes"):
        seed_demo(sign_ins, f"--scale={scale}")
    assert not Partner.objects.exists()
