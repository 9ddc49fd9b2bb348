"""A plane of numbers as a map: a coloured cell for each, or where there is no colour a sign and a density.

At its smallest a cell is half a character, so that two rows share a line and cells are square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np

from stepgrad.tui.charts.levels import FLOOR, MINUS_INF, NAN, NONE, PLUS_INF, UNWRITTEN, Array, level, shade
from stepgrad.tui.line import Line, Run, placed

DENSITIES = " ░▒▓█"
"""From nothing to the largest magnitude."""
DOT = "·"
"""A cell that is not written yet."""
BARE = f" {DOT}"
"""Where a bracket may stand."""
WORDS = {NAN: "NaN", PLUS_INF: "Inf", MINUS_INF: "-Inf"}
_GLYPHS = {NAN: "?", PLUS_INF: "^", MINUS_INF: "v", UNWRITTEN: DOT, NONE: " "}

Marks = Mapping[int, Sequence[int]]
"""Row -> the columns marked in it, in order."""
Texts = Sequence[Sequence[str]]


class Ink(NamedTuple):
    """What the terminal can draw with."""

    colour: bool = True
    unicode: bool = True


FULL = Ink()


class Zoom(NamedTuple):
    """How large a cell is drawn."""

    columns: int
    lines: int
    """0 is half a line."""
    block: int = 1
    """So many rows and columns share a cell of the map."""

    def size(self, rows: int, cols: int) -> tuple[int, int]:
        """Columns and lines that a plane takes."""
        rows, cols = -(-rows // self.block), -(-cols // self.block)
        return cols * self.columns, rows * self.lines or -(-rows // 2)

    def room(self, columns: int, lines: int) -> tuple[int, int]:
        """Rows and columns of the plane that fit."""
        down = lines // self.lines if self.lines else 2 * lines
        return max(down, 1) * self.block, max(columns // self.columns, 1) * self.block


SIZES = (Zoom(1, 0), Zoom(2, 1), Zoom(4, 2), Zoom(6, 3), Zoom(8, 4), Zoom(10, 5), Zoom(12, 6), Zoom(14, 7))


def zooms(rows: int, cols: int, columns: int, lines: int, ink: Ink) -> list[Zoom]:
    """The zooms there are: first the largest that shows all of a plane, then those that show a part of it larger."""
    sizes = SIZES if ink.colour and ink.unicode else SIZES[1:]
    whole = [size for size in sizes if _fits(size, rows, cols, columns, lines)]
    if whole:
        return list(sizes[sizes.index(whole[-1]) :])
    down, across = sizes[0].room(columns, lines)
    block = max(-(-rows // down), -(-cols // across))
    blocks = [block]
    while blocks[-1] > 3:
        blocks.append(blocks[-1] // 2)
    return [*(sizes[0]._replace(block=block) for block in blocks), *sizes]


def _fits(zoom: Zoom, rows: int, cols: int, columns: int, lines: int) -> bool:
    wide, high = zoom.size(rows, cols)
    return wide <= columns and high <= lines


def pooled(values: Array, block: int) -> Array:
    """The value of largest magnitude of each block of rows and columns; NaN where a block holds one."""
    if block == 1 or not values.size:
        return values
    high, low = (_reduced(rule, values, block) for rule in (np.maximum, np.minimum))
    return np.where(-low > high, low, high)


def _reduced(rule: np.ufunc, values: Array, block: int) -> Array:
    for axis in (0, 1):
        values = rule.reduceat(values, range(0, values.shape[axis], block), axis=axis)
    return values


def averaged(values: Array, block: int) -> Array:
    """The mean of each block of rows and columns: how a picture is made smaller."""
    if block == 1 or not values.size:
        return values
    counts = [np.diff([*range(0, size, block), size]) for size in values.shape]
    found: Array = _reduced(np.add, values.astype(np.float64), block) / np.outer(*counts)
    return found


def map_lines(codes: Array, zoom: Zoom, ink: Ink, marks: Marks | None = None, texts: Texts = ()) -> list[Line]:
    """The lines of a map. `texts` are the numbers, written into the cells; `marks` are set between brackets.

    Half-height cells have room for neither.
    """
    if not codes.size:
        return []
    if not zoom.lines:
        below = np.full(codes.shape[1:], NONE, codes.dtype).tobytes()
        rows = [row.tobytes() for row in codes] + [below]
        return [_halves(rows[y], rows[y + 1]) for y in range(0, len(codes), 2)]
    signed = not ink.colour and bool((codes < FLOOR).any())
    lines: list[Line] = []
    marked = marks or {}
    for y, row in enumerate(codes):
        words = tuple(texts[y]) if y < len(texts) else ()
        around = tuple(tuple(marked.get(at, ())) for at in (y - 1, y, y + 1))
        lines += _cells(row.tobytes(), words, around if around[1] else (), zoom, ink.colour, signed)
    return lines


@lru_cache(8192)
def _halves(upper: bytes, lower: bytes) -> Line:
    """Two rows on a line."""
    pairs = zip(_codes(upper), _codes(lower), strict=True)
    return joined(_half(top, bottom) for top, bottom in pairs)


@lru_cache(8192)
def _half(top: int, bottom: int) -> Run:
    if shade(bottom):
        return ("▀", f"{shade(top)}/{shade(bottom)}") if shade(top) else ("▄", f"{shade(bottom)}/")
    if shade(top):
        return "▀", f"{shade(top)}/"
    return (DOT, "unwritten") if UNWRITTEN in (top, bottom) else (" ", "")


@lru_cache(8192)
def _cells(
    row: bytes, texts: tuple[str, ...], marks: tuple[tuple[int, ...], ...], zoom: Zoom, colour: bool, signed: bool
) -> list[Line]:
    """The lines of one row of cells. `marks` are those of the row above, of this one and of the one below."""
    above, here, below = map(set, marks if marks and (colour or zoom.columns > 2) else ((), (), ()))
    cells = []
    for col, code in enumerate(_codes(row)):
        text = texts[col] if col < len(texts) else ""
        cell = _coloured(code, text, zoom) if colour else _drawn(code, text, zoom, signed=signed)
        if col in here:
            sides = col - 1 not in here, col + 1 not in here, col not in above, col not in below
            cell = _bracketed(cell, *sides)
        cells.append(cell)
    return [joined(cell[y] for cell in cells) for y in range(zoom.lines)]


def _coloured(code: int, text: str, zoom: Zoom) -> list[Run]:
    """A cell as an area of its colour, its text in the middle."""
    style = f"ink/{shade(code)}" if shade(code) else "unwritten"
    text = DOT if code == UNWRITTEN else text or WORDS.get(code, "")
    lines = [(" " * zoom.columns, style)] * zoom.lines
    if len(text) < zoom.columns:
        lines[_middle(zoom)] = (text.center(zoom.columns), style)
    return lines


def _drawn(code: int, text: str, zoom: Zoom, *, signed: bool) -> list[Run]:
    """A cell as a sign and a density, its text in their place on the middle line."""
    part = level(code)
    glyph = _GLYPHS.get(code) or DENSITIES[ceil(abs(part) * 4)]
    sign = _sign(part, signed=signed)
    edge = " " if zoom.columns > 2 else ""
    size = zoom.columns - len(sign) - 2 * len(edge)
    lines = [(f"{edge}{sign}{glyph * size}{edge}", "")] * zoom.lines
    if text and len(text) < zoom.columns:
        lines[_middle(zoom)] = (text.center(zoom.columns), "")
    return lines


def _sign(part: float, *, signed: bool) -> str:
    return "" if not signed else "-" if part < 0 else "+" if part > 0 else " "


def _middle(zoom: Zoom) -> int:
    return (zoom.lines - 1) // 2


def _bracketed(cell: list[Run], opens: bool, closes: bool, top: bool, bottom: bool) -> list[Run]:
    """The cell with a bracket where a run of marked cells begins or ends, as high as the run of rows."""
    found = []
    for y, (text, style) in enumerate(cell):
        first, last = top and y == 0, bottom and y == len(cell) - 1
        left, right = "[]" if first and last else "┌┐" if first else "└┘" if last else "││"
        text = (left if opens and text[0] in BARE else text[0]) + text[1:]
        text = text[:-1] + (right if closes and text[-1] in BARE else text[-1])
        found.append((text, style or "strong"))
    return found


def _codes(row: bytes) -> list[int]:
    return [int(code) for code in np.frombuffer(row, np.int32)]


def joined(runs: Iterable[Run]) -> Line:
    """Runs as a line: neighbours that look the same are one."""
    found: list[Run] = []
    for text, style in runs:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        else:
            found.append((text, style))
    return tuple(found)


def ruled(lines: Sequence[Line], zoom: Zoom, marks: Marks, cursor: tuple[int, int] | None, columns: int) -> list[Line]:
    """The lines with rulers at the top and at the left, which point at the marked columns and rows, and at the cursor.

    They take one line and one column, whether anything is marked or not.
    """
    row, col = cursor if cursor is not None else (-1, -1)
    across = {x for cols in marks.values() for x in cols} - {col}
    middle = (zoom.columns - 1) // 2
    top = joined(
        ("▼", "here")
        if x == col * zoom.columns + middle
        else ("━", "hue0")
        if x // zoom.columns in across
        else (" ", "")
        for x in range(columns)
    )
    side = [_beside(y, zoom, set(marks) - {row}, row) for y in range(len(lines))]
    return [placed([(1, top)]), *((mark, *line) for mark, line in zip(side, lines, strict=True))]


def _beside(y: int, zoom: Zoom, marked: set[int], row: int) -> Run:
    """What points at a line from the left."""
    if y == (row * zoom.lines + _middle(zoom) if zoom.lines else row // 2) and row >= 0:
        return "▶", "here"
    rows = {y // zoom.lines} if zoom.lines else {2 * y, 2 * y + 1}
    return ("┃", "hue0") if rows & marked else (" ", "")


def legend(codes: Sequence[int], ends: tuple[str, str], ink: Ink) -> Iterator[Run]:
    """`-1.2 (colours) 3`: what the ends of the scale stand for."""
    yield f"{ends[0]} ", "faint"
    if ink.colour:
        yield from (((" ", f"ink/{shade(code)}")) for code in codes)
    else:
        signed = any(code < FLOOR for code in codes)
        signs = [_sign(level(code), signed=signed) + DENSITIES[ceil(abs(level(code)) * 4)] for code in codes]
        yield " ".join(dict.fromkeys(signs)), ""
    yield f" {ends[1]}", "faint"
