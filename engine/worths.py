"""What the terms of a long sum are worth: the float64 operations of each term, on all terms at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stepgrad.engine.number import Constant, Number, Operand, Operation, Padding, Read, lift
from stepgrad.engine.operators import (
    ADD,
    DIVIDE,
    EQUAL,
    GREATER,
    GREATER_EQUAL,
    LESS,
    LESS_EQUAL,
    MULTIPLY,
    NEGATE,
    SELECT,
    SQUARE,
    SUBTRACT,
    Operator,
)
from stepgrad.engine.sweep import ROOM, Reads, pieces, sweeps

Array = np.ndarray[Any, Any]


def _select(condition: Array, a: Array, b: Array) -> Array:
    return np.where(condition != 0, a, b)


RULES: Mapping[Operator, Callable[..., Any]] = {
    ADD: np.add,
    SUBTRACT: np.subtract,
    MULTIPLY: np.multiply,
    DIVIDE: np.divide,
    NEGATE: np.negative,
    SQUARE: np.square,
    LESS: np.less,
    LESS_EQUAL: np.less_equal,
    GREATER: np.greater,
    GREATER_EQUAL: np.greater_equal,
    EQUAL: np.equal,
    SELECT: _select,
}
"""The operators that come to the same bits in an array as one by one: IEEE 754 leaves them no choice."""


def worths(term: Callable[..., Operand], ranges: tuple[range, ...]) -> Array | None:
    """The values of term(i, j, ...) in row order; None where they are to be had one by one only."""
    found = [np.zeros(0)]
    try:
        with np.errstate(all="ignore"):
            for piece in pieces(ranges, ROOM):
                each = _worth(lift(term(*sweeps(piece, 0))))
                shape = tuple(len(span) for span in reversed(piece))
                # The first range has the last axis: read from behind, it is the slowest.
                found.append(np.broadcast_to(each, shape).ravel(order="F"))
    except TypeError:
        return None
    return np.concatenate(found)


def _worth(number: Number) -> Any:
    if isinstance(number, Reads):
        if number.inside is None:
            return number.cells.worths(number.numbers)
        inside = np.where(number.inside, number.numbers, 0)
        return np.where(number.inside, number.cells.worths(inside), 0.0)
    if isinstance(number, Operation):
        rule = RULES.get(number.operator)
        if rule is None:
            raise TypeError(f"{number.operator.sign} is worked out one by one")
        return np.asarray(rule(*map(_worth, number.operands)), np.float64)
    if isinstance(number, (Read, Padding, Constant)):
        return number.value
    raise TypeError("a sum within a sum is worked out by itself")


def added(values: Array) -> Array:
    """The sums so far along the last axis, added in order from 0.0, bit for bit as in a loop."""
    with np.errstate(all="ignore"):
        zeros = np.zeros((*values.shape[:-1], 1))
        return np.add.accumulate(np.concatenate([zeros, values], axis=-1), axis=-1)[..., 1:]
