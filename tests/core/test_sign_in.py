"""I1: signing in, signing up and resetting tell nobody who has an account."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail as django_mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import mail
from core.models import Event, OutgoingMail, User
from tests.cast import PASSWORD, Cast

NEW_PASSWORD = "a-longer-new-secret-42"
KNOWN, UNKNOWN = "jonas@cast.example", "ghost@cast.example"


@contextmanager
def hashes_counted() -> Iterator[list[str]]:
    """Every password hash that is computed, whatever for."""
    algorithm = hashers.get_hasher().__class__
    computed: list[str] = []
    encode = algorithm.encode

    def counted(self, password, salt):
        computed.append(password)
        return encode(self, password, salt)

    with mock.patch.object(algorithm, "encode", counted):
        yield computed


def neutral(body: bytes) -> str:
    """A page without what differs between any two requests."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body.decode())
    text = re.sub(r'"X-CSRFToken": "[^"]+"', "", text)
    return text.replace(KNOWN, "@").replace(UNKNOWN, "@")


def sign_in(client: Client, email: str, password: str = PASSWORD, **headers):
    return client.post(
        reverse("account_login"), {"login": email, "password": password}, headers=headers
    )


def sign_up(client: Client, email: str, name: str = "Somebody"):
    form = {"name": name, "email": email, "password1": NEW_PASSWORD}
    return client.post(reverse("account_signup"), form)


def link_in(message: OutgoingMail) -> str:
    found = re.search(r"https?://[^/]+(/accounts/\S+)", message.text)
    assert found is not None
    return found[1]


# --- signing in ----------------------------------------------------------------------------


def test_right_password_opens_the_portal_and_is_written_down(client, cast: Cast):
    response = sign_in(client, "Jonas@Cast.example")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.jonas.pk)
    event = Event.objects.get(kind="core.signed_in")
    assert (event.actor_user_id, event.payload) == (cast.jonas.pk, {"methods": ["password"]})


