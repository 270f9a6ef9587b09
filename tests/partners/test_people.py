"""A partner's administrator looks after its people: invites, gives roles, removes, hands over."""

import datetime as dt
import re

import pytest
from django.core import mail as django_mail
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from core import appointments, delivery, mail
from core.models import Appointment, Event, Notification, OutgoingMail, User
from partners.models import Invitation, Membership
from partners.queries import actor_for
from partners.rules import PartnerRole
from partners.services import invitations, places
from tests.cast import bearer, member

pytestmark = pytest.mark.django_db
SALES = [PartnerRole.SALES]


@pytest.fixture
def invited(cast):
    """Asks somebody to join Alpha; the invitation."""

    def ask(email="nora@alpha.example", by=None):
        return invitations.invite_person(actor=actor_for(by or cast.ada), email=email, roles=SALES)

    return ask


def place_of(user):
    return Membership.objects.get(user=user, left_at__isnull=True)


def mailed_link():
    mail.send_due()
    found = re.search(r"/join/([^/\s]+)/", str(django_mail.outbox[-1].body))
    return found[1] if found else ""


def test_an_invitation_is_mailed_with_a_link_of_which_only_a_hash_is_kept(invited):
    made = invited()
    link = mailed_link()

    assert (made.state, django_mail.outbox[-1].to) == ("sent", ["nora@alpha.example"])
    assert invitations.open_invitation(link) == made
    assert link not in str(Invitation.objects.values().get())
    assert OutgoingMail.objects.get().text == ""


def test_an_altered_link_opens_nothing(invited, django_assert_num_queries):
    invited()
    link = mailed_link()

    with django_assert_num_queries(0):
        assert invitations.open_invitation(link[:-1] + ("A" if link[-1] != "A" else "B")) is None


@pytest.mark.parametrize("who", ["jonas", "chiara", "mara", "olga"])
def test_only_administrators_invite(cast, invited, who):
    with pytest.raises(PermissionDenied):
        invited(by=getattr(cast, who))
    assert not Invitation.objects.exists()
    assert not Event.objects.filter(kind="partners.person_invited").exists()


@pytest.mark.parametrize("address", ["bo@cast.example", "mara@cast.example", "new@cast.example"])
def test_every_address_outside_the_domains_is_answered_alike(cast, invited, address):
    made = invited(address)

    assert (made.state, made.token_hash) == ("held", "")
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("address", ["bo@cast.example", "mara@cast.example", "new@cast.example"])
def test_where_anybody_may_be_invited_every_address_gets_one_mail(settings, invited, address):
    settings.PARTNERS_INVITE_ANYBODY = True

    assert invited(address).state == "sent"
    assert [one.to_address for one in OutgoingMail.objects.all()] == [address]


def test_the_vendor_decides_on_other_addresses(cast, invited):
    made = invited("nora@other.example")
    delivery.deliver_due()
    assert Notification.objects.filter(user=cast.mara).count() == 1
    with pytest.raises(PermissionDenied):
        invitations.release_invitation(actor=actor_for(cast.ada), invitation_id=made.pk)

    invitations.release_invitation(actor=actor_for(cast.mara), invitation_id=made.pk)
    made.refresh_from_db()
    assert made.state == "sent"


def test_a_refused_invitation_is_over(cast, invited):
    made = invited("nora@other.example")
    invitations.refuse_invitation(actor=actor_for(cast.mara), invitation_id=made.pk)

    made.refresh_from_db()
    assert (made.state, made.ended_at is None) == ("refused", False)
    with pytest.raises(invitations.InvitationRefused):
        invitations.send_again(actor=actor_for(cast.ada), invitation_id=made.pk)


def test_sent_again_the_first_link_is_dead(cast, invited):
    made = invited()
    first = mailed_link()
    invitations.send_again(actor=actor_for(cast.ada), invitation_id=made.pk)

    assert invitations.open_invitation(first) is None
    assert invitations.open_invitation(mailed_link()) == made


