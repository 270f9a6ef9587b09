"""Tasks: who sees, changes and ends them, who is told, and when somebody is reminded."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from core import appointments, delivery
from core.models import Appointment, Event, Notification
from partners.models import Membership, Todo
from partners.queries import actor_for, todos
from partners.rules import PartnerRole
from partners.rules.todos import TodoState, TodoVerb, may_move, reminder_before, todo_after
from partners.services import places
from partners.services import todos as services
from partners.services.todos import StaleTodo, TodoDetails, TodoRefused
from tests.cast import member

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def details(title="Send the price list", **fields):
    return TodoDetails(**{"title": title, "due_on": in_days(10), **fields})


@pytest.fixture
def added(cast):
    """A task that Chiara gave Jonas."""

    def add(by=None, owner=None, **fields):
        actor = actor_for(by or cast.chiara)
        owner_id = (owner or cast.jonas).pk
        return services.add_todo(actor=actor, details=details(owner_id=owner_id, **fields))

    return add


def internal(cast, **fields):
    return services.add_todo(
        actor=actor_for(cast.mara),
        details=details(owner_id=cast.otto.pk),
        partner_id=cast.alpha.pk,
        **fields,
    )


@pytest.mark.parametrize("verb", TodoVerb)
@pytest.mark.parametrize("state", TodoState)
def test_every_state_and_verb(state, verb):
    allowed = {
        ("open", "complete"): "done",
        ("open", "drop"): "dropped",
        ("open", "change"): "open",
        ("done", "reopen"): "open",
        ("dropped", "reopen"): "open",
    }
    assert todo_after(state, verb) == allowed.get((state.value, verb.value))


@pytest.mark.parametrize("verb", TodoVerb)
def test_owners_end_tasks_and_others_only_read(verb):
    nobody = {"owner": False, "creator": False, "in_charge": False}
    assert not may_move(verb, **nobody)
    assert may_move(verb, **{**nobody, "creator": True})
    assert may_move(verb, **{**nobody, "in_charge": True})
    assert may_move(verb, **{**nobody, "owner": True}) == (verb in {"complete", "reopen"})


ACTS = {
    "complete": services.complete_todo,
    "drop": services.drop_todo,
    "change": lambda *, actor, todo_id: services.change_todo(
        actor=actor, todo_id=todo_id, details=details("Else"), version=1
    ),
}
# jonas has the task, chiara made it, ada administers, sam is a colleague
ROLES = {
    "jonas": {"complete"},
    "chiara": {"complete", "drop", "change"},
    "ada": {"complete", "drop", "change"},
    "sam": set(),
    "mara": {"complete", "drop", "change"},
    "otto": {"complete", "drop", "change"},
    "bo": None,
    "olga": None,
}


@pytest.mark.parametrize("verb", ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_what(cast, added, role, verb):
    todo = added()
    user = member("Sam", cast.alpha, PartnerRole.FINANCE) if role == "sam" else getattr(cast, role)
    may, events = ROLES[role], Event.objects.count()
    if may is not None and verb in may:
        ACTS[verb](actor=actor_for(user), todo_id=todo.pk)
        assert Event.objects.count() == events + 1
        return
    with pytest.raises(Http404 if may is None else PermissionDenied):
        ACTS[verb](actor=actor_for(user), todo_id=todo.pk)
    assert Event.objects.count() == events
    assert Todo.objects.get().version == 1


def test_what_is_over_is_not_done_again(cast, added):
    todo = added()
    services.complete_todo(actor=actor_for(cast.jonas), todo_id=todo.pk)
    with pytest.raises(TodoRefused):
        services.complete_todo(actor=actor_for(cast.jonas), todo_id=todo.pk)
    services.reopen_todo(actor=actor_for(cast.jonas), todo_id=todo.pk)

    todo.refresh_from_db()
    assert (todo.state, todo.ended_at) == ("open", None)


def test_what_the_partner_does_not_see_leaves_no_trace_there(cast):
    hidden = internal(cast)
    delivery.deliver_due()

    for user in (cast.jonas, cast.ada):
        with pytest.raises(Http404):
            todos.todo_for_reading(actor_for(user), hidden.pk)
    assert Event.objects.get(subject_id=hidden.pk, kind="partners.todo_added").partner_id is None
    assert [one.user for one in Notification.objects.all()] == [cast.otto]


def test_a_hidden_task_cannot_be_the_partners(cast):
    with pytest.raises(TodoRefused):
        services.add_todo(
            actor=actor_for(cast.mara),
            details=details(owner_id=cast.jonas.pk),
            partner_id=cast.alpha.pk,
        )
    assert not Todo.objects.exists()


def test_tasks_of_ones_own_are_seen_by_nobody_else_but_operations(cast):
    own = services.add_todo(actor=actor_for(cast.mara), details=details(owner_id=cast.mara.pk))

    assert todos.todo_for_reading(actor_for(cast.otto), own.pk) == own
    with pytest.raises(Http404):
        todos.todo_for_reading(actor_for(cast.ada), own.pk)


@pytest.mark.parametrize("owner", ["bo", "olga", "otto"])
def test_a_partners_task_is_for_its_people_and_who_looks_after_it(cast, added, owner):
    with pytest.raises(TodoRefused):
        added(owner=getattr(cast, owner))
    assert added(owner=cast.mara).owner == cast.mara


def test_a_stale_change_is_refused_and_says_what_is_there_now(cast, added):
    todo, chiara = added(), actor_for(cast.chiara)
    first = details("First", owner_id=cast.jonas.pk)
    services.change_todo(actor=chiara, todo_id=todo.pk, details=first, version=1)
    with pytest.raises(StaleTodo) as stale:
        services.change_todo(actor=chiara, todo_id=todo.pk, details=details("Two"), version=1)

    assert stale.value.todo.title == "First"
    assert Todo.objects.get().title == "First"


def test_reminders_come_in_the_owners_morning(cast, added):
    cast.jonas.time_zone = "Asia/Tokyo"
    cast.jonas.save()
    todo = added(remind_days=3)
    tokyo = ZoneInfo("Asia/Tokyo")

    assert [(one.key, one.due_at) for one in appointments.appointments_of(todo)] == [
        ("soon", dt.datetime.combine(in_days(7), dt.time(8), tzinfo=tokyo)),
        ("late", dt.datetime.combine(in_days(11), dt.time(8), tzinfo=tokyo)),
    ]
    assert reminder_before(dt.date(2026, 3, 29), 0, "Europe/Berlin").isoformat().endswith("+02:00")


def keep_all():
    Appointment.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
    return appointments.keep_due()


def test_the_owner_is_reminded_once_before_and_once_after(cast, added):
    added()
    delivery.deliver_due()
    Notification.objects.all().delete()
    assert keep_all() == 2
    delivery.deliver_due()

    told = Notification.objects.filter(user=cast.jonas).values_list("title", flat=True)
    assert sorted(told) == ["Due soon: Send the price list", "Late: Send the price list"]
    assert keep_all() == 0


def test_nobody_is_reminded_of_what_is_done(cast, added):
    todo = added()
    services.complete_todo(actor=actor_for(cast.jonas), todo_id=todo.pk)

    assert not appointments.appointments_of(todo).exists()
    delivery.deliver_due()
    assert Notification.objects.get(user=cast.chiara).title == "Done: Send the price list"


def test_who_leaves_loses_the_tasks_and_the_others_are_told(cast, added):
    todo = added()
    place = Membership.objects.get(user=cast.jonas)
    places.end_place(actor=actor_for(cast.ada), membership_id=place.pk)
    delivery.deliver_due()
    delivery.deliver_due()

    todo.refresh_from_db()
    assert (todo.owner, todo.state) == (None, "open")
    told = Notification.objects.filter(title__startswith="Nobody’s task")
    assert {one.user for one in told} == {cast.ada, cast.mara}


def test_the_pages_of_a_partner(client, cast, added):
    todo = added()
    client.force_login(cast.jonas)
    assert "Send the price list" in client.get("/tasks/").content.decode()
    assert "Send the price list" not in client.get("/tasks/?state=done").content.decode()
    client.post(f"/tasks/{todo.pk}/done/")
    assert "Send the price list" in client.get("/tasks/?state=done&whose=mine").content.decode()
    made = {"title": "Call", "due_on": in_days(3).isoformat(), "remind_days": 1, "owner": ""}
    assert client.post("/tasks/new/", made).status_code == 302
    assert Todo.objects.get(title="Call").partner == cast.alpha
    assert client.post("/tasks/new/", {**made, "title": ""}).status_code == 422


def test_a_stale_form_says_what_is_there_now(client, cast, added):
    todo = added()
    client.force_login(cast.chiara)
    sent = {"title": "Other", "due_on": in_days(3).isoformat(), "remind_days": 1, "version": 9}
    answer = client.post(f"/tasks/{todo.pk}/", sent)

    assert answer.status_code == 409
    assert "Now it says: Send the price list" in answer.content.decode()
    assert client.post(f"/tasks/{todo.pk}/", {**sent, "version": 1}).status_code == 302


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_whatever_is_in_it(
    client, cast, added, rows, django_assert_max_num_queries
):
    for number in range(rows):
        added(title=f"Task {number}")
    client.force_login(cast.jonas)
    with django_assert_max_num_queries(9):
        client.get("/tasks/")


def test_the_back_office_adds_and_ends_tasks(client, cast):
    client.force_login(cast.mara)
    base = "/admin/partners/todo/"
    sent = {"title": "Visit", "due_on": in_days(3).isoformat(), "remind_days": 1, "shared": "on"}
    sent["owner"] = cast.jonas.pk
    assert client.post(f"{base}new/?partner_name=Alpha+Systems", sent).status_code == 302
    todo = Todo.objects.get()
    assert (todo.partner, todo.shared, todo.owner) == (cast.alpha, True, cast.jonas)
    assert "Visit" in client.get(f"{base}{todo.pk}/change/").content.decode()
    client.post(f"{base}{todo.pk}/save/", {**sent, "title": "Visit them", "version": 1})
    client.post(f"{base}{todo.pk}/done/")
    todo.refresh_from_db()
    assert (todo.title, todo.state) == ("Visit them", "done")


def test_programs_add_change_and_end_tasks(client, cast):
    client.force_login(cast.jonas)
    body = {"title": "Call", "due_on": in_days(3).isoformat(), "owner": cast.mara.pk}
    made = client.post("/api/v1/tasks/", body, content_type="application/json")
    path = f"/api/v1/tasks/{made.json()['id']}/"
    assert (made.status_code, made["ETag"], made.json()["owner_name"]) == (201, '"1"', "Mara")
    change = {"path": path, "data": {**body, "title": "Write"}, "content_type": "application/json"}
    assert client.put(**change).status_code == 428
    assert client.put(**change, headers={"If-Match": '"7"'}).status_code == 412
    assert client.put(**change, headers={"If-Match": '"1"'}).json()["title"] == "Write"
    assert client.post(f"{path}done/").json()["state"] == "done"
    assert client.post(f"{path}done/").status_code == 409
    assert [one["title"] for one in client.get("/api/v1/tasks/").json()["results"]] == ["Write"]
