"""What a partner and the vendor have together follows a merge, and comes back."""

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dealreg.models import Lead, LeadOffer
from dealreg.services.leads import Inquiry, receive_inquiry
from partners.models import (
    DirectoryProfile,
    JointPlan,
    PartnerContact,
    PartnerProfile,
    QuarterlyReview,
    Swot,
    SwotPoint,
    TierStay,
    Todo,
)
from partners.queries import actor_for, directory, plans
from partners.queries.overview import overview
from partners.rules import CompanyProfile
from partners.rules.plans import periods_offered
from partners.rules.swot import Quadrant
from partners.services.directory import ProfileDraft, write_profile
from partners.services.merging import merge_partners, undo_merge
from partners.services.planning import begin_plan
from partners.services.profiles import change_profile
from partners.services.reviews import ReviewDetails, plan_review
from partners.services.swot import add_point
from partners.services.todos import About, TodoDetails, add_todo
from tests.partners.test_merging import twin as twin

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PERIODS = periods_offered(TODAY)
ASKED = Inquiry(person="Anna", company="Halcyon", email="anna@halcyon.example", message="Hello?")
MOVED = [
    JointPlan,
    QuarterlyReview,
    Swot,
    SwotPoint,
    Todo,
    Lead,
    LeadOffer,
    PartnerContact,
    PartnerProfile,
    DirectoryProfile,
]


def have(cast, partner, title="Grow"):
    """A plan, a review, the four lists, a task, a contact and a profile."""
    mara, otto, due = actor_for(cast.mara), actor_for(cast.otto), TODAY + dt.timedelta(days=9)
    begin_plan(actor=mara, partner_id=partner.pk, period=PERIODS[0], title=title)
    meeting = ReviewDetails(title, PERIODS[2], timezone.now() + dt.timedelta(days=9))
    plan_review(actor=mara, partner_id=partner.pk, details=meeting)
    add_point(actor=mara, partner_id=partner.pk, quadrant=Quadrant.STRENGTH, text=title)
    add_todo(actor=mara, details=TodoDetails(title, due), partner_id=partner.pk, shared=True)
    PartnerContact.objects.create(partner=partner, name=title, role="legal")
    about = CompanyProfile(about=title)
    change_profile(actor=otto, partner_id=partner.pk, profile=about, version=0)


def merged(cast, twin):
    otto = cast.actor(cast.otto)
    return merge_partners(actor=otto, survivor_id=twin.pk, loser_id=cast.alpha.pk)


def undone(cast, merge):
    undo_merge(actor=cast.actor(cast.otto), merge_id=merge.pk)


def owners():
    partners = [model._base_manager.values_list("partner", flat=True) for model in MOVED]
    return {key for keys in partners for key in keys}


def test_all_that_only_the_one_has_goes_to_the_other_and_back(cast, twin):
    have(cast, cast.alpha)
    write_profile(actor=actor_for(cast.ada), draft=ProfileDraft("Alpha", "Archives.", listed=True))
    receive_inquiry(visitor="192.0.2.1", partner_id=cast.alpha.pk, inquiry=ASKED)
    merge = merged(cast, twin)
    assert owners() == {twin.pk}
    assert directory.public_name(twin.pk) == "Alpha"
    plan = JointPlan.objects.get()
    assert plans.verbs_for(actor_for(cast.ada), plan) >= {"edit", "propose"}
    undone(cast, merge)

    assert owners() == {cast.alpha.pk}
    assert [model._base_manager.count() for model in MOVED] == [1] * len(MOVED)


def test_what_both_have_stays_where_it_is_and_is_read_on(client, cast, twin):
    have(cast, cast.alpha, "Alpha’s")
    have(cast, twin, "Twin’s")
    merge = merged(cast, twin)
    own = JointPlan.objects.get(title="Alpha’s")
    ada = actor_for(cast.ada)

    assert (own.partner, plans.verbs_for(ada, own)) == (cast.alpha, frozenset())
    client.force_login(cast.ada)
    listed = client.get(reverse("plans")).content.decode()
    assert ("Alpha’s" in listed, "Twin’s" in listed) == (True, True)
    assert client.get(reverse("plan", args=[own.pk])).status_code == 200
    assert {row.partner for row in QuarterlyReview.objects.all()} == {twin}
    assert {row.partner for row in Swot.objects.all()} == {cast.alpha, twin}
    undone(cast, merge)
    assert {row.partner for row in Todo.objects.filter(title="Alpha’s")} == {cast.alpha}
    client.force_login(cast.ada)
    assert "Twin’s" not in client.get(reverse("plans")).content.decode()


def test_other_partners_do_not_read_it(cast, twin):
    have(cast, cast.alpha)
    have(cast, twin)
    merged(cast, twin)
    for plan in JointPlan.objects.all():
        with pytest.raises(Http404):
            plans.plan_for_reading(actor_for(cast.bo), plan.pk)


def test_the_history_of_tiers_is_read_on_the_page_of_the_one_that_went(cast, twin):
    since = "2026-01-01T00:00Z"
    TierStay.objects.create(partner=cast.alpha, tier=cast.alpha.tier, since=since)
    merged(cast, twin)
    card = overview(actor_for(cast.mara), twin.pk).cards[0]
    page = reverse("admin:partners_partner_overview", args=[cast.alpha.pk])

    assert [line.href for line in card.lines if line.label == "Alpha Systems"] == [page]
    assert len(overview(actor_for(cast.mara), cast.alpha.pk).cards) == 11


def test_a_task_that_came_since_goes_back_with_what_it_is_about(cast, twin):
    have(cast, cast.alpha)
    merge = merged(cast, twin)
    review = QuarterlyReview.objects.get()
    add_todo(
        actor=actor_for(cast.mara),
        details=TodoDetails("Since", TODAY),
        partner_id=twin.pk,
        shared=True,
        about=About(review, review.title, twin.pk),
    )
    undone(cast, merge)

    assert Todo.objects.get(title="Since").partner == cast.alpha
