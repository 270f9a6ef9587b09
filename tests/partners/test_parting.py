"""What a partner and the vendor have together ends when the partner is let go, and comes back
when it stays after all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from core import appointments, delivery
from core.models import Appointment, Event, Notification
from dealreg.models import Lead
from dealreg.services import leads
from dealreg.services.leads import Inquiry, LeadRefused, receive_inquiry
from partners.models import (
    DirectoryProfile,
    DistributionLink,
    JointPlan,
    Offboarding,
    QuarterlyReview,
    Todo,
)
from partners.queries import actor_for
from partners.rules.directory import address_of
from partners.rules.plans import periods_offered
from partners.services import offboarding
from partners.services.directory import ProfileDraft, write_profile
from partners.services.distribution import set_distribution
from partners.services.lifecycle import LifecycleRefused
from partners.services.planning import (
    GoalDraft,
    PlanDraft,
    agree_plan,
    begin_plan,
    propose_plan,
    write_plan,
)
from partners.services.reviews import ReviewDetails, plan_review
from partners.services.todos import TodoDetails, add_todo

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PERIODS = periods_offered(TODAY)
ASKED = Inquiry(person="Anna", company="Halcyon", email="anna@halcyon.example", message="Hello?")


@pytest.fixture
def together(cast):
    """All that Alpha has with the vendor: in the directory, an agreed plan and a draft, a review
    to come, a task of Jonas's and one of Mara's."""
    ada, mara = actor_for(cast.ada), actor_for(cast.mara)
    draft = ProfileDraft(name="Alpha Öffentlich", text="Archives.", listed=True)
    write_profile(actor=ada, draft=draft)
    plan = begin_plan(actor=ada, partner_id=cast.alpha.pk, period=PERIODS[0], title="Grow")
    said = PlanDraft("Grow", "", [GoalDraft("deals_won", Decimal(2))])
    write_plan(actor=ada, plan_id=plan.pk, draft=said, version=1)
    propose_plan(actor=ada, plan_id=plan.pk, version=2)
    agree_plan(actor=mara, plan_id=plan.pk, version=3)
    begin_plan(actor=ada, partner_id=cast.alpha.pk, period=PERIODS[1], title="Next year")
    meeting = ReviewDetails("Review", PERIODS[2], timezone.now() + dt.timedelta(days=9))
    plan_review(actor=mara, partner_id=cast.alpha.pk, details=meeting)
    for user in (cast.jonas, cast.mara):
        add_todo(
            actor=actor_for(user),
            details=TodoDetails("Call", TODAY + dt.timedelta(days=9), user.pk),
            partner_id=cast.alpha.pk,
            shared=True,
        )


def let_go(cast, **fields):
    row = offboarding.start_offboarding(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, reason="Sold", **fields
    )
    Appointment.objects.exclude(kind=offboarding.NEXT_STEP).delete()
    while offboarding.do_next_step(offboarding_id=row.pk):
        pass
    return row


def note_of(row, name):
    return row.steps.get(name=name).note


def states():
    return (
        list(JointPlan.objects.order_by("pk").values_list("status", flat=True)),
        list(QuarterlyReview.objects.values_list("status", flat=True)),
        list(Todo.objects.order_by("pk").values_list("state", flat=True)),
        DirectoryProfile.objects.get().listed,
    )


def test_all_that_is_open_ends(cast, together):
    row = let_go(cast)

    assert states() == (["closed", "discarded"], ["cancelled"], ["dropped"] * 2, False)
    closed = JointPlan.objects.get(status="closed")
    assert (closed.closing_note, closed.goals.get().result) == ("Sold", Decimal(0))
    assert note_of(row, "partners.close_plans") == "Plans ended: 2; reviews cancelled: 1"
    assert note_of(row, "partners.settle_todos") == "Tasks dropped: 2"
    assert not Appointment.objects.filter(state="waiting", kind="partners.remind_of_todo").exists()


def test_tasks_go_to_whom_operations_name(cast, together):
    let_go(cast, todos_to_id=cast.otto.pk)
    delivery.deliver_due()

    tasks = Todo.objects.order_by("pk")
    assert [(one.state, one.owner) for one in tasks] == [("open", cast.otto), ("open", cast.mara)]
    told = Notification.objects.filter(user=cast.otto, title="New task for you: Call")
    assert told.count() == 1


def test_who_has_left_the_vendor_inherits_nothing(cast, together):
    row = offboarding.start_offboarding(
        actor=actor_for(cast.otto),
        partner_id=cast.alpha.pk,
        reason="Sold",
        todos_to_id=cast.otto.pk,
    )
    type(cast.otto).objects.filter(pk=cast.otto.pk).update(is_active=False)
    while offboarding.do_next_step(offboarding_id=row.pk):
        pass

    assert set(Todo.objects.values_list("state", flat=True)) == {"dropped"}


@pytest.mark.parametrize("heir", ["jonas", "bo", "olga"])
def test_tasks_go_to_nobody_without_a_duty_there(cast, together, heir):
    with pytest.raises(LifecycleRefused):
        let_go(cast, todos_to_id=getattr(cast, heir).pk)
    assert not Offboarding.objects.exists()


def test_halted_between_two_steps_the_rest_stays(cast, together):
    row = offboarding.start_offboarding(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, reason="Sold"
    )
    for _step in range(2):
        offboarding.do_next_step(offboarding_id=row.pk)
    offboarding.halt_offboarding(actor=actor_for(cast.otto), offboarding_id=row.pk)
    appointments.keep_due()

    assert states() == (["agreed", "draft"], ["planned"], ["open"] * 2, False)


def test_taken_back_all_but_the_meeting_comes_back(cast, together):
    row = let_go(cast)
    offboarding.take_back_offboarding(actor=actor_for(cast.otto), offboarding_id=row.pk)

    assert states() == (["agreed", "draft"], ["cancelled"], ["open"] * 2, True)
    agreed = JointPlan.objects.get(status="agreed")
    assert (agreed.closed_at, agreed.closing_note, agreed.goals.get().result) == (None, "", None)
    assert Event.objects.filter(kind="partners.plan_taken_up").count() == 2


def test_what_the_vendor_did_meanwhile_stays_when_it_is_taken_back(cast, together):
    row = let_go(cast)
    mara = actor_for(cast.mara)
    begin_plan(actor=mara, partner_id=cast.alpha.pk, period=PERIODS[1], title="Other")
    DirectoryProfile.objects.update(closed_because="False claims")
    offboarding.take_back_offboarding(actor=actor_for(cast.otto), offboarding_id=row.pk)

    statuses, _reviews, _tasks, listed = states()
    assert (statuses, listed) == (["agreed", "discarded", "draft"], False)


def test_resellers_are_told_that_their_distributor_goes(cast, together):
    type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(type="distributor")
    set_distribution(
        actor=actor_for(cast.otto),
        distributor_id=cast.alpha.pk,
        reseller_id=cast.beta.pk,
        region_id=cast.beta.region_id,
        starts_on=TODAY,
    )
    let_go(cast)

    assert DistributionLink.objects.get().state == "ended"
    told = Event.objects.filter(partner_id=cast.beta.pk).latest("pk")
    assert (told.payload["state"], told.payload["note"]) == ("ended", "Sold")


def test_a8_nothing_of_the_partner_is_public_after_the_commit(client, cast, together):
    profile = DirectoryProfile.objects.get()
    page = f"/directory/{address_of(profile.partner_id, profile.name)}/"
    pages = ["/directory/", "/directory/?q=archives", "/directory/sitemap-0.xml"]
    assert [b"lpha" in client.get(path).content for path in pages] == [True] * 3
    let_go(cast)

    assert [b"lpha" in client.get(path).content for path in pages] == [False] * 3
    body = {"person": "A", "company": "B", "email": "a@b.example", "message": "x", "consent": "on"}
    for path in (page, f"{page}sent/", f"{page}contact/"):
        assert client.get(path).status_code == 404
        assert client.post(path, body).status_code in {404, 405}
    assert not Lead.objects.exists()


def test_its_leads_go_back_and_it_is_offered_none(cast, together):
    receive_inquiry(visitor="192.0.2.1", partner_id=cast.alpha.pk, inquiry=ASKED)
    let_go(cast)

    lead = Lead.objects.get()
    assert (lead.state, lead.partner) == ("expired", None)
    with pytest.raises(LeadRefused):
        leads.offer_lead(actor=actor_for(cast.mara), lead_id=lead.pk, partner_id=cast.alpha.pk)


def test_operations_name_the_heir_in_the_back_office(client, cast, together):
    client.force_login(cast.otto)
    body = {
        "partner": cast.alpha.pk,
        "reason": "Ends",
        "begins_on": TODAY.isoformat(),
        "todos_go_to": cast.mara.pk,
    }
    assert client.post("/admin/partners/offboarding/add/", body).status_code == 302
    assert Offboarding.objects.get().todos_go_to == cast.mara
