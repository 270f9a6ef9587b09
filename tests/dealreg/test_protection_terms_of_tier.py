"""The margin that a protection guarantees, and what a new attempt takes over."""

from decimal import Decimal

import pytest

from dealreg.models import Deal, Protection
from dealreg.rules.protection import ProtectionTerms
from dealreg.services import (
    approve_deal,
    draft_book,
    publish_book,
    write_draft,
)
from dealreg.services.drafting import rules_of
from partners import services as partners
from partners.rules.benefits import Value
from tests.partners.programme import TEST

pytestmark = pytest.mark.django_db


@pytest.fixture
def brings(cast):
    """Publishes a catalogue in which the Silver tier brings a margin."""

    def publish(percent: str) -> None:
        row = partners.draft_benefits(actor=TEST)
        grants = {cast.alpha.tier_id: {"margin": Value(Decimal(percent))}}
        draft = partners.CatalogueDraft(title="Benefits", grants=grants)
        partners.write_benefits(actor=TEST, catalogue_id=row.pk, draft=draft)
        partners.publish_benefits(actor=TEST, catalogue_id=row.pk, effective_from=None)

    return publish


def margin(deal: Deal) -> Decimal | None:
    return Protection.objects.get(deal=deal).margin


def test_without_a_margin_in_the_book_the_tiers_counts(registered, brings):
    assert margin(registered()) is None
    brings("12.5")
    other = registered(customer_name="Halcyon Retail", customer_domain="halcyon.example.net")
    brings("20")
    assert margin(other) == Decimal("12.5")


def test_the_books_margin_comes_first(cast, rules, registered, brings):
    brings("12.5")
    otto = cast.actor(cast.otto)
    draft = draft_book(actor=otto, from_book_id=rules.pk)
    terms = ProtectionTerms(margin=Decimal(8))
    write_draft(actor=otto, book_id=draft.pk, title="Terms", rules=rules_of(draft), terms=terms)
    publish_book(actor=otto, book_id=draft.pk)
    assert margin(registered()) == Decimal(8)


def test_a_person_who_approves_grants_the_same(cast, registered, brings):
    brings("12.5")
    deal = registered(amount=Decimal(70_000))
    assert deal.status == "in_review"
    approve_deal(actor=cast.actor(cast.otto), deal_id=deal.pk)
    assert margin(deal) == Decimal("12.5")
