"""Rules of engagement ask whether the customer is in the partner's territory."""

import pytest

from dealreg import services
from dealreg.services.judging import territory
from partners.queries import registration_rights
from partners.services import set_territories

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside_is_reviewed(cast, rules):
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    outside = {"all": [{"fact": "partner.in_territory", "is": False}]}
    rule = services.RuleDraft("outside", "review", outside, "Outside your territory")
    written = services.drafting.rules_of(draft)
    services.write_draft(actor=otto, book_id=draft.pk, title="x", rules=[rule, *written])
    services.publish_book(actor=otto, book_id=draft.pk)


@pytest.mark.parametrize(
    ("countries", "fact", "status"),
    [(["AT", "DE"], True, "approved"), (["FR"], False, "in_review"), ([], None, "approved")],
)
def test_a_rule_decides_by_the_partners_territories(
    outside_is_reviewed, registered, cast, countries, fact, status
):
    set_territories(actor=cast.actor(cast.otto), partner_id=cast.alpha.pk, places=countries)
    deal = registered()
    assert (deal.decisions.get().facts["partner.in_territory"], deal.status) == (fact, status)


def test_the_fact_costs_one_query(registered, django_assert_num_queries):
    deal = registered()
    rights = registration_rights(deal.partner_id)
    with django_assert_num_queries(1):
        assert territory(deal, rights) == {"partner.in_territory": None}
