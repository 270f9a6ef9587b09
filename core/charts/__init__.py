"""Where the lines and bars of a chart go: values in, coordinates out.

All lengths are units of the drawing's own space (its viewBox); x grows to the right and y
down. `mirrored` turns the drawing around for scripts that read from right to left. Colours
are numbers of a series, from 1; the style sheet knows them, and `ink` is what a PDF uses.
"""

from core.charts.numbers import Number, compact_number, tick_values
from core.charts.plots import bar_chart, donut, funnel, line_chart, sparkline, stacked_chart
from core.charts.shapes import Point, Series, colour

__all__ = [
    "Number",
    "Point",
    "Series",
    "bar_chart",
    "colour",
    "compact_number",
    "donut",
    "funnel",
    "line_chart",
    "sparkline",
    "stacked_chart",
    "tick_values",
]
