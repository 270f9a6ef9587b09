"""The customer opens the link of its mail in a browser and answers."""

import re
from collections.abc import Callable

import pytest

from dealreg.models import Confirmation
from dealreg.services import ask_customer, register_deal
from tests.browser.stack import Background, body_of, wait_for
from tests.browser.things import registration
from tests.browser.visitor import Visitor
from tests.cast import Cast

pytestmark = pytest.mark.browser

ANNA = "anna@nordwind.example"


def test_the_customer_says_yes(people: Cast, visit: Callable[..., Visitor], background: Background):
    deal = register_deal(
        actor=people.actor(people.jonas), request=registration(people, "Nordwind Logistics", 12_800)
    )
    ask_customer(actor=people.actor(people.jonas), deal_id=deal.pk, address=ANNA)
    (mail,) = wait_for(lambda: background.mails_to(ANNA), 20)
    link = re.findall(r"/confirm/[\w-]+/", body_of(mail, "plain"))[0]

    anna = visit(None)
    anna.open(link)
    anna.page.get_by_role("button", name="Yes, they are our partner").click()
    assert "Thank you" in anna.text()
    assert Confirmation.objects.get().answer == "yes"
