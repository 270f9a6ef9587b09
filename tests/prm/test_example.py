"""What the example holds: made once for all that read it."""

import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection
from django.test import TestCase, override_settings
from django.utils import timezone

from core import fsck
from core.models import Event, EventDelivery, Notification, OutgoingMail, User
from dealreg import queries, sharing
from dealreg.books import current_book
from dealreg.models import Account, Deal, Decision, Protection
from dealreg.rules.engagement import decide
from dealreg.rules.facts import FACTS
from dealreg.rules.names import name_key, registrable_domain
from dealreg.rules.states import DealStage, DealStatus
from dealreg.services import CaseRuns, approve_deal
from partners.models import Partner
from partners.queries import actor_for
from partners.rules import PartnerStatus, PartnerType
from prm.demo.cast import SIGN_INS
from prm.demo.seeding import seed
from tests.prm.example import counts, facts_of, seed_demo

# In one worker: each would make the example anew.
pytestmark = pytest.mark.xdist_group("example")


class TestTheExample(TestCase):
    """One believable year. Each test's own changes are undone."""

    folder: TemporaryDirectory[str]
    sign_ins: Path
    printed: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.enterClassContext(cls.where_it_was_made())
        super().setUpClass()

    @classmethod
    def where_it_was_made(cls) -> override_settings:
        """With its files; a test's own settings know neither them nor how passwords are kept."""
        storage = "django.core.files.storage.FileSystemStorage"
        options = {"location": Path(cls.folder.name) / "media", "base_url": None}
        return override_settings(
            STORAGES={**settings.STORAGES, "default": {"BACKEND": storage, "OPTIONS": options}},
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        )

    @classmethod
    def setUpTestData(cls) -> None:
        cls.sign_ins = Path(cls.folder.name) / "demo" / "sign-ins.txt"
        cls.printed = seed_demo(cls.sign_ins, "--password", "amber-river-42")

    def test_it_is_consistent(self):
        with self.where_it_was_made():
            assert list(fsck.findings(deep=True)) == []

    def test_the_named_people_can_sign_in(self):
        for one in SIGN_INS:
            assert authenticate(email=one.email, password="amber-river-42") is not None
            assert EmailAddress.objects.get(email=one.email).verified

    def test_nobody_else_can(self):
        others = User.objects.exclude(email__in=[one.email for one in SIGN_INS])
        assert others.count() > 50
        assert not any(user.has_usable_password() for user in others)

    def test_the_sign_ins_are_printed_and_written_for_this_user_alone(self):
        assert self.sign_ins.read_text() in self.printed
        assert "jonas@nordlicht.example" in self.printed
        assert "Password for all of them: amber-river-42" in self.printed
        assert stat.S_IMODE(self.sign_ins.stat().st_mode) == 0o600

    def test_the_password_stays_from_run_to_run(self):
        chosen_for_us = Path(self.folder.name) / "another" / "sign-ins.txt"
        seed_demo(chosen_for_us)
        first = chosen_for_us.read_text()
        seed_demo(chosen_for_us)
        assert chosen_for_us.read_text() == first
        assert "amber-river-42" not in first

    def test_a_second_run_adds_nothing(self):
        before = counts()
        assert seed().deals == 0
        assert counts() == before

    def test_it_is_the_same_example_every_time(self):
        sent = Deal.objects.order_by("external_ref").values_list("external_ref", "status", "amount")
        first = list(sent)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE dealreg_deal CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        seed()
        assert list(sent) == first

    def test_the_rules_decide_every_stored_decision_the_same_way(self):
        book = current_book().book
        by_rule = Decision.objects.filter(origin="rule")
        assert by_rule.count() > 200
        for decision in by_rule:
            assert book.facts() <= set(decision.facts) <= set(FACTS)
            verdict = decide(facts_of(decision), book)
            assert (verdict.rule, verdict.outcome) == (decision.rule, decision.outcome)

    def test_eight_deals_wait_for_a_person_for_four_reasons(self):
        otto = actor_for(User.objects.get(email="tomasz@kestrova.example"))
        queue = [
            (deal.customer_name, deal.decisions.get().rule) for deal in queries.review_queue(otto)
        ]
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

    def test_the_channel_manager_sees_those_of_her_region(self):
        mara = actor_for(User.objects.get(email="mara@kestrova.example"))
        assert queries.review_queue(mara).count() == 6

    def test_two_partners_meet_at_one_customer(self):
        mara = actor_for(User.objects.get(email="mara@kestrova.example"))
        late = Deal.objects.get(customer_name="Hansaport Logistik GmbH", status="in_review")
        with pytest.raises(CaseRuns) as refused:
            approve_deal(actor=mara, deal_id=late.pk)
        assert "Nordlicht Systemhaus" in refused.value.case.sides.values_list(
            "partner__name", flat=True
        )

    def test_everything_that_can_happen_to_a_deal_has_happened(self):
        # The starter rules ask for nothing, so nothing was sent back.
        happened = set(DealStatus.values) - {DealStatus.NEEDS_INFO}
        assert set(Deal.objects.values_list("status", flat=True)) == happened
        assert set(Deal.objects.values_list("stage", flat=True)) == set(DealStage.values)
        assert set(Partner.objects.values_list("type", flat=True)) == set(PartnerType.values)
        missing = {PartnerStatus.PROSPECT}
        assert set(Partner.objects.values_list("status", flat=True)) == (
            set(PartnerStatus.values) - missing
        )

    def test_nothing_happens_in_the_future(self):
        now = timezone.now()
        assert not Event.objects.filter(occurred_at__gt=now).exists()
        assert not Deal.objects.filter(updated_at__gt=now).exists()
        assert not Protection.objects.filter(period__startswith__gt=now).exists()

    def test_a_deal_stands_as_its_timeline_ends(self):
        lasting = {"approve": "approved", "decline": "declined", "review": "in_review"}
        for deal in Deal.objects.exclude(status__in=["draft", "withdrawn"]):
            decided = lasting[deal.decisions.first().outcome]  # type: ignore[union-attr]
            assert deal.status in ({decided, "lapsed"} if decided == "approved" else {decided})
        assert not Deal.objects.exclude(status="draft").filter(decisions=None).exists()

    def test_recent_news_stand_in_the_portal_and_no_mail_is_due(self):
        jonas = User.objects.get(email="jonas@nordlicht.example")
        titles = Notification.objects.filter(user=jonas, read_at=None).values_list(
            "title", flat=True
        )
        assert "Weserstahl AG: your registration is in review" in titles
        assert not OutgoingMail.objects.exclude(state="done").exists()
        assert not EventDelivery.objects.exclude(state="done").exists()

    def test_every_address_is_reserved_for_examples(self):
        assert not User.objects.exclude(email__endswith=".example").exists()
        assert not Account.objects.exclude(domain__endswith=".example").exists()

    def test_customers_are_found_again_by_what_people_type(self):
        for account in Account.objects.all():
            assert account.name_key == name_key(account.name)
            assert account.domain == registrable_domain(f"https://www.{account.domain}/")

    def test_two_deals_are_shared_one_agreed_and_one_waiting(self):
        jonas = actor_for(User.objects.get(email="jonas@nordlicht.example"))
        shared = [
            (split.deal.customer_name, split.status)
            for split in sharing.splits(jonas).order_by("pk")
        ]
        assert shared == [
            ("Hansaport Logistik GmbH", "in_force"),
            ("Fjordline Shipping A/S", "proposed"),
        ]
        assert sharing.waiting_count(jonas) == 1
        assert not OutgoingMail.objects.exclude(state="done").exists()
