import re

import pytest

from core.charts import (
    Point,
    Series,
    bar_chart,
    compact_number,
    donut,
    funnel,
    line_chart,
    sparkline,
    stacked_chart,
    tick_values,
)

QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


def heights(d: str) -> list[float]:
    """Where a bar's outline turns, from top to bottom."""
    ends = re.findall(r"Q\S+ (\S+)", d)
    return [float(end) for end in ends]


def test_axis_numbers_are_round_and_cover_the_values():
    assert tick_values(0, 37) == [0, 10, 20, 30, 40]
    assert tick_values(0, 1) == [0, 0.25, 0.5, 0.75, 1]
    assert tick_values(-5, 12) == [-5, 0, 5, 10, 15]


def test_axis_without_values_still_has_a_height():
    assert tick_values(0, 0) == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (950, "950"), (12_500, "12.5k"), (1_250_000, "1.25M"), (-3e9, "-3B")],
)
def test_numbers_of_an_axis_are_short(value, text):
    assert compact_number(value) == text


def test_bars_stand_on_the_baseline_and_reach_their_value():
    chart = bar_chart([Point("Jan", 0), Point("Feb", 50), Point("Mar", 100)])
    assert chart.frame.baseline == 212
    assert [bar.y for bar in chart.bars] == [206, 110, 14]  # six above the bar's end
    assert [tick.text for tick in chart.ticks] == ["0", "25", "50", "75", "100"]


def test_a_loss_hangs_below_the_baseline():
    chart = bar_chart([Point("Jan", -50), Point("Feb", 100)])
    assert chart.frame.baseline < chart.frame.y(-50)
    assert max(heights(chart.bars[0].d)) == chart.frame.y(-50)


def test_mirrored_bars_run_from_right_to_left():
    points = [Point("Jan", 1), Point("Feb", 2)]
    plain, mirrored = bar_chart(points), bar_chart(points, mirrored=True)
    assert plain.bars[0].x < plain.bars[1].x
    assert [560 - bar.x for bar in plain.bars] == [bar.x for bar in mirrored.bars]


def test_labels_of_a_crowded_axis_may_be_left_out_in_turn():
    months = bar_chart([Point(str(month), month) for month in range(1, 13)])
    assert [label.sparse for label in months.labels] == [False, True] * 6
    assert not any(label.sparse for label in bar_chart([Point("a", 1)]).labels)


def test_long_words_under_an_axis_do_not_meet():
    states = ["Draft", "In review", "More needed", "Approved", "Declined", "Withdrawn", "Lapsed"]
    in_turns = bar_chart([Point(state, 1) for state in states]).labels
    assert [label.low for label in in_turns] == [False, True] * 3 + [False]
    quarters = [f"Quarter {number} of 26" for number in range(1, 9)]
    fewer = line_chart(quarters, [Series("Won", range(8))]).labels
    assert [label.sparse for label in fewer] == [False, True] * 4
    assert [label.low for label in fewer] == [False, False, True, False] * 2


def test_lines_pass_through_their_values():
    chart = line_chart(QUARTERS, [Series("Won", (0, 10, 20, 40))])
    (line,) = chart.lines
    assert [dot.y for dot in line.dots] == [212, 164, 116, 20]
    assert line.d == "M107.5 212.0L234.5 164.0L361.5 116.0L488.5 20.0"


def test_parts_of_a_stack_follow_one_another():
    chart = stacked_chart(["Q1"], [Series("Sourced", (30,)), Series("Direct", (10,))])
    lower, upper = chart.bars
    assert lower.colour.number == 1
    assert upper.colour.number == 2
    assert upper.y == chart.frame.y(30)


def test_a_part_of_nothing_draws_nothing():
    chart = stacked_chart(["Q1"], [Series("Sourced", (0,)), Series("Direct", (10,))])
    assert [bar.text for bar in chart.bars] == ["Direct: 10"]


def test_negative_parts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        stacked_chart(["Q1"], [Series("Sourced", (-1,))])


def test_funnel_says_how_many_of_the_stage_before_came():
    stages = funnel([Point("Registered", 200), Point("Approved", 150), Point("Won", 30)]).stages
    assert [stage.kept for stage in stages] == [None, 0.75, 0.2]


def test_funnel_of_nothing_divides_by_nothing():
    stages = funnel([Point("Registered", 0), Point("Won", 0)]).stages
    assert [stage.kept for stage in stages] == [None, None]


def test_donut_shares_add_up():
    slices = donut([Point("Fleet", 3), Point("Edge", 1)]).slices
    assert [one.share for one in slices] == [0.75, 0.25]


def test_donut_of_one_part_is_a_full_ring():
    (only,) = donut([Point("Fleet", 7)]).slices
    assert only.d.count("A") == 4  # two halves, each with an outer and an inner arc


def test_donut_of_nothing_is_empty():
    assert [one.share for one in donut([Point("Fleet", 0)]).slices] == [0]


def test_sparkline_ends_at_the_last_value():
    drawn = sparkline([1, 2, 3])
    turned = sparkline([1, 2, 3], mirrored=True)
    assert [drawn.last, turned.last] == [(85, 3), (3, 3)]


def test_sparkline_needs_two_values():
    assert sparkline([1]).d == ""
    assert sparkline([5, 5]).d == "M3.0 25.0L85.0 25.0"


def test_counts_are_marked_in_whole_numbers():
    assert tick_values(0, 2, whole=True) == [0, 1, 2]
    assert tick_values(0, 2) == [0, 0.5, 1, 1.5, 2]
    assert tick_values(0, 900, whole=True) == tick_values(0, 900)
