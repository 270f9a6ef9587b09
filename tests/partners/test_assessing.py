"""What an assessment does to a partner."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import appointments
from core.models import Appointment, Event, ExchangeRate
from partners.models import (
    TierAssessment,
    TierException,
    TierProposal,
    TierRequirement,
    TierStanding,
    TierStay,
)
from partners.services import tier_decisions as decisions
from partners.services.stays import begin_stay
from tests.partners.programme import TEST, asked, draft, published

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _history(cast):
    for partner in (cast.alpha, cast.beta):
        begin_stay(partner.pk, partner.tier_id, actor=TEST, note="")


def kinds() -> list[str]:
    return list(
        Event.objects.filter(kind__startswith="partners.", partner_id__isnull=False)
        .order_by("id")
        .values_list("kind", flat=True)
    )


def test_a_partner_that_reaches_more_rises_at_once(cast, won, looked_at):
    published()
    for amount in (20_000, 20_000, 15_000):
        won(amount)

    assert looked_at() == "Gold"
    told = TierAssessment.objects.get()
    assert (told.action, told.before.name, told.after.name) == ("risen", "Silver", "Gold")
    assert told.measured == {"sourced_revenue": "55000.000", "deals_registered": "3.000"}
    assert list(TierStay.objects.filter(partner=cast.alpha).values_list("tier__name", "until")) == [
        ("Gold", None),
        ("Silver", told.at),
    ]
    assert kinds() == ["partners.tier_changed"]


def test_looking_again_changes_and_writes_nothing(cast, won, looked_at):
    published()
    won(12_000)
    looked_at()
    before = [list(model.objects.values()) for model in (TierAssessment, TierStanding, TierStay)]

    assert looked_at() == "Silver"
    after = [list(model.objects.values()) for model in (TierAssessment, TierStanding, TierStay)]
    assert after == before


def test_who_reaches_less_falls_only_after_the_grace(cast, looked_at):
    published(grace_days=30)
    now = timezone.now()

    assert looked_at(now=now) == "Silver"
    standing = TierStanding.objects.get()
    assert (standing.reached.name, standing.grace_until) == ("Registered", now + 30 * DAY)
    assert looked_at(now=now + 29 * DAY) == "Silver"
    assert looked_at(now=now + 30 * DAY) == "Registered"
    assert kinds() == ["partners.grace_begun", "partners.tier_changed"]
    assert TierStanding.objects.get().grace_until is None


def test_recovery_in_grace_cancels_it(cast, won, looked_at):
    published(grace_days=30)
    looked_at()
    won(10_000)

    assert looked_at() == "Silver"
    assert TierStanding.objects.get().grace_until is None
    assert kinds() == ["partners.grace_begun", "partners.grace_left"]
    assert TierAssessment.objects.latest("id").action == "recovered"


def test_the_grace_ends_by_itself_and_warns_before(cast, looked_at):
    published(grace_days=30, warn_days=7)
    looked_at()
    made = Appointment.objects.filter(subject_id=cast.alpha.pk).order_by("due_at")
    assert [one.kind for one in made] == ["partners.warn_in_grace", "partners.end_grace"]
    for place in (0, 1):
        TierStanding.objects.filter(warned_at__isnull=False).update(grace_until=timezone.now())
        Appointment.objects.filter(pk=made[place].pk).update(due_at=timezone.now() - DAY)
        appointments.keep_due()

    assert kinds() == [
        "partners.grace_begun",
        "partners.grace_ending",
        "partners.tier_changed",
    ]


def test_revenue_counts_at_the_rate_of_its_day(cast, won, looked_at):
    published()
    today = timezone.localdate()
    for days, rate in [(100, "0.5"), (10, "0.25")]:
        ExchangeRate.objects.create(
            currency="USD", valid_from=today - days * DAY, rate=Decimal(rate)
        )
    won(10_000, "USD", days_ago=50)
    won(10_000, "USD", days_ago=2)
    won(1_000, "USD", days_ago=300)
    looked_at()

    assert TierAssessment.objects.get().measured["sourced_revenue"] == "7500.000"


def test_an_exception_goes_before_the_figures_until_its_day_is_over(cast, looked_at):
    published(grace_days=30)
    gold = asked()[2].tier_id
    today = timezone.localdate()
    otto = cast.actor(cast.otto)
    decisions.make_exception(
        actor=otto, partner_id=cast.alpha.pk, tier_id=gold, reason="Contract", last_day=today
    )

    assert looked_at() == "Gold"
    decisions.end_exception(actor=otto, partner_id=cast.alpha.pk)
    cast.alpha.refresh_from_db()
    assert cast.alpha.tier.name == "Gold"
    assert TierStanding.objects.get().grace_until is not None
    assert TierException.objects.get().ended_at is not None


def test_a_held_partner_stays_without_grace(cast, looked_at):
    published()
    decisions.make_exception(
        actor=cast.actor(cast.otto),
        partner_id=cast.alpha.pk,
        tier_id=None,
        reason="Merger under way",
        last_day=timezone.localdate() + 9 * DAY,
    )

    assert looked_at() == "Silver"
    assert TierStanding.objects.get().grace_until is None


def test_where_a_person_approves_a_move_waits(cast, won, looked_at):
    published(approval="up")
    for _deal in range(3):
        won(20_000)

    assert looked_at() == "Silver"
    assert looked_at() == "Silver"
    waiting = TierProposal.objects.get()
    assert (waiting.after.name, waiting.status) == ("Gold", "waiting")
    decisions.decide_proposal(
        actor=cast.actor(cast.mara), proposal_id=waiting.pk, approve=True, note="Well done"
    )
    assert looked_at() == "Gold"
    assert TierStay.objects.get(partner=cast.alpha, until=None).note == "Well done"


def test_what_was_declined_is_not_proposed_again(cast, won, looked_at):
    published(approval="up")
    for _deal in range(3):
        won(20_000)
    looked_at()
    waiting = TierProposal.objects.get()
    decisions.decide_proposal(
        actor=cast.actor(cast.mara), proposal_id=waiting.pk, approve=False, note="Not yet"
    )
    assert looked_at() == "Silver"

    assert TierProposal.objects.count() == 1
    with pytest.raises(decisions.TierRefused):
        decisions.decide_proposal(actor=cast.actor(cast.mara), proposal_id=waiting.pk, approve=True)


def test_a_proposal_is_overtaken_when_the_figures_fall(cast, won, looked_at):
    published(approval="both")
    deals = [won(20_000) for _deal in range(3)]
    looked_at()
    deals[0].delete()
    looked_at()

    assert TierProposal.objects.get().status == "overtaken"


def test_the_most_specific_programme_decides(cast, won, looked_at):
    published()
    easier = asked()
    easier[2].requirements.update(sourced_revenue=Decimal(12_000), deals_registered=Decimal(1))
    published(levels=easier, region_id=cast.alpha.region_id)
    other = asked()
    published(levels=other, partner_type="isv")
    won(12_000)

    assert looked_at() == "Gold"


def test_a_published_programme_stays_as_it_is(cast):
    programme = published()
    for change in (
        lambda: TierRequirement.objects.update(at_least=1),
        lambda: programme.levels.all().delete(),
        lambda: type(programme).objects.update(grace_days=0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert draft().status == "draft"


def test_one_partner_costs_few_statements(cast, won, looked_at):
    published()
    won(12_000)
    looked_at()
    with CaptureQueriesContext(connection) as counted:
        looked_at()

    assert len(counted) <= 8
