"""Finds benchmarks, runs them, prints the table and writes .local/bench.json.

To add one, write bench/<id>_<what>.py, for instance bench/s7_event_delivery.py (its id
is S7), with a function that measures at a scale and returns rows:

    def measure(scale: Scale) -> list[Result]:
        \"\"\"What is done, on how much data, and what the limit is.\"\"\"
        limit = rate_of_empty_tasks()
        return [Result("event delivery", rate, "events/s", limit, at_least(0.5))]

`value` and `limit` have the same unit, the ratio is value / limit, and the goal is about
the ratio: absolute times drift on shared machines. A promise without a measured limit
takes the promised figure as limit: Result("p95", 41.0, "ms", 60.0, at_most(1)).

When `measure` runs, Django is set up on the servers of the instance "bench" (or those of
DATABASE_URL and REDIS_URL) and migrated; data made earlier is still there, so make yours
only where it is missing. At scale "small" it ends within a minute.
Processes it starts inherit the environment and so find the same servers.
"""

import importlib.util
import json
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Scale = Literal["small", "full"]
Measure = Callable[[Scale], "list[Result]"]
SMALL_ENDS_WITHIN = 60.0
HEADINGS = ("id", "name", "value", "unit", "limit", "ratio", "goal", "")


@dataclass(frozen=True)
class Goal:
    """A bound on the ratio of a value to its limit."""

    bound: float
    highest: bool

    def met_by(self, ratio: float) -> bool:
        return ratio <= self.bound if self.highest else ratio >= self.bound

    def __str__(self) -> str:
        return f"{'≤' if self.highest else '≥'} {self.bound:g} ×"


def at_most(bound: float) -> Goal:
    return Goal(bound, highest=True)


def at_least(bound: float) -> Goal:
    return Goal(bound, highest=False)


@dataclass(frozen=True)
class Result:
    """One measured figure beside its limit, in the same unit."""

    name: str
    value: float
    unit: str
    limit: float
    goal: Goal

    @property
    def ratio(self) -> float:
        return self.value / self.limit

    @property
    def ok(self) -> bool:
        return self.goal.met_by(self.ratio)


@dataclass(frozen=True)
class Row:
    """A line of the table. Without a value, the benchmark did not run through."""

    id: str
    name: str
    value: float | None
    unit: str
    limit: float | None
    ratio: float | None
    goal: str
    ok: bool

    @classmethod
    def of(cls, name: str, result: Result) -> "Row":
        return cls(
            name,
            result.name,
            result.value,
            result.unit,
            result.limit,
            result.ratio,
            str(result.goal),
            result.ok,
        )


class UnknownBenchmarkError(Exception):
    """Somebody asked for an id that no file has."""


def find_benchmarks(folder: Path) -> dict[str, Path]:
    """The files of all benchmarks by id, in the order of letter and number."""
    found = {}
    for path in folder.glob("*.py"):
        if named := re.match(r"([a-z])(\d+)_", path.name):
            found[(named[1].upper(), int(named[2]))] = path
    return {f"{letter}{number}": found[letter, number] for letter, number in sorted(found)}


def choose(benchmarks: dict[str, Path], only: str) -> dict[str, Path]:
    """Those named in "S2,S7"; all for an empty text. Raises UnknownBenchmarkError."""
    wanted = [name.strip().upper() for name in only.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in benchmarks]:
        known = ", ".join(benchmarks) or "none yet"
        raise UnknownBenchmarkError(f"No benchmark {', '.join(unknown)}; there are: {known}.")
    return {name: path for name, path in benchmarks.items() if name in wanted or not wanted}


def run(benchmarks: dict[str, Path], scale: Scale) -> list[Row]:
    """Run one after the other; one that breaks is a row without a value."""
    rows: list[Row] = []
    for name, path in benchmarks.items():
        print(f"· {name} {path.stem.partition('_')[2].replace('_', ' ')} … ", end="", flush=True)
        began = time.monotonic()
        try:
            rows += [Row.of(name, result) for result in load(path)(scale)]
        except Exception:
            print(f"broke\n{traceback.format_exc()}", flush=True)
            rows.append(Row(name, "did not run through", None, "", None, None, "", False))
            continue
        took = time.monotonic() - began
        late = " (small should end within a minute)" if took > SMALL_ENDS_WITHIN else ""
        print(f"{took:.0f} s{late if scale == 'small' else ''}", flush=True)
    return rows


def load(path: Path) -> Measure:
    spec = importlib.util.spec_from_file_location(f"bench.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return cast(Measure, module.measure)


def table(rows: Sequence[Row]) -> str:
    lines = [HEADINGS, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    right = {2, 4, 5}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def cells(row: Row) -> tuple[str, ...]:
    verdict = "ok" if row.ok else "MISSED"
    numbers = (figure(row.value), row.unit, figure(row.limit), figure(row.ratio))
    return (row.id, row.name, *numbers, row.goal, verdict)


def figure(number: float | None) -> str:
    """Three significant digits, whole numbers from a thousand on."""
    if number is None:
        return "-"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def write(rows: Iterable[Row], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps([vars(row) for row in rows], indent=2, ensure_ascii=False) + "\n")
    draft.replace(target)
