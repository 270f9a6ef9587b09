"""The pure rules of tiers: judging, stepping, soundness, and the SQL that says the same."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.rules.periods import Period, period_at
from partners.rules.tier_soundness import problems_of
from partners.rules.tiers import (
    Action,
    Approval,
    Ladder,
    Level,
    Policy,
    Requirement,
    Score,
    Standing,
    judge,
    step,
)

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MEASURES = ("sourced_revenue", "psat", "active_users")
amounts = st.decimals(0, 1000, places=1)
known = st.one_of(st.none(), amounts)
figures = st.fixed_dictionaries(dict.fromkeys(MEASURES, known))


@st.composite
def ladders(draw) -> Ladder:
    """Sound programmes of four tiers: each asks for no less than the one below it."""
    levels, asked, points = [Level(1, "T1", 1)], dict.fromkeys(MEASURES, Decimal(0)), 0
    scores = draw(
        st.lists(
            st.builds(
                Score,
                st.sampled_from(MEASURES),
                st.decimals(1, 50, places=1),
                st.integers(1, 20),
                st.one_of(st.none(), st.integers(1, 100)),
            ),
            max_size=3,
            unique_by=lambda score: score.measure,
        )
    )
    for place in (2, 3, 4):
        for name in draw(st.sets(st.sampled_from(MEASURES))):
            asked[name] += draw(st.decimals(1, 300, places=1))
        points += draw(st.integers(0, 30)) if scores else 0
        requirements = tuple(Requirement(*one) for one in asked.items() if one[1])
        levels.append(Level(place, f"T{place}", place, requirements, points or None))
    return Ladder(tuple(levels), tuple(scores))


@given(ladders(), figures, st.sampled_from(MEASURES), amounts)
def test_more_of_a_measure_never_means_a_lower_tier(ladder, values, name, more):
    better = {**values, name: (values[name] or Decimal(0)) + more}

    assert judge(ladder, better).rank >= judge(ladder, values).rank


POLICIES = st.builds(
    Policy,
    st.integers(0, 90).map(dt.timedelta),
    st.just(14 * DAY),
    st.sampled_from(Approval),
)


@given(
    POLICIES,
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=30),
)
def test_nobody_falls_before_the_whole_grace_is_over(policy, rank, looks):
    standing, now, below_since = Standing(rank), NOW, None
    for days, reached in looks:
        now += days * DAY
        done = step(standing, reached, policy, now)
        if reached >= standing.rank:
            below_since = None
        elif below_since is None:
            below_since = now
        if done.after.rank < standing.rank:
            assert now - below_since >= policy.grace
            below_since = None
        standing = done.after


@given(POLICIES, st.integers(1, 4), st.integers(1, 4), st.integers(0, 200))
def test_a_second_look_at_the_same_figures_changes_nothing(policy, rank, reached, days):
    first = step(Standing(rank), reached, policy, NOW)
    again = step(first.after, reached, policy, NOW)
    assert again.after == first.after

    later = step(first.after, reached, policy, NOW + days * DAY)
    assert step(later.after, reached, policy, NOW + days * DAY).after == later.after


@given(POLICIES, st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_an_exception_goes_before_everything(policy, rank, reached, given_rank):
    done = step(Standing(rank, exception=given_rank), reached, policy, NOW)

    assert (done.action, done.after.rank) == (Action.EXCEPTED, given_rank)
    assert done.after.grace_until is None


@given(ladders())
def test_sound_programmes_are_found_sound(ladder):
    tops = sum(score.at_most or 1000 for score in ladder.scores)
    reachable = all((level.points or 0) <= tops for level in ladder.levels)
    empty = any(level.is_base for level in ladder.levels[1:])

    assert (not problems_of(ladder, MEASURES)) == (reachable and not empty)


@pytest.mark.parametrize(
    ("levels", "scores", "says"),
    [
        ([], [], "needs tiers"),
        ([Level(1, "A", 1, (Requirement("psat", Decimal(1)),))], [], "has to ask for nothing"),
        ([Level(1, "A", 1), Level(2, "B", 2)], [], "asks for nothing"),
        ([Level(1, "A", 1), Level(2, "B", 2, (Requirement("x", Decimal(1)),))], [], "no measure"),
        (
            [Level(1, "A", 1), Level(2, "B", 2, (), 90)],
            [Score("psat", Decimal(1), 1, 80)],
            "at most 80 points",
        ),
        (
            [
                Level(1, "A", 1),
                Level(2, "B", 2, (Requirement("psat", Decimal(5)),)),
                Level(3, "C", 3, (Requirement("psat", Decimal(4)),)),
            ],
            [],
            "C asks for less than B",
        ),
    ],
)
def test_what_cannot_work_is_named(levels, scores, says):
    problems = problems_of(Ladder(tuple(levels), tuple(scores)), MEASURES)

    assert any(says in problem for problem in problems)


@pytest.mark.parametrize(
    ("kind", "months", "today", "first", "last"),
    [
        ("year", 12, "2026-11-22", "2026-01-01", "2026-12-31"),
        ("quarter", 12, "2026-05-31", "2026-04-01", "2026-06-30"),
        ("rolling", 12, "2026-11-22", "2025-11-23", "2026-11-22"),
        ("rolling", 1, "2026-03-31", "2026-03-01", "2026-03-31"),
        ("rolling", 12, "2024-02-29", "2023-03-01", "2024-02-29"),
    ],
)
def test_periods(kind, months, today, first, last):
    day = dt.date.fromisoformat

    assert period_at(kind, months, day(today)) == Period(day(first), day(last))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(ladder=ladders(), values=figures)
def test_the_database_judges_as_the_rules_do(ladder, values):
    """`partners.queries.judging` on stated values instead of measured ones."""
    from core.sql import Sql, rows_of
    from partners.queries import judging

    places = {name: f"v{number}" for number, name in enumerate(MEASURES)}
    columns = ", ".join(f"%({name})s::numeric AS {place}" for name, place in places.items())
    scores = " + ".join(judging.scored(one, places[one.measure]) for one in ladder.scores)
    text = f"""WITH valued AS (SELECT {columns}),
        scored AS (SELECT *, ({scores or "NULL"})::int AS points FROM valued)
        SELECT {judging.reached(ladder.levels, places)}, points FROM scored"""
    tier, points = rows_of(Sql(text, values))[0]

    assert tier == judge(ladder, values).tier_id
    assert points == (ladder.points(values) if ladder.scores else None)
