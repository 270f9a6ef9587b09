"""The charts: bars, stacked bars, lines, a funnel, a donut and a sparkline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.charts.numbers import Number, compact_number, tick_values
from core.charts.outlines import bar_across, bar_path, paths, ring
from core.charts.shapes import (
    HEIGHT,
    WIDTH,
    AxisLabel,
    Bar,
    Chart,
    Donut,
    Dot,
    Frame,
    Funnel,
    Line,
    Point,
    Series,
    Slice,
    Sparkline,
    Stage,
    Tick,
    colour,
)

CROWDED = 8
"""Labels of an axis beyond which every second one may be left out."""
WIDEST_LETTER = 13
"""What a letter takes on a phone, where words grow (chart.css)."""


def bar_chart(
    points: Sequence[Point], *, width: int = WIDTH, height: int = HEIGHT, mirrored: bool = False
) -> Chart:
    frame, ticks = framed([point.value for point in points], width, height, mirrored=mirrored)
    slots = Slots(frame, len(points))
    crowded = len(points) > CROWDED
    bars = tuple(
        Bar(
            d=slots.bar(index, frame.baseline, frame.y(point.value)),
            x=slots.middle(index),
            y=min(frame.y(point.value), frame.baseline) - 6,
            label=point.label,
            text=point.text or compact_number(point.value),
            colour=colour(0),
            sparse=crowded,
        )
        for index, point in enumerate(points)
    )
    return Chart(frame, ticks, slots.labels([point.label for point in points]), bars=bars)


def stacked_chart(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    mirrored: bool = False,
) -> Chart:
    """Bars of parts that add up. Values must not be negative."""
    columns = [[float(one.values[index]) for one in series] for index in range(len(labels))]
    if any(value < 0 for column in columns for value in column):
        raise ValueError("Parts of a stacked bar cannot be negative.")
    frame, ticks = framed([sum(column) for column in columns], width, height, mirrored=mirrored)
    slots = Slots(frame, len(labels))
    bars = []
    for index, column in enumerate(columns):
        below = 0.0
        for number, value in enumerate(column):
            if value:
                outline = slots.bar(
                    index,
                    frame.y(below),
                    frame.y(below + value),
                    rounded=below + value == sum(column),
                )
                text = f"{series[number].name}: {compact_number(value)}"
                middle = slots.middle(index)
                bars.append(
                    Bar(outline, middle, frame.y(below), labels[index], text, colour(number))
                )
            below += value
    return Chart(frame, ticks, slots.labels(labels), bars=tuple(bars))


def line_chart(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    mirrored: bool = False,
    text: Callable[[Number], str] = compact_number,
) -> Chart:
    every = [value for one in series for value in one.values]
    frame, ticks = framed(every, width, height, mirrored=mirrored)
    slots = Slots(frame, len(labels))

    def line(number: int, one: Series) -> Line:
        dots = tuple(
            Dot(slots.middle(index), frame.y(value), labels[index], text(value))
            for index, value in enumerate(one.values)
        )
        d, area = paths([(dot.x, dot.y) for dot in dots], frame.baseline)
        return Line(one.name, colour(number), d, area, dots)

    lines = tuple(line(number, one) for number, one in enumerate(series))
    return Chart(frame, ticks, slots.labels(labels), lines=lines)


def funnel(points: Sequence[Point], *, width: int = WIDTH, mirrored: bool = False) -> Funnel:
    """Stages one under another, each bar as long as its share of the largest."""
    row, thickness = 52, 12
    largest = max((float(point.value) for point in points), default=0) or 1.0

    def stage(index: int, point: Point) -> Stage:
        length = max(float(point.value) / largest * width, 2)
        left = width - length if mirrored else 0
        before = float(points[index - 1].value) if index else 0.0
        return Stage(
            label=point.label,
            text=point.text or compact_number(point.value),
            d=bar_across(left, index * row + 26, length, thickness),
            track=bar_across(0, index * row + 26, width, thickness),
            y=index * row + 18,
            kept=float(point.value) / before if before else None,
        )

    stages = tuple(stage(index, point) for index, point in enumerate(points))
    first, last = (width, 0) if mirrored else (0, width)
    return Funnel(width, len(points) * row, first, last, stages)


def donut(points: Sequence[Point], *, size: int = 168, thickness: int = 24) -> Donut:
    """Parts of a whole, clockwise from the top. Values must not be negative."""
    total = sum(float(point.value) for point in points) or 1.0
    slices, begun = [], 0.0
    for index, point in enumerate(points):
        share = float(point.value) / total
        text = point.text or compact_number(point.value)
        outline = ring(size / 2, thickness, begun, begun + share)
        slices.append(Slice(point.label, text, share, colour(index), outline))
        begun += share
    return Donut(size, tuple(slices))


def sparkline(
    values: Sequence[Number], *, width: int = 88, height: int = 28, mirrored: bool = False
) -> Sparkline:
    """The shape of a few values, without axes."""
    if len(values) < 2:
        return Sparkline(width, height, "", "")
    low, high = float(min(values)), float(max(values))
    span = (high - low) or 1.0

    def place(index: int, value: Number) -> tuple[float, float]:
        share = index / (len(values) - 1)
        x = 3 + (1 - share if mirrored else share) * (width - 6)
        return round(x, 2), round(height - 3 - (float(value) - low) / span * (height - 6), 2)

    places = [place(index, value) for index, value in enumerate(values)]
    d, area = paths(places, height)
    return Sparkline(width, height, d, area, places[-1])


@dataclass(frozen=True, slots=True)
class Slots:
    """Equal places along the plot, one for each label."""

    frame: Frame
    count: int

    @property
    def width(self) -> float:
        return (self.frame.right - self.frame.left) / max(self.count, 1)

    def middle(self, index: int) -> float:
        return self.frame.x((index + 0.5) / max(self.count, 1))

    def bar(self, index: int, start: float, end: float, *, rounded: bool = True) -> str:
        thickness = min(self.width * 0.64, 48)
        left = round(self.middle(index) - thickness / 2, 2)
        return bar_path(left, round(thickness, 2), start, end, radius=4 if rounded else 0)

    def _meet(self, texts: Sequence[str], places: int) -> bool:
        """Whether words so many places apart would run into each other."""
        letters = [len(one) + len(other) for one, other in zip(texts, texts[places:], strict=False)]
        return max(letters, default=0) / 2 * WIDEST_LETTER > places * self.width

    def labels(self, texts: Sequence[str]) -> tuple[AxisLabel, ...]:
        """On a phone, words too wide for their place stand on two lines in turns; those that
        would meet all the same, and many, leave out every second one."""
        sparse = len(texts) > CROWDED or self._meet(texts, 2)
        step = 2 if sparse else 1
        wide = self._meet(texts, step)
        return tuple(
            AxisLabel(
                x=self.middle(index),
                text=text,
                sparse=sparse and index % 2 == 1,
                low=wide and index % (2 * step) == step,
            )
            for index, text in enumerate(texts)
        )


def framed(
    values: Sequence[Number], width: int, height: int, *, mirrored: bool
) -> tuple[Frame, tuple[Tick, ...]]:
    """A frame that shows `values` and zero, with its ticks."""
    numbers = [float(value) for value in values]
    whole = all(number == int(number) for number in numbers)
    marks = tick_values(min([0.0, *numbers]), max([0.0, *numbers]), whole=whole)
    frame = Frame(width, height, marks[0], marks[-1], mirrored)
    return frame, tuple(Tick(frame.y(mark), compact_number(mark)) for mark in marks)
