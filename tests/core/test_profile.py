"""A person's own page, and what follows from it."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import Event, User
from tests.cast import Cast, token_of

FORM = {
    "name": "Jonas Berg",
    "language": "en",
    "time_zone": "Europe/Berlin",
    "theme": "dark",
    "mail_notifications": "on",
}


@pytest.fixture
def jonas(client: Client, cast: Cast) -> Client:
    client.force_login(cast.jonas)
    return client


def test_profile_is_saved_and_the_difference_recorded(jonas, cast: Cast):
    assert jonas.post(reverse("profile"), FORM).url == reverse("profile")
    user = User.objects.get(pk=cast.jonas.pk)
    assert (user.name, user.time_zone, user.theme) == ("Jonas Berg", "Europe/Berlin", "dark")
    payload = Event.objects.get(kind="core.profile_changed").payload
    assert payload["old"] == {"name": "Jonas", "time_zone": "UTC", "theme": "system"}
    assert payload["new"] == {"name": "Jonas Berg", "time_zone": "Europe/Berlin", "theme": "dark"}


def test_saving_the_same_again_records_nothing(jonas):
    for _each in range(2):
        jonas.post(reverse("profile"), FORM)
    assert Event.objects.filter(kind="core.profile_changed").count() == 1


def test_page_is_shown_in_the_chosen_theme_and_time_zone(jonas, cast: Cast):
    jonas.post(reverse("profile"), FORM)
    page = jonas.get(reverse("profile")).content.decode()
    assert 'data-theme="dark"' in page
    assert '<option value="Europe/Berlin" selected>' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "N" * 151),
        ("language", "tlh"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("theme", "sepia"),
    ],
)
def test_wrong_values_are_told_beside_the_field_and_change_nothing(jonas, cast, field, value):
    response = jonas.post(reverse("profile"), {**FORM, field: value})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert User.objects.get(pk=cast.jonas.pk).name == "Jonas"
    assert not Event.objects.filter(kind="core.profile_changed").exists()


def test_names_of_all_scripts_are_kept_as_typed_and_never_run(jonas, cast: Cast):
    for name in ("🦊 Fuchs", "محمد", "<script>alert(1)</script>", "O'Brien \u202e"):
        jonas.post(reverse("profile"), {**FORM, "name": name})
        assert User.objects.get(pk=cast.jonas.pk).name == name.strip()
        assert "<script>alert" not in jonas.get(reverse("profile")).content.decode()


def test_fields_that_are_not_offered_cannot_be_set(jonas, cast: Cast):
    more = {"is_staff": "on", "is_superuser": "on", "email": "boss@cast.example", "id": "1"}
    jonas.post(reverse("profile"), {**FORM, **more})
    user = User.objects.get(pk=cast.jonas.pk)
    assert (user.is_staff, user.is_superuser, user.email) == (False, False, "jonas@cast.example")


def test_theme_is_set_from_the_menu_and_leads_back(jonas, cast: Cast):
    response = jonas.post(reverse("theme"), {"theme": "light", "next": "/deals/?q=a"})
    assert response.url == "/deals/?q=a"
    assert User.objects.get(pk=cast.jonas.pk).theme == "light"


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\n/x", ""]
)
def test_nobody_is_led_to_another_site(jonas, url):
    response = jonas.post(reverse("theme"), {"theme": "dark", "next": url})
    assert response.url == reverse("profile")


def test_unknown_theme_changes_nothing(jonas, cast: Cast):
    jonas.post(reverse("theme"), {"theme": "sepia"})
    assert User.objects.get(pk=cast.jonas.pk).theme == "system"


def test_language_is_kept_for_a_visitor_in_a_cookie(client, db):
    response = client.post(reverse("language"), {"language": "en", "next": "/accounts/login/"})
    assert response.url == "/accounts/login/"
    assert client.cookies["prm_language"].value == "en"
    assert client.post(reverse("language"), {"language": "xx"}).cookies == {}


def test_security_page_shows_only_own_tokens_and_sessions(jonas, cast: Cast):

    for user in (cast.jonas, cast.bo):
        token_of(user, "deals:read", label=f"of {user.name}")
    page = jonas.get(reverse("security")).content.decode()
    assert "of Jonas" in page
    assert "of Bo" not in page


def test_token_is_revoked_from_the_security_page(jonas, cast: Cast):
    from core import tokens

    made = token_of(cast.jonas, "deals:read")
    assert jonas.post(reverse("token_revoke", args=[made.token.pk])).url == reverse("security")
    assert tokens.find_token(made.secret) is None
    event = Event.objects.get(kind="core.api_token_revoked")
    assert event.actor_user_id == cast.jonas.pk


def test_pages_take_few_queries_however_much_there_is(
    jonas, cast: Cast, django_assert_max_num_queries
):
    jonas.get(reverse("security"))
    for name in ("profile", "security", "notifications"):
        with django_assert_max_num_queries(15):
            jonas.get(reverse(name))
