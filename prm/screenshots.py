"""Takes the pictures of docs/screenshots: the example's pages as its people see them."""

import contextlib
import io
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from PIL import Image

from dealreg.models import Deal, RuleBook, Split
from dealreg.rules.states import DealStage, DealStatus
from partners.models import Partner
from prm.demo.cast import SIGN_INS
from prm.environment import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
COLOURS = 128
READY_WITHIN = 60.0

SELLER = next(one.email for one in SIGN_INS if one.email.startswith("jonas@"))
MANAGER = next(one.email for one in SIGN_INS if one.email.startswith("mara@"))
OPERATIONS = next(one.email for one in SIGN_INS if one.email.startswith("tomasz@"))


class NoBrowser(RuntimeError):
    """There is no Chromium or Chrome on this machine."""


@dataclass(frozen=True, slots=True)
class Size:
    """`tallest`: of a longer page the picture shows the beginning."""

    name: str
    width: int
    height: int
    tallest: int


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: who sees it, and what they do on it before the picture is taken."""

    name: str
    path: str
    who: str = ""
    first: "Callable[[Page], None] | None" = None
    language: str = "en-GB"


SIZES = (Size("desktop", 1280, 800, 1000), Size("phone", 390, 844, 1300))
THEMES = ("light", "dark")


def shots() -> list[Shot]:
    """The pages, with the example's deals that show the most."""
    return [
        Shot("sign-in", "/accounts/login/"),
        Shot("sign-in-arabic", "/accounts/login/", language="ar"),
        *portal_shots(),
        *desk_shots(),
        Shot("components", "/style/", MANAGER),
    ]


def portal_shots() -> list[Shot]:
    approved, waiting, declined = (
        deal_of(SELLER, status)
        for status in (DealStatus.APPROVED, DealStatus.IN_REVIEW, DealStatus.DECLINED)
    )
    mine = Deal.objects.filter(partner__memberships__user__email=SELLER)
    selling = mine.filter(stage=DealStage.NEGOTIATION).latest("updated_at", "id")
    alone = (
        mine.filter(status=DealStatus.APPROVED, splits=None)
        .exclude(stage="lost")
        .latest("submitted_at", "id")
    )
    pages = {
        "home": "/",
        "deals": "/deals/",
        "register": "/deals/new/",
        "deal-approved": f"/deals/{approved.pk}/",
        "deal-in-review": f"/deals/{waiting.pk}/",
        "deal-declined": f"/deals/{declined.pk}/",
        "deal-sale": f"/deals/{selling.pk}/sale/",
        "forecast": "/deals/forecast/",
        "deal-evidence": f"/deals/{approved.pk}/evidence/",
        "deal-timeline": f"/deals/{approved.pk}/timeline/",
        "withdraw": f"/deals/{approved.pk}/withdraw/",
        "shared-deals": "/deals/shared/",
        "split-to-answer": f"/deals/shared/{split_of(SELLER, 'proposed').pk}/",
        "split-propose": f"/deals/{alone.pk}/partners/propose/",
        "deal-partners": f"/deals/{split_of(SELLER, 'in_force').deal_id}/partners/",
        "company": "/company/",
        "notifications": "/notifications/",
        "profile": "/profile/",
        "security": "/security/",
    }
    wrong = Shot("register-wrong", "/deals/new/", SELLER, first=register_wrongly)
    return [wrong, *(Shot(name, path, SELLER) for name, path in pages.items())]


def desk_shots() -> list[Shot]:
    oldest = Deal.objects.filter(
        status=DealStatus.IN_REVIEW, partner__region__path__startswith="EMEA"
    ).earliest("submitted_at", "id")
    together = split_of(SELLER, "in_force")
    partner = Partner.objects.get(memberships__user__email=SELLER)
    rules = RuleBook.objects.filter(status="published").latest("version")
    back = "/admin/dealreg"
    return [
        Shot("desk", "/admin/", MANAGER),
        Shot("desk-queue", f"{back}/deal/queue/", MANAGER),
        Shot("desk-review", f"{back}/deal/{oldest.pk}/review/", MANAGER),
        Shot("desk-deals", f"{back}/deal/", MANAGER),
        Shot("desk-split", f"{back}/split/{together.pk}/change/", MANAGER),
        Shot("desk-forecast", f"{back}/deal/forecast/", MANAGER),
        Shot("desk-partner", f"/admin/partners/partner/{partner.pk}/change/", OPERATIONS),
        Shot("desk-rules", f"{back}/rulebook/{rules.pk}/change/", OPERATIONS),
    ]


