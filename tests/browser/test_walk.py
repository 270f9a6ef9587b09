"""The way of a deal through the house, as a partner's seller and the vendor's channel manager
walk it: with worker and beat running, with and without JavaScript."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.browser.stack import Background, body_of, wait_for
from tests.browser.visitor import Visitor
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser


def sign_in(visitor: Visitor, address: str) -> None:
    visitor.page.get_by_label("E-mail address").fill(address)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()


def fill_in(visitor: Visitor, customer: str, amount: str) -> None:
    page = visitor.open("/deals/new/")
    close = timezone.localdate() + dt.timedelta(days=30)
    page.locator("[name=customer_name]").fill(customer)
    page.locator("[name=customer_country]").select_option("DE")
    page.locator("[name=customer_domain]").fill(f"{customer.split()[0].lower()}.example")
    page.locator("[name=product_line]").select_option(label="Cloud")
    page.locator("[name=amount]").fill(amount)
    page.locator("[name=expected_close]").fill(close.isoformat())


def register(visitor: Visitor, customer: str, amount: str) -> str:
    """Registers a deal through the form; the address of its page."""
    fill_in(visitor, customer, amount)
    visitor.page.get_by_role("button", name="Register the deal").click()
    visitor.page.wait_for_url(re.compile(r"/deals/\d+/$"))
    return visitor.path()


def unread(visitor: Visitor, number: int) -> None:
    """Loads the page anew until the bell shows that many."""

    def shown() -> bool:
        visitor.page.reload()
        label = visitor.page.locator(".bell").get_attribute("aria-label") or ""
        return f", {number} unread" in label

    wait_for(shown, 30)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_deal_from_the_form_to_the_decision(
    people: Cast, visit: Callable[..., Visitor], background: Background, scripts: bool
):
    jonas, mara = visit(scripts=scripts), visit(scripts=scripts)

    # Jonas signs in and lands where he wanted to go.
    jonas.open("/deals/new/")
    sign_in(jonas, people.jonas.email)
    assert jonas.path() == "/deals/new/"

    # A deal within the rules is approved at once, and says why and what comes next.
    register(jonas, "Nordwind Logistics", "12800")
    until = timezone.localdate() + dt.timedelta(days=90)
    approved = jonas.text()
    assert "Approved" in approved
    assert "meets the rules of engagement" in approved
    assert "rule “approve”" in approved
    assert f"protected until {until.day} {until:%b %Y}" in approved
    assert "Jonas registered the deal" in jonas.page.inner_text(".timeline")

    # He is told in the portal and by mail.
    unread(jonas, 1)
    mail = wait_for(lambda: background.mails_to(people.jonas.email), 20)[0]
    assert mail["Subject"] == "Nordwind Logistics: your registration is approved"
    assert f"{jonas.site}/deals/" in body_of(mail, "plain")

    # Two above the tier's limit wait for a person.
    first = register(jonas, "Halcyon Retail", "61000")
    assert "In review" in jonas.text()
    assert "channel manager decides" in jonas.text()
    second = register(jonas, "Quince Foods", "72000")

    # Mara decides both, and Jonas reads what she decided.
    decide_both(mara, people)
    read_both(jonas, first, second)
    subjects = wait_for(lambda: five_mails(background, people.jonas.email), 20)
    assert subjects[-1] == "Quince Foods: your registration is declined"
    assert jonas.problems + mara.problems == []


def decide_both(mara: Visitor, people: Cast) -> None:
    # She sees them on her start page.
    mara.open("/admin/")
    sign_in(mara, people.mara.email)
    assert mara.path() == "/admin/"
    assert "Halcyon Retail" in mara.text()
    assert "Quince Foods" in mara.text()
    mara.page.get_by_role("link", name="Halcyon Retail").first.click()
    assert "over-tier-limit" in mara.text()
    mara.page.get_by_label("Note to the partner").fill("Welcome aboard, good luck!")
    mara.page.get_by_role("button", name="Approve and protect").click()
    assert "is approved; its customer is protected." in mara.text()

    # She is led to the next one, and a decision without a reason is not taken.
    assert "Quince Foods" in mara.text()
    mara.page.get_by_role("button", name="Decline").click()
    assert "Choose the reason." in mara.text()
    mara.page.get_by_label("Reason").select_option(label="Outside the agreed territory")
    mara.page.get_by_label("What the partner should know").fill("This one belongs to Iberia.")
    mara.page.get_by_role("button", name="Decline").click()
    assert "is declined; the partner is told why." in mara.text()
    assert "The queue is empty" in mara.text()


def read_both(jonas: Visitor, approved: str, declined: str) -> None:
    # With their reasons, on the page and in the bell.
    jonas.open(approved)
    assert "Welcome aboard, good luck!" in jonas.text()
    assert "Decided by Mara" in jonas.text()
    jonas.open(declined)
    assert "Declined" in jonas.text()
    assert "This one belongs to Iberia." in jonas.text()
    unread(jonas, 5)
    jonas.page.locator(".bell").click()
    assert "Quince Foods: your registration is declined" in jonas.text()
    jonas.page.get_by_role("link", name="Quince Foods: your registration is declined").click()
    assert jonas.path() == declined


def five_mails(background: Background, address: str) -> list[str]:
    subjects = [str(mail["Subject"]) for mail in background.mails_to(address)]
    return subjects if len(subjects) == 5 else []
