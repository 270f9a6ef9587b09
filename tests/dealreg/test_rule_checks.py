"""Sound books and the nearest change: pure, on small domains that can be tried out whole."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealreg.books import facts_to_json
from dealreg.rules.comparing import differences
from dealreg.rules.compiled import compile_book, compile_reader
from dealreg.rules.engagement import Book, Group, Rule, decide, read_group
from dealreg.rules.facts import FactValue, with_change
from dealreg.rules.nearest import BETTER, nearest_change
from dealreg.rules.soundness import problems_of, reachable
from dealreg.rules.states import Outcome

# Every value of each fact that the generated conditions tell apart.
DOMAIN: dict[str, list[FactValue]] = {
    "deal.public_sector": [True, False],
    "deal.customer_consent": [True, False],
    "conflict.level": ["none", "possible", "likely", "same"],
    "deal.files": [Decimal(number) for number in range(5)],
    "deal.amount": [None, *(Decimal(number) / 2 for number in range(9))],
    "partner.approval_limit": [None, *(Decimal(number) / 2 for number in range(9))],
}
ALL_FACTS = [dict(zip(DOMAIN, values, strict=True)) for values in product(*DOMAIN.values())]

conditions = st.one_of(
    st.builds(
        lambda fact, value: {"fact": fact, "is": value},
        st.sampled_from(["deal.public_sector", "deal.customer_consent"]),
        st.booleans(),
    ),
    st.builds(
        lambda operator, values: {"fact": "conflict.level", operator: values},
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from(["none", "possible", "likely", "same"]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda operator, value: {"fact": "deal.files", operator: value},
        st.sampled_from(["is", "is_not", "above", "at_least", "below", "at_most"]),
        st.integers(0, 3),
    ),
    st.builds(
        lambda operator, value: {"fact": "deal.amount", operator: value},
        st.sampled_from(["above", "at_least", "below", "at_most"]),
        st.one_of(st.integers(1, 3), st.just({"fact": "partner.approval_limit"})),
    ),
)
groups = st.recursive(
    conditions,
    lambda inner: st.builds(
        lambda match, members: {match: members},
        st.sampled_from(["all", "any"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
).map(lambda written: written if {"all", "any"} & set(written) else {"all": [written]})
outcomes = st.sampled_from([Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE])


@st.composite
def books(draw) -> Book:
    written = draw(st.lists(st.tuples(groups, outcomes), max_size=4))
    rules = [
        Rule(f"r{place}", outcome, read_group(group), "m")
        for place, (group, outcome) in enumerate(written)
    ]
    return Book(1, (*rules, Rule("rest", draw(outcomes), Group(), "m")))


facts_of_a_deal = st.sampled_from(ALL_FACTS)


@given(books(), facts_of_a_deal)
def test_a_book_with_a_closing_rule_always_decides_the_same(book, facts):
    verdict = decide(facts, book)

    assert verdict == decide(dict(facts), book)
    assert verdict.rule in {rule.code for rule in book.rules}


@given(books(), facts_of_a_deal)
def test_the_compiled_book_decides_as_the_readable_one(book, facts):
    stored = facts_to_json(facts)
    rule = compile_book(book)(compile_reader(book.facts())(stored))

    assert rule.code == decide(facts, book).rule


@given(groups, st.lists(groups, max_size=2))
def test_unreachable_is_said_of_rules_that_never_apply_and_only_of_them(wanted, earlier):
    group, before = read_group(wanted), [read_group(one) for one in earlier]
    applies = any(
        group.holds(facts) and not any(one.holds(facts) for one in before) for facts in ALL_FACTS
    )

    assert reachable(group, before) == applies


@given(books(), facts_of_a_deal)
def test_the_nearest_change_leads_to_the_better_outcome(book, facts):
    verdict = decide(facts, book)
    change = nearest_change(facts, book, verdict.rule)

    if change is not None:
        changed = decide(with_change(facts, change.fact, change.value), book)
        assert changed.outcome == change.outcome
        assert BETTER.index(changed.outcome) > BETTER.index(verdict.outcome)
        assert change.fact in {"deal.amount", "deal.customer_consent", "deal.files"}


@given(books(), facts_of_a_deal, st.sampled_from(["none", "possible", "likely", "same"]))
def test_the_hint_is_the_same_whatever_the_partner_must_not_know(book, facts, level):
    other = {**facts, "conflict.level": level}
    rule = decide(facts, book).rule

    if decide(other, book).rule == rule:
        assert nearest_change(facts, book, rule) == nearest_change(other, book, rule)


def when(*members: Mapping[str, object]) -> Group:
    return read_group({"all": list(members)})


REVIEW_OVER = Rule(
    "over", Outcome.REVIEW, when({"fact": "deal.over_tier_limit", "is": True}), "Too much"
)
TENDER = Rule(
    "tender",
    Outcome.DECLINE,
    when(
        {"fact": "deal.public_sector", "is": True},
        {"fact": "deal.customer_consent", "is": False},
    ),
    "No",
)
YES = Rule("yes", Outcome.APPROVE, Group(), "Yes")
CLEAN: dict[str, FactValue] = {
    "deal.amount": Decimal(80_000),
    "partner.approval_limit": Decimal(50_000),
    "deal.over_tier_limit": True,
    "deal.public_sector": False,
    "deal.customer_consent": False,
    "conflict.level": "none",
}


def test_an_amount_at_the_limit_would_have_been_approved():
    change = nearest_change(CLEAN, Book(1, (REVIEW_OVER, YES)), "over")

    assert change is not None
    assert (change.fact, change.direction, change.value, change.outcome) == (
        "deal.amount",
        "less",
        Decimal(50_000),
        Outcome.APPROVE,
    )


def test_consent_would_have_been_approved():
    facts = {**CLEAN, "deal.over_tier_limit": False, "deal.public_sector": True}
    change = nearest_change(facts, Book(1, (TENDER, YES)), "tender")

    assert change is not None
    assert (change.fact, change.value) == ("deal.customer_consent", True)


def test_nothing_is_hinted_that_would_tell_of_a_conflict():
    conflict = Rule(
        "conflict", Outcome.REVIEW, when({"fact": "conflict.level", "is_not": "none"}), "Look"
    )
    told_already = Book(1, (conflict, REVIEW_OVER, YES))
    not_told = Book(1, (REVIEW_OVER, conflict, YES))

    assert nearest_change(CLEAN, told_already, "over") is not None
    assert nearest_change(CLEAN, not_told, "over") is None


SMALL = when({"fact": "deal.files", "below": 2})


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ([Rule("a", Outcome.REVIEW, when({"fact": "deal.files", "below": 0}), "")], "contradict"),
        (
            [
                Rule(
                    "a",
                    Outcome.REVIEW,
                    when({"fact": "deal.files", "above": 3}, {"fact": "deal.files", "below": 4}),
                    "",
                )
            ],
            "contradict each other",
        ),
        (
            [
                Rule("a", Outcome.REVIEW, SMALL, ""),
                Rule("b", Outcome.DECLINE, when({"fact": "deal.files", "is": 1}), ""),
            ],
            "whenever it would apply, “a” before it does",
        ),
        (
            [
                Rule("a", Outcome.REVIEW, SMALL, ""),
                Rule("b", Outcome.DECLINE, when({"fact": "deal.files", "at_least": 2}), ""),
                Rule("c", Outcome.DECLINE, when({"fact": "deal.public_sector", "is": True}), ""),
            ],
            "the rules before it catch all it means",
        ),
        ([TENDER, TENDER], "Two rules have the code “tender”"),
        ([Rule("a", Outcome.REVIEW, SMALL, "Dear $boss")], "no placeholder “\\$boss”"),
        ([Rule("a", Outcome.REVIEW, SMALL, "It costs $5")], "as \\$\\$"),
    ],
)
def test_a_rule_that_nobody_can_mean_is_named(rules, complaint):
    found = problems_of(Book(1, (*rules, YES)))

    assert re.search(complaint, " ".join(found))


def test_differences_are_named_by_code():
    stricter = Rule("over", Outcome.DECLINE, REVIEW_OVER.when, "Too much")
    found = differences(Book(1, (REVIEW_OVER, TENDER, YES)), Book(2, (TENDER, stricter)))

    assert [(one.code, one.kind.value) for one in found] == [
        ("tender", "moved"),
        ("over", "changed"),
        ("yes", "removed"),
    ]