def test_revoked_the_link_is_dead(cast, invited):
    made = invited()
    link = mailed_link()
    invitations.revoke_invitation(actor=actor_for(cast.ada), invitation_id=made.pk)

    assert invitations.open_invitation(link) is None
    with pytest.raises(invitations.InvitationRefused):
        invitations.accept_invitation(link=link, user_id=cast.olga.pk)
    assert not Appointment.objects.filter(state="waiting").exists()


def test_two_weeks_later_it_has_run_out(invited):
    made = invited()
    link = mailed_link()
    past = timezone.now() - dt.timedelta(minutes=1)
    Invitation.objects.update(expires_at=past)
    Appointment.objects.update(due_at=past)

    assert invitations.open_invitation(link) is None
    assert appointments.keep_due() == 1
    made.refresh_from_db()
    assert made.state == "expired"


def test_other_partners_invitations_are_not_there(cast, invited):
    made = invited()
    boss = member("Bea", cast.beta, PartnerRole.ADMIN)

    for act in (invitations.send_again, invitations.revoke_invitation):
        with pytest.raises(Http404):
            act(actor=actor_for(boss), invitation_id=made.pk)


def test_who_has_no_account_opens_one_and_is_in(client, invited):
    invited()
    path = f"/join/{mailed_link()}/"
    client.post(path, {"name": "Nora", "password": "correct-horse-9"})

    nora = User.objects.get(email="nora@alpha.example")
    assert place_of(nora).roles == ["sales"]
    assert client.get(path).status_code == 404
    signed_in = client.post(
        "/accounts/login/", {"login": nora.email, "password": "correct-horse-9"}
    )
    assert signed_in.headers["Location"] == "/"


def test_a_weak_password_opens_nothing(client, invited):
    invited()
    answer = client.post(f"/join/{mailed_link()}/", {"name": "Nora", "password": "alpha"})

    assert answer.status_code == 422
    assert not User.objects.filter(email="nora@alpha.example").exists()


def test_who_has_an_account_accepts_with_it(client, cast, invited, settings):
    settings.PARTNERS_INVITE_ANYBODY = True
    invited(cast.olga.email)
    path = f"/join/{mailed_link()}/"
    assert "Sign in as olga@cast.example" in client.get(path).content.decode()
    client.force_login(cast.olga)
    client.post(path)

    assert place_of(cast.olga).partner == cast.alpha
    assert Event.objects.filter(kind="partners.invitation_accepted").count() == 1


def test_nobody_accepts_for_another_address(client, cast, invited):
    invited()
    client.force_login(cast.olga)
    answer = client.post(f"/join/{mailed_link()}/")

    assert "This invitation is for another address." in answer.content.decode()
    assert Invitation.objects.get().state == "sent"
    assert not Membership.objects.filter(user=cast.olga).exists()


def test_who_works_elsewhere_stays_there(cast, invited, settings):
    settings.PARTNERS_INVITE_ANYBODY = True
    invited(cast.bo.email)

    with pytest.raises(places.WorksElsewhere):
        invitations.accept_invitation(link=mailed_link(), user_id=cast.bo.pk)
    assert Invitation.objects.get().state == "sent"


def test_administrators_change_roles(cast):
    jonas = place_of(cast.jonas)
    wanted = [PartnerRole.SALES, PartnerRole.TECHNICAL]

    assert places.change_roles(actor=actor_for(cast.ada), membership_id=jonas.pk, roles=wanted)
    jonas.refresh_from_db()
    assert jonas.roles == ["sales", "technical"]


