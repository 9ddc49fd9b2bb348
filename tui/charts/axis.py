"""A scale for a chart: where a value stands between two ends, and the round numbers to write beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from stepgrad.tui.numbers import significant

ROUND = (1.0, 2.0, 5.0, 10.0)
LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
"""The numbers of float64 that are farthest from zero, and closest to it."""
APART = 4
"""Lines between two numbers of an axis, at least."""


def write(value: float) -> str:
    """A number at an axis or in a caption."""
    return significant(value, 4)


class Axis(NamedTuple):
    """A scale from `low` at 0 to `high` at 1; where it is logarithmic, both are above zero."""

    low: float
    high: float
    lines: int
    log: bool = False
    marks: tuple[float, ...] = ()
    """The round numbers written at the axis."""

    def part(self, value: float) -> float:
        """Where a value stands, 0 to 1; one beyond an end is at that end."""
        low, high, value = (self._linear(x) for x in (self.low, self.high, value))
        # Halved: the distance between the largest numbers is none.
        return min(max((value / 2 - low / 2) / (high / 2 - low / 2), 0.0), 1.0)

    def row(self, value: float) -> int:
        """The line of a value, from the top."""
        return round((1 - self.part(value)) * (self.lines - 1))

    def between(self, start: float, end: float, part: float) -> float:
        """The value on the straight line from one to another."""
        if not self.log:
            return start * (1 - part) + end * part
        return 10 ** (math.log10(start) * (1 - part) + math.log10(end) * part)

    @property
    def ticks(self) -> list[tuple[float, int]]:
        """The numbers written, and their lines."""
        return [(mark, self.row(mark)) for mark in self.marks]

    def _linear(self, value: float) -> float:
        return math.log10(max(value, self.low)) if self.log else value


def axis(values: Sequence[float], lines: int, *, log: bool = False) -> Axis:
    """An axis that holds all the values, with round ends; for no values, or a single one, it has some room around."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if log:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        last = max(last, first + 1)
        every = -(-(last - first) // max(lines // APART, 1))
        return Axis(power(first), power(last), lines, True, tuple(map(power, range(first, last + 1, every))))
    if low == high:
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    elif 0 < low < high / 2:
        low = 0.0
    step = round_step(high / 2 - low / 2, max(lines // APART, 1) / 2)
    if not math.isfinite(step * 2) or low + step == low or high - step == high:
        return Axis(low, high, lines, marks=(low, high))
    marks = multiples(low, high, step)
    return Axis(marks[0], marks[-1], lines, marks=marks)


def round_step(distance: float, parts: float) -> float:
    """The least of 1, 2, 5, 10, ... that goes into a distance at most `parts` times."""
    wanted = min(distance / parts, LARGEST)
    unit = power(math.floor(math.log10(wanted))) if wanted else 1.0
    return min(next((unit * digit for digit in ROUND if unit * digit >= wanted * (1 - 1e-9)), unit * 10), LARGEST)


def multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    """The multiples of a step from the last at or below `low` to the first at or above `high`."""
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    found = (_rounded(step * i, step) for i in range(first, max(last, first + 1) + 1))
    return tuple(min(max(value, -LARGEST), LARGEST) for value in found)


def _rounded(value: float, step: float) -> float:
    """Without what rounding left: 3 times 0.1 is 0.3."""
    return round(value, 2 - math.floor(math.log10(step))) + 0.0 if abs(value) < 1e300 else value


def power(exponent: int) -> float:
    """A power of ten, or the number closest to it."""
    return LARGEST if exponent > 308 else max(10.0**exponent, SMALLEST)
