"""A partner's people over the API: by the rules of the portal, for whoever may, and no others."""

import json

import pytest
from django.db import connection

from core.actor import system
from core.models import Event
from partners.models import Invitation, Membership
from partners.rules import PartnerRole
from partners.services import places
from tests.cast import bearer, member

pytestmark = pytest.mark.django_db
SCOPES = ("people:read", "people:write")
PEOPLE, INVITATIONS = "/api/v1/people/", "/api/v1/invitations/"
INVITED = {"email": "nora@alpha.example", "roles": ["sales"]}


@pytest.fixture
def program(client):
    """Calls the API as a program of somebody; answers with what came back."""

    def program_of(user, *scopes):
        token = bearer(user, *(scopes or SCOPES))

        def call(method, path, body=None, **headers):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.generic(
                method,
                path,
                data=b"" if body is None else json.dumps(body),
                content_type="application/json",
                headers={**token, **sent},
            )

        return call

    return program_of


def place_of(user):
    return Membership.objects.get(user=user, left_at__isnull=True)


def test_everybody_reads_their_colleagues_and_nobody_elses(cast, program):
    rows = program(cast.jonas)("GET", PEOPLE).json()["results"]

    assert [(row["name"], row["email"], row["roles"]) for row in rows] == [
        ("Jonas", "jonas@cast.example", ["sales"]),
        ("Chiara", "chiara@cast.example", ["marketing"]),
        ("Ada", "ada@cast.example", ["admin"]),
    ]
    assert [row["person"] for row in rows] == [cast.jonas.pk, cast.chiara.pk, cast.ada.pk]


def test_staff_name_the_partner(cast, program):
    call = program(cast.mara)

    assert call("GET", PEOPLE).status_code == 404
    assert len(call("GET", f"{PEOPLE}?partner={cast.beta.pk}").json()["results"]) == 1


def test_an_administrator_sets_roles_of_what_it_has_read(cast, program):
    call, path = program(cast.ada), f"{PEOPLE}{place_of(cast.jonas).pk}/"
    read = call("GET", path)
    body = {"roles": ["sales", "technical", "sales"]}
    saved = call("PUT", path, body, If_Match=read.headers["ETag"])

    assert (saved.status_code, saved.json()["roles"]) == (200, ["sales", "technical"])
    assert (read.headers["ETag"], saved.headers["ETag"]) == ('"1"', '"2"')


def test_a_stale_change_is_refused_and_told_the_newer_roles(cast, program):
    call, place = program(cast.ada), place_of(cast.jonas)
    path = f"{PEOPLE}{place.pk}/"
    assert call("PUT", path, {"roles": ["finance"]}, If_Match='"1"').status_code == 200
    stale = call("PUT", path, {"roles": ["technical"]}, If_Match='"1"')

    assert (stale.status_code, stale.json()["current"]["roles"]) == (412, ["finance"])
    assert call("PUT", path, {"roles": ["technical"]}).status_code == 428
    assert place_of(cast.jonas).roles == ["finance"]


@pytest.mark.parametrize("who", ["jonas", "chiara", "mara"])
def test_others_change_nothing(cast, program, who):
    call, place = program(getattr(cast, who)), place_of(cast.chiara)
    events = Event.objects.count()
    asked = [
        call("PUT", f"{PEOPLE}{place.pk}/", {"roles": ["admin"]}, If_Match='"1"'),
        call("DELETE", f"{PEOPLE}{place.pk}/"),
        call("POST", f"{PEOPLE}{place.pk}/hand-over/"),
        call("POST", INVITATIONS, INVITED),
    ]

    assert [answer.status_code for answer in asked] == [403] * 4
    assert (place_of(cast.chiara).roles, Event.objects.count()) == (["marketing"], events)
    assert not Invitation.objects.exists()


def test_a_scope_that_is_missing_is_missed(cast, program):
    reads, deals = program(cast.ada, "people:read"), program(cast.ada, "deals:write")
    path = f"{PEOPLE}{place_of(cast.jonas).pk}/"

    assert deals("GET", PEOPLE).status_code == 403
    assert reads("GET", PEOPLE).status_code == 200
    assert reads("DELETE", path).status_code == 403
    assert reads("POST", INVITATIONS, INVITED).status_code == 403
    assert place_of(cast.jonas).left_at is None


def test_a3_other_partners_people_are_answered_like_missing_ones(cast, program):
    call = program(cast.ada)
    beta = Invitation.objects.create(
        partner=cast.beta, email="x@b.example", roles=["sales"], state="held",
        expires_at="2099-01-01T00:00Z",
    )  # fmt: skip

    def asked(place, invitation):
        one, other = f"{PEOPLE}{place}/", f"{INVITATIONS}{invitation}/"
        answers = [
            call("GET", one),
            call("PUT", one, {"roles": ["sales"]}, If_Match='"1"'),
            call("DELETE", one),
            call("POST", f"{one}hand-over/"),
            call("POST", f"{other}resend/"),
            call("POST", f"{other}revoke/"),
        ]
        return [(answer.status_code, answer.content) for answer in answers]

    foreign = asked(place_of(cast.bo).pk, beta.pk)
    assert foreign == asked(987654321, 987654321)
    assert {status for status, _body in foreign} == {404}


