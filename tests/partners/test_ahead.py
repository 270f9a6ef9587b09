"""What lies ahead of a partner, on its home page and on the vendor's page about it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import JointPlan
from partners.queries import actor_for
from partners.queries.ahead import ahead
from partners.queries.overview import overview
from partners.rules.plans import periods_offered
from partners.services.planning import begin_plan
from partners.services.reviews import ReviewDetails, cancel_review, plan_review
from partners.services.todos import TodoDetails, add_todo, complete_todo

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR, NEXT_YEAR, QUARTER, *_LATER = periods_offered(TODAY)


def task(by, owner, title, days):
    details = TodoDetails(title, TODAY + dt.timedelta(days=days), owner.pk)
    return add_todo(actor=actor_for(by), details=details)


def meeting(cast, title, days):
    details = ReviewDetails(title, QUARTER, timezone.now() + dt.timedelta(days=days))
    return plan_review(actor=actor_for(cast.mara), partner_id=cast.alpha.pk, details=details)


def of(user, **fields):
    return ahead(actor_for(user), fields.pop("partner_id", None) or 0, **fields)


def test_nothing_is_ahead_of_a_new_partner(client, cast):
    found = of(cast.ada, partner_id=cast.alpha.pk)
    assert (found.plan, found.review, found.todos, found.todos_open) == (None, None, (), 0)
    client.force_login(cast.ada)
    page = client.get(reverse("home")).content.decode()

    for url in ("plan_new", "review_new", "todo_new"):
        assert reverse(url) in page


def test_who_writes_no_plans_is_not_asked_to(client, cast):
    client.force_login(cast.jonas)
    page = client.get(reverse("home")).content.decode()

    assert "There is no plan yet." in page
    assert reverse("plan_new") not in page


def test_one_sees_ones_own_tasks_the_next_meeting_and_the_plan(cast):
    ada = actor_for(cast.ada)
    for number in range(6):
        task(cast.ada, cast.jonas, f"Task {number}", days=9 - number)
    done = task(cast.ada, cast.jonas, "Done", days=1)
    complete_todo(actor=ada, todo_id=done.pk)
    task(cast.ada, cast.chiara, "Chiara’s", days=1)
    later, sooner = meeting(cast, "Later", 9), meeting(cast, "Sooner", 3)
    off = meeting(cast, "Off", 1)
    cancel_review(actor=ada, review_id=off.pk, note="Ill", version=off.version)
    draft = begin_plan(actor=ada, partner_id=cast.alpha.pk, period=YEAR, title="Grow")
    begin_plan(actor=ada, partner_id=cast.alpha.pk, period=NEXT_YEAR, title="Grow on")
    JointPlan.objects.filter(pk=draft.pk).update(
        status="agreed", partner_signed_at=timezone.now(), vendor_signed_at=timezone.now()
    )
    found = of(cast.jonas, partner_id=cast.alpha.pk, owner_id=cast.jonas.pk)

    assert [one.title for one in found.todos] == ["Task 5", "Task 4", "Task 3", "Task 2"]
    assert found.todos_open == 6
    assert (found.review.title, found.plan.title, found.plan.status) == ("Sooner", "Grow", "Agreed")
    assert later.meets_at > sooner.meets_at


def test_what_is_late_says_so(cast):
    todo = task(cast.ada, cast.jonas, "Call", days=0)
    type(todo).objects.update(due_on=TODAY - dt.timedelta(days=2))

    assert of(cast.jonas, partner_id=cast.alpha.pk).todos[0].late


def test_another_partner_sees_nothing_of_it(cast, django_assert_num_queries):
    task(cast.ada, cast.jonas, "Call", days=1)
    meeting(cast, "Meeting", 3)
    actor = actor_for(cast.bo)

    with django_assert_num_queries(1):
        found = ahead(actor, cast.alpha.pk)
    assert (found.review, found.todos_open) == (None, 0)


def test_staff_see_it_on_the_page_about_the_partner(cast):
    task(cast.ada, cast.jonas, "Call", days=3)
    meeting(cast, "Autumn review", 3)
    page = overview(actor_for(cast.mara), cast.alpha.pk)
    card = next(one for one in page.cards if str(one.title) == "Plan, review and tasks")

    assert [str(line.label) for line in card.lines] == ["Autumn review", "Call", "Open tasks"]


def test_home_costs_few_queries_with_all_that_lies_ahead(
    client, cast, django_assert_max_num_queries
):
    for number in range(9):
        task(cast.ada, cast.jonas, f"Task {number}", days=number)
        meeting(cast, f"Meeting {number}", 1 + number)
    client.force_login(cast.jonas)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("home")).content.decode()
    assert "All 9 open tasks" in page
