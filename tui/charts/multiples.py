"""Many planes side by side, small: kernels, feature maps of many channels. What finds no room stands on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stepgrad.tui.charts.heat import SIZES, Ink, Zoom
from stepgrad.tui.line import BLANK, Line, clip, placed, width

APART = 2
"""Columns between two planes."""
SMALLEST = 12
"""Rows and columns to which a plane may be reduced so that more of them fit."""


class Grid(NamedTuple):
    """How planes are laid out on a page: how many across and down, each at a zoom."""

    zoom: Zoom
    across: int
    down: int
    wide: int
    """Columns of a plane."""
    high: int
    """Lines of a plane; its label has one more, and an empty one follows."""

    @property
    def planes(self) -> int:
        return self.across * self.down

    def page(self, plane: int, count: int) -> range:
        """The planes on the page that shows one of them."""
        first = plane // self.planes * self.planes
        return range(first, min(first + self.planes, count))


def grid(count: int, rows: int, cols: int, columns: int, lines: int, ink: Ink, label: int, channels: int = 1) -> Grid:
    """The largest zoom at which all planes fit a page; where none is, the smallest that can still be told apart.

    Where the channels of a sample fit side by side, each line of planes begins with the first of a sample.
    """
    sizes = SIZES if ink.colour and ink.unicode else SIZES[1:]
    least = max(-(-max(rows, cols) // SMALLEST), 1)
    found = Grid(sizes[0], 1, 1, *sizes[0].size(rows, cols))
    for zoom in [*reversed(sizes), *(sizes[0]._replace(block=block) for block in range(2, max(rows, cols) + 1))]:
        wide, high = zoom.size(rows, cols)
        across, down = (columns + APART) // (max(wide, label) + APART), (lines + 1) // (high + 2)
        if across and down:
            across -= across % channels if channels <= across else 0
            found = Grid(zoom, across, down, wide, high)
            if found.planes >= count or (zoom.block >= least and zoom.columns == sizes[0].columns):
                break
    return found


def tiled(found: Grid, planes: Sequence[tuple[Line, Callable[[], Sequence[Line]]]], columns: int) -> list[Line]:
    """The lines of a page: planes as (label, lines), from left to right and from top to bottom."""
    widest = max((width(label) for label, _ in planes), default=0)
    step = min(max(columns // found.across, 1), max(found.wide, widest) + 3 * APART)
    lines: list[Line] = []
    for first in range(0, len(planes), found.across):
        row = [(clip(label, step - 1), draw()) for label, draw in planes[first : first + found.across]]
        lines += [BLANK] * bool(lines)
        lines.append(placed((i * step, label) for i, (label, _) in enumerate(row)))
        for y in range(found.high):
            lines.append(placed((i * step, drawn[y]) for i, (_, drawn) in enumerate(row) if y < len(drawn)))
    return lines
