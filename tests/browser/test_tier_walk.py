"""What a won deal brings its partner: worker and beat count it, the tier rises, benefits follow,
its people are told, and the way to the next tier begins."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from core.actor import system
from partners import services
from partners.models import Tier
from partners.rules.benefits import Value
from tests.browser.stack import Background, body_of, wait_for
from tests.browser.test_walk import register
from tests.browser.visitor import Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser

TEST = system("test")


def publish_programme(cast: Cast) -> None:
    """Silver is everybody's; Gold asks for 10,000 euros of revenue and Platinum for 30,000. They
    bring a margin of 10, 15 and 20 percent."""
    gold, platinum = (
        Tier.objects.create(name=name, rank=rank) for name, rank in (("Gold", 20), ("Platinum", 30))
    )
    levels = [
        services.LevelDraft(cast.alpha.tier_id),
        services.LevelDraft(gold.pk, {"sourced_revenue": Decimal(10_000)}),
        services.LevelDraft(platinum.pk, {"sourced_revenue": Decimal(30_000)}),
    ]
    row = services.draft_programme(actor=TEST)
    written = services.ProgrammeDraft("Programme", levels)
    services.write_programme(actor=TEST, programme_id=row.pk, draft=written)
    services.publish_programme(actor=TEST, programme_id=row.pk)
    margins = {cast.alpha.tier_id: 10, gold.pk: 15, platinum.pk: 20}
    grants = {tier: {"margin": Value(Decimal(margin))} for tier, margin in margins.items()}
    catalogue = services.draft_benefits(actor=TEST)
    drafted = services.CatalogueDraft("Benefits", grants)
    services.write_benefits(actor=TEST, catalogue_id=catalogue.pk, draft=drafted)
    services.publish_benefits(actor=TEST, catalogue_id=catalogue.pk)


def win(visitor: Visitor, deal: str) -> None:
    page = visitor.open(f"{deal}won/")
    page.locator("[name=reasons]").first.check()
    page.get_by_role("button", name="The sale is won").click()
    page.wait_for_load_state()


def shown_later(visitor: Visitor, path: str, text: str) -> str:
    """The page once it says that: a worker counts in between."""

    def said() -> str:
        visitor.open(path)
        all_of_it = visitor.text()
        return all_of_it if text in all_of_it else ""

    return wait_for(said, 30)


def test_a_won_deal_lifts_the_partner(
    people: Cast, visit: Callable[..., Visitor], background: Background
):
    publish_programme(people)
    jonas, ada = visit(people.jonas), visit(people.ada)

    # Silver, with all of Gold's revenue to go.
    deal = register(jonas, "Nordwind Logistics", "12800")
    jonas.open("/programme/tier/")
    assert "To reach Gold" in jonas.text()
    assert "€10,000.00 missing" in jonas.text()

    # The deal is won; a worker counts it, and Alpha is Gold with Platinum ahead.
    win(jonas, deal)
    tier = shown_later(jonas, "/programme/tier/", "To reach Platinum")
    assert "€12,800.00 of €30,000.00" in tier
    assert "€17,200.00 missing" in tier
    assert "Win 2 deals more, at €12,800.00 on average." in tier
    assert jonas.page.locator(".page-header .badge").inner_text() == "Gold"

    # Gold's benefits are theirs, beside what Platinum would change.
    jonas.open("/programme/benefits/")
    assert jonas.page.locator("th[aria-current=true]").inner_text().split() == ["Gold", "yours"]
    assert "What Platinum changes" in jonas.text()
    assert re.search(r"Margin: 20\s%\sinstead of 15\s%", jonas.text())

    # Alpha's people are told, in the portal and by mail.
    ada.open("/notifications/")
    assert "Alpha Systems is now Gold" in ada.text()
    mail = wait_for(lambda: told(background, people.ada.email), 20)
    assert "/programme/tier/" in body_of(mail, "plain")
    assert jonas.problems + ada.problems == []


def told(background: Background, address: str):
    subject = "Alpha Systems is now Gold"
    mails = background.mails_to(address)
    return next((mail for mail in mails if mail["Subject"] == subject), None)
