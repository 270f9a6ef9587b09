"""Tasks about registrations: made from the deal's pages, shown there, and known to nobody who does
not know the deal."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core import appointments, delivery
from core.models import Appointment, Notification
from dealreg.services import save_draft
from partners.models import Region, StaffDuty, Todo
from partners.queries import actor_for
from partners.services import todos as services
from partners.services.todos import TodoDetails
from tests.cast import person

LATER = timezone.localdate() + dt.timedelta(days=9)
TYPED = {"title": "Send the offer", "due_on": LATER.isoformat(), "remind_days": 1}


def body(deal, **fields):
    return {**TYPED, "about_type": "dealreg.deal", "about_id": deal.pk, **fields}


def test_a_seller_makes_one_on_the_deals_page(jonas, cast, registered):
    deal = registered()
    new = f"{reverse('todo_new')}?about=dealreg.deal:{deal.pk}"
    assert new in jonas.get(reverse("deal_detail", args=[deal.pk])).content.decode()
    made = jonas.post(new, {**TYPED, "owner": cast.jonas.pk}, follow=True)

    assert made.redirect_chain[-1][0] == reverse("deal_detail", args=[deal.pk])
    assert "Send the offer" in made.content.decode()
    todo = Todo.objects.get()
    assert (todo.about_type, todo.about_id, todo.partner) == ("dealreg.deal", deal.pk, cast.alpha)
    assert todo.about_label == f"{deal.reference} Nordwind Logistics GmbH"


def test_a_channel_manager_makes_one_on_the_review_page(client, cast, registered):
    deal = registered()
    client.force_login(cast.mara)
    new = f"{reverse('admin:partners_todo_new')}?about=dealreg.deal:{deal.pk}"
    page = reverse("admin:dealreg_deal_change", args=[deal.pk])
    assert new in client.get(page).content.decode()
    made = client.post(new, {**TYPED, "owner": cast.jonas.pk, "shared": "on"}, follow=True)

    assert made.redirect_chain[-1][0] == page
    assert "Send the offer" in made.content.decode()
    client.force_login(cast.jonas)
    assert "Send the offer" in client.get(reverse("deal_detail", args=[deal.pk])).content.decode()


def test_what_is_the_vendors_alone_does_not_show_at_the_partner(client, cast, registered):
    deal = registered()
    client.force_login(cast.mara)
    new = f"{reverse('admin:partners_todo_new')}?about=dealreg.deal:{deal.pk}"
    client.post(new, {**TYPED, "owner": cast.mara.pk})
    assert not Todo.objects.get().shared
    client.force_login(cast.jonas)

    page = client.get(reverse("deal_detail", args=[deal.pk])).content.decode()
    assert "Send the offer" not in page


@pytest.mark.parametrize("kind", ["foreign", "missing"])
def test_a3_a_foreign_deal_is_answered_like_a_missing_one(client, cast, registered, kind):
    deal = registered()
    key = deal.pk if kind == "foreign" else 987654321
    client.force_login(cast.bo)
    asked = [
        client.get(f"{reverse('todo_new')}?about=dealreg.deal:{key}"),
        client.post(f"{reverse('todo_new')}?about=dealreg.deal:{key}", TYPED),
        client.post(
            "/api/v1/tasks/",
            {**TYPED, "about_type": "dealreg.deal", "about_id": key},
            content_type="application/json",
        ),
    ]

    assert [answer.status_code for answer in asked] == [404] * 3
    assert not Todo.objects.exists()


def test_there_are_none_about_a_draft_which_the_vendor_does_not_see(jonas, cast, asking):
    deal = save_draft(actor=actor_for(cast.jonas), request=asking())
    assert jonas.get(f"{reverse('todo_new')}?about=dealreg.deal:{deal.pk}").status_code == 404
    page = jonas.get(reverse("deal_detail", args=[deal.pk])).content.decode()
    assert "dealreg.deal:" not in page


def test_staff_of_other_regions_see_neither(client, cast, registered):
    deal = registered()
    apac = Region.objects.create(code="APAC", name="APAC", path="WORLD.APAC")
    rita = person("Rita", staff=True)
    StaffDuty.objects.create(user=rita, role="ops", region=apac)
    client.force_login(cast.mara)
    made = client.post("/api/v1/tasks/", body(deal), content_type="application/json")
    assert made.json()["partner"] == cast.alpha.pk
    client.force_login(rita)

    assert (
        client.post("/api/v1/tasks/", body(deal), content_type="application/json").status_code
        == 404
    )
    assert client.get(f"/api/v1/tasks/{made.json()['id']}/").status_code == 404
    assert client.get("/api/v1/tasks/").json()["results"] == []


def test_a4_a_task_about_a_deal_is_never_another_partners(client, cast, registered):
    deal = registered()
    client.force_login(cast.mara)
    sent = body(deal, partner=cast.beta.pk)
    answer = client.post("/api/v1/tasks/", sent, content_type="application/json")

    assert answer.status_code == 400
    assert not Todo.objects.exists()


def test_programs_list_the_tasks_of_a_deal(jonas, cast, registered):
    deal = registered()
    jonas.post("/api/v1/tasks/", body(deal), content_type="application/json")
    services.add_todo(actor=actor_for(cast.jonas), details=TodoDetails("Else", LATER))
    asked = f"/api/v1/tasks/?about_type=dealreg.deal&about_id={deal.pk}"

    assert [one["title"] for one in jonas.get(asked).json()["results"]] == ["Send the offer"]
    assert len(jonas.get("/api/v1/tasks/").json()["results"]) == 2
    assert jonas.get("/api/v1/tasks/?about_id=5").status_code == 400


def test_its_owner_is_reminded(jonas, cast, registered):
    deal = registered()
    sent = body(deal, owner=cast.chiara.pk)
    jonas.post("/api/v1/tasks/", sent, content_type="application/json")
    Appointment.objects.filter(kind=services.REMIND, key="soon").update(
        due_at=timezone.now() - dt.timedelta(minutes=1)
    )
    appointments.keep_due()
    delivery.deliver_due()

    assert (
        Notification.objects.filter(user=cast.chiara, title="Due soon: Send the offer").count() == 1
    )


def test_the_page_costs_the_same_with_many_tasks(
    jonas, cast, registered, django_assert_max_num_queries
):
    deal = registered()
    for number in range(12):
        sent = body(deal, title=f"Task {number}", owner=cast.chiara.pk)
        jonas.post("/api/v1/tasks/", sent, content_type="application/json")
    with django_assert_max_num_queries(15):
        page = jonas.get(reverse("deal_detail", args=[deal.pk])).content.decode()

    assert page.count('href="/tasks/') - page.count("/tasks/new/") >= 8
