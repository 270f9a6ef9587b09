"""The benchmark harness, on tiny benchmarks in a folder of their own."""

import json
from pathlib import Path

import pytest

from bench import harness
from bench.harness import Result, at_least, at_most

DELIVERY = """
from bench.harness import Result, at_least
def measure(scale):
    events = {"small": 800.0, "full": 300.0}[scale]
    return [Result("event delivery", events, "events/s", 1000.0, at_least(0.5))]
"""
BROKEN = """
def measure(scale):
    raise ZeroDivisionError("no accounts")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s7_event_delivery.py").write_text(DELIVERY)
    (tmp_path / "s10_set_up.py").write_text(BROKEN)
    (tmp_path / "harness.py").write_text("raise SystemExit('not a benchmark')")
    return tmp_path


def test_ids_come_from_file_names_in_the_order_of_numbers(folder: Path) -> None:
    assert list(harness.find_benchmarks(folder)) == ["S7", "S10"]


def test_only_chooses_by_id(folder: Path) -> None:
    found = harness.find_benchmarks(folder)
    assert list(harness.choose(found, "s10, S7")) == ["S7", "S10"]
    assert list(harness.choose(found, "S7")) == ["S7"]
    assert list(harness.choose(found, "")) == ["S7", "S10"]


def test_an_unknown_id_is_refused_with_those_that_exist(folder: Path) -> None:
    with pytest.raises(
        harness.UnknownBenchmarkError, match=r"No benchmark S8; there are: S7, S10\."
    ):
        harness.choose(harness.find_benchmarks(folder), "S7,S8")


def test_rows_have_exactly_the_promised_fields(folder: Path) -> None:
    rows = harness.run(harness.choose(harness.find_benchmarks(folder), "S7"), "small")
    harness.write(rows, folder / "out" / "bench.json")
    assert json.loads((folder / "out" / "bench.json").read_text()) == [
        {
            "id": "S7",
            "name": "event delivery",
            "value": 800.0,
            "unit": "events/s",
            "limit": 1000.0,
            "ratio": 0.8,
            "goal": "≥ 0.5 ×",
            "ok": True,
        }
    ]


def test_a_missed_goal_is_not_ok(folder: Path) -> None:
    (row,) = harness.run(harness.choose(harness.find_benchmarks(folder), "S7"), "full")
    assert (row.ratio, row.ok) == (0.3, False)
    assert harness.table([row]).splitlines()[1].endswith("≥ 0.5 ×  MISSED")


def test_a_broken_benchmark_does_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "s1_first.py").write_text(BROKEN)
    rows = harness.run(harness.find_benchmarks(folder), "small")
    assert [(row.id, row.value, row.ok) for row in rows] == [
        ("S1", None, False),
        ("S7", 800.0, True),
        ("S10", None, False),
    ]
    assert "ZeroDivisionError: no accounts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("goal", "value", "ok"),
    [(at_most(1), 60.0, True), (at_most(1), 60.1, False), (at_least(0.5), 30.0, True)],
)
def test_a_goal_is_a_bound_on_the_ratio(goal: harness.Goal, value: float, ok: bool) -> None:
    assert Result("p95", value, "ms", 60.0, goal).ok is ok


@pytest.mark.parametrize(
    ("number", "shown"),
    [(None, "-"), (0.0123456, "0.0123"), (41.04, "41"), (999.4, "999"), (50_000.0, "50,000")],
)
def test_figures_are_short(number: float | None, shown: str) -> None:
    assert harness.figure(number) == shown
