"""The way of a rule: operations write it, see on past decisions what it would have changed,
publish it, and partners read it and are decided by it. With worker and beat."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dealreg.models import RuleBook
from dealreg.services import register_deal
from tests.browser.test_walk import register
from tests.browser.things import registration
from tests.browser.visitor import Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser

MESSAGE = "Large deals are looked at by a person."


def test_from_a_draft_by_a_replay_to_the_partner(
    people: Cast, rules: RuleBook, visit: Callable[..., Visitor]
):
    seller = people.actor(people.jonas)
    for customer, amount in (("Nordwind Logistics", 900), ("Halcyon Retail", 30_000)):
        register_deal(actor=seller, request=registration(people, customer, amount))
    otto, jonas = visit(people.otto), visit(people.jonas)

    # Otto copies what is in force and adds a rule before all others.
    otto.open(f"/admin/dealreg/rulebook/{rules.pk}/change/")
    otto.page.get_by_role("button", name="Copy to a new draft").click()
    assert "is a draft. Change what should differ." in otto.text()
    draft = otto.path()
    otto.page.get_by_role("button", name="Save the draft").click()
    assert "The draft is saved." in otto.text()  # the empty form at the end does not count
    another = otto.page.locator("details.bo-rule").last
    another.locator("[name$=-place]").fill("1")
    another.locator("[name$=-code]").fill("large-deal")
    another.locator("[name$=-outcome]").select_option("review")
    another.locator("[name$=-message]").fill(MESSAGE)
    row = another.locator(".bo-row:has([name$=-fact])").first
    row.locator("[name$=-fact]").select_option("deal.amount")
    row.locator("[name$=-operator]").select_option("above")
    row.locator("[name$=-value]").fill("20000")
    otto.page.get_by_role("button", name="Save the draft").click()
    assert "The draft is saved." in otto.text()
    assert "large-deal" in otto.text()

    # Before it counts he has it decide what was decided: one of two would have waited.
    otto.page.get_by_role("button", name="Replay").click()
    expect(otto.page.get_by_text("1 of 2 decisions change")).to_be_visible(timeout=20_000)
    listed = otto.page.locator("section:has(#changes)")
    assert "Halcyon Retail" in listed.inner_text()
    assert "large-deal" in listed.inner_text()
    assert "Nordwind Logistics" not in listed.inner_text()

    # Nothing has changed for Jonas, until it is published.
    jonas.open("/deals/rules/")
    assert MESSAGE not in jonas.text()
    otto.open(draft)
    otto.page.get_by_role("button", name="Publish").click()
    assert "decides from now on" in otto.text()
    jonas.page.reload()
    assert MESSAGE in jonas.text()

    register(jonas, "Quince Foods", "30000")
    assert "In review" in jonas.text()
    assert MESSAGE in jonas.text()
    assert otto.problems + jonas.problems == []
