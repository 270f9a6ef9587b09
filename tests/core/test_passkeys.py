"""Passkeys in a real browser, under the portal's own policy, with a software authenticator."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from playwright.sync_api import Page, sync_playwright

from prm.local.machine import find_browser
from tests.cast import PASSWORD, make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture
def page(monkeypatch) -> Iterator[Page]:
    """A page whose device makes passkeys; whatever the browser complains of fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # Playwright runs a loop of its own
    found = find_browser()
    assert found is not None, "There is no Chromium on this machine."
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(found), args=FLAGS)
        opened = chromium.new_page()
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        devices = opened.context.new_cdp_session(opened)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield opened
        chromium.close()
    assert complaints == []


@pytest.fixture
def site(live_server, monkeypatch) -> str:
    """The portal under a name: a passkey belongs to one, an address has none."""
    # The server's threads would keep their connections longer than the database is there.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    make_cast()
    return str(live_server.url).replace("127.0.0.1", "localhost")


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("[name=login]", "jonas@cast.example")
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")


def add_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")
    page.fill("[name=name]", "Laptop")
    page.click("[data-passkey-start]")
    page.wait_for_url(f"{site}/accounts/2fa/recovery-codes/")


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/logout/")
    page.click("button.primary")
    page.wait_for_url(f"{site}/accounts/login/")


def test_passkey_is_added_signs_in_alone_and_serves_as_second_step(page: Page, site: str):
    sign_in(page, site)
    add_passkey(page, site)
    assert Authenticator.objects.get(type="webauthn").data["name"] == "Laptop"

    sign_out(page, site)
    page.goto(f"{site}/accounts/login/?next=/profile/")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(f"{site}/profile/")

    sign_out(page, site)
    sign_in(page, site)
    page.click("text=Use your passkey instead")
    page.wait_for_url(re.compile(f"{site}/$"))


def test_device_without_the_passkey_is_told_and_not_let_in(page: Page, site: str):
    page.goto(f"{site}/accounts/login/")
    page.click("text=Sign in with a passkey")
    problem = page.locator("[data-passkey-problem]")
    problem.wait_for(state="visible")
    assert problem.inner_text() == "The passkey was not used. Try again, or choose another way."
    page.goto(f"{site}/profile/")
    assert page.url == f"{site}/accounts/login/?next=/profile/"
