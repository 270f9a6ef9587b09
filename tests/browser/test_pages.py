"""U1, S6: every page is accessible, steady, light, and keeps to the policy."""

from collections.abc import Callable

import pytest

from core.actor import system
from core.models import User
from core.tokens import issue_token
from tests.access.world import add_passkey
from tests.browser.test_walk import sign_in
from tests.browser.tour import (
    FEW_LOOKS,
    LOOKS,
    MOST_BYTES,
    Look,
    look_at,
    overflow,
    steadiness,
    violations,
)
from tests.browser.visitor import Visitor
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser

# Every page that exists, by who sees it. "{review}" and the like are filled from `portal`.
VISITORS = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-wrong/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/{confirmation}/",
    "/accounts/inactive/",
    "/branding/logo",  # the error page 404
)
SELLERS = (
    "/",
    "/deals/",
    "/deals/?q=nothing-like-it",
    "/deals/forecast/",
    "/deals/filters/?sale=open",
    "/deals/new/",
    "/deals/{draft}/edit/",
    "/deals/{approved}/",
    "/deals/{approved}/sale/",
    "/deals/{approved}/won/",
    "/deals/{approved}/lost/",
    "/deals/{approved}/partners/",
    "/deals/{approved}/evidence/",
    "/deals/{approved}/cases/",
    "/deals/{approved}/timeline/",
    "/deals/{review}/",
    "/deals/{declined}/",
    "/deals/{approved}/withdraw/",
    "/deals/rules/",
    "/deals/shared/",
    "/deals/shared/{split}/",
    "/deals/shared/{split}/counter/",
    "/cases/",
    "/cases/{case}/",
    "/programme/tier/",
    "/company/",
    "/notifications/",
    "/style/",  # the error page 403
)
TOGETHER = (
    "/plan/",
    "/plan/{plan_id}/",
    "/plan/swot/",
    "/plan/reviews/",
    "/plan/reviews/{review_id}/",
    "/tasks/",
    "/tasks/new/",
    "/tasks/{todo_id}/",
    "/leads/",
    "/leads/{lead}/",
    "/programme/benefits/",
    "/distribution/",
    "/distribution/deals/",
)
DIRECTORY = (
    "/directory/",
    "/directory/{address}/",
    "/directory/{address}/contact/",
    "/directory/{address}/sent/",
)
ADMINISTRATORS = (
    "/plan/new/",
    "/plan/{plan_id}/edit/",
    "/plan/reviews/new/",
    "/plan/reviews/{review_id}/edit/",
    "/distribution/{link}/end/",
    "/company/profile/",
    "/company/contacts/",
    "/company/profitability/",
    "/company/documents/",
    "/company/directory/",
    "/company/people/",
    "/company/people/{place}/",
)
OWNERS = (
    "/profile/",
    "/security/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/{passkey}/edit/",
    "/accounts/2fa/webauthn/keys/{passkey}/remove/",
)
NEWCOMERS = ("/", "/deals/", "/notifications/")
STYLE = ("/style/", "/style/?dir=rtl", "/style/?theme=dark")
DESK = (
    "/admin/",
    "/admin/dealreg/deal/queue/",
    "/admin/dealreg/deal/{review}/review/",
    "/admin/dealreg/deal/{declined}/review/",
    "/admin/dealreg/deal/",
    "/admin/dealreg/deal/{approved}/history/",
    "/admin/dealreg/account/",
    "/admin/partners/partner/",
    "/admin/partners/partner/{partner}/change/",
)
CASES_AND_CUSTOMERS = (
    "/admin/dealreg/conflictcase/",
    "/admin/dealreg/conflictcase/{case}/change/",
    "/admin/dealreg/conflictcase/promptness/",
    "/admin/dealreg/deal/forecast/",
    "/admin/dealreg/deal/{approved}/sale/",
    "/admin/dealreg/split/",
    "/admin/dealreg/accountmerge/",
)
PROGRAMME = (
    "/admin/partners/tierprogramme/",
    "/admin/partners/tierprogramme/{programme}/change/",
    "/admin/partners/tierrun/{run}/change/",
    "/admin/partners/tierproposal/",
    "/admin/dealreg/account/duplicates/",
    "/admin/dealreg/account/{first}/merge/{second}/",
    "/admin/dealreg/rulebook/replays/{replay}/",
    "/admin/dealreg/dealfield/add/",
    "/admin/dealreg/servicelevel/add/",
)
TOGETHER_AT_THE_DESK = (
    "/admin/partners/jointplan/",
    "/admin/partners/jointplan/new/",
    "/admin/partners/jointplan/{plan_id}/change/",
    "/admin/partners/jointplan/{plan_id}/edit/",
    "/admin/partners/swotpoint/of/{partner}/",
    "/admin/partners/quarterlyreview/",
    "/admin/partners/quarterlyreview/new/",
    "/admin/partners/quarterlyreview/{review_id}/change/",
    "/admin/partners/quarterlyreview/{review_id}/edit/",
    "/admin/partners/todo/",
    "/admin/partners/todo/new/",
    "/admin/partners/todo/{todo_id}/change/",
    "/admin/partners/distributionlink/",
    "/admin/dealreg/lead/",
    "/admin/dealreg/lead/{lead}/change/",
)
OPERATIONS = (
    "/admin/partners/partner/add/",
    "/admin/partners/partner/{partner}/change/",
    "/admin/dealreg/rulebook/",
    "/admin/dealreg/rulebook/{book}/change/",
    "/admin/core/user/",
    "/admin/core/event/",
    "/admin/core/branding/1/change/",
    "/admin/partners/staffduty/add/",
)


