"""API tokens: what is stored, who gets in, how often."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core import tokens
from core.actor import system
from core.models import ApiCallWindow, ApiToken, Event, User
from core.scopes import known_scopes
from tests.cast import Cast

URL = "/api/v1/deals/"
OPERATOR = system("test")


def issued(user: User, *scopes: str, expires_at: dt.datetime | None = None) -> str:
    return tokens.issue_token(
        actor=OPERATOR,
        user=user,
        label="CRM",
        scopes=scopes or ("deals:read", "deals:write"),
        expires_at=expires_at,
    ).secret


def call(secret: str, client: Client | None = None):
    return (client or Client()).get(URL, headers={"authorization": f"Bearer {secret}"})


def test_token_is_stored_as_a_hash_only_and_its_making_is_recorded(cast: Cast):
    secret = issued(cast.jonas)
    row = ApiToken.objects.get()
    assert secret.startswith(f"{row.prefix}_")
    assert secret not in str(vars(row))
    assert secret[13:] not in str(vars(row))
    assert row.secret_hash == tokens.digest(secret)
    event = Event.objects.get(kind="core.api_token_issued")
    assert (event.subject_id, event.payload["prefix"]) == (cast.jonas.pk, row.prefix)
    assert secret[13:] not in str(event.payload)


def test_token_acts_as_its_person(cast: Cast):
    assert call(issued(cast.jonas)).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer \xe9\xff",
        "Basic eDp5",
        "Token abc",
        "Bearer a b c",
    ],
)
def test_without_a_valid_token_the_answer_is_401_in_json_and_no_redirect(cast: Cast, header):
    response = Client().get(URL, HTTP_AUTHORIZATION=header)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 401


def test_wrong_secret_under_a_known_prefix_is_refused_like_an_unknown_token(cast: Cast):
    secret = issued(cast.jonas)
    close, unknown = call(secret[:-1] + "~"), call("prm_aaaaaaaa_" + "a" * 43)
    assert (close.status_code, close.json()) == (unknown.status_code, unknown.json())
    assert close.status_code == 401


def test_revoked_expired_and_closed_are_refused_at_once(cast: Cast):
    secret = issued(cast.jonas)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        assert call(issued(cast.bo, expires_at=timezone.now())).status_code == 401
    User.objects.filter(pk=cast.jonas.pk).update(is_active=False)
    assert call(secret).status_code == 401
    User.objects.filter(pk=cast.jonas.pk).update(is_active=True)
    assert call(secret).status_code == 200
    token_id = ApiToken.objects.get(user=cast.jonas).pk
    tokens.revoke_token(actor=cast.actor(cast.jonas), token_id=token_id)
    assert call(secret).status_code == 401
    assert Event.objects.filter(kind="core.api_token_revoked").count() == 1


def test_only_the_owner_and_operations_revoke(cast: Cast):
    secret = issued(cast.jonas)
    token_id = ApiToken.objects.get().pk
    for user in (cast.bo, cast.chiara, cast.mara):
        with pytest.raises(tokens.NotYours):
            tokens.revoke_token(actor=cast.actor(user), token_id=token_id)
    assert call(secret).status_code == 200
    tokens.revoke_token(actor=cast.actor(cast.otto), token_id=token_id)
    assert call(secret).status_code == 401


def test_foreign_token_cannot_be_revoked_by_its_address(client, cast: Cast):
    issued(cast.jonas)
    client.force_login(cast.bo)
    assert client.post(f"/security/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_scope_bounds_what_a_token_may(cast: Cast):
    reader = issued(cast.jonas, "deals:read")
    headers = {"authorization": f"Bearer {reader}"}
    response = Client().post(URL, {}, content_type="application/json", headers=headers)
    assert response.status_code == 403
    assert response.json()["detail"] == "This token does not carry the scope that this needs."
    assert call(issued(cast.jonas, "deals:write")).status_code == 403


def test_session_and_token_together_act_as_the_token_only(cast: Cast):
    client = Client()
    client.force_login(cast.otto)
    secret = issued(cast.bo, "deals:read")
    assert call(secret, client).json()["results"] == []
    headers = {"authorization": f"Bearer {secret}"}
    assert client.post(URL, {}, content_type="application/json", headers=headers).status_code == 403


def test_session_without_csrf_token_may_not_write(cast: Cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.jonas)
    response = client.post(URL, {}, content_type="application/json")
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"


def test_use_is_written_down_once_a_minute(cast: Cast):
    secret = issued(cast.jonas)
    start = timezone.now()
    seen = []
    for seconds in (0, 30, 61):
        with time_machine.travel(start + dt.timedelta(seconds=seconds), tick=False):
            call(secret)
        used = ApiToken.objects.values_list("last_used_at", flat=True).get()
        seen.append((used - start).total_seconds() if used else None)
    assert seen == [0, 0, 61]


def test_calls_over_the_limit_are_refused_per_token_without_redis(cast: Cast, settings):
    settings.API_CALLS_A_MINUTE = 3
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    secret, other = issued(cast.jonas), issued(cast.bo)
    assert [call(secret).status_code for _each in range(4)] == [200, 200, 200, 429]
    assert 0 < int(call(secret)["Retry-After"]) <= 60
    assert call(other).status_code == 200


def test_limit_opens_again_after_a_minute(cast: Cast, settings):
    settings.API_CALLS_A_MINUTE = 1
    secret = issued(cast.jonas)
    assert [call(secret).status_code, call(secret).status_code] == [200, 429]
    ApiCallWindow.objects.update(opened_at=timezone.now() - dt.timedelta(seconds=61))
    assert call(secret).status_code == 200


# --- the command ---------------------------------------------------------------------------


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("create_api_token", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_command_prints_the_token_alone_on_the_last_line(cast: Cast):
    *_words, secret = run("--user", "Jonas@cast.example")
    assert call(secret).status_code == 200
    row = ApiToken.objects.get()
    assert row.scopes == list(known_scopes())
    assert row.expires_at is not None
    assert 364 <= (row.expires_at - timezone.now()).days <= 365
    assert sum(line.count(secret) for line in _words) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--user", "ghost@cast.example"], "There is no user ghost@cast.example."),
        (["--user", "jonas@cast.example", "--scope", "deals:all"], "No such scope: deals:all."),
        (["--user", "jonas@cast.example", "--days", "0"], "--days takes 1 to 3650, not 0."),
        (["--user", "jonas@cast.example", "--label", "L" * 101], "longer than 100"),
    ],
)
def test_command_says_what_is_wrong_and_makes_nothing(cast: Cast, arguments, says):
    with pytest.raises(CommandError, match=says.replace(".", r"\.")):
        run(*arguments)
    assert not ApiToken.objects.exists()


def test_command_refuses_a_closed_account(cast: Cast):
    User.objects.filter(pk=cast.jonas.pk).update(is_active=False)
    with pytest.raises(CommandError, match="is not active"):
        run("--user", cast.jonas.email)
