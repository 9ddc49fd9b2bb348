"""The shape and kind of given numbers: what their readers want decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stepgrad.engine.number import Index
from stepgrad.scenarios.arrays import ArrayError
from stepgrad.scenarios.given import Values
from stepgrad.scenarios.operands import Operand, Reader

Reading = tuple[Reader, Operand]

LARGEST = 2.0**63
"""Whole numbers are smaller than this."""


def fitted(values: Values, name: str, readings: Sequence[Reading], dtype: str) -> Values:
    """The numbers of a source as its readers take them: with leading axes of 1, and in the dtype they are read in."""
    shape = _grown(values.shape, name, readings)
    return _typed(values, readings, dtype).reshape(shape)


def _grown(shape: Index, name: str, readings: Sequence[Reading]) -> Index:
    """A literal takes leading axes of 1 up to the rank that its first reader wants; another reader may not disagree."""
    wanting = [(reading, ranks) for reading in readings if (ranks := _ranks(reading))]
    if not wanting:
        return shape
    (reader, operand), ranks = wanting[0]
    missing = ranks[-1] - len(shape)
    if missing <= 0:
        return shape
    if len(shape) not in ranks:
        received, written = list(shape) or "a single number", " or ".join(map(str, ranks))
        raise ArrayError(
            f"received {received}; {operand.letter} of {reader.op.name} is written with {written} "
            f"axes, and which one is left out of {len(shape)} would be a guess"
        )
    full = (1,) * missing + shape
    for (other, its), wants in wanting[1:]:
        if wants[-1] != len(full):
            raise ArrayError(
                f"{list(shape)} is {list(full)} for '{reader.name}' ({reader.op.name}), but '{other.name}' "
                f"({other.op.name}) takes {its.letter} with {wants[-1]} axes; write all axes of {name}"
            )
    return full


def _ranks(reading: Reading) -> tuple[int, ...] | None:
    reader, operand = reading
    return reader.op.ranks.get(operand.letter)


def _typed(values: Values, readings: Sequence[Reading], dtype: str) -> Values:
    whole = [reading for reading in readings if reading[1].letter in reading[0].op.integers]
    if not whole:
        with np.errstate(over="ignore"):
            return values.astype(dtype)
    if len(whole) < len(readings):
        (reader, operand), (other, its) = whole[0], next(reading for reading in readings if reading not in whole)
        both = f"from it as {operand.letter} and any as {its.letter}"
        apart = f"from it and '{other.name}' does not"
        raise ArrayError(f"'{reader.name}' reads whole numbers {both if other is reader else apart}; give each its own")
    odd = values[(values != np.floor(values)) | ~(np.abs(values) < LARGEST)]
    if odd.size:
        wrong = odd.flat[0]
        raise ArrayError(f"received {wrong:g}; {whole[0][0].op.name} reads whole numbers here (class labels)")
    return values.astype("int64")