def people_things(user: User, portal: dict[str, object]) -> None:
    """A passkey, recovery codes and tokens, once the person is in: signing in would ask for
    the passkey."""
    for label in ("CRM", "Warehouse robot"):
        issue_token(
            actor=system("test"), user=user, label=label, scopes=["deals:read"], expires_at=None
        )
    portal["passkey"] = add_passkey(user, "Laptop").pk


# Ways to see a page: few in each run, every one with make test-slow.
@pytest.fixture(
    params=[
        pytest.param(FEW_LOOKS, id="few"),
        pytest.param(LOOKS, id="every", marks=pytest.mark.slow),
    ]
)
def looks(request: pytest.FixtureRequest) -> tuple[Look, ...]:
    found: tuple[Look, ...] = request.param
    return found


def tour(
    visitor: Visitor,
    paths: tuple[str, ...],
    portal: dict[str, object],
    looks: tuple[Look, ...],
    *,
    ours: bool = True,
    most_bytes: int = MOST_BYTES,
) -> list[str]:
    found = []
    for path in paths:
        address = path.format(**portal)
        found += look_at(visitor, address, looks=looks, ours=ours, most_bytes=most_bytes)
    return found


def report(found: list[str]) -> str:
    return "\n".join([f"{len(found)} things:", *found])


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        (None, VISITORS),
        ("jonas", SELLERS[:6]),
        ("jonas", SELLERS[6:20]),
        pytest.param("jonas", SELLERS[20:], marks=pytest.mark.slow),
        ("olga", NEWCOMERS),
        (None, DIRECTORY),
        ("jonas", TOGETHER),
        pytest.param("ada", ADMINISTRATORS, marks=pytest.mark.slow),
    ],
    ids=[
        "visitors",
        "sellers",
        "deals",
        "programme",
        "newcomers",
        "directory",
        "together",
        "administrators",
    ],
)
def test_u1_s6_the_portals_pages(
    people: Cast, portal: dict[str, object], visit: Callable[..., Visitor], looks, name, paths
):
    visitor = visit(getattr(people, name) if name else None)
    found = tour(visitor, paths, portal, looks)

    assert not found, report(found)


def test_u1_the_page_of_all_components(
    people: Cast, portal: dict[str, object], visit: Callable[..., Visitor], looks
):
    """It shows everything at once to the vendor's staff; no other page weighs as much."""
    found = tour(visit(people.mara), STYLE, portal, looks, most_bytes=120_000)

    assert not found, report(found)


@pytest.mark.parametrize("paths", [OWNERS[:7], OWNERS[7:]], ids=["profile", "second factors"])
def test_u1_s6_pages_of_ones_own_account(
    people: Cast, portal: dict[str, object], visit: Callable[..., Visitor], looks, paths
):
    """Some ask for the password again first."""
    jonas = visit()
    jonas.open("/accounts/reauthenticate/")
    sign_in(jonas, people.jonas.email)
    jonas.page.locator("[name=password]").fill(PASSWORD)
    jonas.page.get_by_role("button", name="Confirm", exact=True).click()
    people_things(people.jonas, portal)
    found = tour(jonas, paths, portal, looks)

    assert not found, report(found)


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("mara", DESK[:5]),
        ("mara", DESK[5:]),
        pytest.param("mara", CASES_AND_CUSTOMERS, marks=pytest.mark.slow),
        pytest.param("otto", PROGRAMME, marks=pytest.mark.slow),
        pytest.param("mara", TOGETHER_AT_THE_DESK, marks=pytest.mark.slow),
        ("otto", OPERATIONS),
    ],
    ids=["desk", "tables", "cases", "programme", "together", "operations"],
)
def test_u1_the_back_offices_pages(
    people: Cast, portal: dict[str, object], visit: Callable[..., Visitor], looks, name, paths
):
    visitor = visit(getattr(people, name))
    found = tour(visitor, paths, portal, looks, ours=False)

    assert not found, report(found)


def test_the_tour_notices_what_it_is_for(people: Cast, visit: Callable[..., Visitor]):
    """The control: a page that is wrong in every way is found wrong in every way."""
    jonas = visit(people.jonas)
    jonas.open("/company/")
    jonas.page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<img src='/static/favicon.svg'>"
            + "<p id='pale'>Hardly to be read</p><pre id='wide'>" + "wide ".repeat(500) + "</pre>");
          document.getElementById("pale").style.color = "#ddd";
          document.getElementById("pale").style.background = "#fff";
          document.body.prepend(Object.assign(document.createElement("script"), {text: "1"}));
          window.shifted = 1;
        }"""
    )
    found = " ".join(violations(jonas.page))

    assert "image-alt" in found
    assert "color-contrast at #pale" in found
    assert overflow(jonas.page) > 0
    assert steadiness(jonas.page)
    assert any("script-src" in problem for problem in jonas.problems)
