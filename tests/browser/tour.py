"""One look at a page from every side: accessible at two widths, two themes and two directions;
nothing shifts, nothing scrolls sideways, nothing is refused by the policy, and how much it
weighs on the wire."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.visitor import DESKTOP, PHONE, Visitor

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_SHIFT = 0.05
MOST_BYTES = 100_000
NARROW = 320


@dataclass(frozen=True)
class Look:
    """One way to see a page."""

    width: int
    theme: Literal["light", "dark"]
    direction: str = "ltr"

    def __str__(self) -> str:
        return f"{self.width} {self.theme} {self.direction}"


LOOKS = (
    Look(DESKTOP.width, "light"),
    Look(DESKTOP.width, "dark"),
    Look(DESKTOP.width, "light", "rtl"),
    Look(PHONE.width, "light"),
    Look(PHONE.width, "dark"),
    Look(PHONE.width, "light", "rtl"),
)
# Each width, theme and direction at least once; the rest is for make test-slow.
FEW_LOOKS = (LOOKS[0], LOOKS[4], LOOKS[5])


@cache
def axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe finds: rule and element, one line each."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(axe_source())
    options = json.dumps({"runOnly": WCAG, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options}).then((all) => all.violations)")
    return [
        f"{rule['id']} at {node['target'][-1]} ({summary(node)})"
        for rule in found
        for node in rule["nodes"]
    ]


def summary(node: dict[str, Any]) -> str:
    return " ".join(str(node.get("failureSummary", "")).split())[:160]


def wear(page: Page, look: Look) -> None:
    """Shows the page that way, all transitions over."""
    height = DESKTOP.height if look.width == DESKTOP.width else PHONE.height
    page.set_viewport_size({"width": look.width, "height": height})
    page.emulate_media(color_scheme=look.theme, reduced_motion="reduce")
    page.evaluate("(direction) => { document.documentElement.dir = direction }", look.direction)
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)))")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(
        page.evaluate(
            "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


def look_at(
    visitor: Visitor,
    path: str,
    *,
    looks: tuple[Look, ...] = FEW_LOOKS,
    ours: bool = True,
    most_bytes: int = MOST_BYTES,
) -> list[str]:
    """Everything wrong with one page, seen in these ways. `ours` pages also keep to the portal's
    weight, steadiness and narrowest width."""
    page = visitor.page
    wear_off(page)
    visitor.open(path)
    page.wait_for_load_state("networkidle")
    found = []
    if ours:
        found += steadiness(page) + weight(visitor, most_bytes)
    for look in looks:
        wear(page, look)
        found += [f"U1 {look}: {line}" for line in violations(page)]
        if overflow(page) > 0:
            found.append(f"{look}: scrolls sideways by {overflow(page)} px")
    if ours:
        page.set_viewport_size({"width": NARROW, "height": PHONE.height})
        if overflow(page) > 0:
            found.append(f"{NARROW} px: scrolls sideways by {overflow(page)} px")
    found += visitor.problems
    visitor.problems.clear()
    return [f"{path}: {line}" for line in dict.fromkeys(found)]


def wear_off(page: Page) -> None:
    page.set_viewport_size({"width": DESKTOP.width, "height": DESKTOP.height})
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")


def steadiness(page: Page) -> list[str]:
    shifted = float(page.evaluate("window.shifted"))
    return [f"S6: shifts by {shifted:.3f}"] if shifted > MOST_SHIFT else []


def weight(visitor: Visitor, most_bytes: int) -> list[str]:
    """Whether all that the page needs fits, had the browser seen nothing of it before."""
    needed = visitor.page.evaluate(
        "[location.href, ...performance.getEntriesByType('resource').map((one) => one.name)]"
    )
    total = sum(weigh(visitor, url) for url in dict.fromkeys(needed))
    visitor.heaviest[visitor.path()] = total
    return [f"S6: weighs {total:,} bytes"] if total > most_bytes else []


def weigh(visitor: Visitor, url: str) -> int:
    """What an address weighs on the wire: pages as they come, files as they are served, which
    is compressed."""
    if url not in visitor.wire:
        body = visitor.context.request.get(url).body()
        if urlsplit(url).path.startswith(("/static/", "/branding/")):
            body = min(body, gzip.compress(body), key=len)
        visitor.wire[url] = len(body)
    return visitor.wire[url]
