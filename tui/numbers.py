"""Numbers as they stand in a matrix: one scale a tensor, so that its columns keep still while stepping."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from stepgrad.engine.arithmetic import exact

DECIMALS = 4
"""Decimals of a number below 10; a larger one has fewer, so that about five digits are shown."""
LARGE, SMALL = 1e7, 1e-3
"""Where a tensor's largest number lies beyond these, it is written with exponents."""
PLAIN = 1e3
"""Whole numbers below this are written as they are even among exponents."""
CANCELLED = 1e-12
"""Below this part of a tensor's largest number, a number is what rounding left of terms that cancel."""

COUNTED = 4096
"""Tensors up to this size are measured number by number; of larger ones the extremes are."""

NOISE = 1e-14
"""0.1 + 0.2 is written 0.3: what a float64 is off by so little is its own rounding."""
# Half a unit in the last place: a float32 0.1 is written 0.1, though it is 0.100000001 as a float64.
TOLERANCE = {"float16": 5e-4, "bfloat16": 4e-3, "float32": 6e-8}


class Scale(NamedTuple):
    """How the numbers of one tensor are written. `width` is that of the widest."""

    decimals: int
    width: int
    largest: float
    tolerance: float = NOISE
    exponent: bool = False
    complete: bool = False
    """Whether every number of the tensor is shown in full."""

    def text(self, value: float) -> str:
        """The number in the tensor's own digits: whole ones without a point, `~0` for what cancelled."""
        if not math.isfinite(value) or value == 0:
            return exact(value)
        if abs(value) < CANCELLED * self.largest:
            return "~0"
        if self.exponent:
            return exact(value) if abs(value) < PLAIN and value == int(value) else _scientific(value, 3)
        text = f"{value:.{self.decimals}f}"
        shown = float(text)
        if close(shown, value, self.tolerance):
            return exact(shown)
        return text if shown else _scientific(value, 0)


class Letters(NamedTuple):
    """The letters of a plane, in the place of its numbers. A cell is told by its place in the plane, in row order."""

    letters: tuple[str, ...]

    def text(self, value: float) -> str:
        return self.letters[int(value)]


def close(shown: float, value: float, tolerance: float = NOISE) -> bool:
    """Whether a number is shown in full, but for the rounding of its dtype."""
    return shown == value or abs(shown - value) <= tolerance * abs(value) or (math.isnan(shown) and math.isnan(value))


class Extremes(NamedTuple):
    """What a tensor's scale hangs on."""

    low: float
    high: float
    """The smallest and the largest of its finite numbers."""
    whole: bool
    """Whether all of these are whole."""
    odd: bool
    """Whether there are NaN or Inf beside them."""


def measure(values: Sequence[float], dtype: str = "float64") -> Scale:
    """The scale of a tensor's values."""
    tolerance = TOLERANCE.get(dtype, NOISE)
    finite = [value for value in values if math.isfinite(value)]
    whole = all(map(float.is_integer, finite))
    found = Extremes(min(finite, default=0.0), max(finite, default=0.0), whole, len(finite) < len(values))
    scale = scaled(found, lambda n: all(close(round(value, n), value, tolerance) for value in finite), dtype)
    if len(values) > COUNTED:
        return scale
    return scale._replace(width=max((len(scale.text(value)) for value in values), default=1))


def scaled(found: Extremes, shown: Callable[[int], bool], dtype: str) -> Scale:
    """The scale of a tensor with these extremes; `shown` says whether so many decimals show every number in full."""
    largest = max(found.high, -found.low)
    # Five digits, four of them decimals at most.
    cap = max(0, DECIMALS + 1 - len(str(int(largest)))) if largest < LARGE else 0
    decimals = 0 if found.whole else next((n for n in range(cap) if shown(n)), cap)
    exponent = (largest >= LARGE and not (found.whole and largest < 1e12)) or (0 < largest < SMALL and not shown(cap))
    complete = not exponent and shown(decimals)
    scale = Scale(decimals, 1, largest, TOLERANCE.get(dtype, NOISE), exponent, complete)
    return scale._replace(width=_width(scale, found))


def _width(scale: Scale, found: Extremes) -> int:
    """Columns that are enough for every number of these extremes."""
    odd = ["-inf"] if found.odd else []
    if scale.exponent:
        ends = [_scientific(end, 3).partition("e")[2] for end in (scale.largest, CANCELLED * scale.largest)]
        return max(map(len, [*odd, f"{'-' if found.low < 0 else ''}1.234e{max(ends, key=len)}"]))
    texts = [_fixed(found.low, scale.decimals), _fixed(found.high, scale.decimals), *odd]
    # "-3e-5" is what a number that would round to nothing takes.
    return max(map(len, [*texts, "-3e-5" if scale.decimals == DECIMALS else ""]))


def _fixed(value: float, decimals: int) -> str:
    return exact(float(f"{value:.0f}")) if not decimals else f"{value:.{decimals}f}"


def significant(value: float, digits: int) -> str:
    """The number to so many digits; a whole one in full."""
    if not math.isfinite(value) or (value == int(value) and abs(value) < 1e15):
        return exact(value)
    text = f"{value:.{digits}g}"
    if "e" in text and SMALL / 1e3 < abs(value) < 1e15:
        text = exact(float(f"{value:.0f}")) if abs(value) >= 1 else f"{value:.{digits + 5}f}".rstrip("0")
    return re.sub(r"e([+-])0*(\d)", _sign, text)


def _scientific(value: float, digits: int) -> str:
    return re.sub(r"(?:\.0+|(\.\d*?)0+)?e([+-])0*(\d)", _trimmed, f"{value:.{digits}e}")


def _trimmed(found: re.Match[str]) -> str:
    return f"{found[1] or ''}e{'-' if found[2] == '-' else ''}{found[3]}"


def _sign(found: re.Match[str]) -> str:
    return f"e{'-' if found[1] == '-' else ''}{found[2]}"
