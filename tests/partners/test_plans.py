"""Joint business plans: both sides sign, what is signed stays, goals are counted live."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from core import delivery
from core.models import Event, Notification
from partners.checks.plans import plans as findings
from partners.models import JointPlan, PlanActivity, PlanGoal, Todo
from partners.queries import actor_for, plans
from partners.rules.periods import Period
from partners.rules.plans import (
    Pace,
    PlanStatus,
    PlanVerb,
    Side,
    elapsed,
    may_move,
    periods_offered,
    plan_after,
    reach,
)
from partners.services import planning as services
from partners.services.planning import ActivityDraft, GoalDraft, PlanDraft, PlanRefused, StalePlan

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = Period(dt.date(TODAY.year, 1, 1), dt.date(TODAY.year, 12, 31))
DUE = TODAY + dt.timedelta(days=20)


@pytest.fixture
def drafted(cast):
    """A draft of Ada's with two goals and an activity of Jonas's."""

    def draft(by=None):
        actor = actor_for(by or cast.ada)
        plan = services.begin_plan(
            actor=actor, partner_id=cast.alpha.pk, period=YEAR, title="Grow in the north"
        )
        goals = [GoalDraft("deals_won", Decimal(2)), GoalDraft("sourced_revenue", Decimal(100_000))]
        said = PlanDraft(plan.title, "", goals, [ActivityDraft("Trade fair", DUE, cast.jonas.pk)])
        services.write_plan(actor=actor, plan_id=plan.pk, draft=said, version=1)
        plan.refresh_from_db()
        return plan

    return draft


@pytest.fixture
def agreed(cast, drafted):
    plan = drafted()
    services.propose_plan(actor=actor_for(cast.ada), plan_id=plan.pk, version=plan.version)
    return services.agree_plan(
        actor=actor_for(cast.mara), plan_id=plan.pk, version=plan.version + 1
    )


# --- rules ----------------------------------------------------------------------------------

ALLOWED = {
    ("draft", "edit"): "draft",
    ("draft", "propose"): "proposed",
    ("draft", "discard"): "discarded",
    ("draft", "comment"): "draft",
    ("proposed", "agree"): "agreed",
    ("proposed", "send_back"): "draft",
    ("proposed", "comment"): "proposed",
    ("agreed", "revise"): "agreed",
    ("agreed", "close"): "closed",
    ("agreed", "comment"): "agreed",
}


@pytest.mark.parametrize("verb", PlanVerb)
@pytest.mark.parametrize("status", PlanStatus)
def test_every_status_verb_and_side(status, verb):
    led = ALLOWED.get((status.value, verb.value))
    assert plan_after(status, verb) == led
    for side in Side:
        closes = verb != PlanVerb.CLOSE or side == Side.VENDOR
        assert may_move(status, verb, side, "") == (led is not None and closes)


def test_nobody_agrees_to_their_own_proposal():
    for side in Side:
        assert not may_move("proposed", PlanVerb.AGREE, side, side.value)
        assert may_move("proposed", PlanVerb.SEND_BACK, side, side.value)


def test_pace_follows_the_days_of_the_period():
    half, ten = Decimal("0.5"), Decimal(10)
    assert reach(Decimal(10), ten, half, adds_up=True).pace == Pace.REACHED
    assert reach(Decimal(5), ten, half, adds_up=True) == reach(Decimal(5), ten, half, adds_up=True)
    assert reach(Decimal(5), ten, half, adds_up=True).pace == Pace.ON_TRACK
    assert reach(Decimal(4), ten, half, adds_up=True).pace == Pace.BEHIND
    assert reach(Decimal(5), ten, half, adds_up=False).pace == Pace.BEHIND
    assert reach(None, ten, half, adds_up=False).pace == Pace.UNKNOWN
    assert reach(Decimal(5), ten, Decimal(1), adds_up=True, over=True).pace == Pace.MISSED


def test_periods_are_years_and_quarters_that_lie_ahead():
    offered = periods_offered(dt.date(2026, 11, 22))
    assert offered[0] == Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert offered[2] == Period(dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert offered[3] == Period(dt.date(2027, 1, 1), dt.date(2027, 3, 31))
    assert len(offered) == 7
    assert elapsed(offered[2], dt.date(2026, 10, 23)) == Decimal(23) / 92
    assert plans.period_label(offered[3]) == "Q1 2027"


# --- who may what ---------------------------------------------------------------------------

STATES = {"draft": 0, "proposed": 1, "agreed": 2}
ACTS: dict[str, Any] = {
    "propose": services.propose_plan,
    "agree": services.agree_plan,
    "send_back": lambda **of: services.send_plan_back(note="Too much", **of),
    "revise": services.revise_plan,
    "discard": services.discard_plan,
    "close": lambda **of: services.close_plan(note="", **of),
    "comment": lambda actor, plan_id, **_of: services.comment_on_plan(
        actor=actor, plan_id=plan_id, text="Well"
    ),
    "edit": lambda *, actor, plan_id, version: services.write_plan(
        actor=actor, plan_id=plan_id, draft=PlanDraft("Other"), version=version
    ),
}


def expected(state, verb, role):
    """What happens to a plan that Ada proposed: None (done) or what is raised."""
    if role in {"bo", "olga"}:
        return Http404
    if role in {"jonas", "chiara"}:
        return PermissionDenied
    if (state, verb) == ("agreed", "close") and role == "ada":
        return PermissionDenied
    if verb == "close" and role == "ada":
        return PermissionDenied
    if (state, verb) not in ALLOWED or ((state, verb, role) == ("proposed", "agree", "ada")):
        return PlanRefused
    return None


@pytest.mark.parametrize("state", STATES)
def test_state_verb_and_role(cast, drafted, state):
    plan = drafted()
    if state != "draft":
        services.propose_plan(actor=actor_for(cast.ada), plan_id=plan.pk, version=plan.version)
    if state == "agreed":
        services.agree_plan(actor=actor_for(cast.otto), plan_id=plan.pk, version=plan.version + 1)
    plan.refresh_from_db()
    for verb, act in ACTS.items():
        for role in ("ada", "mara", "otto", "jonas", "chiara", "bo", "olga"):
            raised, events = expected(state, verb, role), Event.objects.count()
            with transaction.atomic():
                given = {"actor": actor_for(getattr(cast, role)), "plan_id": plan.pk}
                if raised is None:
                    act(**given, version=plan.version)
                    assert Event.objects.count() > events, (verb, role)
                else:
                    with pytest.raises(raised):
                        act(**given, version=plan.version)
                    assert Event.objects.count() == events, (verb, role)
                transaction.set_rollback(True)


def test_somebody_of_another_region_does_not_know_of_it(cast, drafted):
    from partners.models import Region, StaffDuty
    from tests.cast import person

    rita = person("Rita", staff=True)
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    StaffDuty.objects.create(user=rita, role="channel_manager", region=apac)
    with pytest.raises(Http404):
        plans.plan_for_reading(actor_for(rita), drafted().pk)


# --- what happens ---------------------------------------------------------------------------


def test_agreed_by_both_it_is_signed_and_its_activities_are_tasks(cast, agreed):
    assert (agreed.status, agreed.partner_signed_by, agreed.vendor_signed_by) == (
        "agreed", cast.ada, cast.mara
    )  # fmt: skip
    todo = Todo.objects.get()
    assert (todo.title, todo.owner, todo.due_on, todo.partner) == (
        "Trade fair", cast.jonas, DUE, cast.alpha
    )  # fmt: skip
    assert (todo.about_type, todo.about_id) == ("partners.jointplan", agreed.pk)


def test_fsck_finds_an_activity_without_its_task(agreed):
    assert list(findings()) == []
    PlanActivity.objects.update(todo=None)
    assert [one.message for one in findings()] == [
        f"Activity {PlanActivity.objects.get().pk} of plan {agreed.pk} has no task."
    ]


def test_the_database_keeps_what_was_signed(agreed):
    changes = [
        lambda: JointPlan.objects.update(title="Else"),
        lambda: PlanGoal.objects.update(target=1),
        lambda: PlanActivity.objects.update(due_on=TODAY),
        lambda: PlanGoal.objects.all().delete(),
        lambda: PlanGoal.objects.create(plan=agreed, position=9, measure="psat", target=1),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_goals_are_counted_live(cast, agreed, won):
    won(60_000)
    goals = plans.goals_of(agreed, TODAY)

    assert [(one.label, one.value, one.share) for one in goals] == [
        ("Deals won", Decimal(1), 50),
        ("Sourced revenue", Decimal(60_000), 60),
    ]
    assert (goals[1].reached, goals[1].wanted) == ("€60,000.00", "€100,000.00")


def test_who_reads_an_older_version_changes_nothing(cast, drafted):
    plan = drafted()
    services.write_plan(
        actor=actor_for(cast.mara), plan_id=plan.pk, draft=PlanDraft("Newer"), version=plan.version
    )
    for act in (services.propose_plan, services.discard_plan):
        with pytest.raises(StalePlan):
            act(actor=actor_for(cast.ada), plan_id=plan.pk, version=plan.version)
    assert JointPlan.objects.get().title == "Newer"


def test_sent_back_nobody_has_signed_and_the_proposer_is_told_why(cast, drafted):
    plan = drafted()
    services.propose_plan(actor=actor_for(cast.ada), plan_id=plan.pk, version=plan.version)
    with pytest.raises(PlanRefused):
        services.send_plan_back(
            actor=actor_for(cast.mara), plan_id=plan.pk, note=" ", version=plan.version + 1
        )
    services.send_plan_back(
        actor=actor_for(cast.mara), plan_id=plan.pk, note="Too much", version=plan.version + 1
    )
    delivery.deliver_due()

    plan.refresh_from_db()
    assert (plan.status, plan.partner_signed_at, plan.proposed_by) == ("draft", None, "")
    told = Notification.objects.get(user=cast.ada)
    assert (told.title, told.body) == ("The plan Grow in the north is a draft again", "Too much")


def test_the_other_side_is_asked_and_told(cast, agreed):
    delivery.deliver_due()
    asked = Notification.objects.get(user=cast.mara)
    assert asked.title == "Please look at the plan Grow in the north, and agree"
    assert asked.url == f"/admin/partners/jointplan/{agreed.pk}/change/"
    told = Notification.objects.get(user=cast.ada)
    assert (told.title, told.url) == ("The plan Grow in the north is agreed", f"/plan/{agreed.pk}/")


def test_a_new_revision_takes_the_place_of_the_old_one_once_both_signed(cast, agreed):
    ada, mara = actor_for(cast.ada), actor_for(cast.mara)
    fresh = services.revise_plan(actor=ada, plan_id=agreed.pk, version=agreed.version)
    kept = PlanActivity.objects.get(plan=fresh)
    said = PlanDraft(
        "Grow faster",
        "",
        [GoalDraft("deals_won", Decimal(3))],
        [ActivityDraft("Two trade fairs", DUE, cast.chiara.pk, kept.pk)],
    )
    services.write_plan(actor=ada, plan_id=fresh.pk, draft=said, version=1)
    assert plans.current_plan(ada, cast.alpha.pk, TODAY) == agreed
    services.propose_plan(actor=ada, plan_id=fresh.pk, version=2)
    services.agree_plan(actor=mara, plan_id=fresh.pk, version=3)

    agreed.refresh_from_db()
    assert (agreed.status, agreed.goals.count()) == ("replaced", 2)
    assert plans.current_plan(ada, cast.alpha.pk, TODAY) == fresh
    todo = Todo.objects.get()
    assert (todo.title, todo.owner, todo.about_id) == ("Two trade fairs", cast.chiara, fresh.pk)


def test_what_is_no_longer_in_the_plan_is_no_task_any_more(cast, agreed):
    ada = actor_for(cast.ada)
    fresh = services.revise_plan(actor=ada, plan_id=agreed.pk, version=agreed.version)
    said = PlanDraft("Less", "", [GoalDraft("deals_won", Decimal(1))])
    services.write_plan(actor=ada, plan_id=fresh.pk, draft=said, version=1)
    services.propose_plan(actor=ada, plan_id=fresh.pk, version=2)
    services.agree_plan(actor=actor_for(cast.mara), plan_id=fresh.pk, version=3)

    assert Todo.objects.get().state == "dropped"


def test_closed_it_keeps_what_was_reached(cast, agreed, won):
    won(60_000)
    services.close_plan(
        actor=actor_for(cast.mara), plan_id=agreed.pk, note="Good", version=agreed.version
    )
    won(90_000)
    agreed.refresh_from_db()

    assert [one.value for one in plans.goals_of(agreed, TODAY)] == [1, 60_000]
    assert (agreed.status, agreed.closing_note) == ("closed", "Good")


def test_one_plan_for_a_period(cast, drafted):
    plan = drafted()
    with pytest.raises(PlanRefused):
        services.begin_plan(
            actor=actor_for(cast.mara), partner_id=cast.alpha.pk, period=YEAR, title="Two"
        )
    services.discard_plan(actor=actor_for(cast.ada), plan_id=plan.pk, version=plan.version)
    services.begin_plan(
        actor=actor_for(cast.mara), partner_id=cast.alpha.pk, period=YEAR, title="Two"
    )
    assert list(plans.plans(actor_for(cast.ada)).values_list("title", flat=True)) == ["Two"]


@pytest.mark.parametrize(
    "draft",
    [
        PlanDraft(""),
        PlanDraft("x", "", [GoalDraft("nobody", Decimal(1))]),
        PlanDraft("x", "", [GoalDraft("psat", Decimal(0))]),
        PlanDraft("x", "", [GoalDraft("psat", Decimal(1)), GoalDraft("psat", Decimal(2))]),
        PlanDraft("x", "", [], [ActivityDraft("y", DUE, 987654321)]),
    ],
)
def test_what_a_plan_cannot_say(cast, drafted, draft):
    plan = drafted()
    with pytest.raises(PlanRefused):
        services.write_plan(
            actor=actor_for(cast.ada), plan_id=plan.pk, draft=draft, version=plan.version
        )
    assert PlanGoal.objects.filter(plan=plan).count() == 2


def sheet(**more):
    return {
        "plan-title": "North",
        "plan-version": 1,
        "goals-TOTAL_FORMS": 2,
        "goals-INITIAL_FORMS": 2,
        "goals-0-measure": "deals_won",
        "goals-0-target": "4",
        "activities-TOTAL_FORMS": 1,
        "activities-INITIAL_FORMS": 1,
        "activities-0-title": "Webinar",
        "activities-0-due_on": DUE.isoformat(),
        **more,
    }


def test_the_pages_of_an_administrator(client, cast):
    client.force_login(cast.ada)
    began = client.post("/plan/new/", {"period": f"{YEAR.first}-{YEAR.last}", "title": "North"})
    plan = JointPlan.objects.get()
    assert began.headers["Location"] == f"/plan/{plan.pk}/edit/"
    assert client.post(f"/plan/{plan.pk}/edit/", sheet()).status_code == 302
    assert client.post(f"/plan/{plan.pk}/edit/", sheet()).status_code == 409
    wrong = sheet(**{"plan-version": 2, "goals-0-target": ""})
    assert "Say how much." in client.post(f"/plan/{plan.pk}/edit/", wrong).content.decode()
    client.post(f"/plan/{plan.pk}/propose/", {"version": 2})
    client.post(f"/plan/{plan.pk}/comments/", {"text": "Please hurry"})
    page = client.get(f"/plan/{plan.pk}/").content.decode()
    assert "Please hurry" in page
    assert "waits for the other signature" in page
    assert [(one.measure, one.target) for one in plan.goals.all()] == [("deals_won", Decimal(4))]


def test_others_read_and_write_nothing(client, cast, agreed):
    client.force_login(cast.jonas)
    page = client.get(f"/plan/{agreed.pk}/").content.decode()
    assert "Grow in the north" in page
    assert "Write a new revision" not in page
    assert client.get(f"/plan/{agreed.pk}/edit/").status_code == 403
    assert client.post(f"/plan/{agreed.pk}/revise/", {"version": 1}).status_code == 403


def test_a_plans_page_costs_what_it_may(client, cast, agreed, django_assert_max_num_queries):
    client.force_login(cast.ada)
    with django_assert_max_num_queries(15):
        client.get(f"/plan/{agreed.pk}/")
    with django_assert_max_num_queries(15):
        client.get("/plan/")


def test_the_back_office_agrees_and_closes(client, cast, drafted):
    plan = drafted()
    services.propose_plan(actor=actor_for(cast.ada), plan_id=plan.pk, version=plan.version)
    client.force_login(cast.mara)
    base = f"/admin/partners/jointplan/{plan.pk}"
    assert "Sign and agree" in client.get(f"{base}/change/").content.decode()
    client.post(f"{base}/agree/", {"version": plan.version + 1})
    client.post(f"{base}/close/", {"version": plan.version + 2, "text": "Good"})
    plan.refresh_from_db()
    assert (plan.status, plan.vendor_signed_by) == ("closed", cast.mara)


def test_the_back_office_begins_and_writes(client, cast):
    client.force_login(cast.mara)
    period = f"{YEAR.first}-{YEAR.last}"
    sent = {"partner_name": "Alpha Systems", "period": period, "title": "North"}
    client.post("/admin/partners/jointplan/new/", sent)
    plan = JointPlan.objects.get()
    client.post(f"/admin/partners/jointplan/{plan.pk}/edit/", sheet())
    assert plan.activities.get().title == "Webinar"


def test_programs_write_and_agree(client, cast):
    as_json = {"content_type": "application/json"}
    client.force_login(cast.ada)
    begun = {"title": "North", "first": str(YEAR.first), "last": str(YEAR.last)}
    path = f"/api/v1/plans/{client.post('/api/v1/plans/', begun, **as_json).json()['id']}/"
    body = {
        "title": "North",
        "goals": [{"measure": "deals_won", "target": "4"}],
        "activities": [{"title": "Webinar", "due_on": str(DUE)}],
    }
    assert client.put(path, body, **as_json).status_code == 428
    seen = client.put(path, body, **as_json, headers={"If-Match": '"1"'})
    assert seen.json()["goals"][0]["pace"] == "behind"
    proposed = client.post(f"{path}propose/", headers={"If-Match": seen["ETag"]})
    assert client.post(f"{path}agree/", headers={"If-Match": proposed["ETag"]}).status_code == 409
    client.force_login(cast.mara)
    assert client.post(f"{path}agree/", headers={"If-Match": seen["ETag"]}).status_code == 412
    done = client.post(f"{path}agree/", headers={"If-Match": proposed["ETag"]}).json()
    assert (done["status"], done["activities"][0]["task"]) == ("agreed", Todo.objects.get().pk)
