"""The example: one believable year, consistent in itself, made once."""

import io
import stat
from decimal import Decimal
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from core import fsck
from core.models import Event, EventDelivery, Notification, OutgoingMail, User
from dealreg import queries, sharing
from dealreg.books import current_book
from dealreg.models import Account, Deal, Decision, Protection
from dealreg.rules.engagement import decide
from dealreg.rules.facts import FACTS, FactValue
from dealreg.rules.names import name_key, registrable_domain
from dealreg.rules.states import OPEN_STAGES, DealStage, DealStatus
from dealreg.services import CaseRuns, approve_deal
from partners.models import Partner
from partners.queries import actor_for
from partners.rules import PartnerStatus, PartnerType
from prm.demo import volume
from prm.demo.cast import SIGN_INS
from prm.demo.seeding import UnknownBaseCurrency, seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def example(rules) -> None:
    seed()


@pytest.fixture
def sign_ins(tmp_path: Path) -> Path:
    return tmp_path / "demo" / "sign-ins.txt"


def seed_demo(sign_ins: Path, *options: str) -> str:
    output = io.StringIO()
    call_command("seed_demo", "--sign-ins", str(sign_ins), *options, stdout=output)
    return output.getvalue()


def counts() -> dict[str, int]:
    models = (Account, Deal, Decision, Event, Notification, OutgoingMail, Partner, User)
    return {model.__name__: model.objects.count() for model in models}


def facts_of(decision: Decision) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = dict(decision.facts)
    amount = decision.facts["deal.amount"]
    return facts | {"deal.amount": None if amount is None else Decimal(amount)}


def test_the_example_is_consistent(example):
    assert list(fsck.findings(deep=True)) == []


def test_a_second_run_adds_nothing(example):
    before = counts()
    assert seed().deals == 0
    assert counts() == before


def test_it_is_the_same_example_every_time(example):
    sent = Deal.objects.order_by("external_ref").values_list("external_ref", "status", "amount")
    first = list(sent)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE dealreg_deal CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    seed()
    assert list(sent) == first


def test_the_rules_decide_every_stored_decision_the_same_way(example):
    book = current_book().book
    by_rule = Decision.objects.filter(origin="rule")
    assert by_rule.count() > 200
    for decision in by_rule:
        assert book.facts() <= set(decision.facts) <= set(FACTS)
        verdict = decide(facts_of(decision), book)
        assert (verdict.rule, verdict.outcome) == (decision.rule, decision.outcome)


def test_eight_deals_wait_for_a_person_for_four_reasons(example):
    otto = actor_for(User.objects.get(email="tomasz@kestrova.example"))
    queue = [(deal.customer_name, deal.decisions.get().rule) for deal in queries.review_queue(otto)]
    assert queue == [
        ("Harborlight Health System", "over-tier-limit"),
        ("Fjordline Shipping A/S", "possible-conflict"),
        ("Quay Mutual Insurance", "possible-conflict"),
        ("Hansaport Logistik GmbH", "possible-conflict"),
        ("Failaka Commercial Bank", "over-tier-limit"),
        ("Minato Precision KK", "over-tier-limit"),
        ("Brocken Versicherung AG", "own-earlier-registration"),
        ("Weserstahl AG", "over-tier-limit"),
    ]


def test_the_channel_manager_sees_those_of_her_region(example):
    mara = actor_for(User.objects.get(email="mara@kestrova.example"))
    assert queries.review_queue(mara).count() == 6


def test_two_partners_meet_at_one_customer(example):
    mara = actor_for(User.objects.get(email="mara@kestrova.example"))
    late = Deal.objects.get(customer_name="Hansaport Logistik GmbH", status="in_review")
    with pytest.raises(CaseRuns) as refused:
        approve_deal(actor=mara, deal_id=late.pk)
    assert "Nordlicht Systemhaus" in refused.value.case.sides.values_list(
        "partner__name", flat=True
    )