@pytest.mark.parametrize(
    "extra",
    [{"partner": 1}, {"partner_id": 1}, {"state": "accepted"}, {"user": 1}, {"token_hash": "x"}],
)
def test_a4_fields_that_are_not_offered_change_nothing(cast, program, extra):
    call = program(cast.ada)
    answer = call("POST", INVITATIONS, {**INVITED, **extra, "partner": cast.beta.pk})

    made = Invitation.objects.get()
    assert (answer.status_code, made.partner, made.state) == (201, cast.alpha, "sent")


def test_a4_nobody_gives_roles_that_are_none(cast, program):
    call, path = program(cast.ada), f"{PEOPLE}{place_of(cast.jonas).pk}/"
    for roles in (["ops"], [], "admin", [["admin"]], [None]):
        assert call("PUT", path, {"roles": roles}, If_Match='"1"').status_code == 400
    assert place_of(cast.jonas).roles == ["sales"]


def test_who_is_removed_loses_their_program_at_once(cast, program):
    theirs = program(cast.jonas)
    assert theirs("GET", PEOPLE).status_code == 200
    gone = program(cast.ada)("DELETE", f"{PEOPLE}{place_of(cast.jonas).pk}/")

    assert (gone.status_code, gone.content) == (204, b"")
    assert theirs("GET", PEOPLE).status_code == 401


def test_the_last_administrator_hands_over_first(cast, program):
    call, own = program(cast.ada), f"{PEOPLE}{place_of(cast.ada).pk}/"
    assert call("DELETE", own).status_code == 409
    assert call("PUT", own, {"roles": ["sales"]}, If_Match='"1"').status_code == 409
    assert call("POST", f"{own}hand-over/").status_code == 409
    handed = call("POST", f"{PEOPLE}{place_of(cast.jonas).pk}/hand-over/")

    assert handed.json()["roles"] == ["admin", "sales"]
    assert place_of(cast.ada).roles == ["sales"]
    assert call("POST", INVITATIONS, INVITED).status_code == 403


def test_inviting_twice_with_one_key_invites_once(cast, program):
    call = program(cast.ada)
    first = call("POST", INVITATIONS, INVITED, Idempotency_Key="one")
    again = call("POST", INVITATIONS, INVITED, Idempotency_Key="one")

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
    assert Invitation.objects.count() == 1
    assert call("POST", INVITATIONS, INVITED).json()["errors"]["email"] == [
        "nora@alpha.example is invited already. Send the invitation again."
    ]


@pytest.mark.parametrize("address", ["bo@cast.example", "mara@cast.example", "new@cast.example"])
def test_i1_the_answer_does_not_say_whether_there_is_an_account(cast, program, address):
    answer = program(cast.ada)("POST", INVITATIONS, {"email": address, "roles": ["sales"]})

    told = answer.json()
    assert (answer.status_code, told.pop("email"), told["state"]) == (201, address, "held")
    assert sorted(told) == ["created_at", "expires_at", "id", "roles", "sends", "state"]


def test_an_invitation_is_sent_again_and_withdrawn(cast, program):
    call = program(cast.ada)
    path = f"{INVITATIONS}{call('POST', INVITATIONS, INVITED).json()['id']}/"

    assert call("POST", f"{path}resend/").json()["sends"] == 2
    assert [row["email"] for row in call("GET", INVITATIONS).json()["results"]] == [
        "nora@alpha.example"
    ]
    assert call("POST", f"{path}revoke/").json()["state"] == "revoked"
    assert call("POST", f"{path}resend/").status_code == 409
    assert call("GET", INVITATIONS).json()["results"] == []


def test_who_is_invited_is_for_administrators_and_staff(cast, program):
    program(cast.ada)("POST", INVITATIONS, INVITED)

    assert program(cast.jonas)("GET", INVITATIONS).status_code == 403
    asked = f"{INVITATIONS}?partner={cast.alpha.pk}"
    assert len(program(cast.mara)("GET", asked).json()["results"]) == 1


def test_the_list_costs_the_same_with_more_people(cast, program, django_assert_max_num_queries):
    call = program(cast.jonas)
    for number in range(20):
        member(f"Person{number}", cast.alpha, PartnerRole.SALES)
    with django_assert_max_num_queries(12, connection=connection):
        call("GET", PEOPLE)


def test_the_page_refuses_roles_that_a_colleague_changed_meanwhile(client, cast):
    client.force_login(cast.ada)
    place = place_of(cast.jonas)
    path = f"/company/people/{place.pk}/"
    assert 'name="version" value="1"' in client.get(path).content.decode()
    places.change_roles(
        actor=system("test"), membership_id=place.pk, roles=[PartnerRole.FINANCE], version=1
    )
    answer = client.post(path, {"roles": ["technical"], "version": "1"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Now they are: Finance" in page
    assert 'name="version" value="2"' in page
    assert place_of(cast.jonas).roles == ["finance"]
