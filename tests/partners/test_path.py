"""The cheapest way to a tier: it suffices, and nothing cheaper does."""

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from partners.rules.path import Move, applied, cheapest
from partners.rules.tiers import Ladder, Level, Requirement, Score, reaches

D = Decimal
WIN = Move("win", {"revenue": D(7), "deals": D(2)}, D(8))
REGISTER = Move("register", {"deals": D(1)}, D(1))
LEARN = Move("certificates", {"certificates": D(1)}, D(6))
MEET = Move("users", {"users": D(1)}, D("0.5"))
MOVES = [WIN, REGISTER, LEARN, MEET]
small = st.one_of(st.none(), st.integers(0, 12).map(D))
found = st.fixed_dictionaries(dict.fromkeys(("revenue", "deals", "certificates", "users"), small))


@st.composite
def goals(draw) -> Ladder:
    names = ["revenue", "deals", "certificates", "users"]
    wanted = draw(st.dictionaries(st.sampled_from(names), st.integers(1, 14), max_size=4))
    scores = draw(
        st.lists(
            st.builds(
                Score,
                st.sampled_from(names),
                st.integers(1, 6).map(D),
                st.integers(1, 5),
                st.one_of(st.none(), st.integers(1, 12)),
            ),
            max_size=3,
            unique_by=lambda score: score.measure,
        )
    )
    points = draw(st.one_of(st.none(), st.integers(1, 12))) if scores else None
    requirements = tuple(Requirement(name, D(value)) for name, value in wanted.items())
    return Ladder((Level(1, "A", 1), Level(2, "B", 2, requirements, points)), tuple(scores))


@settings(max_examples=60, deadline=None)
@given(goals(), found)
def test_the_way_leads_there_and_none_is_shorter(ladder, values):
    level = ladder.levels[1]
    path = cheapest(level, ladder, values, MOVES)
    assert path.found == any_way(ladder, values)
    if not path.found:
        return
    assert reaches(level, ladder, applied(values, MOVES, path.times))
    assert path.days == sum(path.times.get(move.name, 0) * move.days for move in MOVES)
    for times in product(range(5), range(6), range(4), range(5)):
        tried = dict(zip([move.name for move in MOVES], times, strict=True))
        days = sum(tried[move.name] * move.days for move in MOVES)
        if days < path.days:
            assert not reaches(level, ladder, applied(values, MOVES, tried))


def any_way(ladder: Ladder, values) -> bool:
    """With far more of everything than could be asked for."""
    plenty = applied(values, MOVES, {move.name: 100 for move in MOVES})
    return reaches(ladder.levels[1], ladder, plenty)


def test_a_won_deal_closes_two_gaps_at_once():
    asked = (Requirement("revenue", D(14)), Requirement("deals", D(4)))
    ladder = Ladder((Level(1, "A", 1), Level(2, "B", 2, asked)))
    path = cheapest(ladder.levels[1], ladder, {"revenue": D(0), "deals": D(0)}, MOVES)

    assert (path.times, path.days) == ({"win": 2}, D(16))
    assert [(gap.measure, gap.missing) for gap in path.gaps] == [
        ("revenue", D(14)),
        ("deals", D(4)),
    ]


def test_points_come_from_where_they_are_cheapest():
    scores = (Score("certificates", D(1), 10), Score("users", D(1), 1, 8))
    ladder = Ladder((Level(1, "A", 1), Level(2, "B", 2, (), 15)), scores)

    path = cheapest(ladder.levels[1], ladder, {}, MOVES)
    assert path.times == {"certificates": 1, "users": 5}


def test_what_no_move_reaches_has_no_way():
    ladder = Ladder((Level(1, "A", 1), Level(2, "B", 2, (Requirement("revenue", D(9)),))))

    assert not cheapest(ladder.levels[1], ladder, {}, [LEARN]).found
    assert not cheapest(ladder.levels[1], ladder, {"revenue": D(-9_000)}, MOVES).found
