"""What happens to what people type: kept as a draft, sent twice, sent too late, sent wrongly."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session

from core.models import Event
from dealreg.models import Deal
from tests.browser.test_walk import fill_in, sign_in
from tests.browser.visitor import Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
Visit = Callable[..., Visitor]


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name).click()


def customer_field(visitor: Visitor):
    return visitor.page.locator("[name=customer_name]")


@BOTH
def test_a_draft_is_kept_found_again_and_sent(people: Cast, visit: Visit, scripts: bool):
    jonas = visit(people.jonas, scripts=scripts)
    jonas.open("/deals/new/")
    customer_field(jonas).fill("Halcyon Retail")
    press(jonas, "Keep as a draft")
    assert "The draft is kept." in jonas.text()

    jonas.open("/deals/")
    jonas.page.get_by_role("link", name="Halcyon Retail").click()
    assert customer_field(jonas).input_value() == "Halcyon Retail"
    press(jonas, "Register the deal")
    assert "Choose a product line." in jonas.page.locator("main .callout[role=alert]").inner_text()
    assert Deal.objects.get().status == "draft"


@BOTH
def test_wrong_input_is_named_on_top_and_beside_and_kept(people: Cast, visit: Visit, scripts: bool):
    jonas = visit(people.jonas, scripts=scripts)
    fill_in(jonas, "Halcyon Retail", "-5")
    press(jonas, "Register the deal")

    summary = jonas.page.locator("main .callout[role=alert]")
    assert "Enter an amount above 0." in summary.inner_text()
    amount = jonas.page.locator("[name=amount]")
    assert (amount.get_attribute("aria-invalid"), amount.input_value()) == ("true", "-5")
    assert customer_field(jonas).input_value() == "Halcyon Retail"
    summary.get_by_role("link").first.click()
    assert amount.evaluate("field => field === document.activeElement")
    assert not Deal.objects.exists()


def test_a_double_click_registers_once(people: Cast, visit: Visit):
    jonas = visit(people.jonas)
    fill_in(jonas, "Halcyon Retail", "900")
    jonas.page.get_by_role("button", name="Register the deal").dblclick()
    jonas.page.wait_for_url(re.compile(r"/deals/\d+/$"))

    assert Deal.objects.count() == 1


def test_two_windows_with_the_same_form_register_once(people: Cast, visit: Visit):
    """Without scripts nothing holds the second click back but the form's own key."""
    jonas = visit(people.jonas, scripts=False)
    fill_in(jonas, "Halcyon Retail", "900")
    jonas.page.get_by_role("button", name="Register the deal").dblclick()
    jonas.page.wait_for_url(re.compile(r"/deals/\d+/$"))

    assert Deal.objects.count() == 1
    assert Event.objects.filter(kind="dealreg.deal_registered").count() == 1


@BOTH
def test_back_and_once_more_never_registers_in_silence(people: Cast, visit: Visit, scripts: bool):
    """The page that Back loads anew may be meant as a second opportunity; a person decides."""
    jonas = visit(people.jonas, scripts=scripts)
    fill_in(jonas, "Halcyon Retail", "900")
    press(jonas, "Register the deal")
    jonas.page.wait_for_url(re.compile(r"/deals/\d+/$"))
    jonas.page.go_back()
    assert customer_field(jonas).input_value() == "Halcyon Retail"
    press(jonas, "Register the deal")
    jonas.page.wait_for_url(re.compile(r"/deals/\d+/$"))

    statuses = sorted(Deal.objects.values_list("status", flat=True))
    assert statuses in (["approved"], ["approved", "in_review"])
    if len(statuses) == 2:
        assert "already has an open registration" in jonas.text()


@BOTH
def test_a_session_that_ended_meanwhile_loses_nothing(people: Cast, visit: Visit, scripts: bool):
    jonas = visit(people.jonas, scripts=scripts)
    fill_in(jonas, "Halcyon Retail", "900")
    Session.objects.all().delete()
    press(jonas, "Register the deal")
    sign_in(jonas, people.jonas.email)

    assert "Your form was kept" in jonas.text()
    assert "Halcyon Retail" in jonas.text()
    assert not Deal.objects.exists()
    press(jonas, "Send it now")
    jonas.page.wait_for_url(re.compile(r"/deals/\d+/$"))
    assert Deal.objects.get().customer_name == "Halcyon Retail"


def test_a_check_while_typing_leads_nobody_away_from_the_form(people: Cast, visit: Visit):
    """It meets the ended session first, and what was typed is not yet kept."""
    jonas = visit(people.jonas)
    page = jonas.open("/deals/new/")
    Session.objects.all().delete()
    with page.expect_response("**/deals/check/**") as check:
        page.locator("[name=customer_name]").press_sequentially("Halcyon Retail")

    assert check.value.status == 204
    assert (jonas.path(), customer_field(jonas).input_value()) == ("/deals/new/", "Halcyon Retail")


@BOTH
def test_a_registration_is_withdrawn_after_a_question(people: Cast, visit: Visit, scripts: bool):
    jonas = visit(people.jonas, scripts=scripts)
    fill_in(jonas, "Halcyon Retail", "900")
    press(jonas, "Register the deal")
    jonas.page.get_by_role("link", name="Withdraw").click()
    assert Deal.objects.get().status == "approved"
    press(jonas, "Withdraw the registration")

    assert "the customer is free again" in jonas.text()
    assert Deal.objects.get().status == "withdrawn"
