"""One plane of a tensor as a map, as large as there is room, with what the step touches marked."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from stepgrad.tui.board import origin
from stepgrad.tui.charts.heat import SIZES, Ink, Marks, Zoom, map_lines, pooled, ruled, zooms
from stepgrad.tui.charts.levels import NONE, UNWRITTEN, Array
from stepgrad.tui.charts.subject import Subject
from stepgrad.tui.line import Line

RULERS = 1
"""Columns at the left and lines at the top that the rulers take."""


class Window(NamedTuple):
    """Which part of a plane a map shows, in cells of the tensor."""

    top: int
    left: int
    rows: int
    cols: int
    zoom: Zoom
    folded: int = 0
    """Where a single row goes on in further lines: the columns of each. Rows and columns count blocks then."""

    def folded_place(self, col: int) -> tuple[int, int]:
        """Where a cell of a folded row stands."""
        return divmod(col // self.zoom.block, self.folded)

    def place(self, row: int, col: int) -> tuple[int, int]:
        """Where a cell stands in the window, in cells from its upper left one; outside it, one below 0 or beyond."""
        y, x = self.folded_place(col) if self.folded else (row, col)
        return y - self.top, x - self.left

    @property
    def unit(self) -> int:
        """Rows and columns of the window that share a cell of the map."""
        return 1 if self.folded else self.zoom.block


class Asked(NamedTuple):
    """What is to be seen: a plane (None: all three channels of a picture), how much larger, how far moved aside."""

    plane: int
    composite: bool = False
    zoom: int = 0
    pan: tuple[int, int] = (0, 0)
    """So many windows down and to the right of the one with the cursor."""


def windows(subject: Subject, asked: Asked, columns: int, lines: int, ink: Ink) -> tuple[Window, int]:
    """The window to show, and the largest zoom that can be asked for."""
    _, high, wide = subject.tensor.planes.shape
    folds = _folded(wide, columns, lines, ink) if high == 1 and wide > columns else []
    sizes = folds or [Window(0, 0, high, wide, zoom) for zoom in zooms(high, wide, columns, lines, ink)]
    window = sizes[min(asked.zoom, len(sizes) - 1)]
    down, across = window.zoom.room(columns, lines)
    marks = subject.marks(asked.plane)
    rows, cols = list(marks) or [0], [col for found in marks.values() for col in found] or [0]
    if window.folded:
        down, across = down // window.zoom.block, across // window.zoom.block
        rows, cols = [window.folded_place(min(cols))[0]], [0]
    top = _moved(_start(rows, down, window.rows), asked.pan[0] * max(down // 2, 1), window.rows - down)
    left = _moved(_start(cols, across, window.cols), asked.pan[1] * max(across // 2, 1), window.cols - across)
    block = 1 if window.folded else window.zoom.block
    high, wide = min(down, window.rows), min(across, window.cols)
    return window._replace(top=top - top % block, left=left - left % block, rows=high, cols=wide), len(sizes) - 1


def _start(marked: list[int], shown: int, full: int) -> int:
    """Where a view starts that holds what is marked, or as much of it as fits."""
    span = max(marked) - min(marked) + 1
    return origin(min(marked), span if span <= shown else 1, shown, full)


def _moved(start: int, by: int, most: int) -> int:
    return max(0, min(start + by, most))


def _folded(wide: int, columns: int, lines: int, ink: Ink) -> list[Window]:
    """A single row in several lines: first the largest zoom that shows all of it, then the larger ones."""
    sizes = list(SIZES if ink.colour and ink.unicode else SIZES[1:])
    down, across = sizes[0].room(columns, lines)
    block = -(-wide // (down * across))
    found: list[Window] = []
    for zoom in ([sizes[0]._replace(block=block)] if block > 1 else []) + sizes:
        across = max(columns // zoom.columns, 1)
        rows = ceil(wide / zoom.block / across)
        if (rows * zoom.lines or ceil(rows / 2)) <= lines:
            found.clear()
        found.append(Window(0, 0, rows, across, zoom, across))
    return found


def window_codes(subject: Subject, asked: Asked, window: Window) -> Array:
    """The codes of a window."""
    _, high, wide = subject.tensor.planes.shape
    block = window.zoom.block
    if not window.folded:
        bottom, right = min(window.top + window.rows, high), min(window.left + window.cols, wide)
        return _codes(subject, asked, range(window.top, bottom), range(window.left, right), block)
    row = _codes(subject, asked, range(1), range(wide), block)[0]
    filled = np.full(-(-len(row) // window.folded) * window.folded, NONE, row.dtype)
    filled[: len(row)] = row
    return filled.reshape(-1, window.folded)[window.top : window.top + window.rows]


def _codes(subject: Subject, asked: Asked, rows: range, cols: range, block: int) -> Array:
    """The codes of some rows and columns of a plane, in blocks of so many."""
    tensor = subject.tensor
    if not rows or not cols:
        return np.zeros((0, 0), np.int32)
    down, across = (slice(axis.start // block, -(-axis.stop // block)) for axis in (rows, cols))
    if asked.composite:
        first = asked.plane - asked.plane % 3
        values = np.stack([tensor.reduced(first + i, block)[down, across] for i in range(3)])
    else:
        values = tensor.reduced(asked.plane, block)[down, across]
    if subject.is_written:
        return tensor.codes(values)
    codes = tensor.codes(_so_far(subject, asked.plane, values, rows, cols, block))
    codes[subject.unwritten(asked.plane, np.asarray(rows[::block]), np.asarray(cols[::block]))] = UNWRITTEN
    return codes


def _so_far(subject: Subject, plane: int, values: Array, rows: range, cols: range, block: int) -> Array:
    """The values of blocks; those that are half written stand for what is written of them."""
    _, high, wide = subject.tensor.planes.shape
    last = (subject.written - plane * high * wide) // wide
    if block == 1 or last not in rows:
        return values
    top = last - last % block
    band = range(top, min(top + block, high))
    written = ~subject.unwritten(plane, np.asarray(band), np.asarray(cols))
    found = values.copy()
    part = np.where(written, subject.tensor.planes[plane, top : band.stop, cols.start : cols.stop], 0)
    found[(top - rows.start) // block] = pooled(part, block)[0]
    return found


def map_of(subject: Subject, asked: Asked, columns: int, lines: int, ink: Ink) -> tuple[list[Line], Window, int]:
    """The lines of a map with its rulers, the window it shows, and the largest zoom that can be asked for."""
    window, largest = windows(subject, asked, columns - RULERS, lines - RULERS, ink)
    marks, cursor = _placed_marks(subject, asked, window)
    drawn, wide = _drawn(subject, asked, window, marks, ink)
    return ruled(drawn, window.zoom, marks, cursor, wide), window, largest


def drawn_map(
    subject: Subject, asked: Asked, columns: int, lines: int, ink: Ink, zoom: Zoom | None = None
) -> list[Line]:
    """The lines of a map alone, all of its plane at a zoom where one is given."""
    _, high, wide = subject.tensor.planes.shape
    window = Window(0, 0, high, wide, zoom) if zoom else windows(subject, asked, columns, lines, ink)[0]
    return _drawn(subject, asked, window, _placed_marks(subject, asked, window)[0], ink)[0]


def _drawn(subject: Subject, asked: Asked, window: Window, marks: Marks, ink: Ink) -> tuple[list[Line], int]:
    """The lines of a window, and how many columns they take."""
    codes = window_codes(subject, asked, window)
    texts = _texts(subject, asked, window, codes)
    wide = codes.shape[1] * window.zoom.columns if codes.size else 0
    return map_lines(codes, window.zoom, ink, marks, texts), wide


def _placed_marks(subject: Subject, asked: Asked, window: Window) -> tuple[Marks, tuple[int, int] | None]:
    """The marks as the window counts its cells, and the cell the rulers point at."""
    found: dict[int, set[int]] = {}
    for row, cols in _marks(subject, asked).items():
        for col in cols:
            y, x = window.place(row, col)
            if 0 <= y < window.rows and 0 <= x < window.cols:
                found.setdefault(y // window.unit, set()).add(x // window.unit)
    marks = {row: sorted(cols) for row, cols in sorted(found.items())}
    if not subject.is_output:
        return marks, None
    return marks, next(((row, cols[0]) for row, cols in marks.items()), None)


def _marks(subject: Subject, asked: Asked) -> Marks:
    if not asked.composite:
        return subject.marks(asked.plane)
    first = asked.plane - asked.plane % 3
    found = [subject.marks(first + i) for i in range(3)]
    return next((marks for marks in found if marks), {})


def _texts(subject: Subject, asked: Asked, window: Window, codes: Array) -> Sequence[Sequence[str]]:
    """The numbers of the cells, where these are large enough for them."""
    if asked.composite or window.zoom.block > 1 or window.folded or not window.zoom.lines:
        return ()
    scale = subject.tensor.scale(asked.plane)
    if scale.width + 2 > window.zoom.columns:
        return ()
    values = subject.tensor.planes[asked.plane]
    shown = values[window.top : window.top + window.rows, window.left : window.left + window.cols]
    return [
        [
            "" if code == UNWRITTEN else scale.text(float(value))
            for value, code in zip(values, codes, strict=True)
        ]
        for values, codes in zip(shown.tolist(), codes.tolist(), strict=True)
    ]  # fmt: skip