def test_everything_that_can_happen_to_a_deal_has_happened(example):
    # The starter rules ask for nothing, so nothing was sent back.
    happened = set(DealStatus.values) - {DealStatus.NEEDS_INFO}
    assert set(Deal.objects.values_list("status", flat=True)) == happened
    assert set(Deal.objects.values_list("stage", flat=True)) == set(DealStage.values)
    assert set(Partner.objects.values_list("type", flat=True)) == set(PartnerType.values)
    missing = {PartnerStatus.PROSPECT}
    assert set(Partner.objects.values_list("status", flat=True)) == (
        set(PartnerStatus.values) - missing
    )


def test_nothing_happens_in_the_future(example):
    now = timezone.now()
    assert not Event.objects.filter(occurred_at__gt=now).exists()
    assert not Deal.objects.filter(updated_at__gt=now).exists()
    assert not Protection.objects.filter(period__startswith__gt=now).exists()


def test_a_deal_stands_as_its_timeline_ends(example):
    lasting = {"approve": "approved", "decline": "declined", "review": "in_review"}
    for deal in Deal.objects.exclude(status__in=["draft", "withdrawn"]):
        decided = lasting[deal.decisions.first().outcome]  # type: ignore[union-attr]
        assert deal.status in ({decided, "lapsed"} if decided == "approved" else {decided})
    assert not Deal.objects.exclude(status="draft").filter(decisions=None).exists()


def test_recent_news_stand_in_the_portal_and_no_mail_is_due(example):
    jonas = User.objects.get(email="jonas@nordlicht.example")
    titles = Notification.objects.filter(user=jonas, read_at=None).values_list("title", flat=True)
    assert "Weserstahl AG: your registration is in review" in titles
    assert not OutgoingMail.objects.exclude(state="done").exists()
    assert not EventDelivery.objects.exclude(state="done").exists()


def test_every_address_is_reserved_for_examples(example):
    assert not User.objects.exclude(email__endswith=".example").exists()
    assert not Account.objects.exclude(domain__endswith=".example").exists()


def test_customers_are_found_again_by_what_people_type(example):
    for account in Account.objects.all():
        assert account.name_key == name_key(account.name)
        assert account.domain == registrable_domain(f"https://www.{account.domain}/")


def test_the_named_people_can_sign_in(rules, sign_ins: Path):
    seed_demo(sign_ins, "--password", "amber-river-42")
    for one in SIGN_INS:
        assert authenticate(email=one.email, password="amber-river-42") is not None
        assert EmailAddress.objects.get(email=one.email).verified


def test_nobody_else_can(rules, sign_ins: Path):
    seed_demo(sign_ins)
    named = [one.email for one in SIGN_INS]
    others = User.objects.exclude(email__in=named)
    assert others.count() > 50
    assert not any(user.has_usable_password() for user in others)


def test_the_sign_ins_are_printed_and_written_for_this_user_alone(rules, sign_ins: Path):
    output = seed_demo(sign_ins, "--password", "amber-river-42")
    assert sign_ins.read_text() in output
    assert "jonas@nordlicht.example" in output
    assert "Password for all of them: amber-river-42" in output
    assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600


def test_the_password_stays_from_run_to_run(rules, sign_ins: Path):
    seed_demo(sign_ins)
    first = sign_ins.read_text()
    seed_demo(sign_ins)
    assert sign_ins.read_text() == first


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


def test_two_deals_are_shared_one_agreed_and_one_waiting(example):
    jonas = actor_for(User.objects.get(email="jonas@nordlicht.example"))
    shared = [
        (split.deal.customer_name, split.status) for split in sharing.splits(jonas).order_by("pk")
    ]
    assert shared == [
        ("Hansaport Logistik GmbH", "in_force"),
        ("Fjordline Shipping A/S", "proposed"),
    ]
    assert sharing.waiting_count(jonas) == 1
    assert not OutgoingMail.objects.exclude(state="done").exists()
