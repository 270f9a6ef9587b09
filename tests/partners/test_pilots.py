"""Parts of the programme that some partners try out first, until a day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import appointments
from core.models import Event
from partners import services
from partners.models import (
    PartnerFit,
    Region,
    RollOut,
    TierAssessment,
    TierStanding,
    TriedDistributionPolicy,
    TriedRegionPolicy,
)
from partners.queries import entitlements, fit, policy_of, programmes
from partners.queries.distribution import distribution_terms
from partners.queries.fit_page import fit_page
from partners.queries.overview import overview
from partners.queries.rollouts import day_of
from partners.queries.tier_page import tier_card, tier_page
from partners.rules import Inherited, Reach
from partners.rules.benefits import Value
from partners.rules.policies import TRIED
from partners.rules.rollouts import (
    CATALOGUES,
    DISTRIBUTION_POLICIES,
    IDEALS,
    PROGRAMMES,
    REGION_POLICIES,
    Trial,
    clash,
)
from partners.runs import recalculation
from partners.services import ideal_profiles
from partners.services.assessing import assess_partner
from partners.services.rollouts import RollOutRefused
from partners.services.stays import begin_stay
from tests.partners import ideal
from tests.partners.programme import TEST, asked, draft, published, tiers
from tests.partners.test_benefits import SILVER
from tests.partners.test_benefits import published as benefits_published
from tests.races.rig import at_once

TODAY = day_of(timezone.now())
DAY = dt.timedelta(days=1)
LATER = timezone.now() + 11 * DAY


@pytest.fixture
def history(cast):
    for partner in (cast.alpha, cast.beta):
        begin_stay(partner.pk, partner.tier_id, actor=TEST, note="")


@pytest.fixture
def dach(cast):
    """A region below that of all others, with Beta in it."""
    emea = cast.beta.region
    row = Region.objects.create(code="DACH", name="DACH", parent=emea, path=f"{emea.path}.DACH")
    cast.beta.region = row
    cast.beta.save(update_fields=["region"])
    return row


def tries(code, **where):
    days = {"first_day": TODAY, "last_day": TODAY + 9 * DAY, **where}
    row = RollOut(feature=code, **days)
    services.roll_out(actor=TEST, row=row)
    return row


def easy(**settings):
    """Gold for five thousand."""
    levels = asked()
    levels[2] = services.LevelDraft(tiers()["Gold"].pk, {"sourced_revenue": Decimal(20_000)})
    return draft(levels=levels, title="Easier", **settings)


@pytest.fixture
def pilot(cast, history):
    """The programme for everybody, and an easier one that Beta tries out."""
    published()
    row = easy()
    tries(f"{PROGRAMMES}{row.pk}", partner=cast.beta)
    return services.publish_programme(actor=TEST, programme_id=row.pk)


def decides(partner, at=None):
    partner.refresh_from_db()
    one = programmes.programme_of(partner, at)
    return one.title if one else ""


def tier_of(partner):
    partner.refresh_from_db()
    return partner.tier.name


def end_it():
    RollOut.objects.update(first_day=TODAY - 9 * DAY, last_day=TODAY - DAY)


# --- tiers ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_decides_about_those_who_try_it_until_its_last_day(cast, pilot):
    assert (decides(cast.alpha), decides(cast.beta)) == ("Test", "Easier")
    assert (decides(cast.beta, timezone.now() + 9 * DAY), decides(cast.beta, LATER)) == (
        "Easier",
        "Test",
    )


@pytest.mark.django_db
def test_assessments_the_page_and_the_card_follow_it(cast, won, pilot):
    won(25_000)
    won(25_000, partner=cast.beta)
    for partner in (cast.alpha, cast.beta):
        assess_partner(partner.pk, cause="x")

    assert (tier_of(cast.alpha), tier_of(cast.beta)) == ("Silver", "Gold")
    page = tier_page(cast.actor(cast.bo), cast.beta.pk)
    assert (page.version, page.tried_until) == (pilot.version, TODAY + 9 * DAY)
    assert tier_page(cast.actor(cast.jonas), cast.alpha.pk).tried_until is None
    assert (tier_card(cast.beta.pk).decided, tier_card(cast.alpha.pk).next_tier) == (True, "Gold")


@pytest.mark.django_db
@pytest.mark.parametrize(("grace", "own", "kept"), [(30, 0, 30), (0, 60, 60), (30, 90, 90)])
def test_when_it_ends_nobody_falls_without_grace_and_warning(cast, won, history, grace, own, kept):
    published(grace_days=grace, warn_days=7)
    row = easy(grace_days=own, warn_days=7)
    tries(f"{PROGRAMMES}{row.pk}", partner=cast.beta)
    services.publish_programme(actor=TEST, programme_id=row.pk)
    won(25_000, partner=cast.beta)
    assess_partner(cast.beta.pk, cause="x")
    assert tier_of(cast.beta) == "Gold"
    end_it()
    assess_partner(cast.beta.pk, cause="the end")

    standing = TierStanding.objects.get(partner=cast.beta)
    assert standing.grace_since
    assert standing.grace_until
    assert (tier_of(cast.beta), standing.reached.name) == ("Gold", "Silver")
    assert standing.grace_until - standing.grace_since == kept * DAY
    over = timezone.now() + (kept + 1) * DAY
    assess_partner(cast.beta.pk, cause="half", now=timezone.now() + (kept - 1) * DAY)
    assert tier_of(cast.beta) == "Gold"
    assess_partner(cast.beta.pk, cause="over", now=over)
    assert tier_of(cast.beta) == "Silver"


@pytest.mark.django_db
def test_partners_are_looked_at_by_themselves_when_it_begins_and_ends(cast, won, pilot):
    won(25_000, partner=cast.beta)
    appointments.keep_due()
    assert tier_of(cast.beta) == "Gold"
    row = RollOut.objects.get()
    RollOut.objects.update(first_day=TODAY - DAY)
    row.refresh_from_db()
    row.last_day = TODAY - DAY
    services.change_roll_out(actor=TEST, row=row, fields=["last_day"])
    appointments.keep_due()
    assert TierAssessment.objects.filter(partner=cast.beta).latest("id").action == "grace"
    assert tier_card(cast.beta.pk).grace_until is not None


@pytest.mark.django_db
def test_a_simulation_counts_those_who_would_try_it(cast, won, pilot, dach):
    won(25_000)
    won(25_000, partner=cast.beta)
    row = easy()
    run = recalculation.ask_simulation(actor=TEST, programme_id=row.pk)
    recalculation.work_due()
    run.refresh_from_db()
    assert run.result["seen"] == 1  # Beta stays with what it tries
    RollOut.objects.all().delete()
    tries(f"{PROGRAMMES}{row.pk}", region=dach)
    run = recalculation.ask_simulation(actor=TEST, programme_id=row.pk)
    recalculation.work_due()
    run.refresh_from_db()
    assert [move.partner for move in run.moves.select_related("partner")] == [cast.beta]


@pytest.mark.django_db
def test_published_for_everybody_others_go_on_and_no_roll_out_is_nobody(cast, pilot):
    published(title="Third")
    assert (decides(cast.alpha), decides(cast.beta)) == ("Third", "Easier")
    RollOut.objects.all().delete()
    assert (decides(cast.alpha), decides(cast.beta)) == ("Third", "Third")


@pytest.mark.django_db
def test_a_region_tries_it_with_all_below(cast, dach, history):
    published()
    row = easy()
    tries(f"{PROGRAMMES}{row.pk}", region=dach)
    services.publish_programme(actor=TEST, programme_id=row.pk)
    assert (decides(cast.alpha), decides(cast.beta)) == ("Test", "Easier")
    assert list(programmes.covered(programmes.in_force(timezone.now())[0])) == [cast.beta]


# --- benefits, the ideal partner, policies --------------------------------------------------


@pytest.mark.django_db
def test_entitlements_follow_it_and_the_past_stays(cast, history):
    benefits_published(cast)
    row = services.draft_benefits(actor=TEST)
    grants = {cast.beta.tier_id: {**SILVER, "margin": Value(Decimal(22))}}
    said = services.CatalogueDraft("More", grants)
    services.write_benefits(actor=TEST, catalogue_id=row.pk, draft=said)
    tries(f"{CATALOGUES}{row.pk}", partner=cast.beta)
    services.publish_benefits(actor=TEST, catalogue_id=row.pk)

    assert [entitlements(one.pk).margin for one in (cast.alpha, cast.beta)] == [10, 22]
    assert entitlements(cast.beta.pk, LATER).margin == 10


@pytest.mark.django_db
def test_scores_follow_it(cast):
    ideal.published()
    row = ideal.draft(shown=True)
    tries(f"{IDEALS}{row.pk}", partner=cast.beta)
    ideal_profiles.publish_ideal(actor=TEST, profile_id=row.pk)
    appointments.keep_due()

    assert PartnerFit.objects.get(partner=cast.beta, current=True).profile_id == row.pk
    assert fit.shown_to_partner(cast.beta.pk)
    assert not fit.shown_to_partner(cast.alpha.pk)
    page = fit_page(cast.actor(cast.bo), cast.beta.pk)
    assert page is not None
    assert page.tried_until == TODAY + 9 * DAY


@pytest.mark.django_db
def test_a_policy_to_try_goes_before_what_regions_say(cast):
    row = TriedRegionPolicy.objects.create(title="Higher", approval_limit=Decimal(9_000))
    tries(f"{REGION_POLICIES}{row.pk}", partner=cast.beta)
    assert policy_of(cast.beta.pk).approval_limit == Inherited(Decimal(9_000), TRIED)
    assert policy_of(cast.beta.pk).currency.region == ""
    assert policy_of(cast.alpha.pk).approval_limit.value is None
    end_it()
    assert policy_of(cast.beta.pk).approval_limit.value is None


@pytest.mark.django_db
def test_terms_of_distribution_are_tried_out(cast, dach):
    row = TriedDistributionPolicy.objects.create(title="Open", amounts_shown=True)
    tries(f"{DISTRIBUTION_POLICIES}{row.pk}", region=dach)
    assert distribution_terms(dach.path, cast.beta.pk).amounts_shown
    assert not distribution_terms(cast.alpha.region.path, cast.alpha.pk).amounts_shown
    with pytest.raises(RollOutRefused, match="roll-outs need it"):
        services.remove_tried_policy(actor=TEST, row=row)


# --- one at a time --------------------------------------------------------------------------

MAY = dt.date(2026, 5, 1)


def trial(version, *, partner=None, place="", kind="", region="", for_type="", start=0):
    reach = Reach(MAY + start * DAY, MAY + (start + 5) * DAY, region, partner)
    return Trial(f"p:{version}", reach, place, kind, for_type=for_type)


ALPHA = {"partner": 1, "place": "W.E.DACH", "kind": "reseller"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (trial(1, **ALPHA), trial(2, **ALPHA), True),
        (trial(1, **ALPHA), trial(1, **ALPHA), False),
        (trial(1, **ALPHA), trial(2, **ALPHA, start=6), False),
        (trial(1, **ALPHA), trial(2, **{**ALPHA, "partner": 2}), False),
        (trial(1, **ALPHA), trial(2, region="W.E"), True),
        (trial(1, **ALPHA), trial(2, region="W.E.DACH.AT"), False),
        (trial(1, **ALPHA), trial(2, region="W.E", for_type="msp"), False),
        (trial(1, region="W.E"), trial(2, region="W.E.DACH"), True),
        (trial(1, region="W.A"), trial(2, region="W.E.DACH"), False),
        (trial(1, region="W", for_type="msp"), trial(2, region="W", for_type="isv"), False),
    ],
)
def test_which_two_would_be_tried_by_one_partner(one, other, expected):
    assert clash(one, other) is clash(other, one) is expected


@pytest.mark.django_db
def test_what_contradicts_another_or_itself_is_refused(cast, pilot, dach):
    other = easy(partner_type="distributor")
    with pytest.raises(RollOutRefused, match="another region or partner type"):
        tries(f"{PROGRAMMES}{other.pk}", partner=cast.alpha)
    same = easy()
    with pytest.raises(RollOutRefused, match="Easier” is tried out until"):
        tries(f"{PROGRAMMES}{same.pk}", region=dach)
    for_all = published(title="Fourth")
    with pytest.raises(RollOutRefused, match="published for everybody"):
        tries(f"{PROGRAMMES}{for_all.pk}", partner=cast.alpha)
    with pytest.raises(PermissionDenied):
        services.roll_out(actor=cast.actor(cast.mara), row=RollOut(feature="x"))
    assert RollOut.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_two_of_one_kind_for_one_partner(cast):
    def add(feature, start=0):
        RollOut.objects.create(
            feature=feature,
            partner=cast.beta,
            first_day=TODAY + start * DAY,
            last_day=TODAY + (start + 3) * DAY,
        )

    add(f"{PROGRAMMES}1")
    with pytest.raises(IntegrityError), transaction.atomic():
        add(f"{PROGRAMMES}2", 3)
    add(f"{PROGRAMMES}2", 4)
    add(f"{CATALOGUES}2")


def both_at_once(cast):
    """A region and a partner in it begin to try two versions at the same moment."""
    first, second = easy(), easy()
    jobs = [
        lambda: tries(f"{PROGRAMMES}{first.pk}", region=cast.beta.region),
        lambda: tries(f"{PROGRAMMES}{second.pk}", partner=cast.beta),
    ]
    return at_once(jobs, abreast=2)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_refused(cast, monkeypatch):
    made, errors = both_at_once(cast)
    assert (len(made), RollOut.objects.count()) == (1, 1)
    assert "RollOutRefused" in errors[0]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_be_there(cast, monkeypatch):
    from threading import Barrier

    both = Barrier(2)
    real = services.rollouts._require_room

    def looked(row):
        real(row)
        both.wait(20)

    monkeypatch.setattr(services.rollouts, "lock", lambda: None)
    monkeypatch.setattr(services.rollouts, "_require_room", looked)
    made, errors = both_at_once(cast)
    assert (len(made), errors) == (2, [])


# --- in the back office and at the partner --------------------------------------------------


@pytest.mark.django_db
def test_operations_see_what_is_tried_with_whom_and_end_it_by_its_day(client, cast, pilot):
    client.force_login(cast.otto)
    version = client.get(reverse("admin:partners_tierprogramme_change", args=[pilot.pk]))
    assert "Tried out" in version.content.decode()
    assert (
        overview(cast.actor(cast.otto), cast.beta.pk).cards[0].lines[-1].label
        == "Tier programme v2: Easier"
    )
    row = RollOut.objects.get()
    page = reverse("admin:partners_rollout_change", args=[row.pk])
    assert client.post(page, {"last_day": (TODAY + DAY).isoformat()}).status_code == 302
    row.refresh_from_db()
    assert (row.last_day, row.partner) == (TODAY + DAY, cast.beta)
    assert Event.objects.latest("id").kind == "core.row_changed"
    gone = reverse("admin:partners_rollout_delete", args=[row.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 403
    listed = client.get(reverse("admin:partners_rollout_changelist"), {"now": "on"})
    assert "Easier" in listed.content.decode()


@pytest.mark.django_db
def test_another_partner_may_try_it_too_but_this_one_nothing_else(client, cast, pilot):
    client.force_login(cast.otto)
    days = {"first_day": TODAY.isoformat(), "last_day": TODAY.isoformat()}
    add, other = reverse("admin:partners_rollout_add"), easy()
    wanted = {"feature": f"{PROGRAMMES}{other.pk}", "partner": cast.beta.pk, **days}
    assert "tries another one out" in client.post(add, wanted).content.decode()
    wanted |= {"feature": f"{PROGRAMMES}{pilot.pk}", "partner": cast.alpha.pk}
    assert client.post(add, wanted).status_code == 302
    assert decides(cast.alpha) == "Easier"


@pytest.mark.django_db
def test_the_partner_reads_until_when_it_tries_it(client, cast, pilot):
    client.force_login(cast.bo)
    assert "You try this out until" in client.get(reverse("tier")).content.decode()
    client.force_login(cast.jonas)
    assert "You try this out" not in client.get(reverse("tier")).content.decode()


@pytest.mark.django_db
def test_a_draft_that_is_discarded_takes_its_roll_outs_along(cast):
    row = easy()
    tries(f"{PROGRAMMES}{row.pk}", partner=cast.beta)
    services.discard_programme(actor=TEST, programme_id=row.pk)
    assert not RollOut.objects.exists()
