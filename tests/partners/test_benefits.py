"""What partners are entitled to: the catalogue, the one query, and where it counts."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import appointments, delivery
from core.models import Appointment, Notification
from partners import services
from partners.models import BenefitCatalogue, BenefitGrant, Region, Tier
from partners.queries import entitlements, registration_rights
from partners.queries.benefits_page import benefits_page
from partners.rules.benefits import (
    BENEFITS,
    Starts,
    Value,
    begins,
    held_at,
    problems_of,
    rank_of,
    times_held,
)
from partners.services.stays import begin_stay
from prm.demo import programme as demo
from tests.cast import Cast
from tests.partners.programme import TEST

UTC = dt.UTC
SILVER = {
    "margin": Value(Decimal(10)),
    "approval": Value(Decimal(20_000)),
    "registrations": Value(Decimal(5)),
    "support": Value(word="standard"),
    "forecast": Value(word="no"),
}
GOLD = {
    "margin": Value(Decimal(15)),
    "approval": Value(word="unlimited"),
    "registrations": Value(word="unlimited"),
    "support": Value(word="named"),
    "forecast": Value(word="yes"),
}


@pytest.fixture
def gold(cast: Cast) -> Tier:
    since = timezone.now() - dt.timedelta(days=400)
    begin_stay(cast.alpha.pk, cast.alpha.tier_id, actor=TEST, note="", now=since)
    return Tier.objects.create(name="Gold", rank=20)


def published(
    cast: Cast, silver: Any = SILVER, gold: Any = GOLD, **settings: Any
) -> BenefitCatalogue:
    grants = {cast.alpha.tier_id: silver}
    if top := Tier.objects.filter(name="Gold").first():
        grants[top.pk] = gold
    row = services.draft_benefits(actor=TEST)
    when = settings.pop("effective_from", None)
    draft = services.CatalogueDraft(**{"title": "Benefits", "grants": grants, **settings})
    services.write_benefits(actor=TEST, catalogue_id=row.pk, draft=draft)
    return services.publish_benefits(actor=TEST, catalogue_id=row.pk, effective_from=when)


def rise(cast: Cast, tier: Tier) -> None:
    services.move_tier(actor=cast.actor(cast.otto), partner_id=cast.alpha.pk, tier_id=tier.pk)


# --- rules ----------------------------------------------------------------------------------


def test_a_higher_tier_brings_no_less() -> None:
    less = {**GOLD, "margin": Value(Decimal(9))}
    assert problems_of([("Silver", SILVER), ("Gold", GOLD)]) == []
    assert problems_of([("Silver", SILVER), ("Gold", less)]) == [
        "Margin: Gold brings less than Silver."
    ]
    assert problems_of([("Silver", {})]) == ["No tier brings anything yet."]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin", Value(Decimal(101))),
        ("margin", Value(word="unlimited")),
        ("registrations", Value(Decimal("1.5"))),
        ("approval", Value(Decimal(-1))),
        ("support", Value(word="golden")),
        ("forecast", Value(Decimal(1))),
        ("forecast", Value()),
        ("parking", Value(Decimal(1))),
    ],
)
def test_a_value_is_one_of_its_benefit(name: str, value: Value) -> None:
    assert len(problems_of([("Silver", {name: value})])) == 1


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_more_ranks_higher(one: Decimal, other: Decimal) -> None:
    margin = BENEFITS["margin"]
    assert (one <= other) == (rank_of(margin, Value(one)) <= rank_of(margin, Value(other)))


@pytest.mark.parametrize(
    ("starts", "day"),
    [
        (Starts.AT_ONCE, dt.datetime(2026, 11, 22, 9, tzinfo=UTC)),
        (Starts.MONTH, dt.datetime(2026, 12, 1, tzinfo=UTC)),
        (Starts.QUARTER, dt.datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_benefits_begin_on_the_stated_day(starts: Starts, day: dt.datetime) -> None:
    assert begins(dt.datetime(2026, 11, 22, 9, tzinfo=UTC), starts, UTC) == day


FIRST = dt.datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 365 * 24).map(lambda hours: FIRST + dt.timedelta(hours=hours))


@given(
    st.lists(st.tuples(st.integers(1, 3), MOMENTS), min_size=1), st.sampled_from(Starts), MOMENTS
)
def test_one_tier_counts_at_any_moment(stays: Any, starts: Starts, at: dt.datetime) -> None:
    stays = sorted(stays, key=lambda one: one[1])
    held = times_held(stays, starts, UTC)
    moments = [one.since for one in held]
    assert moments == sorted(set(moments))
    counts = held_at(held, at)
    assert counts is not None
    assert counts.tier_id in {tier_id for tier_id, _since in stays}


def test_the_examples_benefits_can_be_published() -> None:
    assert problems_of(list(demo.benefits("EUR").items())) == []


# --- versions -------------------------------------------------------------------------------


def test_what_is_published_stays(cast: Cast, gold: Tier) -> None:
    row = published(cast)
    for change in (
        lambda: BenefitCatalogue.objects.filter(pk=row.pk).update(title="Other"),
        lambda: BenefitGrant.objects.filter(catalogue=row).update(number=99),
        lambda: BenefitGrant.objects.create(
            catalogue=row, tier=gold, benefit="fund", number=Decimal(1)
        ),
        lambda: BenefitCatalogue.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert entitlements(cast.alpha.pk).margin == Decimal(10)


def test_only_operations_write(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        services.draft_benefits(actor=cast.actor(cast.mara))
    assert not BenefitCatalogue.objects.exists()


def test_the_next_version_takes_over_and_the_past_stays_answered(cast: Cast, gold: Tier) -> None:
    first = published(cast)
    then = timezone.now()
    published(cast, {"margin": Value(Decimal(12))}, {"margin": Value(Decimal(20))})
    first.refresh_from_db()
    assert first.status == "retired"
    assert entitlements(cast.alpha.pk).margin == Decimal(12)
    assert entitlements(cast.alpha.pk, then).margin == Decimal(10)


def test_a_version_that_begins_later_waits(cast: Cast, gold: Tier) -> None:
    published(cast)
    later = timezone.now() + dt.timedelta(days=3)
    published(cast, {"margin": Value(Decimal(12))}, GOLD, effective_from=later)
    assert entitlements(cast.alpha.pk).margin == Decimal(10)
    assert entitlements(cast.alpha.pk, later).margin == Decimal(12)


def test_the_deepest_region_counts_then_the_type(cast: Cast, gold: Tier) -> None:
    published(cast)
    published(cast, {"margin": Value(Decimal(11))}, GOLD, partner_type=cast.alpha.type)
    assert entitlements(cast.alpha.pk).margin == Decimal(11)
    other = Region.objects.create(code="ANT", name="Antarctica", path="ANT")
    published(cast, {"margin": Value(Decimal(13))}, GOLD, region_id=other.pk)
    assert entitlements(cast.alpha.pk).margin == Decimal(11)
    published(cast, {"margin": Value(Decimal(14))}, GOLD, region_id=cast.alpha.region_id)
    assert entitlements(cast.alpha.pk).margin == Decimal(14)


def test_a_rewrite_that_was_overtaken_is_refused(cast: Cast) -> None:
    row = services.draft_benefits(actor=TEST)
    draft = services.CatalogueDraft("Mine", {cast.alpha.tier_id: SILVER})
    seen = services.catalogue_fingerprint(row)
    services.write_benefits(actor=TEST, catalogue_id=row.pk, draft=draft, seen=seen)
    with pytest.raises(services.CatalogueChanged):
        services.write_benefits(actor=TEST, catalogue_id=row.pk, draft=draft, seen=seen)


# --- where it counts ------------------------------------------------------------------------


def test_nothing_published_leaves_the_tiers_own_limits(cast: Cast) -> None:
    assert registration_rights(cast.alpha.pk).approval_limit == Decimal(50_000)
    assert entitlements(cast.alpha.pk).has("forecast")


def test_registration_asks_the_catalogue(cast: Cast, gold: Tier) -> None:
    published(cast)
    assert registration_rights(cast.alpha.pk).approval_limit == Decimal(20_000)
    rise(cast, gold)
    assert registration_rights(cast.alpha.pk).approval_limit is None


def test_a_feature_that_the_tier_lacks_is_closed(client: Any, cast: Cast, gold: Tier) -> None:
    published(cast)
    client.force_login(cast.jonas)
    answer = client.get(reverse("deal_forecast"))
    assert (answer.status_code, client.get(reverse("deal_list")).status_code) == (403, 200)
    assert "Your tier does not include this" in answer.content.decode()
    rise(cast, gold)
    assert client.get(reverse("deal_forecast")).status_code == 200


# --- from when ------------------------------------------------------------------------------


def test_benefits_follow_on_their_day_and_the_partner_is_told(cast: Cast, gold: Tier) -> None:
    published(cast, starts=Starts.MONTH.value)
    delivery.deliver_due()
    rise(cast, gold)
    delivery.deliver_due()
    kept = Appointment.objects.get(kind="partners.begin_benefits")
    assert kept.due_at == begins(timezone.now(), Starts.MONTH, timezone.get_default_timezone())
    assert entitlements(cast.alpha.pk).margin == Decimal(10)
    assert entitlements(cast.alpha.pk, kept.due_at).margin == Decimal(15)
    page = benefits_page(cast.actor(cast.jonas), cast.alpha.pk)
    assert (page.tier, page.reached, page.follows_on) == ("Silver", "Gold", kept.due_at)


def test_at_once_means_at_once(cast: Cast, gold: Tier) -> None:
    published(cast)
    rise(cast, gold)
    delivery.deliver_due()
    appointments.keep_due()
    delivery.deliver_due()
    assert entitlements(cast.alpha.pk).margin == Decimal(15)
    titles = [str(one.title) for one in Notification.objects.all()]
    assert [one for one in titles if one.startswith("The benefits of")] == [
        "The benefits of Gold count now"
    ]


def test_back_before_the_day_changes_nothing(cast: Cast, gold: Tier) -> None:
    published(cast, starts=Starts.QUARTER.value)
    silver = cast.alpha.tier
    rise(cast, gold)
    rise(cast, silver)
    delivery.deliver_due()
    assert not Appointment.objects.filter(kind="partners.begin_benefits", state="waiting").exists()
    ahead = timezone.now() + dt.timedelta(days=200)
    assert entitlements(cast.alpha.pk, ahead).margin == Decimal(10)


# --- pages ----------------------------------------------------------------------------------


def test_the_page_shows_all_tiers_and_what_the_next_changes(
    client: Any, cast: Cast, gold: Tier, django_assert_max_num_queries: Any
) -> None:
    published(cast)
    client.force_login(cast.jonas)
    client.get(reverse("benefits"))
    with django_assert_max_num_queries(15):
        text = client.get(reverse("benefits")).content.decode()
    page = benefits_page(cast.actor(cast.jonas), cast.alpha.pk)
    assert [(name, own) for name, own in page.tiers] == [("Silver", True), ("Gold", False)]
    steps = {step.label: (step.now, step.then, step.by) for step in page.steps}
    assert steps["Margin"] == ("10 %", "15 %", "+5 points")
    assert steps["Support"] == ("Standard", "Named engineer", "")
    assert "15 % instead of 10 %" in text


def test_without_a_catalogue_the_page_says_so(client: Any, cast: Cast) -> None:
    client.force_login(cast.jonas)
    assert "No benefits are published" in client.get(reverse("benefits")).content.decode()


def test_operations_write_publish_and_compare(client: Any, cast: Cast, gold: Tier) -> None:
    published(cast)
    client.force_login(cast.otto)
    old = BenefitCatalogue.objects.get()
    client.post(reverse("admin:partners_benefitcatalogue_draft", args=[old.pk]))
    row = BenefitCatalogue.objects.get(status="draft")
    address = reverse("admin:partners_benefitcatalogue_change", args=[row.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {f"margin-{cast.alpha.tier_id}": "12.5"}
    assert client.post(address, sent).status_code == 302
    assert "before: 10 %" in client.get(address).content.decode()
    client.post(reverse("admin:partners_benefitcatalogue_publish", args=[row.pk]), {})
    assert entitlements(cast.alpha.pk).margin == Decimal("12.5")
    assert entitlements(cast.alpha.pk).values["approval"] == SILVER["approval"]


def test_a_number_and_no_limit_contradict(client: Any, cast: Cast) -> None:
    client.force_login(cast.otto)
    row = services.draft_benefits(actor=TEST)
    address = reverse("admin:partners_benefitcatalogue_change", args=[row.pk])
    form = client.get(address).context["form"]
    key = f"registrations-{cast.alpha.tier_id}"
    sent = {"title": "x", "starts": "at_once", "seen": form["seen"].value(), key: "4"}
    answer = client.post(address, {**sent, f"any-{key}": "on"})
    assert answer.status_code == 422
    assert "Either a number or without limit." in answer.content.decode()
