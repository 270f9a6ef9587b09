"""The portal by keyboard alone: skip link, focus that can be seen, menu, drawer, list."""

from collections.abc import Callable

import pytest

from dealreg.models import Deal, RuleBook
from dealreg.services import register_deal
from tests.browser.things import registration
from tests.browser.visitor import PHONE, Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]

FOCUSED = "document.activeElement"
# Whether whoever looks can tell where the focus is: an outline or a ring, on the element or on
# what it draws around itself. "auto" is the browser's own ring; a date's little calendar, which
# takes the focus inside its field, has nothing else.
SHOWS_FOCUS = """() => {
  const focused = document.activeElement;
  return [null, "::after", "::before"].some((part) => {
    const style = getComputedStyle(focused, part);
    const ring = style.outlineStyle === "auto" || parseFloat(style.outlineWidth) >= 2;
    return (style.outlineStyle !== "none" && ring) || style.boxShadow !== "none";
  }) || focused.matches("[type=date]:not(:focus-visible)");
}"""


def test_the_first_tab_offers_to_skip_to_the_content(people: Cast, visit: Visit):
    page = visit(people.jonas).open("/deals/")
    page.keyboard.press("Tab")
    link = page.locator(".skip")
    assert link.evaluate(f"link => link === {FOCUSED}")
    assert (link.bounding_box() or {"height": 0})["height"] > 20

    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "main"


@pytest.mark.parametrize("path", ["/", "/deals/", "/deals/new/", "/profile/", "/admin/"])
def test_wherever_the_focus_goes_it_can_be_seen(people: Cast, visit: Visit, path: str):
    user = people.mara if path.startswith("/admin/") else people.jonas
    page = visit(user).open(path)
    unseen = []
    for _stop in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED} === document.body"):
            break
        if not page.evaluate(SHOWS_FOCUS):
            unseen.append(page.evaluate(f"{FOCUSED}.outerHTML.slice(0, 120)"))

    assert unseen == []


def test_the_menu_opens_and_closes_by_keyboard(people: Cast, visit: Visit):
    page = visit(people.jonas).open("/")
    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".menu-panel").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.textContent").strip() == "Profile"

    page.keyboard.press("Escape")
    assert not page.locator(".menu-panel").is_visible()
    assert page.evaluate(f"{FOCUSED}.nodeName") == "SUMMARY"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_drawer_opens_leads_on_and_closes_by_keyboard(
    people: Cast, visit: Visit, scripts: bool
):
    page = visit(people.jonas, window=PHONE, scripts=scripts).open("/")
    drawer = page.get_by_role("navigation", name="Main")
    assert not drawer.is_visible()
    page.get_by_role("button", name="Open the menu").focus()
    page.keyboard.press("Enter")
    assert drawer.is_visible()

    page.keyboard.press("Escape")
    assert not drawer.is_visible()
    page.keyboard.press("Enter")
    drawer.get_by_role("link", name="Deals", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/deals/")


def test_a_deal_is_found_and_opened_by_keyboard(people: Cast, visit: Visit, portal):
    page = visit(people.jonas).open("/")
    page.get_by_role("searchbox").first.focus()
    page.keyboard.type("Halcyon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deals/?q=Halcyon")
    page.get_by_role("link", name="Halcyon Retail").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/deals/{portal['review']}/")


def test_single_keys_decide_only_once_they_are_switched_on(
    people: Cast, rules: RuleBook, visit: Visit
):
    first, second = (
        register_deal(actor=people.actor(people.jonas), request=registration(people, name, 61_000))
        for name in ("Halcyon Retail", "Quince Foods")
    )
    page = visit(people.mara).open(f"/admin/dealreg/deal/{first.pk}/review/")
    page.keyboard.press("a")
    page.get_by_label("Decide with single keys").check()
    page.keyboard.press("d")
    assert page.evaluate(f"{FOCUSED}.name") == "decline-reason"

    page.evaluate(f"{FOCUSED}.blur()")
    page.keyboard.press("n")
    page.wait_for_url(f"**/{second.pk}/review/")
    page.keyboard.press("a")
    page.wait_for_url(f"**/{first.pk}/review/")
    assert [Deal.objects.get(pk=deal.pk).status for deal in (first, second)] == [
        "in_review",
        "approved",
    ]
