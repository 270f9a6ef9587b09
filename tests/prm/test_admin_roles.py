"""What the back office shows to whom. Who gets which address is walked in tests/access."""

import pytest
from django.contrib import admin
from django.urls import reverse

from partners.models import StaffDuty
from tests.access.rows import BACK_OFFICE

pytestmark = pytest.mark.django_db

TABLES = sorted(model._meta.label_lower for model in admin.site._registry)


def read_by(role):
    """The tables whose lists the role gets, as the table of addresses says."""
    lists = {f"/admin/{name.replace('.', '/')}/": name for name in TABLES}
    return {
        lists[row.address]
        for row in BACK_OFFICE
        if row.address in lists and (row.role, row.method, row.answer) == (role, "GET", "200")
    }


def address(name, page, *args):
    return reverse(f"admin:{name.replace('.', '_')}_{page}", args=args)


@pytest.fixture
def as_role(client, cast):
    def sign_in(role):
        if role == "nobody":
            return client
        if role == "no duty":
            StaffDuty.objects.filter(user=cast.mara).delete()
        user = {
            "partner": cast.ada,
            "no partner": cast.olga,
            "no duty": cast.mara,
            "channel manager": cast.mara,
            "operations": cast.otto,
            "superuser": cast.otto,
        }[role]
        if role == "superuser":
            StaffDuty.objects.filter(user=user).delete()
            user.is_superuser = True
            user.save()
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize("role", ["partner", "no partner", "no duty"])
def test_others_are_told_why(as_role, role):
    browser = as_role(role)
    pages = [address("dealreg.deal", "changelist"), reverse("admin:index"), "/admin/nothing/"]
    answers = {page: browser.get(page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(
        pages, 403
    )
    says = "You have no duty yet" if role == "no duty" else "the vendor’s back office"
    assert says in answers[pages[0]].content.decode()


def test_the_sign_in_is_the_portals(client, db):
    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert (
        "next=%2Fadmin%2F" in answer.redirect_chain[-1][0]
        or "next=/admin/" in (answer.redirect_chain[-1][0])
    )


def test_the_sidebar_shows_what_may_be_opened(as_role):
    page = as_role("channel manager").get(reverse("admin:index")).content.decode()

    readable = read_by("mara")
    assert 10 < len(readable) < len(TABLES)
    for name in TABLES:
        link = f'href="{address(name, "changelist")}"'
        assert (link in page) == (name in readable), name


def test_signing_out_leads_out(as_role):
    desk = as_role("operations")
    desk.post(reverse("admin:logout"), follow=True)

    assert desk.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_passwords_are_changed_in_the_portal(as_role, name):
    answer = as_role("operations").get(reverse(f"admin:{name}"))

    assert answer.headers["Location"] == reverse("security")


def test_no_way_around_by_bulk(as_role, cast):
    desk = as_role("superuser")
    for name in TABLES:
        if name == "core.branding":
            continue
        page = desk.get(address(name, "changelist")).content.decode()
        assert "delete_selected" not in page, name


def test_a_row_that_is_not_there(as_role):
    desk = as_role("operations")
    pages = [address(name, page, "987654321") for name in TABLES for page in ("change", "history")]

    answers = {page: desk.get(page).status_code for page in pages}
    assert answers == dict.fromkeys(pages, 404)
