"""What a chart is made of, each part placed: templates only write it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.numbers import Number

WIDTH = 560
HEIGHT = 240
TOP = 20
BOTTOM = 28
MARGIN = 44
"""Room for the numbers of the axis beside the plot."""
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


def colour(index: int) -> Colour:
    return Colour(index % len(INKS) + 1)
