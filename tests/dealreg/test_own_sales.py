"""A registration meets what the vendor sold and sells itself; its partner learns only that."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actor import system
from dealreg.checking import check_customer
from dealreg.models import Account, Deal, DirectOpportunity, ProductLine, Purchase
from dealreg.services import (
    CustomerDetails,
    OwnOpportunity,
    PastPurchase,
    add_customer,
    import_direct_opportunities,
    import_purchases,
)

pytestmark = pytest.mark.django_db
ME = system("test")
TODAY = timezone.localdate()
LONG_AGO = TODAY - dt.timedelta(days=400)


@pytest.fixture
def nordwind() -> Account:
    details = CustomerDetails(name="Nordwind Logistics", country="DE")
    return add_customer(actor=ME, details=details)


def bought(account, line, **more):
    return Purchase.objects.create(account=account, product_line=line, bought_on=LONG_AGO, **more)


def direct(account, line, **more):
    return DirectOpportunity.objects.create(
        account=account, product_line=line, opened_on=LONG_AGO, **more
    )


def levels(deal: Deal) -> dict[str, str]:
    facts = deal.decisions.latest("id").facts
    kinds = ("level", "customer_level", "direct_level", "own_level")
    return {
        kind: facts[f"conflict.{kind}"] for kind in kinds if facts[f"conflict.{kind}"] != "none"
    }


def test_an_existing_customer_is_met_under_another_spelling(nordwind, cast, registered):
    bought(nordwind, cast.product)
    deal = registered(customer_name="Nordwnid Logistics", customer_domain="")

    assert levels(deal) == {"customer_level": "likely"}
    assert (deal.status, deal.decisions.get().conflict_level) == ("in_review", "likely")


def test_an_open_direct_opportunity_is_met(nordwind, cast, registered):
    direct(nordwind, cast.product)
    deal = registered(customer_domain="")

    assert levels(deal) == {"direct_level": "same"}
    assert deal.status == "in_review"


def test_a_direct_opportunity_without_product_line_counts_for_all(nordwind, registered):
    direct(nordwind, None)

    assert levels(registered(customer_domain="")) == {"direct_level": "same"}


def test_what_is_over_or_of_another_line_keeps_nobody_out(nordwind, cast, registered):
    other = ProductLine.objects.create(code="other", name="Other")
    bought(nordwind, other)
    bought(nordwind, cast.product, ends_on=TODAY - dt.timedelta(days=1))
    direct(nordwind, other)
    direct(nordwind, cast.product, closed_on=LONG_AGO)
    deal = registered(customer_domain="")

    assert (levels(deal), deal.status) == ({}, "approved")


def won(deal: Deal) -> None:
    Deal.objects.filter(pk=deal.pk).update(stage="won", closed_on=TODAY, closed_amount=deal.amount)
    deal.protection.delete()


def test_a_deal_that_another_partner_won_makes_a_customer(cast, registered):
    won(registered())
    second = registered(by=cast.bo)

    assert levels(second) == {"customer_level": "same"}


def test_what_the_partner_sold_itself_is_its_own_earlier_one(nordwind, cast, registered):
    bought(nordwind, cast.product, sold_by=cast.alpha)
    won(registered(customer_domain=""))
    second = registered(customer_domain="")

    assert (levels(second), second.status) == ({"own_level": "same"}, "approved")


def test_the_answer_while_typing_is_one_for_all_kinds(nordwind, cast, rules):
    ask = partial(
        check_customer,
        actor=cast.actor(cast.jonas),
        name="Nordwind Logistics",
        domain="",
        country="DE",
        product_line_id=None,
    )
    nothing = ask()
    row = direct(nordwind, cast.product)
    directly = ask()
    row.delete()
    bought(nordwind, cast.product)

    assert not nothing.conflict
    assert directly == ask()
    assert (directly.conflict, directly.own) == (True, ())


def test_the_partner_reads_one_sentence_for_all_kinds(nordwind, cast, registered):
    bought(nordwind, cast.product)
    first = registered(customer_domain="").decisions.get()
    Purchase.objects.all().delete()
    Deal.objects.update(status="withdrawn")
    direct(nordwind, cast.product)
    second = registered(customer_domain="").decisions.get()

    assert (first.rule, first.message, first.hint) == (second.rule, second.message, second.hint)


def test_the_desk_says_what_stands_against_it(client, nordwind, cast, registered):
    bought(nordwind, cast.product)
    direct(nordwind, None, stage="Proposal", owner="Hannah")
    deal = registered(customer_name="Nordwnid Logistics", customer_domain="")
    client.force_login(cast.mara)
    page = client.get(reverse("admin:dealreg_deal_review", args=[deal.pk])).content.decode()

    assert "Has this product line" in page
    assert "sold by us" in page
    assert "all product lines · Proposal · Hannah" in page
    assert "names 94 % alike" in page


def test_importing_again_follows_direct_opportunities(nordwind, cast):
    there = OwnOpportunity("crm:D1", nordwind.pk, cast.product.pk, "Proposal", "Hannah", LONG_AGO)
    gone = OwnOpportunity("crm:D1", nordwind.pk, None, "Lost", "Hannah", LONG_AGO, TODAY)
    first = import_direct_opportunities(actor=ME, opportunities=[there])
    second = import_direct_opportunities(actor=ME, opportunities=[gone])

    row = DirectOpportunity.objects.get()
    assert (len(first.new), len(second.new)) == (1, 0)
    assert (row.stage, row.closed_on, row.product_line_id) == ("Lost", TODAY, cast.product.pk)


def test_importing_purchases_twice_adds_nothing(nordwind, cast):
    purchase = PastPurchase("crm:B1", nordwind.pk, cast.product.pk, LONG_AGO)
    first = import_purchases(actor=ME, purchases=[purchase])
    second = import_purchases(actor=ME, purchases=[purchase])

    assert (len(first.new), len(second.new), Purchase.objects.count()) == (1, 0, 1)
