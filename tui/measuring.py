"""The scale of a tensor of any size: a large one is measured by its extremes, in array arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stepgrad.tui.numbers import COUNTED, NOISE, TOLERANCE, Extremes, Scale, measure, scaled

Array = np.ndarray[Any, Any]

PIECE = 1 << 16
"""Numbers looked at together: the first piece that needs all decimals ends the search."""


def measured(values: Array, dtype: str = "float64") -> Scale:
    """The scale that `measure` finds; a large tensor's columns may be a little wider than its widest number."""
    flat = values.reshape(-1)
    if len(flat) <= COUNTED:
        return measure([float(value) for value in flat.tolist()], dtype)
    tolerance = TOLERANCE.get(dtype, NOISE)
    return scaled(_extremes(flat), lambda n: all(_shown(piece, n, tolerance) for piece in _finite(flat)), dtype)


def _finite(flat: Array) -> Iterator[Array]:
    for at in range(0, len(flat), PIECE):
        piece = flat[at : at + PIECE].astype(np.float64)
        yield piece[np.isfinite(piece)]


def _extremes(flat: Array) -> Extremes:
    low, high, count, whole = np.inf, -np.inf, 0, True
    for piece in _finite(flat):
        if len(piece):
            low, high = min(low, float(piece.min())), max(high, float(piece.max()))
            count += len(piece)
            whole = whole and bool(np.all(piece == np.floor(piece)))
    return Extremes(low, high, whole, count < len(flat)) if count else Extremes(0.0, 0.0, True, True)


def _shown(values: Array, decimals: int, tolerance: float) -> bool:
    """Whether so many decimals show all of these in full, but for the rounding of their dtype."""
    off = np.abs(np.round(values, decimals) - values)
    return bool(np.all(off <= tolerance * np.abs(values)))