@pytest.mark.parametrize("who", ["jonas", "chiara", "mara"])
@pytest.mark.parametrize("verb", ["roles", "remove", "hand over"])
def test_others_change_nobody(cast, who, verb):
    actor, place = actor_for(getattr(cast, who)), place_of(cast.chiara)
    acts = {
        "roles": lambda: places.change_roles(actor=actor, membership_id=place.pk, roles=SALES),
        "remove": lambda: places.end_place(actor=actor, membership_id=place.pk),
        "hand over": lambda: places.hand_over_administration(
            actor=actor, to_membership_id=place.pk
        ),
    }
    with pytest.raises(PermissionDenied):
        acts[verb]()
    assert place_of(cast.chiara).roles == ["marketing"]


def test_another_partners_people_are_not_there(cast):
    with pytest.raises(Http404):
        places.end_place(actor=actor_for(cast.ada), membership_id=place_of(cast.bo).pk)


def test_the_last_administrator_stays_until_the_administration_is_handed_over(cast):
    ada, own = actor_for(cast.ada), place_of(cast.ada)
    with pytest.raises(places.LastAdministrator):
        places.change_roles(actor=ada, membership_id=own.pk, roles=SALES)
    with pytest.raises(places.LastAdministrator):
        places.end_place(actor=ada, membership_id=own.pk)
    places.hand_over_administration(actor=ada, to_membership_id=place_of(cast.jonas).pk)

    assert place_of(cast.jonas).roles == ["admin", "sales"]
    assert place_of(cast.ada).roles == ["sales"]
    assert places.end_place(actor=actor_for(cast.jonas), membership_id=own.pk)


def test_who_is_removed_loses_sessions_tokens_invitations_and_mail(client, cast, invited):
    second = member("Nils", cast.alpha, PartnerRole.ADMIN)
    made = invited(by=second)
    headers = bearer(second, "deals:read")
    client.post("/accounts/login/", {"login": second.email, "password": "correct-horse-battery"})
    assert client.get("/deals/").status_code == 200
    places.end_place(actor=actor_for(cast.ada), membership_id=place_of(second).pk)

    assert client.get("/deals/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/api/v1/deals/", headers=headers).status_code == 401
    made.refresh_from_db()
    assert made.state == "revoked"


def test_mail_that_a_worker_holds_already_is_not_sent(cast):
    mail.queue_mail(
        once="x", to_user=cast.jonas, subject="x", template="core/mail/account", context={}
    )
    OutgoingMail.objects.update(state="running", attempts=1, leased_until=timezone.now())
    held = list(OutgoingMail.objects.all())
    places.end_place(actor=actor_for(cast.ada), membership_id=place_of(cast.jonas).pk)

    assert mail.send_batch(held) == 0
    assert django_mail.outbox == []


def test_the_pages_of_an_administrator(client, cast, invited):
    invited()
    client.force_login(cast.ada)
    jonas = place_of(cast.jonas)
    page = client.get("/company/people/").content.decode()
    assert "nora@alpha.example" in page
    assert client.get(f"/company/people/{jonas.pk}/").status_code == 200
    client.post("/company/people/", {"email": "new@alpha.example", "roles": ["finance"]})
    client.post(f"/company/people/{jonas.pk}/", {"roles": ["finance"]})
    assert Invitation.objects.filter(email="new@alpha.example", roles=["finance"]).exists()
    assert place_of(cast.jonas).roles == ["finance"]
    client.post(f"/company/people/{jonas.pk}/remove/")
    assert not Membership.objects.filter(user=cast.jonas, left_at__isnull=True).exists()


def test_the_page_of_a_seller_shows_no_invitations(client, cast, invited):
    invited()
    client.force_login(cast.jonas)
    page = client.get("/company/people/").content.decode()

    assert "Ada" in page
    assert "nora@alpha.example" not in page
    assert client.post("/company/people/", {"email": "x@alpha.example"}).status_code == 403


def test_the_page_costs_the_same_with_more_people(client, cast, django_assert_max_num_queries):
    for number in range(20):
        member(f"Person{number}", cast.alpha, PartnerRole.SALES)
    client.force_login(cast.ada)
    with django_assert_max_num_queries(12):
        client.get("/company/people/")
