"""H7: what people type is text everywhere, never markup or script."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import User
from dealreg.models import Deal
from dealreg.rules.request import RegistrationRequest
from dealreg.rules.states import DeclineReason
from dealreg.services import decline_deal, register_deal
from tests.browser.stack import Background, body_of, wait_for
from tests.browser.visitor import Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser

SCRIPT = "<script>window.ran=1</script>"
PICTURE = '"><img src=x onerror="window.ran=2">'
CLOSING = "</title></style></textarea><svg onload=window.ran=3>"
TEMPLATE = "{{ 7*7 }}{% csrf_token %}${window.ran=4}`"
ADDRESS = "javascript:window.ran=5"
HOSTILE = f"{SCRIPT}{PICTURE}{CLOSING}"


def hostile_deal(cast: Cast, amount: int) -> Deal:
    request = RegistrationRequest(
        customer_name=f"{SCRIPT}{PICTURE}{amount}",
        customer_country="DE",
        product_line_id=cast.product.pk,
        amount=Decimal(amount),
        currency="EUR",
        expected_close=timezone.localdate() + dt.timedelta(days=30),
        description=f"{HOSTILE}{TEMPLATE}{ADDRESS}",
    )
    return register_deal(actor=cast.actor(cast.jonas), request=request)


@pytest.fixture
def hostile(people: Cast) -> Cast:
    """Everything that people can name is hostile."""
    for user in (people.jonas, people.mara):
        User.objects.filter(pk=user.pk).update(name=f"{PICTURE}{SCRIPT}")
        user.refresh_from_db()
    people.alpha.name = f"Alpha {HOSTILE}"
    people.alpha.save()
    people.product.name = f"Cloud {PICTURE}"
    people.product.save()
    return people


def assert_inert(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    assert page.evaluate("window.ran") is None, f"a script ran on {path}"
    assert page.locator("img[src=x], svg[onload], [onerror]").count() == 0, path
    assert "49{%" not in page.content(), path


def test_h7_script_in_names_and_texts_never_runs(
    hostile: Cast, visit: Callable[..., Visitor], background: Background
):
    approved, waiting, declined = (hostile_deal(hostile, n) for n in (900, 61_000, 72_000))
    decline_deal(
        actor=hostile.actor(hostile.mara),
        deal_id=declined.pk,
        reason=DeclineReason.OTHER,
        message=HOSTILE,
    )
    background.settle()
    jonas, mara = visit(hostile.jonas), visit(hostile.mara)
    for path in ("/", "/deals/", "/company/", "/notifications/", "/profile/", "/security/"):
        assert_inert(jonas, path)
    for deal in (approved, waiting, declined):
        assert_inert(jonas, f"/deals/{deal.pk}/")
    assert SCRIPT in jonas.text()  # shown as it was typed
    assert_inert(jonas, f"/deals/{approved.pk}/withdraw/")
    for path in (
        "/admin/",
        "/admin/dealreg/deal/queue/",
        f"/admin/dealreg/deal/{waiting.pk}/review/",
        "/admin/dealreg/deal/",
        f"/admin/partners/partner/{hostile.alpha.pk}/change/",
    ):
        assert_inert(mara, path)
    assert jonas.problems + mara.problems == []


def test_h7_script_in_search_and_in_a_refused_form_never_runs(
    hostile: Cast, visit: Callable[..., Visitor]
):
    jonas = visit(hostile.jonas)
    assert_inert(
        jonas, "/deals/?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E&status=%3Cscript%3E"
    )
    assert_inert(jonas, "/accounts/login/?next=javascript:window.ran=1")
    page = jonas.open("/deals/new/")
    page.locator("[name=customer_name]").fill(HOSTILE)
    page.locator("[name=description]").fill(HOSTILE)
    page.get_by_role("button", name="Register the deal").click()

    assert page.evaluate("window.ran") is None
    assert page.locator("[name=customer_name]").input_value() == HOSTILE


def test_h7_script_in_a_mail_is_text(hostile: Cast, background: Background, site: str):
    hostile_deal(hostile, 900)
    mail = wait_for(lambda: background.mails_to(hostile.jonas.email), 30)[0]
    html = body_of(mail, "html")

    assert SCRIPT not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "\n" not in mail["Subject"]
