"""A value over the iterations: a curve with its axes, and a sparkline for where there is one line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stepgrad.tui.charts.axis import Axis, axis, write
from stepgrad.tui.charts.heat import joined
from stepgrad.tui.line import Line, Run, placed

Point = tuple[int, float | None]
"""An iteration and its value; None where it has none, which parts the curve."""

QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the quarters of a character that are filled: 1 upper left, 2 upper right, 4 lower left, 8 lower right."""
ASCII_QUADRANTS = " '''.:::.:::.:::"
SPARKS, ASCII_SPARKS = "▁▂▃▄▅▆▇█", "_.-=+*%#"
NAN, ABOVE, BELOW, HERE = "×", "↑", "↓", "●"


class Curve(NamedTuple):
    """What is drawn: points by iteration, how many iterations there are, and the one the player is in."""

    points: Sequence[Point]
    iterations: int
    at: int
    log: bool = False

    @property
    def finite(self) -> list[float]:
        return [value for _, value in self.points if value is not None and math.isfinite(value)]

    @property
    def can_be_log(self) -> bool:
        """Whether every value is above zero, as a logarithmic axis asks for."""
        return bool(self.finite) and min(self.finite) > 0

    def value_at(self, iteration: int) -> float | None:
        """The value of an iteration, or of the last one before it that was kept."""
        return next((value for i, value in reversed(self.points) if i <= iteration), None)


def curve_lines(curve: Curve, columns: int, lines: int, *, unicode: bool = True) -> list[Line]:
    """The curve between its axes: numbers at the left, iterations below, a line down at the current one."""
    high = max(lines - 1, 1)
    up = axis(curve.finite, high, log=curve.log and curve.can_be_log)
    labels = {row: write(value) for value, row in up.ticks}
    edge = max(map(len, labels.values()), default=1)
    wide = max(columns - edge - 2, 1)
    columns_of = {x: _column(x, curve.iterations, wide) for x, _ in curve.points}
    here = _column(curve.at, curve.iterations, wide)
    drawn = _plot(curve, up, wide, high, unicode=unicode)
    for x, value in curve.points:
        if value is not None and not math.isfinite(value):
            row, sign = (high - 1, NAN) if math.isnan(value) else (0, ABOVE) if value > 0 else (high - 1, BELOW)
            drawn[row][columns_of[x]] = (sign, "wrong")
    value = curve.value_at(curve.at)
    point = min(up.row(value), high - 1) if value is not None and math.isfinite(value) else -1
    found = []
    for y, cells in enumerate(drawn):
        if cells[here][0] == " ":
            cells[here] = ("│", "todo")
        if y == point:
            cells[here] = (HERE, "here")
        found.append((_label(labels.get(y, ""), edge), *joined(cells)))
    return [*found, _below(curve, edge + 2, wide, here)]


def _label(text: str, room: int) -> Run:
    return f"{text:>{room}}{'┤' if text else '│'} ", "faint"


def _below(curve: Curve, left: int, wide: int, here: int) -> Line:
    """The iterations: the first, the last and the current one, if it stands clear of these."""
    last, now = str(curve.iterations - 1), str(curve.at)
    end = wide - len(last)
    pieces: list[tuple[int, Line]] = [(left, (("0", "faint"),))]
    if here > 2 and here + len(now) < end - 1:
        pieces.append((left + here, ((now, "here"),)))
    if end > 1:
        pieces.append((left + end, ((last, "faint"),)))
    return placed(pieces)


def _column(x: int, iterations: int, wide: int) -> int:
    return round(x * (wide - 1) / max(iterations - 1, 1))


def _plot(curve: Curve, up: Axis, wide: int, high: int, *, unicode: bool) -> list[list[Run]]:
    """The plot as characters, its dots a quarter of one each."""
    filled = [[0] * wide for _ in range(high)]
    for column, (top, bottom) in _spans(curve, up, 2 * wide, 2 * high).items():
        for row in range(top, bottom + 1):
            filled[row // 2][column // 2] |= 1 << (column % 2 + 2 * (row % 2))
    signs = QUADRANTS if unicode else ASCII_QUADRANTS
    return [[(signs[bits], "done" if bits else "") for bits in row] for row in filled]


def _spans(curve: Curve, up: Axis, wide: int, high: int) -> dict[int, tuple[int, int]]:
    """Column of dots -> its highest and its lowest row: of the points in it, or of the line that passes through."""
    found: dict[int, tuple[int, int]] = {}
    scale = (wide - 1) / max(curve.iterations - 1, 1)
    before: tuple[float, float] | None = None
    for x, value in curve.points:
        if value is None or not math.isfinite(value):
            before = None
            continue
        at = x * scale
        left, start = before or (at, value)
        for column in range(round(left) + 1, round(at)):
            _add(found, column, _row(up, up.between(start, value, (column - left) / (at - left)), high))
        _add(found, round(at), _row(up, value, high))
        if before is not None:
            _join(found, round(left), round(at))
        before = at, value
    return found


def _row(up: Axis, value: float, high: int) -> int:
    return round((1 - up.part(value)) * (high - 1))


def _add(found: dict[int, tuple[int, int]], column: int, row: int) -> None:
    top, bottom = found.get(column, (row, row))
    found[column] = min(top, row), max(bottom, row)


def _join(found: dict[int, tuple[int, int]], first: int, last: int) -> None:
    """Close the gaps between neighbouring columns, up and down."""
    for column in range(first + 1, last + 1):
        (above, below), (top, bottom) = found[column - 1], found[column]
        found[column] = min(top, below + 1), max(bottom, above - 1)


def sparkline(points: Sequence[Point], columns: int, iterations: int, at: int, *, unicode: bool = True) -> Line:
    """The curve on one line; the current iteration stands out."""
    signs = SPARKS if unicode else ASCII_SPARKS
    wide = max(min(columns, iterations), 1)
    values: dict[int, float | None] = {_column(x, iterations, wide): value for x, value in points}
    finite = [value for value in values.values() if value is not None and math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    here = _column(at, iterations, wide)

    def cell(column: int) -> Run:
        value = values.get(column)
        style = "here" if column == here else "done"
        if value is None:
            return ("·" if column == here else " "), style
        if not math.isfinite(value):
            return (NAN if math.isnan(value) else ABOVE if value > 0 else BELOW), "wrong"
        part = (value - low) / (high - low) if high > low else 0.5
        return signs[min(int(part * len(signs)), len(signs) - 1)], style

    return joined(cell(column) for column in range(wide))


def told(curve: Curve) -> Iterator[str]:
    """What a curve shows, in words: where it is now, its ends, and where it stops being a number."""
    value = curve.value_at(curve.at)
    if value is not None:
        yield f"{write(value)} at iteration {curve.at}"
    finite = curve.finite
    if finite:
        yield f"from {write(finite[0])} to {write(finite[-1])}, least {write(min(finite))}"
    broken = next((x for x, value in curve.points if value is not None and not math.isfinite(value)), None)
    if broken is not None:
        yield f"not a finite number from iteration {broken}"
