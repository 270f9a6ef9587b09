"""Who may say what to a split, and how a whole is shared: no database."""

from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, minor_units, total
from dealreg.rules.splits import (
    OPEN,
    STEP,
    WHOLE,
    DefaultShare,
    InvalidSplit,
    Position,
    Share,
    SplitMovedOn,
    SplitRole,
    SplitStatus,
    SplitVerb,
    check_shares,
    default_shares,
    money_parts,
    require,
    scaled,
    verbs_of,
    with_own,
)

A, B, C = 1, 2, 3
SELL, SOURCE, IMPLEMENT = SplitRole.SELL, SplitRole.SOURCE, SplitRole.IMPLEMENT


def share(party, percent, role=SELL):
    return Share(party, role, Decimal(percent))


@st.composite
def whole_splits(draw):
    """Parts of several parties that make 100 %."""
    cuts = draw(st.sets(st.integers(1, 9999), max_size=9))
    places = [0, *sorted(cuts), 10_000]
    roles = st.sampled_from(list(SplitRole))
    return [
        Share(party, draw(roles), (after - before) * STEP)
        for party, (before, after) in enumerate(pairwise(places), start=1)
    ]


amounts = st.tuples(st.sampled_from(["JPY", "EUR", "KWD"]), st.integers(0, 10**15)).map(
    lambda pair: Money(Decimal(pair[1]).scaleb(-minor_units(pair[0])), pair[0])
)


@given(whole_splits(), amounts)
def test_c4_money_parts_make_the_whole_exactly_and_are_never_negative(shares, amount):
    check_shares(shares)
    parts = money_parts(amount, shares)

    assert total(parts, amount.currency) == amount
    assert all(part.amount >= 0 and part == part.quantize() for part in parts)


@given(whole_splits(), amounts, st.randoms())
def test_c4_it_does_not_matter_in_which_order_the_parts_stand(shares, amount, random):
    mixed = list(shares)
    random.shuffle(mixed)

    worth = dict(zip(shares, money_parts(amount, shares), strict=True))
    assert dict(zip(mixed, money_parts(amount, mixed), strict=True)) == worth


def test_c4_an_amount_finer_than_its_currency_is_shared_to_the_last_digit():
    parts = money_parts(Money(Decimal("10.005"), "EUR"), [share(A, "50"), share(B, "50")])

    assert [part.amount for part in parts] == [Decimal("5.005"), Decimal("5.00")]


@given(whole_splits(), st.integers(1, 9_000))
def test_c4_a_counter_leaves_the_others_their_proportion_and_makes_100(shares, mine):
    own = [share(shares[0].party, mine * STEP)]
    if len(shares) == 1:
        return
    try:
        after = with_own(own, shares)
    except InvalidSplit:
        return
    assert sum(one.percent for one in after) == WHOLE
    assert after[0].percent == mine * STEP
    assert [one.party for one in after[1:]] == [one.party for one in shares[1:]]


@given(whole_splits(), st.sampled_from(list(DefaultShare)), st.data())
def test_c4_every_default_makes_100(shares, kind, data):
    parties = [one.party for one in shares]
    taking = data.draw(st.lists(st.sampled_from(parties), unique=True))
    weights = data.draw(
        st.dictionaries(st.sampled_from(SplitRole.values), st.integers(0, 1000), max_size=5)
    )
    try:
        after = default_shares(kind, weights, shares, registrant=1, taking_part=taking)
    except InvalidSplit:
        return  # weights so far apart that a part would round to nothing
    check_shares(after)
    assert {one.party for one in after} <= {1, *taking}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (DefaultShare.REGISTRANT, {A: "100"}),
        (DefaultShare.EQUAL, {A: "50", B: "50"}),
        (DefaultShare.WEIGHTS, {A: "80", B: "20"}),
    ],
)
def test_a_default_counts_those_who_take_part(kind, expected):
    terms = [share(A, "70"), share(B, "20", IMPLEMENT), share(C, "10", SOURCE)]
    after = default_shares(
        kind, {"sell": 80, "implement": 20}, terms, registrant=A, taking_part=[B]
    )

    assert {one.party: one.percent for one in after} == {
        party: Decimal(percent) for party, percent in expected.items()
    }


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ([], "at least one part"),
        ([share(A, "60"), share(B, "39.99")], "99.99"),
        ([share(A, "60"), share(B, "40.01")], "100.01"),
        ([share(A, "100"), share(B, "0")], "between 0.01 and 100"),
        ([share(A, "110"), share(B, "-10")], "between 0.01 and 100"),
        ([share(A, "33.333"), share(B, "66.667")], "two decimals"),
        ([share(A, "NaN"), share(B, "40")], "between 0.01 and 100"),
        ([share(A, "50"), share(A, "50")], "twice"),
    ],
)
def test_what_does_not_make_a_split_is_refused(shares, says):
    with pytest.raises(InvalidSplit, match=says):
        check_shares(shares)


def test_nothing_left_for_others_is_refused():
    with pytest.raises(InvalidSplit, match="nothing for another"):
        scaled([share(A, "50"), share(B, "50")], Decimal("0.01"))


AUTHOR, ASKED, AGREED = Position(True, True), Position(False, False), Position(False, True)
MAY = {
    (AUTHOR, "open"): {SplitVerb.WITHDRAW},
    (ASKED, "open"): {SplitVerb.ACCEPT, SplitVerb.COUNTER, SplitVerb.DECLINE},
    (AGREED, "open"): {SplitVerb.COUNTER, SplitVerb.DECLINE},
    (AUTHOR, "in_force"): {SplitVerb.CHANGE},
    (ASKED, "in_force"): {SplitVerb.CHANGE},
    (AGREED, "in_force"): {SplitVerb.CHANGE},
}


@pytest.mark.parametrize(
    ("position", "status", "verb"),
    list(product([None, AUTHOR, ASKED, AGREED], SplitStatus, SplitVerb)),
)
def test_every_state_verb_and_position(position, status, verb):
    state = "open" if status in OPEN else status.value
    allowed = verb in MAY.get((position, state), set())

    assert (verb in verbs_of(position, status, overdue=False)) == allowed
    if not allowed:
        with pytest.raises(SplitMovedOn):
            require(verb, position, status, overdue=False)


@pytest.mark.parametrize("position", [AUTHOR, ASKED, AGREED])
@pytest.mark.parametrize("status", sorted(OPEN))
def test_behind_the_deadline_nobody_answers(position, status):
    assert verbs_of(position, status, overdue=True) == frozenset()
