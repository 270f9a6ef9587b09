"""The way of a conflict: two partners register one customer, a case settles who has it, an appeal
turns it round, and that is final. Partners and the vendor's people walk it with worker and beat."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload

from dealreg.models import Deal
from dealreg.services import register_deal
from tests.browser.test_walk import register
from tests.browser.things import registration
from tests.browser.visitor import Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_from_a_conflict_to_the_end_of_the_appeal(people: Cast, visit: Callable[..., Visitor]):
    first = register_deal(
        actor=people.actor(people.jonas), request=registration(people, "Nordwind Logistics", 900)
    )
    jonas, bo = visit(people.jonas), visit(people.bo)
    mara, otto = visit(people.mara), visit(people.otto)

    # Bo registers the same customer and learns only that somebody looks at it.
    path = register(bo, "Nordwind Logistics AG", "12800")
    assert "In review" in bo.text()
    assert "Alpha" not in bo.text()

    # Mara sees who else is there, and has it settled as a case.
    second = Deal.objects.latest("id")
    mara.open(f"/admin/dealreg/deal/{second.pk}/review/")
    mara.page.get_by_label("Why it needs a conflict case").fill("Both met the buyer.")
    mara.page.get_by_role("button", name="Open a conflict case").click()
    assert "The case is open" in mara.text()
    case = mara.path()

    # Bo finds the case on the deal, explains and shows.
    bo.open(f"{path}cases/")
    bo.page.get_by_role("link", name="Open the case").click()
    bo.page.get_by_label("What speaks for your company").fill("The buyer signed our letter.")
    letter = FilePayload(name="letter.csv", mimeType="text/csv", buffer=b"signed;1\n")
    bo.page.locator("[name=upload]").set_input_files(letter)
    bo.page.get_by_role("button", name="Send").click()
    assert "Your statement is with the case." in bo.text()
    own = bo.path()

    # Mara reads both sides beside each other and gives the customer to Bo.
    mara.open(case)
    assert "The buyer signed our letter." in mara.text()
    decide(mara, {first.partner_id: "loses", second.partner_id: "gets"}, "Beta has a letter.")
    bo.open(own)
    assert "Your company gets the customer" in bo.text()

    # Jonas reads why, nothing of Bo's, and appeals.
    jonas.open(own)
    assert "Your company does not get the customer" in jonas.text()
    assert "signed our letter" not in jonas.text()
    jonas.page.get_by_label("What was not seen rightly").fill("The letter is of last year.")
    jonas.page.get_by_role("button", name="File the appeal").click()
    assert "Your appeal is filed." in jonas.text()

    # Mara may not judge it; Otto does, and Jonas has the customer for good.
    mara.open(case)
    assert "somebody else has to decide the appeal" in mara.text()
    otto.open(case)
    decide(otto, {first.partner_id: "gets", second.partner_id: "loses"}, "The letter is old.")
    jonas.page.reload()
    assert "Your company gets the customer" in jonas.text()
    assert "Decided on appeal by Otto" in jonas.text()
    statuses = [Deal.objects.get(pk=deal.pk).status for deal in (first, second)]
    assert statuses == ["approved", "declined"]
    assert jonas.problems + bo.problems + mara.problems + otto.problems == []


def decide(who: Visitor, outcomes: dict[int, str], grounds: str) -> None:
    """Fills in the decision for each side, in the order of their registrations."""
    page = who.page
    for place, outcome in enumerate(outcomes.values()):
        page.locator("select[name$=-outcome]").nth(place).select_option(outcome)
        page.locator("textarea[name$=-message]").nth(place).fill(f"Decided: {outcome}.")
    page.locator("[name=decide-reason]").select_option("evidence")
    page.locator("[name=decide-grounds]").fill(grounds)
    page.get_by_role("button", name="Decide", exact=True).click()
    assert "The case is decided" in who.text()
