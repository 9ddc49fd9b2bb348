"""Numbers as levels: how dark or bright each cell of a tensor is, and which are no numbers at all."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from stepgrad.tui.charts.shades import STEPS, rgb

Array = np.ndarray[Any, Any]

ZERO = STEPS
FLOOR = 2 * STEPS + 1
"""The code of zero where nothing is negative."""
NONE, UNWRITTEN, NAN, PLUS_INF, MINUS_INF = range(4 * STEPS + 2, 4 * STEPS + 7)
"""Codes beside the levels: no cell, a cell not written yet, and what is no finite number."""
COLOUR = 1 << 24
"""A code from here on is a colour of its own, `COLOUR + 0xrrggbb`."""
_SHADES = (
    *(f"{level:+d}" if level else "=0" for level in range(-STEPS, STEPS + 1)),
    *(f"s{level}" for level in range(2 * STEPS + 1)),
    "", "", "nan", "inf", "inf",
)  # fmt: skip


class Range(NamedTuple):
    """What the levels of a tensor stand for: its largest magnitude, and whether it holds negative numbers."""

    limit: float
    signed: bool

    def codes(self, values: Array) -> Array:
        """The codes of values. Only an exact zero has the level of zero."""
        with np.errstate(all="ignore"):
            part = np.nan_to_num(values / self.limit if self.limit else np.zeros(values.shape), nan=0.0)
            steps = np.rint(np.minimum(np.abs(part), 1.0) * (STEPS if self.signed else 2 * STEPS))
        size = np.where(values == 0, 0, np.maximum(steps, 1))
        found = np.where(values < 0, -size, size).astype(np.int32) + (ZERO if self.signed else FLOOR)
        for code, is_it in ((NAN, np.isnan), (PLUS_INF, np.isposinf), (MINUS_INF, np.isneginf)):
            found[is_it(values)] = code
        return found

    @property
    def ends(self) -> tuple[int, int]:
        """The codes of the smallest and of the largest value."""
        return (0, 2 * STEPS) if self.signed else (FLOOR, FLOOR + 2 * STEPS)

    def spectrum(self, room: int) -> list[int]:
        """Codes from one end of the scale to the other, one a column."""
        first, last = self.ends
        return [first + round((last - first) * i / max(room - 1, 1)) for i in range(room)]


def range_of(values: Array) -> Range:
    """The range of all finite values of a tensor."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Range(0.0, signed=False)
    low, high = float(finite.min()), float(finite.max())
    return Range(max(-low, high), signed=low < 0)


def picture_codes(values: Array, white: float) -> Array:
    """The codes of a picture, (rows, columns) in grey or (3, rows, columns) in red, green and blue; 0 is black."""
    part = np.clip(np.nan_to_num(values / white), 0.0, 1.0) if white else np.zeros(values.shape)
    # Five bits a channel: a terminal shows no more, and the same few styles serve every picture.
    bits = np.rint(part * 31).astype(np.int32) * 255 // 31
    red, green, blue = bits if bits.ndim == 3 else (bits, bits, bits)
    found: Array = COLOUR + (red << 16) + (green << 8) + blue
    return found.astype(np.int32)


def shade(code: int) -> str:
    """The shade of a code; nothing where there is no number to show."""
    return _SHADES[code] if code < COLOUR else f"#{code - COLOUR:06x}"


def level(code: int) -> float:
    """How far along its scale a code is, -1 to 1; of a colour, how bright it is."""
    if code >= COLOUR:
        return sum(rgb(shade(code))) / (3 * 255)
    if code >= NONE:
        return 0.0
    return (code - ZERO) / STEPS if code < FLOOR else (code - FLOOR) / (2 * STEPS)
