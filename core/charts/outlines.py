"""Outlines as SVG paths: bars, lines with the area below them, pieces of a ring."""

import math
from collections.abc import Sequence


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
