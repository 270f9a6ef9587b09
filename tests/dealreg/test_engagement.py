"""The evaluator: pure, so without a database."""

from decimal import Decimal

import pytest
from django.utils import translation

from dealreg.desk.deciding import said
from dealreg.rules.engagement import (
    Book,
    Group,
    InvalidRule,
    NoRuleApplied,
    Rule,
    decide,
    in_words,
    read_group,
    spelled,
)
from dealreg.rules.facts import FACTS, FactValue
from dealreg.rules.soundness import problems_of
from dealreg.rules.starter import STARTER_RULES
from dealreg.rules.states import Outcome

STARTER = Book(
    1,
    tuple(
        Rule(r["code"], Outcome(r["outcome"]), read_group(r["conditions"]), r["message"])
        for r in STARTER_RULES
    ),
)
CLEAN: dict[str, FactValue] = {
    "partner.in_business": True,
    "deal.public_sector": False,
    "deal.customer_consent": False,
    "deal.over_tier_limit": False,
    "partner.over_registration_limit": False,
    "conflict.level": "none",
    "conflict.own_open": False,
}


@pytest.mark.parametrize(
    ("changed", "outcome", "rule"),
    [
        ({}, "approve", "approve"),
        ({"partner.in_business": False}, "decline", "partner-not-active"),
        ({"deal.public_sector": True}, "decline", "tender-without-consent"),
        ({"deal.public_sector": True, "deal.customer_consent": True}, "approve", "approve"),
        ({"conflict.level": "possible"}, "review", "possible-conflict"),
        ({"conflict.level": "same"}, "review", "possible-conflict"),
        ({"conflict.own_open": True}, "review", "own-earlier-registration"),
        ({"deal.over_tier_limit": True}, "review", "over-tier-limit"),
        ({"partner.over_registration_limit": True}, "review", "too-many-open"),
        ({"partner.in_business": False, "conflict.level": "same"}, "decline", "partner-not-active"),
    ],
)
def test_starter_rules_decide(changed, outcome, rule):
    verdict = decide({**CLEAN, **changed}, STARTER)

    assert (verdict.outcome, verdict.rule) == (outcome, rule)


def test_the_trace_ends_with_the_rule_that_applied():
    trace = decide({**CLEAN, "conflict.level": "likely"}, STARTER).trace

    assert [(step.rule, step.applied) for step in trace] == [
        ("partner-not-active", False),
        ("tender-without-consent", False),
        ("own-earlier-registration", False),
        ("possible-conflict", True),
    ]
    assert trace[-1].checks[0].actual == "likely"


def test_message_names_what_the_words_say():
    verdict = decide(
        {**CLEAN, "deal.over_tier_limit": True}, STARTER, {"tier": "Silver", "limit": "€5"}
    )

    assert "for the Silver tier (€5)" in verdict.message


def test_a_condition_on_an_unknown_fact_is_false():
    over = read_group({"all": [{"fact": "deal.amount", "above": "10"}]})

    assert not over.holds({"deal.amount": None})
    assert not over.holds({"deal.amount": Decimal(10)})
    assert over.holds({"deal.amount": Decimal("10.01")})


def test_any_needs_one_and_all_needs_all():
    members = [
        {"fact": "deal.public_sector", "is": True},
        {"fact": "conflict.level", "not_in": ["none"]},
    ]
    facts: dict[str, FactValue] = {"deal.public_sector": True, "conflict.level": "none"}

    assert read_group({"any": members}).holds(facts)
    assert not read_group({"all": members}).holds(facts)


@pytest.mark.parametrize(
    ("conditions", "complaint"),
    [
        ({"all": []}, "at least one condition"),
        ({"some": [{}]}, "Write a group"),
        ([1], "Write a group"),
        ({"all": [{"fact": "deal.colour", "is": "red"}]}, "no fact “deal.colour”"),
        ({"all": [{"fact": "deal.amount", "is": "5"}]}, "cannot be compared"),
        ({"all": [{"fact": "deal.amount", "above": "many"}]}, "not a value of “deal.amount”"),
        ({"all": [{"fact": "deal.amount", "above": "NaN"}]}, "not a value of “deal.amount”"),
        ({"all": [{"fact": "deal.public_sector", "is": "yes"}]}, "not a value"),
        ({"all": [{"fact": "conflict.level", "is": "huge"}]}, "“huge” is not a value"),
        ({"all": [{"fact": "conflict.level"}]}, "needs one operator"),
    ],
)
def test_a_rule_that_cannot_be_judged_says_why(conditions, complaint):
    with pytest.raises(InvalidRule, match=complaint):
        read_group(conditions)


def test_a_book_needs_a_closing_rule_at_its_end():
    always = Rule("approve", Outcome.APPROVE, Group(), "Yes")
    tender = Rule(
        "tender",
        Outcome.DECLINE,
        read_group({"all": [{"fact": "deal.public_sector", "is": True}]}),
        "No",
    )

    assert problems_of(Book(2, (tender, always))) == []
    assert "apply always" in problems_of(Book(2, (tender,)))[0]
    assert "“tender” can never be reached" in problems_of(Book(2, (always, tender)))[0]
    with pytest.raises(NoRuleApplied):
        decide(CLEAN, Book(2, (tender,)))


def test_conditions_read_as_words():
    group = read_group(
        {
            "all": [
                {"fact": "deal.public_sector", "is": True},
                {"fact": "deal.amount", "above": "50000"},
            ]
        }
    )

    assert in_words(group) == (
        "it is a public-sector tender and the amount in the base currency is above 50,000.00"
    )


def test_choices_are_read_in_the_readers_language():
    level = FACTS["conflict.level"]
    kept = spelled(("possible", "same"), level, worded=False)

    assert kept == "possible, same"
    with translation.override("de"):
        assert said(kept, level) == "Möglich, Derselbe"
        assert said("yes", FACTS["deal.public_sector"]) == "ja"
        assert spelled("reseller", FACTS["partner.type"]) != "reseller"
