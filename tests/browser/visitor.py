"""Somebody at a browser, and what goes wrong on the pages they see."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from core.models import User


class Window(NamedTuple):
    width: int
    height: int


DESKTOP = Window(1280, 900)
PHONE = Window(390, 844)

# Said before any script of a page runs.
LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Visitor:
    """One browser with its own cookies. `problems` are errors in the console and broken
    answers; `wire` is what each address weighs on its way, `heaviest` each page with all that
    it needs."""

    context: BrowserContext
    page: Page
    site: str
    problems: list[str] = field(default_factory=list)
    wire: dict[str, int] = field(default_factory=dict)
    heaviest: dict[str, int] = field(default_factory=dict)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.site}{path}")
        return self.page

    def text(self) -> str:
        return self.page.inner_text("body")

    def path(self) -> str:
        return self.page.url.removeprefix(self.site)

    def hear(self, message: ConsoleMessage) -> None:
        # A refused form answers 422, which Chromium reports as if it were a failure.
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.problems.append(f"{self.path()}: {message.text}")

    def see(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.url}: {response.status}")


def sit_down(
    browser: Browser,
    site: str,
    user: User | None,
    *,
    window: Window = DESKTOP,
    scripts: bool = True,
) -> Visitor:
    """A new visitor, signed in as `user` unless that is nobody."""
    context = browser.new_context(
        java_script_enabled=scripts,
        viewport={"width": window.width, "height": window.height},
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(8_000)
    if scripts:
        context.add_init_script(LISTEN)
    if user is not None:
        context.add_cookies([session_of(user, site)])  # type: ignore[list-item]
    page = context.new_page()
    visitor = Visitor(context, page, site)
    page.on("console", visitor.hear)
    page.on("pageerror", lambda error: visitor.problems.append(f"{visitor.path()}: {error}"))
    page.on("response", visitor.see)
    return visitor


def session_of(user: User, site: str) -> dict[str, Any]:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}
