"""How a score comes about, without a database."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.rules.fit import (
    Band,
    Criterion,
    Facts,
    Level,
    Unknown,
    level_of,
    question_key,
    score,
    share_in,
)
from partners.rules.fit_soundness import problems_of
from tests.partners.ideal import SUPPORT, criteria

KNOWN = Facts(
    {"employees": Decimal(60)}, {"type": frozenset({"reseller"})}, {question_key(SUPPORT): True}
)


def facts(employees: int | None = None, kind: str = "", support: bool | None = None) -> Facts:
    return Facts(
        {"employees": None if employees is None else Decimal(employees)},
        {"type": frozenset({kind} - {""})},
        {} if support is None else {question_key(SUPPORT): support},
    )


def test_the_ideal_partner_has_all_points_and_no_gap():
    found = score(criteria(), KNOWN)
    assert found.score == Decimal("100.0")
    assert [part.points for part in found.parts] == [Decimal(50), Decimal(30), Decimal(20)]
    assert found.gaps == ()


def test_a_gap_says_how_much_is_missing_and_what_it_would_bring():
    found = score(criteria(), facts(38, "isv", support=False))
    assert found.score == Decimal("25.0")
    size, business, support = sorted(found.gaps, key=lambda gap: gap.key)
    assert (size.missing, size.target, size.points) == (Decimal(12), Decimal(50), Decimal("25.0"))
    assert (business.missing, business.points) == (Decimal(1), Decimal("30.0"))
    assert (support.missing, support.points) == (Decimal(1), Decimal("20.0"))
    assert [gap.key for gap in found.gaps] == ["b2", "a1", "c3"]


def test_who_has_too_much_is_told_so():
    gap = score(criteria(), facts(700, "msp", support=True)).gaps[0]
    assert (gap.less, gap.target, gap.missing) == (True, Decimal(500), Decimal(200))
    assert gap.points == Decimal("20.0")


def test_the_unknown_is_left_out_and_named_or_counts_as_nothing():
    left_out = score(criteria(), facts(60, "msp"))
    assert left_out.score == Decimal("100.0")
    assert (left_out.parts[2].share, left_out.parts[2].counted) == (None, False)

    strict = (*criteria()[:2], Criterion("c3", "check", SUPPORT, 20, Unknown.NOTHING))
    counted = score(strict, facts(60, "msp"))
    assert counted.score == Decimal("80.0")
    assert (counted.parts[2].share, counted.parts[2].out_of) == (None, Decimal("20.0"))
    assert counted.gaps[0].missing is None


def test_who_is_wholly_unknown_has_no_score():
    nobody = score(criteria(), facts())
    assert nobody.score is None
    assert len(nobody.gaps) == 3


def test_some_of_a_list_bring_their_part():
    one = (Criterion("a", "vertical", "Verticals", 10, members=frozenset("123"), needed=2),)
    found = score(one, Facts(sets={"vertical": frozenset({"1", "9"})}))
    assert (found.score, found.gaps[0].missing) == (Decimal("50.0"), Decimal(1))


def test_levels():
    given_ = [Decimal(n) for n in ("39.9", "40.0", "69.9", "70.0")]
    assert [level_of(one, 40, 70) for one in given_] == [
        Level.POOR,
        Level.FAIR,
        Level.FAIR,
        Level.GOOD,
    ]
    assert level_of(None, 40, 70) == Level.UNKNOWN


@pytest.mark.parametrize(
    "one",
    [
        Criterion("a", "employees", "Size", 10),
        Criterion("a", "employees", "Size", 10, bands=(Band(Decimal(1), 0),)),
        Criterion("a", "employees", "Size", 10, bands=(Band(Decimal(9), 1), Band(Decimal(1), 9))),
        Criterion("a", "employees", "Size", 0, bands=(Band(Decimal(1), 100),)),
        Criterion("a", "type", "Type", 10),
        Criterion("a", "type", "Type", 10, members=frozenset({"si", "isv"}), needed=2),
        Criterion("a", "vertical", "Verticals", 10, members=frozenset("1"), needed=2),
        Criterion("a", "check", "", 10),
        Criterion("a", "measure:moon", "Moon", 10, bands=(Band(Decimal(1), 100),)),
        Criterion("a", "moon", "Moon", 10),
    ],
)
def test_what_is_unsound_is_named(one: Criterion):
    assert len(problems_of([one], {"deals_won"}, fair_from=40, good_from=70)) == 1


def test_a_sound_version_has_no_problem():
    assert problems_of(criteria(), set(), fair_from=40, good_from=70) == []
    assert len(problems_of([], set(), fair_from=40, good_from=70)) == 1
    assert len(problems_of(criteria(), set(), fair_from=70, good_from=70)) == 1
    twice = [Criterion(key, "check", SUPPORT, 1) for key in "ab"]
    assert len(problems_of(twice, set(), fair_from=40, good_from=70)) == 1


# --- for every profile ----------------------------------------------------------------------

# The machine may be busy.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
SHARES = st.lists(st.none() | st.booleans(), min_size=1, max_size=12)


@st.composite
def questions(draw: st.DrawFn) -> tuple[tuple[Criterion, ...], Facts]:
    answers = draw(SHARES)
    asked = tuple(
        Criterion(
            str(place),
            "check",
            f"Question {place}",
            draw(st.integers(1, 100)),
            draw(st.sampled_from(Unknown.values)),
        )
        for place in range(len(answers))
    )
    known = {
        one.question: answer
        for one, answer in zip(asked, answers, strict=True)
        if answer is not None
    }
    return asked, Facts(answers=known)


@CALM
@given(questions())
def test_weights_normalise_and_parts_sum_to_the_score(profile):
    asked, known = profile
    found = score(asked, known)
    if any(part.counted for part in found.parts):
        assert sum(part.out_of for part in found.parts) == 100
    if found.score is not None:
        assert sum(part.points for part in found.parts) == found.score
        assert 0 <= found.score <= 100
    assert all(0 <= part.points <= part.out_of for part in found.parts)


@CALM
@given(questions())
def test_a_gap_brings_what_it_says(profile):
    asked, known = profile
    found = score(asked, known)
    for gap in found.gaps:
        one = next(one for one in asked if one.key == gap.key)
        then = score(asked, Facts(answers={**known.answers, one.question: True}))
        assert then.score == (found.score or 0) + gap.points


@CALM
@given(st.decimals(0, 1000, places=3), st.decimals(0, 1000, places=3))
def test_within_a_band_nothing_changes_and_a_better_band_is_never_less(one, other):
    rising = (Criterion("a", "employees", "Size", 7, bands=criteria()[0].bands[:2]),)
    low, high = sorted((one, other))
    scores = [
        score((*rising, *criteria()[1:]), at(value)).score or Decimal(0) for value in (low, high)
    ]
    assert scores[0] <= scores[1]
    if share_in(rising[0].bands, low) == share_in(rising[0].bands, high):
        assert scores[0] == scores[1]


def at(value: Decimal) -> Facts:
    return Facts({"employees": value}, KNOWN.sets, KNOWN.answers)
