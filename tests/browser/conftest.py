"""The real stack for browser tests: live server, worker, beat, Valkey, PostgreSQL, Chromium."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, sync_playwright

from core.models import User
from dealreg.models import RuleBook
from tests.browser.stack import Background
from tests.browser.things import furnish
from tests.browser.visitor import Visitor, sit_down
from tests.cast import Cast

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]

# Playwright's synchronous side runs an event loop in this thread, in which Django would refuse
# to use the database; nothing here is asynchronous but Playwright itself.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one worker, which starts the browser and what runs behind the portal once."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's browser. Absent, these tests are skipped, except in CI, where they fail."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"No browser for the browser tests: install one of {', '.join(BROWSERS)}."
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def background(
    django_db_setup: None, django_db_blocker: Any, live_server: Any
) -> Iterator[Background]:
    with django_db_blocker.unblock():
        running = Background(live_server.url)
    try:
        running.start()
        yield running
    finally:
        sys.stderr.write(running.log())  # shown by pytest when a test failed
        running.stop()


@pytest.fixture
def site(
    transactional_db: None, settings: Any, live_server: Any, background: Background
) -> Iterator[str]:
    """The portal's address. Afterwards nothing is under way that would meet an empty database."""
    settings.SITE_URL = live_server.url
    cache.clear()  # the rate limits' counters
    background.empty_mailbox()
    yield live_server.url
    background.settle()


@pytest.fixture
def people(site: str, cast: Cast, rules: RuleBook) -> Cast:
    """The cast, at a portal that has its rules."""
    return cast


@pytest.fixture
def portal(people: Cast, rules: RuleBook, background: Background) -> dict[str, object]:
    """A portal with something on every page; what stands in their addresses."""
    things = furnish(people, rules)
    background.settle()
    return things


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Sits somebody down at a browser of their own: visit(user or None, scripts=False, …)."""
    visitors: list[Visitor] = []

    def begin(user: User | None = None, **options: Any) -> Visitor:
        visitors.append(sit_down(chromium, site, user, **options))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.context.close()