def test_wrong_password_and_unknown_address_look_and_cost_the_same(cast: Cast):
    answers = []
    for email in (KNOWN, UNKNOWN):
        with hashes_counted() as hashes:
            response = sign_in(Client(), email, "wrong-wrong-wrong")
        answers.append((response.status_code, neutral(response.content), len(hashes)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200
    assert "do not belong together" in answers[0][1]
    assert answers[0][2] == 1
    assert not Event.objects.filter(kind="core.signed_in").exists()


def test_closed_account_with_wrong_password_looks_unknown(cast: Cast):
    User.objects.filter(pk=cast.jonas.pk).update(is_active=False)
    with hashes_counted() as hashes:
        closed = sign_in(Client(), KNOWN, "wrong-wrong-wrong")
    unknown = sign_in(Client(), UNKNOWN, "wrong-wrong-wrong")
    assert neutral(closed.content) == neutral(unknown.content)
    assert len(hashes) == 1


def test_closed_account_does_not_get_in(client, cast: Cast):
    User.objects.filter(pk=cast.jonas.pk).update(is_active=False)
    response = sign_in(client, KNOWN)
    assert response["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_account_without_a_password_costs_one_hash_too(cast: Cast):
    cast.jonas.set_unusable_password()
    cast.jonas.save()
    with hashes_counted() as hashes:
        response = sign_in(Client(), KNOWN, "wrong-wrong-wrong")
    assert response.status_code == 200
    assert len(hashes) == 1


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_sixth_attempt_on_an_address_has_to_wait_even_with_the_right_password(cast: Cast, email):
    for _attempt in range(5):
        assert "do not belong" in sign_in(Client(), email, "wrong").content.decode()
    response = sign_in(Client(), email)
    assert "Too many attempts" in response.content.decode()
    assert response.status_code == 200


def test_another_port_in_the_host_header_gives_no_further_attempts(cast: Cast):
    for port in range(5):
        sign_in(Client(), KNOWN, "wrong", host=f"localhost:{8000 + port}")
    assert "Too many" in sign_in(Client(), KNOWN, host="localhost:9000").content.decode()


def test_limits_hold_while_redis_is_away(cast: Cast, settings):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    for _attempt in range(5):
        sign_in(Client(), KNOWN, "wrong")
    assert "Too many attempts" in sign_in(Client(), KNOWN).content.decode()


def test_limits_are_counted_in_postgresql(cast: Cast):
    sign_in(Client(), KNOWN, "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] == 2  # by address, and by where it comes from


def test_thirty_first_try_from_one_address_in_a_minute_is_refused(cast: Cast):
    for attempt in range(30):
        sign_in(Client(), f"guess{attempt}@cast.example", "wrong")
    response = sign_in(Client(), KNOWN)
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_forged_forwarding_header_gives_no_new_attempts(cast: Cast):
    for attempt in range(30):
        forged = {"X-Forwarded-For": f"10.0.0.{attempt}"}
        sign_in(Client(), f"guess{attempt}@cast.example", "wrong", **forged)
    assert sign_in(Client(), KNOWN, **{"X-Forwarded-For": "10.9.9.9"}).status_code == 429


def test_next_leads_back_but_never_to_another_site(cast: Cast):
    for asked, led in [
        ("/deals/", "/deals/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
    ]:
        form = {"login": KNOWN, "password": PASSWORD, "next": asked}
        assert Client().post(reverse("account_login"), form)["Location"] == led


def test_back_office_has_no_sign_in_of_its_own(client, cast: Cast):
    response = client.post(
        "/admin/login/?next=/admin/", {"username": "mara@cast.example", "password": PASSWORD}
    )
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/admin/"
    assert "_auth_user_id" not in client.session


# --- signing up ----------------------------------------------------------------------------


def test_sign_up_asks_to_confirm_the_address_by_a_queued_mail(client, db):
    response = sign_up(client, "Nora@New.example", name="Nora")
    assert response["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get(email="nora@new.example")
    assert user.name == "Nora"
    assert not EmailAddress.objects.get(user=user).verified
    assert [m.to_address for m in OutgoingMail.objects.all()] == ["nora@new.example"]
    assert Event.objects.get(kind="core.account_opened").actor_user_id == user.pk
    assert "_auth_user_id" not in client.session


def test_mail_of_sign_up_waits_for_a_mail_server_that_is_away(client, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert sign_up(client, "nora@new.example").status_code == 302
    assert mail.send_due() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutgoingMail.objects.update(due_at="2020-01-01T00:00Z")
    assert mail.send_due() == 1
    assert [m.to for m in django_mail.outbox] == [["nora@new.example"]]


def test_confirming_needs_a_click_and_then_opens_the_portal(client, db):
    sign_up(client, "nora@new.example")
    link = link_in(OutgoingMail.objects.get())
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get().verified  # a mail scanner that follows links
    client.post(link)
    assert EmailAddress.objects.get().verified
    sign_in(Client(), "nora@new.example", NEW_PASSWORD)
    assert Event.objects.filter(kind="core.signed_in").exists()


def test_confirmation_works_in_another_browser_and_once(client, db):
    sign_up(client, "nora@new.example")
    link = link_in(OutgoingMail.objects.get())
    Client().post(link)
    assert EmailAddress.objects.get().verified
    assert Client().post(link).status_code == 404
    assert "too old" in Client().get(link).content.decode()


def test_sign_up_with_a_taken_address_looks_and_costs_the_same(cast: Cast):
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        with hashes_counted() as hashes:
            response = sign_up(client, email)
        page = neutral(client.get(response["Location"]).content)
        answers.append((response.status_code, response["Location"], page, len(hashes)))
    assert answers[0] == answers[1]
    assert answers[0][3] == 1


def test_sign_up_with_a_taken_address_changes_nothing_and_tells_its_owner(client, cast: Cast):
    before = cast.jonas.password
    sign_up(client, KNOWN, name="Mallory")
    cast.jonas.refresh_from_db()
    assert (cast.jonas.name, cast.jonas.password) == ("Jonas", before)
    assert User.objects.filter(email=KNOWN).count() == 1
    assert [(m.to_address, "already" in m.subject) for m in OutgoingMail.objects.all()] == [
        (KNOWN, True)
    ]
    event = Event.objects.get()
    assert (event.kind, event.subject_id) == ("core.account_opened_again", cast.jonas.pk)


@pytest.mark.django_db(transaction=True)
def test_same_address_twice_at_once_makes_one_account_and_no_error():
    answers = []

    def send():
        answers.append(sign_up(Client(raise_request_exception=False), "nora@new.example"))
        connection.close()

    threads = [Thread(target=send) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(a.status_code, a.get("Location")) for a in answers} == {
        (302, "/accounts/confirm-email/")
    }
    assert User.objects.filter(email="nora@new.example").count() == 1
    cache.clear()


def test_closed_sign_up_opens_no_account(client, db, settings):
    settings.SIGN_UP_OPEN = False
    response = sign_up(client, "nora@new.example")
    assert "by invitation" in response.content.decode()
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no-address"),
        ("email", "a" * 250 + "@x.example"),
        ("name", ""),
        ("name", "N" * 151),
        ("password1", "short"),
        ("password1", "password123"),
    ],
)
def test_sign_up_says_what_is_wrong_and_opens_nothing(client, db, field, value):
    form = {"name": "Nora", "email": "nora@new.example", "password1": NEW_PASSWORD, field: value}
    response = client.post(reverse("account_signup"), form)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    assert not User.objects.exists()


# --- a new password ------------------------------------------------------------------------


def ask_for_reset(client: Client, email: str):
    return client.post(reverse("account_reset_password"), {"email": email})


def test_reset_looks_and_costs_the_same_for_unknown_addresses(cast: Cast):
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        with hashes_counted() as hashes:
            response = ask_for_reset(client, email)
        page = neutral(client.get(response["Location"]).content)
        answers.append((response.status_code, response["Location"], page, len(hashes)))
    assert answers[0] == answers[1]
    assert sorted(m.to_address for m in OutgoingMail.objects.all()) == [UNKNOWN, KNOWN]


def test_reset_sets_the_password_once_and_tells_the_owner(client, cast: Cast):
    ask_for_reset(client, KNOWN)
    link = link_in(OutgoingMail.objects.get())
    form_page = client.get(link, follow=True)
    action = form_page.request["PATH_INFO"]
    client.post(action, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    cast.jonas.refresh_from_db()
    assert cast.jonas.check_password(NEW_PASSWORD)
    assert "was changed" in OutgoingMail.objects.latest("created_at").subject
    assert Event.objects.get(kind="core.account_security_changed").payload == {
        "what": "password_reset"
    }
    assert "too old" in Client().get(link).content.decode()


def test_links_in_mail_lead_to_our_own_address_whatever_the_host_header(cast: Cast, settings):
    settings.SITE_URL = "https://partners.example.com"
    settings.ALLOWED_HOSTS = ["*"]
    Client().post(
        reverse("account_reset_password"), {"email": KNOWN}, headers={"host": "evil.example"}
    )
    text = OutgoingMail.objects.get().text
    assert "https://partners.example.com/accounts/password/reset/key/" in text
    assert "evil.example" not in text


def test_sixth_reset_for_an_address_is_refused_known_or_not(cast: Cast):
    for email in (KNOWN, UNKNOWN):
        codes = [ask_for_reset(Client(), email).status_code for _each in range(6)]
        assert codes == [302] * 5 + [429]


def test_password_change_ends_other_sessions(client, cast: Cast):
    other = Client()
    other.force_login(cast.jonas)
    sign_in(client, KNOWN)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(reverse("account_change_password"), form)["Location"] == reverse("security")
    assert client.get(reverse("profile")).status_code == 200
    assert other.get(reverse("profile")).status_code == 302


# --- the wall -------------------------------------------------------------------------------


def test_post_of_a_signed_out_person_is_kept_and_offered_after_signing_in(client, cast: Cast):
    response = client.post(reverse("profile"), {"name": "Jonas Berg", "theme": "dark"})
    assert response["Location"] == "/accounts/login/?next=/continue/"
    assert sign_in_with_next(client, "/continue/")["Location"] == "/continue/"
    page = client.get("/continue/").content.decode()
    assert 'action="/profile/"' in page
    assert 'name="name" value="Jonas Berg"' in page
    assert User.objects.get(pk=cast.jonas.pk).name == "Jonas"


def sign_in_with_next(client: Client, url: str):
    form = {"login": KNOWN, "password": PASSWORD, "next": url}
    return client.post(reverse("account_login"), form)


def test_kept_form_is_gone_once_it_was_sent(client, cast: Cast):
    client.post(reverse("profile"), {"name": "Jonas Berg"})
    sign_in_with_next(client, "/continue/")
    client.post(reverse("profile"), {"name": "Jonas Berg"})
    assert client.get("/continue/")["Location"] == "/"


def test_passwords_and_long_forms_are_not_kept(client, db):
    client.post(reverse("account_change_password"), {"password1": "secret-secret"})
    assert "kept_form" not in client.session
    response = client.post(reverse("profile"), {"name": "N" * 60_000})
    assert response["Location"] == "/accounts/login/?next=/profile/"
    assert "kept_form" not in client.session


def test_part_of_a_page_asked_by_htmx_sends_the_whole_page_to_sign_in(client, db):
    response = client.get(
        "/notifications/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/deals/?q=a"},
    )
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/deals/%3Fq%3Da"
    assert response.content == b""


def test_removed_person_is_out_with_the_next_click(client, cast: Cast):
    client.force_login(cast.jonas)
    assert client.get(reverse("profile")).status_code == 200
    User.objects.filter(pk=cast.jonas.pk).update(is_active=False)
    assert client.get(reverse("profile"))["Location"] == "/accounts/login/?next=/profile/"
