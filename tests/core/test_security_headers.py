"""What browsers are told, what is refused before any page, and what the log says."""

import json
import logging

import pytest
from django.test import Client
from django.urls import reverse

from core.client import client_ip
from core.models import User
from tests.cast import Cast

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}


def policy(response) -> set[str]:
    return {part.strip() for part in response["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/nothing-here/", "/deals/"]
)
def test_portal_has_the_strict_policy_everywhere(client, db, path):
    response = client.get(path)
    assert policy(response) >= STRICT
    assert "unsafe" not in response["Content-Security-Policy"]


def test_signed_in_pages_and_refusals_have_it_too(client, cast: Cast):
    client.force_login(cast.jonas)
    for path in (
        "/profile/",
        "/security/",
        "/notifications/",
        "/nothing/",
        "/api/v1/docs/",
        "/api/v1/deals/",
    ):
        assert policy(client.get(path)) >= STRICT, path


def test_only_the_back_office_may_run_inline_scripts(client, cast: Cast):
    client.force_login(cast.otto)
    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" in policy(
        client.get("/admin/core/user/")
    )


def test_other_headers(client, db):
    headers = client.get("/accounts/login/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_signed_in_pages_are_not_kept_by_the_browser(client, cast: Cast):
    client.force_login(cast.jonas)
    assert client.get("/profile/")["Cache-Control"] == "private, no-cache"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, cast: Cast):
    client.get("/accounts/login/")
    client.post(
        "/accounts/login/", {"login": cast.jonas.email, "password": "correct-horse-battery"}
    )
    for name in ("prm_session", "prm_csrf"):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"


# --- refused before any page ---------------------------------------------------------------


@pytest.mark.parametrize("path", ["/deals/%00/", "/deals/?q=%00", "/accounts/login/?next=%00"])
def test_nul_in_the_address_is_400(client, db, path):
    assert client.get(path).status_code == 400


def test_nul_in_a_form_is_400_and_nothing_is_written(client, cast: Cast):
    client.force_login(cast.jonas)
    assert client.post("/profile/", {"name": "a\x00b"}).status_code == 400
    assert User.objects.get(pk=cast.jonas.pk).name == "Jonas"


def test_unknown_host_is_400(client, db):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_too_many_fields_are_400(client, db):
    form = {f"field{number}": "x" for number in range(600)}
    assert client.post("/accounts/login/", form).status_code == 400


def test_broken_multipart_is_400(client, db):
    response = client.generic("POST", "/accounts/login/", b"--x", "multipart/form-data; boundary=")
    assert response.status_code == 400


# --- a form whose token is too old ---------------------------------------------------------


def test_old_form_from_our_own_page_is_offered_again(cast: Cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.jonas)
    response = client.post(
        "/profile/", {"name": "Jonas <b>"}, headers={"origin": "http://testserver"}
    )
    assert response.status_code == 403
    assert 'name="name" value="Jonas &lt;b&gt;"' in response.content.decode()
    assert User.objects.get(pk=cast.jonas.pk).name == "Jonas"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_foreign_form_is_not_offered_again(cast: Cast, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.jonas)
    response = client.post("/profile/", {"name": "Mallory"}, headers={"origin": origin})
    assert response.status_code == 403
    assert "Mallory" not in response.content.decode()


# --- where a request comes from ------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "6.6.6.6, 2.2.2.2", "2.2.2.2"),
        (2, "6.6.6.6, 2.2.2.2, 3.3.3.3", "2.2.2.2"),
        (2, "2.2.2.2", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, "<script>", "9.9.9.9"),
        (1, "::ffff:2.2.2.2", "2.2.2.2"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="9.9.9.9", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == expected


def test_peer_on_a_unix_socket_has_an_address_too(rf):
    assert client_ip(rf.get("/", REMOTE_ADDR="")) == "0.0.0.0"


# --- the log -------------------------------------------------------------------------------


def test_sane_request_id_is_taken_over_and_others_are_replaced(client, db):
    assert (
        client.get("/accounts/login/", headers={"X-Request-ID": "proxy-12345678"})["X-Request-ID"]
        == "proxy-12345678"
    )
    for odd in ("short", "a" * 65, "two words here", "x\u00e9xxxxxxxx", "{}[]{}[]"):
        made = client.get("/accounts/login/", headers={"X-Request-ID": odd})["X-Request-ID"]
        assert made != odd
        assert len(made) == 32


def logged(caplog) -> list[dict[str, object]]:
    return [record.msg for record in caplog.records if isinstance(record.msg, dict)]


def test_log_has_who_and_what_but_no_secrets(client, cast: Cast, caplog):
    caplog.set_level(logging.INFO)
    client.force_login(cast.jonas)
    client.get("/profile/?q=private-words", headers={"authorization": "Bearer secret-token"})
    client.post("/profile/", {"name": "private-name"})
    Client().get("/accounts/password/reset/key/abc-secret-key/")
    Client().get("/accounts/confirm-email/secret-key/")
    lines = [line for line in logged(caplog) if line["event"] == "request"]
    assert [line["path"] for line in lines] == [
        "/profile/",
        "/profile/",
        "/accounts/password/reset/key/…-…/",
        "/accounts/confirm-email/…/",
    ]
    assert [line["user_id"] for line in lines] == [cast.jonas.pk, cast.jonas.pk, None, None]
    assert "private" not in str(lines)
    assert "secret" not in str(lines)


def test_production_log_is_one_json_object_a_line_even_for_errors(capsys):
    import structlog

    from prm.logs import logging_config

    before = structlog.get_config()
    try:
        config = logging_config("json", "INFO")
        handler = logging.StreamHandler()
        made = config["formatters"]["structured"]
        handler.setFormatter(made["()"](**{k: v for k, v in made.items() if k != "()"}))
        logger = logging.getLogger("test.json")
        logger.addHandler(handler)
        logger.propagate = False
        try:
            raise ValueError("two\nlines")
        except ValueError:
            logger.exception("it broke")
        (line,) = capsys.readouterr().err.strip().splitlines()
        told = json.loads(line)
        assert told["event"] == "it broke"
        assert "ValueError: two" in told["exception"]
    finally:
        structlog.configure(**before)


def test_every_allauth_page_is_open_or_asks_to_sign_in(client, db):
    """No page of the sign-in itself may need a signed-in person."""
    for name in (
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    for name in ("account_email", "account_change_password", "mfa_index", "usersessions_list"):
        assert client.get(reverse(name)).url.startswith("/accounts/login/?next="), name