def split_of(email: str, status: str) -> Split:
    """The newest split of that status that names the person's partner."""
    mine = Split.objects.filter(parties__partner__memberships__user__email=email, status=status)
    return mine.latest("id")


def deal_of(email: str, status: DealStatus) -> Deal:
    """The newest registration of that status at the person's partner."""
    mine = Deal.objects.filter(partner__memberships__user__email=email, status=status)
    return mine.exclude(submitted_at=None).latest("submitted_at", "id")


def register_wrongly(page: "Page") -> None:
    page.locator("[name=customer_name]").fill("Halcyon Retail")
    page.locator("[name=amount]").fill("-5")
    page.locator("button[value=register]").click()


# --- taking them ----------------------------------------------------------------------------


def take_all(folder: Path, password: str, tell: Callable[[str], object]) -> int:
    """Writes name-size-theme.png for each page, size and theme; returns how many bytes in all.

    Raises NoBrowser.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (not shipped to production)

    program = next(filter(None, map(which, BROWSERS)), None)
    if program is None:
        raise NoBrowser(f"Install one of {', '.join(BROWSERS)}.")
    wanted = shots()
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        people = Doors(browser, address, password)
        for shot, size, theme in product(wanted, SIZES, THEMES):
            name = f"{shot.name}-{size.name}-{theme}.png"
            with people.enter(shot, size, theme) as context:
                picture = taken(context, f"{address}{shot.path}", shot, size)
            (folder / name).write_bytes(picture)
            total += len(picture)
            tell(f"{name} {len(picture):,}")
        people.leave()
        browser.close()
    return total


class Doors:
    """Signs each person in once, and out at the end."""

    def __init__(self, browser: "Browser", address: str, password: str) -> None:
        self.browser = browser
        self.address = address
        self.password = password
        self.signed_in: dict[str, BrowserContext] = {}

    @contextlib.contextmanager
    def enter(self, shot: Shot, size: Size, theme: str) -> "Iterator[BrowserContext]":
        context = self.browser.new_context(
            viewport={"width": size.width, "height": size.height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            locale=shot.language,
        )
        try:
            if shot.who:
                context.add_cookies(self.as_person(shot.who).cookies())  # type: ignore[arg-type]
            yield context
        finally:
            context.close()

    def as_person(self, email: str) -> "BrowserContext":
        if email not in self.signed_in:
            context = self.signed_in[email] = self.browser.new_context(locale="en-GB")
            page = context.new_page()
            page.goto(f"{self.address}/accounts/login/")
            page.locator("[name=login]").fill(email)
            page.locator("[name=password]").fill(self.password)
            page.locator("main form button").first.click()
            page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self.signed_in[email]

    def leave(self) -> None:
        for context in self.signed_in.values():
            page = context.pages[0]
            page.goto(f"{self.address}/accounts/logout/")
            page.locator("main form button").first.click()
            context.close()


def taken(context: "BrowserContext", url: str, shot: Shot, size: Size) -> bytes:
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    if shot.first is not None:
        shot.first(page)
        page.wait_for_load_state("networkidle")
    height = int(page.evaluate("document.scrollingElement.scrollHeight"))
    page.set_viewport_size(
        {"width": size.width, "height": min(max(height, size.height), size.tallest)}
    )
    return small(page.screenshot(animations="disabled", caret="hide"))


def small(picture: bytes) -> bytes:
    """The same picture with few colours, which our pages have anyway."""
    with Image.open(io.BytesIO(picture)) as full:
        # Coverage keeps the rare ones, the tone of a badge; the means keep the wide ones true.
        reduced = full.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
    out = io.BytesIO()
    reduced.save(out, format="PNG", optimize=True)
    return out.getvalue()


# --- the portal meanwhile -------------------------------------------------------------------


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The portal on a free port of this machine, as gunicorn serves it."""
    address = f"127.0.0.1:{free_port()}"
    web = subprocess.Popen(  # noqa: S603 (our own server)
        [sys.executable, "-m", "gunicorn", "--bind", address, "--log-level", "warning"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(f"http://{address}")
        yield f"http://{address}"
    finally:
        web.terminate()
        web.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/readyz", timeout=5).close()  # noqa: S310 (our own)
            return
        time.sleep(0.2)
    raise RuntimeError(f"The portal does not answer at {address}.")
