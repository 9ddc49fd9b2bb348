"""When two ways to work out a number agree."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stepgrad.engine.arithmetic import written
from stepgrad.engine.fold import Fold, Total, Winner
from stepgrad.engine.number import Number


def agree(number: Number, value: float, dtype: str, where: str) -> None:
    """Equal up to the rounding of `dtype`, which grows with the number of operations and with what they pass by.

    Whole numbers are equal or they are not.
    """
    expected = number.value
    if not (math.isfinite(expected) and math.isfinite(value)):
        largest = float(np.finfo(dtype).max)
        overflows = math.isinf(value) and not math.isnan(expected) and abs(expected) > largest / 2
        same = value == expected or (math.isnan(value) and math.isnan(expected)) or (overflows and value * expected > 0)
        # What cancels is nothing but rounding, so infinity times it is infinite or NaN as the rounding falls.
        unsure = not (math.isfinite(expected) or math.isfinite(value)) and _cancels(number)
        assert same or unsure, f"{where}: compute wrote {value}, its cell gives {expected}: {written(number)}"
        return
    eps = 0.0 if "int" in dtype else float(np.finfo(dtype).eps)
    if abs(expected - value) <= 2 * eps * abs(expected):
        return
    sizes = [abs(value) for value in _values(number) if math.isfinite(value)]
    tolerance = eps * (4 + len(sizes)) * max(sizes)
    assert abs(expected - value) <= tolerance, f"{where}: compute wrote {value}, its cell gives {expected}"


def _cancels(number: Number) -> bool:
    """Whether the terms of a sum in it leave next to nothing of each other."""
    if isinstance(number, Total) and len(number) > 1:
        most = max(map(abs, number.partials()))
        if math.isfinite(most) and abs(number.value) <= 1e-12 * most:
            return True
    return any(map(_cancels, number.operands))


def _values(number: Number) -> Iterator[float]:
    """The values a number passes by on its way."""
    yield number.value
    if isinstance(number, Fold) and not isinstance(number, Winner):
        yield from number.partials()
    for operand in number.operands:
        yield from _values(operand)
