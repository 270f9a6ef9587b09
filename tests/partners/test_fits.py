"""Partners scored by the ideal partner profile: versions, scores, runs, answers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from core import appointments, delivery, queue, rows
from core.models import Appointment, Event
from partners import services
from partners.measures import EVERYBODY
from partners.models import (
    FitAnswer,
    FitMove,
    FitRun,
    IdealCriterion,
    IdealProfile,
    Partner,
    PartnerFit,
    Region,
    RegionPolicy,
)
from partners.queries import fit
from partners.queries.fit_page import fit_page
from partners.rules import CompanyProfile, PartnerStatus
from partners.rules.fit import Band, Criterion, question_key
from partners.runs import scoring
from partners.services import ideal_profiles as ideals
from partners.services.fit import NotAsked, answer_question, score_partner, score_partners
from partners.services.merging import merge_partners
from partners.services.profiles import change_profile
from tests.partners.ideal import SUPPORT, criteria, draft, published
from tests.partners.programme import TEST

pytestmark = pytest.mark.django_db

QUESTION = question_key(SUPPORT)


def score_of(partner: Partner) -> Decimal | None:
    return PartnerFit.objects.get(partner=partner, current=True).score


def employ(partner: Partner, number: int) -> None:
    version = getattr(getattr(partner, "profile", None), "version", 0)
    change_profile(
        actor=TEST,
        partner_id=partner.pk,
        profile=CompanyProfile(employees=number),
        version=version,
    )


def run_through() -> FitRun:
    scoring.ask_scoring(actor=TEST, cause="test")
    scoring.work_due()
    return FitRun.objects.latest("id")


@pytest.fixture
def crowd(cast) -> list[Partner]:
    return Partner.objects.bulk_create(
        Partner(
            name=f"Crowd {number}",
            type="isv" if number % 2 else "reseller",
            status="applicant",
            region_id=cast.alpha.region_id,
            tier_id=cast.alpha.tier_id,
        )
        for number in range(12)
    )


# --- versions -------------------------------------------------------------------------------


def test_only_operations_write(cast):
    for who in (cast.mara, cast.ada):
        with pytest.raises(PermissionDenied):
            ideals.draft_ideal(actor=cast.actor(who))
    assert not IdealProfile.objects.exists()


def test_a_published_version_stays_as_it_is():
    row = published()
    with pytest.raises(ideals.InvalidIdeal):
        ideals.write_ideal(actor=TEST, profile_id=row.pk, draft=ideals.IdealDraft("Other"))
    for change in (
        lambda: IdealProfile.objects.update(good_from=1),
        lambda: IdealCriterion.objects.update(weight=1),
        lambda: IdealCriterion.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert ideals.retire_ideal(actor=TEST, profile_id=row.pk).status == "retired"


def test_an_unsound_version_is_not_published():
    row = draft(())
    with pytest.raises(ideals.InvalidIdeal, match="No criterion"):
        ideals.publish_ideal(actor=TEST, profile_id=row.pk)
    assert IdealProfile.objects.get().status == "draft"


def test_a_copy_keeps_the_criteria_and_a_stale_writer_is_told():
    first = published()
    copy = ideals.draft_ideal(actor=TEST, from_id=first.pk)
    assert ideals.ideal_draft_of(copy) == ideals.ideal_draft_of(first)
    seen = ideals.ideal_fingerprint(copy)
    mine = ideals.IdealDraft("Mine", criteria())
    assert ideals.write_ideal(actor=TEST, profile_id=copy.pk, draft=mine, seen=seen)
    assert not ideals.write_ideal(actor=TEST, profile_id=copy.pk, draft=mine)
    with pytest.raises(ideals.IdealChanged):
        ideals.write_ideal(actor=TEST, profile_id=copy.pk, draft=mine, seen=seen)


def test_the_deepest_region_goes_before_the_type(cast):
    emea = Region.objects.get(code="EMEA")
    everywhere = published()
    published(partner_type="reseller")
    here = published(region_id=emea.pk)
    score_partner(cast.alpha.pk)
    assert PartnerFit.objects.get(partner=cast.alpha).profile_id == here.pk

    ideals.retire_ideal(actor=TEST, profile_id=here.pk)
    score_partner(cast.alpha.pk)
    now = PartnerFit.objects.get(partner=cast.alpha, current=True).profile
    assert (now.partner_type, everywhere.status) == ("reseller", "published")
    assert PartnerFit.objects.filter(partner=cast.alpha).count() == 2


# --- scores ---------------------------------------------------------------------------------


def test_a_score_keeps_its_version_and_reasons(cast):
    row = published()
    employ(cast.alpha, 38)
    score_partner(cast.alpha.pk)
    fit = PartnerFit.objects.get(partner=cast.alpha)
    assert (fit.profile_id, fit.score) == (row.pk, Decimal("68.8"))
    size, business, support = fit.reasons
    assert (size["value"], size["points"], size["out_of"]) == ("38", "31.3", "62.5")
    assert size["gap"] == {"points": "31.2", "missing": "12.000", "target": "50.000", "less": False}
    assert (business["points"], support["share"], support["out_of"]) == ("37.5", None, "0.0")
    assert sum(Decimal(one["points"]) for one in fit.reasons) == fit.score


def test_the_same_again_writes_nothing(cast):
    published()
    assert score_partner(cast.alpha.pk) == {"seen": 1, "written": 1}
    before = list(PartnerFit.objects.values())
    assert score_partner(cast.alpha.pk)["written"] == 0
    assert list(PartnerFit.objects.values()) == before


def test_measures_geography_and_lists_count(cast, won):
    emea = str(Region.objects.get(code="EMEA").pk)
    million = (Band(Decimal(10_000), 50), Band(Decimal(100_000), 100))
    published(
        (
            Criterion("a", "measure:sourced_revenue", "Revenue", 40, bands=million),
            Criterion("b", "region", "Region", 30, members=frozenset({emea})),
            Criterion("c", "country", "Seat", 20, members=frozenset({"AT"})),
            Criterion("d", "territory", "Sells in", 10, members=frozenset({"DE"})),
        )
    )
    won(20_000)
    score_partner(cast.alpha.pk)
    fit = PartnerFit.objects.get(partner=cast.alpha)
    assert [one["points"] for one in fit.reasons] == ["22.3", "33.3", "0.0", "0.0"]
    assert fit.reasons[3]["value"] is None
    page = fit_page(TEST, cast.alpha.pk)
    assert page is not None
    gaps = {gap.label: gap for gap in page.gaps}
    assert gaps["Revenue"].missing == "€80,000.00 more, to reach €100,000.00"
    assert gaps["Seat"].missing == "One of Austria"


def test_who_left_has_no_score(cast):
    published()
    score_partner(cast.alpha.pk)
    Partner.objects.filter(pk=cast.alpha.pk).update(status=PartnerStatus.OFFBOARDED)
    score_partner(cast.alpha.pk)
    assert not PartnerFit.objects.filter(current=True).exists()


def test_a_partner_is_scored_when_something_happens(cast, won):
    deals = (Band(Decimal(1), 100),)
    published((*criteria(), Criterion("d4", "measure:deals_registered", "Deals", 1, bands=deals)))
    employ(cast.alpha, 60)
    delivery.deliver_due()
    assert score_of(cast.alpha) == Decimal("98.8")
    otto, status = cast.actor(cast.otto), PartnerStatus.AT_RISK
    services.change_status(actor=otto, partner_id=cast.alpha.pk, status=status, note="?")
    PartnerFit.objects.all().delete()
    delivery.deliver_due()
    assert score_of(cast.alpha) == Decimal("98.8")


def test_publishing_scores_everybody_and_so_does_every_night(cast, crowd):
    row = published()
    appointments.keep_due()
    assert scoring.work_due() == 1
    assert PartnerFit.objects.filter(current=True, profile=row).count() == 14

    tomorrow = Appointment.objects.get(kind=ideals.SCORE_ALL, state="waiting")
    assert tomorrow.due_at - timezone.now() > dt.timedelta(hours=23)
    ideals.retire_ideal(actor=TEST, profile_id=row.pk)
    appointments.keep_due()
    scoring.work_due()
    assert not PartnerFit.objects.filter(current=True).exists()
    assert not Appointment.objects.filter(kind=ideals.SCORE_ALL, state="waiting").exists()


# --- runs -----------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(cast, crowd, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 5)
    published()
    run = run_through()
    assert (run.state, run.done, run.result) == ("done", 14, {"seen": 14, "written": 14})
    before = list(PartnerFit.objects.values())
    assert run_through().result == {"seen": 14}
    assert list(PartnerFit.objects.values()) == before


def test_a_worker_that_dies_costs_one_batch(cast, crowd, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 5)
    published()
    scoring.ask_scoring(actor=TEST, cause="test")
    claimed = queue.claim_new(FitRun, 1, scoring.PACE)[0]
    assert not scoring.one_batch(claimed)
    assert FitRun.objects.get().done == 5
    FitRun.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert scoring.work_due() == 1

    run = FitRun.objects.get()
    assert (run.state, run.done, run.attempts) == ("done", 14, 2)
    assert PartnerFit.objects.count() == 14


def test_who_asks_twice_gets_the_run_that_waits(cast):
    published()
    first = scoring.ask_scoring(actor=TEST, cause="a")
    assert scoring.ask_scoring(actor=TEST, cause="b").pk == first.pk
    with pytest.raises(PermissionDenied):
        scoring.ask_scoring(actor=cast.actor(cast.mara), cause="c")


def test_scoring_a_batch_takes_as_many_queries_for_many(cast, crowd, django_assert_max_num_queries):
    published()
    fit.in_force(timezone.now())  # a process reads settings once
    with django_assert_max_num_queries(12):
        score_partners(EVERYBODY)
    assert PartnerFit.objects.count() == 14


def test_a_trial_says_who_would_move_and_changes_nothing(cast, crowd):
    published((criteria()[1],))
    run_through()
    before = list(PartnerFit.objects.values())
    wanted = Criterion("b2", "type", "Business", 30, members=frozenset({"isv"}))
    row = draft((wanted,))
    scoring.ask_trial(actor=TEST, profile_id=row.pk)
    scoring.work_due()

    run = FitRun.objects.get(kind="trial")
    assert (run.result["before|9"], run.result["before|0"]) == (8, 6)
    assert (run.result["good|poor"], run.result["poor|good"]) == (8, 6)
    assert FitMove.objects.count() == run.result["listed"] == 14
    assert list(PartnerFit.objects.values()) == before


# --- answers --------------------------------------------------------------------------------


def test_an_answer_moves_the_score_and_can_be_taken_back(cast):
    published()
    employ(cast.alpha, 60)
    mara = cast.actor(cast.mara)

    def say(yes: bool | None) -> Decimal | None:
        answer_question(actor=mara, partner_id=cast.alpha.pk, question=QUESTION, yes=yes)
        return score_of(cast.alpha)

    assert [say(False), say(False), say(True), say(None)] == [
        Decimal("80.0"),
        Decimal("80.0"),
        Decimal("100.0"),
        Decimal("100.0"),
    ]
    kinds = Event.objects.filter(kind="partners.fit_answered").order_by("pk")
    told = [(one.payload["old"], one.payload["new"]) for one in kinds]
    assert told == [("", "no"), ("no", "yes"), ("yes", "")]


def test_only_staff_of_the_region_answer_and_only_what_is_asked(cast):
    published()
    with pytest.raises(PermissionDenied):
        answer_question(
            actor=cast.actor(cast.ada), partner_id=cast.alpha.pk, question=QUESTION, yes=True
        )
    with pytest.raises(Http404):
        answer_question(
            actor=cast.actor(cast.bo), partner_id=cast.alpha.pk, question=QUESTION, yes=True
        )
    with pytest.raises(NotAsked):
        answer_question(
            actor=cast.actor(cast.mara), partner_id=cast.alpha.pk, question="0" * 16, yes=True
        )
    assert not FitAnswer.objects.exists()


def test_the_kept_partner_keeps_its_answer_in_a_merge(cast):
    published()
    for partner, yes in ((cast.alpha, True), (cast.beta, False)):
        answer_question(actor=TEST, partner_id=partner.pk, question=QUESTION, yes=yes)
    merge_partners(actor=TEST, survivor_id=cast.alpha.pk, loser_id=cast.beta.pk)
    assert FitAnswer.objects.get(partner=cast.alpha).yes


def waiting_runs():
    delivery.deliver_due()
    return FitRun.objects.filter(kind="score", state="waiting").count()


def test_a_region_that_is_moved_has_its_partners_scored_at_once(cast):
    emea = Region.objects.get(path="WORLD.EMEA")
    published(region_id=emea.pk)
    run_through()
    assert PartnerFit.objects.filter(partner=cast.alpha, current=True).exists()
    services.change_region(
        actor=TEST, region_id=emea.pk, code="EMEA", name="Europe", parent_id=emea.parent_id
    )
    assert waiting_runs() == 0

    services.change_region(
        actor=TEST, region_id=cast.alpha.region_id, code="DACH", name="DACH", parent_id=None
    )
    assert waiting_runs() == 1
    scoring.work_due()
    assert not PartnerFit.objects.filter(partner=cast.alpha, current=True).exists()


def test_a_region_that_lays_down_something_else_has_partners_scored(cast):
    published()
    run_through()
    policy = RegionPolicy(region=cast.alpha.region, currency="CHF")
    rows.add_row(actor=TEST, row=policy)
    assert waiting_runs() == 1


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        (["DE-BY"], {"DE"}, 100),
        (["DE"], {"DE-BY"}, 100),
        (["DE-BY"], {"DE-BE"}, 0),
        (["AT"], {"DE-BY"}, 0),
    ],
)
def test_geography_knows_parts_of_countries(cast, held, asked, expected):
    services.set_territories(actor=TEST, partner_id=cast.alpha.pk, places=held)
    published((Criterion("t1", "territory", "Where", 10, members=frozenset(asked)),))
    score_partner(cast.alpha.pk)
    assert score_of(cast.alpha) == expected
