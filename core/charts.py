"""Where the lines and bars of a chart go: values in, coordinates out.

All lengths are units of the drawing's own space (its viewBox); x grows to the right and y
down. `mirrored` turns the drawing around for scripts that read from right to left. Colours
are numbers of a series, from 1; the style sheet knows them, and `ink` is what a PDF uses.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_compact_decimal, format_decimal
from django.utils.translation import get_language, to_locale

Number = int | float | Decimal

WIDTH = 560
HEIGHT = 240
TOP = 20
BOTTOM = 28
MARGIN = 44
"""Room for the numbers of the axis beside the plot."""
CROWDED = 8
"""Labels of an axis beyond which every second one may be left out."""
WIDEST_LETTER = 10
"""What a letter takes on a phone, where words grow (chart.css)."""

INKS = ("#3949ab", "#0f766e", "#b4690e", "#8e3b8a", "#5b6472")


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its name. `text` is how it reads, unit included; `href` what it opens."""

    label: str
    value: Number
    text: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind, one for each label of the chart."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the plot and what it stands for."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A word under the plot. Where there is little room, a sparse one is left out and a low
    one stands below its neighbours."""

    x: float
    text: str
    sparse: bool
    low: bool = False


@dataclass(frozen=True, slots=True)
class Colour:
    number: int

    @property
    def ink(self) -> str:
        return INKS[self.number - 1]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar or a segment of one; `d` is its outline as an SVG path."""

    d: str
    x: float
    y: float
    label: str
    text: str
    colour: Colour
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its line, the area down to the axis, and its points."""

    name: str
    colour: Colour
    d: str
    area: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's place in the drawing, and the range of values it shows."""

    width: int
    height: int
    low: float
    high: float
    mirrored: bool

    @property
    def left(self) -> float:
        return 8 if self.mirrored else MARGIN

    @property
    def right(self) -> float:
        return self.width - (MARGIN if self.mirrored else 8)

    @property
    def axis_x(self) -> float:
        """Where the numbers of the axis stand, ending at the plot."""
        return self.right + 8 if self.mirrored else self.left - 8

    @property
    def baseline(self) -> float:
        return self.y(0)

    @property
    def label_y(self) -> float:
        return self.height - 8

    def y(self, value: Number) -> float:
        share = (float(value) - self.low) / (self.high - self.low)
        return round(self.height - BOTTOM - share * (self.height - TOP - BOTTOM), 2)

    def x(self, share: float) -> float:
        """`share` of the way along the line of reading."""
        share = 1 - share if self.mirrored else share
        return round(self.left + share * (self.right - self.left), 2)


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot with two axes: bars (plain or stacked) or lines."""

    frame: Frame
    ticks: tuple[Tick, ...]
    labels: tuple[AxisLabel, ...]
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a funnel. `kept` is the share of the step before that came here, 0 to 1."""

    label: str
    text: str
    d: str
    track: str
    y: float
    kept: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    width: int
    height: int
    start: float
    end: float
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    label: str
    text: str
    share: float
    colour: Colour
    d: str


@dataclass(frozen=True, slots=True)
class Donut:
    size: int
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Sparkline:
    width: int
    height: int
    d: str
    area: str
    last: tuple[float, float] = (0.0, 0.0)


# --- numbers --------------------------------------------------------------------------------


SHORT_FORMS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"), (1, ""))
LONG_NUMBER = re.compile(r"\d{4}")


def compact_number(value: Number) -> str:
    """A number for an axis, in the active language: 950, 12.5k, 1.2M, 3B."""
    size = abs(float(value))
    unit, mark = next((form for form in SHORT_FORMS if size >= form[0]), SHORT_FORMS[-1])
    short = f"{float(value) / unit:.3g}"
    language = get_language() or "en"
    if language.startswith("en"):
        return f"{short}{mark}"
    rounded, locale = Decimal(short) * unit, to_locale(language)
    digits = len(short.partition(".")[2])
    text = str(format_compact_decimal(rounded, locale=locale, fraction_digits=digits))
    # Not every language has a short word for thousands.
    return str(format_decimal(rounded, locale=locale)) if LONG_NUMBER.search(text) else text


def tick_values(low: float, high: float, count: int = 4, *, whole: bool = False) -> list[float]:
    """Round numbers that cover `low` to `high` in about `count` steps; `whole` ones for counts."""
    high = high if high > low else low + 1
    span = high - low
    magnitude = 10 ** math.floor(math.log10(span / count))
    step = next(
        magnitude * factor for factor in (1, 2, 2.5, 5, 10) if magnitude * factor * count >= span
    )
    step = max(1, math.ceil(step)) if whole else step
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * index, 10) for index in range(first, last + 1)]


def colour(index: int) -> Colour:
    return Colour(index % len(INKS) + 1)


# --- charts ---------------------------------------------------------------------------------


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


# --- how they are drawn -----------------------------------------------------------------------


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

    def labels(self, texts: Sequence[str]) -> tuple[AxisLabel, ...]:
        sparse = len(texts) > CROWDED
        wide = max(map(len, texts), default=0) * WIDEST_LETTER > self.width
        return tuple(
            AxisLabel(
                x=self.middle(index),
                text=text,
                sparse=sparse and index % 2 == 1,
                low=wide and not sparse and index % 2 == 1,
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


def bar_path(left: float, width: float, start: float, end: float, *, radius: float) -> str:
    """A bar from `start` to `end` (heights), the corners at its end rounded."""
    right = round(left + width, 2)
    radius = min(radius, width / 2, abs(start - end))
    turn = round(end + math.copysign(radius, start - end), 2)
    return (
        f"M{left} {start}V{turn}Q{left} {end} {round(left + radius, 2)} {end}"
        f"H{round(right - radius, 2)}Q{right} {end} {right} {turn}V{start}Z"
    )


def bar_across(x: float, y: float, length: float, thickness: float) -> str:
    """A lying bar with rounded ends, its upper left corner at `x`, `y`."""
    radius = min(4, length / 2)
    straight, right = round(length - 2 * radius, 2), round(x + radius, 2)
    arc = f"a{radius} {radius} 0 0 1"
    side, end = round(thickness - 2 * radius, 2), radius
    return (
        f"M{right} {y}h{straight}{arc} {end} {end}v{side}{arc} {-end} {end}"
        f"h{-straight}{arc} {-end} {-end}v{-side}{arc} {end} {-end}Z"
    )


def paths(places: Sequence[tuple[float, float]], baseline: float) -> tuple[str, str]:
    """The line through `places`, and the area between it and `baseline`."""
    if not places:
        return "", ""
    line = "M" + "L".join(f"{x} {y}" for x, y in places)
    return line, f"{line}L{places[-1][0]} {baseline}L{places[0][0]} {baseline}Z"


def ring(radius: float, thickness: float, begin: float, end: float) -> str:
    """A piece of a ring between two shares of the turn, from the top, clockwise."""
    if end - begin >= 0.9999:
        # An arc that ends where it begins draws nothing: a full ring is two halves.
        return ring(radius, thickness, 0, 0.5) + ring(radius, thickness, 0.5, 0.9998)
    inner, large = radius - thickness, int(end - begin > 0.5)

    def at(distance: float, share: float) -> str:
        angle = 2 * math.pi * share
        x, y = radius + distance * math.sin(angle), radius - distance * math.cos(angle)
        return f"{round(x, 2)} {round(y, 2)}"

    return (
        f"M{at(radius, begin)}A{radius} {radius} 0 {large} 1 {at(radius, end)}"
        f"L{at(inner, end)}A{inner} {inner} 0 {large} 0 {at(inner, begin)}Z"
    )
