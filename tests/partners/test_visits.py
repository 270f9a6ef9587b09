"""Somebody of the vendor acts in the place of a person at a partner."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from core.models import Event
from dealreg.models import Deal
from partners.models import Membership, StaffDuty, Visit
from partners.queries import actor_for
from partners.services import visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting(client, cast):
    """Mara acts for Jonas in the browser."""
    client.force_login(cast.mara)
    place = Membership.objects.get(user=cast.jonas)
    address = f"/admin/partners/membership/{place.pk}/act/"
    answer = client.post(address, {"reason": "Helps with the form"})
    assert answer.headers["Location"] == "/"
    return client


def test_the_banner_says_for_whom_and_why(acting):
    page = acting.get("/").content.decode()

    assert "You act for Jonas of Alpha Systems" in page
    assert "Helps with the form" in page


def test_what_is_done_is_recorded_with_both_names(acting, cast, rules):
    acting.post("/deals/new/", {"customer_name": "Nordwind", "act": "draft"})

    event = Event.objects.filter(subject_type="dealreg.deal").latest("id")
    assert (event.actor_label, event.actor_user_id) == ("Mara for Jonas", cast.jonas.pk)
    assert Deal.objects.get().created_by == cast.jonas
    began = Event.objects.get(kind="partners.visit_began")
    assert (began.actor_user_id, began.partner_id) == (cast.mara.pk, cast.alpha.pk)


@pytest.mark.parametrize(
    "address",
    [
        "/security/",
        "/profile/",
        "/accounts/password/change/",
        "/notifications/",
        "/admin/",
        "/accounts/2fa/",
        "/accounts/email/",
    ],
)
def test_accounts_and_the_back_office_are_closed_meanwhile(acting, address):
    assert acting.get(address).status_code == 403


def test_it_ends_by_a_click(acting, cast):
    assert acting.post("/company/visit/end/").headers["Location"] == "/admin/"
    assert acting.get("/admin/").status_code == 200
    assert Visit.objects.get().ended_at is not None
    assert Event.objects.filter(kind="partners.visit_ended").count() == 1


@pytest.mark.parametrize("why", ["time", "place", "account", "duty"])
def test_it_ends_by_itself(acting, cast, why):
    past = timezone.now() - dt.timedelta(seconds=1)
    if why == "time":
        Visit.objects.update(began_at=past - dt.timedelta(hours=1), ends_at=past)
    elif why == "place":
        Membership.objects.filter(user=cast.jonas).update(left_at=past)
    elif why == "account":
        type(cast.jonas).objects.filter(pk=cast.jonas.pk).update(is_active=False)
    else:
        StaffDuty.objects.filter(user=cast.mara).delete()

    assert acting.get("/deals/").status_code in {302, 403}


def test_without_a_reason_nothing_begins(client, cast):
    client.force_login(cast.mara)
    place = Membership.objects.get(user=cast.jonas)
    answer = client.post(f"/admin/partners/membership/{place.pk}/act/", {"reason": " "})

    assert answer.status_code == 422
    assert not Visit.objects.exists()


@pytest.mark.parametrize("who", ["ada", "bo", "olga"])
def test_others_never_act_for_somebody(cast, who):
    place = Membership.objects.get(user=cast.jonas)
    with pytest.raises((PermissionDenied, Http404)):
        visits.begin_visit(
            actor=actor_for(getattr(cast, who)), membership_id=place.pk, reason="curious"
        )
    assert not Visit.objects.exists()
