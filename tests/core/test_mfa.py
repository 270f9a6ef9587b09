"""Second factors: apps, passkeys, recovery codes, and the vendor staff's duty to have one."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from core import tokens
from core.actor import system
from core.models import Event, OutgoingMail, User
from tests.cast import PASSWORD, Cast

JUNK = ["", "5", "[]", "null", '"x"', "{}", '{"id": 1}', '{"response": []}', "{" * 500]
HALF = {
    "type": "public-key",
    "id": "AAAA",
    "rawId": "AAAA",
    "clientExtensionResults": {},
    "response": {
        "clientDataJSON": "AAAA",
        "attestationObject": "AAAA",
        "authenticatorData": "AA",
        "signature": "AAAA",
        "userHandle": "AAAA",
    },
}


def code_for(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def signed_in(user: User) -> Client:
    """A client that has just given its password twice: to sign in, and to change factors."""
    client = Client()
    form = {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def set_up_app(client: Client) -> str:
    secret: str = client.get(reverse("mfa_activate_totp")).context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert response.status_code == 302, response.content
    return secret


def passkey(user: User) -> Authenticator:
    data = {"name": "Laptop", "credential": {}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


# --- authenticator app ---------------------------------------------------------------------


def test_app_is_set_up_told_and_written_down(cast: Cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(signed_in(cast.jonas))
    types = set(Authenticator.objects.filter(user=cast.jonas).values_list("type", flat=True))
    assert types == {"totp", "recovery_codes"}
    assert "authenticator app was added" in OutgoingMail.objects.get().subject
    event = Event.objects.get(kind="core.account_security_changed")
    assert event.payload == {"what": "totp_activated"}


def test_secret_is_not_readable_in_the_database_and_survives_a_new_key(cast: Cast, settings):
    secret = set_up_app(signed_in(cast.jonas))
    stored = Authenticator.objects.get(user=cast.jonas, type="totp")
    assert secret not in json.dumps(stored.data)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [django_settings.SECRET_KEY]
    assert stored.wrap().validate_code(code_for(secret))


def test_wrong_code_sets_nothing_up(cast: Cast):
    client = signed_in(cast.jonas)
    client.get(reverse("mfa_activate_totp"))
    response = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert response.context["form"].errors.keys() == {"code"}
    assert not Authenticator.objects.exists()


def test_password_alone_is_not_enough_once_there_is_an_app(cast: Cast):
    secret = set_up_app(signed_in(cast.jonas))
    client = Client()
    response = client.post(
        reverse("account_login"), {"login": cast.jonas.email, "password": PASSWORD}
    )
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("profile")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(reverse("profile")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": next_code(secret)})
    assert client.get(reverse("profile")).status_code == 200
    assert Event.objects.filter(kind="core.signed_in").latest("id").payload == {
        "methods": ["password", "mfa"]
    }


def next_code(secret: str) -> str:
    """A code that was not used yet: a used one is refused."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + 1)))


def test_recovery_code_signs_in_once(cast: Cast):
    set_up_app(signed_in(cast.jonas))
    codes = Authenticator.objects.get(user=cast.jonas, type="recovery_codes").wrap()
    first = codes.get_unused_codes()[0]
    for expected in (200, 302):
        client = Client()
        client.post(reverse("account_login"), {"login": cast.jonas.email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": first})
        assert client.get(reverse("profile")).status_code == expected


def test_changing_factors_asks_for_the_password_again(cast: Cast):
    client = Client()
    client.force_login(cast.jonas)
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name))["Location"].startswith(reverse("account_reauthenticate"))
    response = client.post(
        reverse("account_email"), {"action_add": "1", "email": "new@cast.example"}
    )
    assert response["Location"].startswith(reverse("account_reauthenticate"))


# --- passkeys ------------------------------------------------------------------------------


@pytest.mark.parametrize("junk", [*JUNK, json.dumps(HALF)])
def test_unreadable_passkey_signs_nobody_in(client, db, junk):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    response = client.post(reverse("mfa_login_webauthn"), {"credential": junk})
    assert response.status_code == 302
    assert response["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("junk", [*JUNK, json.dumps(HALF)])
def test_unreadable_passkey_is_not_added(cast: Cast, junk):
    client = signed_in(cast.jonas)
    client.get(reverse("mfa_add_webauthn"))
    response = client.post(reverse("mfa_add_webauthn"), {"name": "Key", "credential": junk})
    assert response.status_code == 200
    assert not Authenticator.objects.exists()


def test_foreign_passkey_cannot_be_removed_or_renamed(cast: Cast):
    key = passkey(cast.bo)
    client = signed_in(cast.jonas)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.post(reverse(name, args=[key.pk]), {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Laptop"


# --- staff ---------------------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.STAFF_MFA_REQUIRED = True


@pytest.mark.usefixtures("required")
def test_staff_without_a_factor_are_led_to_set_one_up(cast: Cast):
    client = signed_in(cast.mara)
    for path in ("/admin/", "/profile/", "/security/", "/deals/"):
        assert client.get(path)["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200  # no loop
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.usefixtures("required")
def test_staff_session_without_a_factor_gets_json_from_the_api(cast: Cast):
    response = signed_in(cast.mara).get("/api/v1/deals/")
    assert response.status_code == 403
    assert response.json()["type"] == "urn:prm:problem:second_factor_required"


@pytest.mark.usefixtures("required")
def test_partners_need_no_factor(cast: Cast):
    assert signed_in(cast.jonas).get("/profile/").status_code == 200


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("type_", ["totp", "webauthn"])
def test_either_factor_opens_the_back_office(cast: Cast, type_):
    client = Client()
    client.force_login(cast.mara)
    Authenticator.objects.create(user=cast.mara, type=type_, data={})
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("required")
def test_recovery_codes_alone_are_no_second_factor(cast: Cast):
    client = Client()
    client.force_login(cast.mara)
    Authenticator.objects.create(user=cast.mara, type="recovery_codes", data={})
    assert client.get("/admin/")["Location"] == reverse("mfa_index")


@pytest.mark.usefixtures("required")
def test_staff_cannot_remove_their_last_factor(cast: Cast):
    client = signed_in(cast.mara)
    set_up_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=cast.mara, type="totp").exists()
    key = passkey(cast.mara)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=cast.mara, type="totp").exists()
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 403
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.usefixtures("required")
def test_switched_off_staff_need_no_factor(cast: Cast, settings):
    settings.STAFF_MFA_REQUIRED = False
    assert signed_in(cast.mara).get("/admin/").status_code == 200


# --- sessions ------------------------------------------------------------------------------


def test_signing_out_others_leaves_this_session(cast: Cast):
    here, there = signed_in(cast.jonas), signed_in(cast.jonas)
    assert len(here.get(reverse("usersessions_list")).context["sessions"]) == 2
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("profile")).status_code == 200
    assert there.get(reverse("profile")).status_code == 302


def test_closing_an_account_ends_sessions_tokens_and_waiting_mail(cast: Cast):
    from core.accounts import end_access

    client = signed_in(cast.jonas)
    operator = system("test")
    issued = tokens.issue_token(
        actor=operator, user=cast.jonas, label="", scopes=["deals:read"], expires_at=None
    )
    client.post(reverse("account_reset_password"), {"email": cast.jonas.email})
    assert OutgoingMail.objects.filter(state="waiting").exists()
    end_access(actor=operator, user=cast.jonas)
    assert client.get(reverse("profile")).status_code == 302
    assert tokens.find_token(issued.secret) is None
    assert not OutgoingMail.objects.filter(state="waiting").exists()
    assert Event.objects.filter(kind="core.access_ended").count() == 1
