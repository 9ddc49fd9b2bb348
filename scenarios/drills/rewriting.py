"""A trace with one kind of operation done wrongly everywhere: what the arithmetic gives to who forgets the square."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from stepgrad.engine.fold import Fold, Largest, Total
from stepgrad.engine.number import Constant, Number, Operation
from stepgrad.engine.operators import (
    ABSOLUTE,
    ADD,
    DIVIDE,
    EXP,
    FLOOR,
    LOG,
    MULTIPLY,
    NEGATE,
    SQRT,
    SQUARE,
    SUBTRACT,
    Operator,
)
from stepgrad.scenarios.narration import figure

LARGE = 200
"""Numbers in a trace that is looked through; a longer one is nobody's head arithmetic."""


class Slip(NamedTuple):
    """A way to do an operation wrongly: which, when, what comes out instead, and what it is called."""

    operator: Operator
    instead: Callable[[Number, Number], Number]
    say: str
    constant: bool = False
    """Whether it happens only with a constant as the second operand, which then stands for {} in `say`."""


def _first(a: Number, _: Number) -> Number:
    return a


def _up(a: Number, _: Number) -> Number:
    return -Operation(FLOOR, -a)


SLIPS = (
    Slip(SQUARE, _first, "without the square"),
    Slip(NEGATE, _first, "with the sign left out"),
    Slip(DIVIDE, _first, "without dividing by {}", constant=True),
    Slip(DIVIDE, _first, "without the division"),
    Slip(MULTIPLY, _first, "without the factor {}", constant=True),
    Slip(ADD, _first, "without the + {} at the end", constant=True),
    Slip(SUBTRACT, lambda a, b: a + b, "with a plus in place of the minus"),
    Slip(SUBTRACT, lambda a, b: b - a, "with the difference the wrong way round"),
    Slip(LOG, _first, "without the logarithm"),
    Slip(EXP, _first, "without the exponential"),
    Slip(SQRT, _first, "without the square root"),
    Slip(ABSOLUTE, _first, "with the sign kept"),
    Slip(FLOOR, _first, "without rounding down"),
    Slip(FLOOR, _up, "when rounding up in place of down"),
)


def rewritten(trace: Number) -> Iterator[tuple[str, Number]]:
    """Every trace with one kind of slip in it, and what to call that."""
    if _counted(trace, LARGE) > LARGE:
        return
    for slip in SLIPS:
        met: list[Number] = []
        changed = _apart(trace, slip, met)
        if met:
            yield slip.say.format(figure(met[0].value)), changed
    if isinstance(trace, Largest):
        yield "for the sum; the largest is asked for", Total(trace.term, (range(len(trace)),))
    elif isinstance(trace, Total) and len(trace) > 1:
        yield "for the largest; the sum is asked for", Largest(trace.term, (range(len(trace)),))


def _apart(number: Number, slip: Slip, met: list[Number]) -> Number:
    if isinstance(number, Fold):
        kept = [_apart(term, slip, met) for term in number]
        return type(number)(lambda k: kept[k], (range(len(kept)),))
    if not isinstance(number, Operation):
        return number
    operands = [_apart(operand, slip, met) for operand in number.operands]
    if number.operator is not slip.operator:
        return Operation(number.operator, *operands)
    # 2*x and x*2 are the same product.
    first, last = operands[0], operands[-1]
    if slip.constant and slip.operator is MULTIPLY and isinstance(first, Constant):
        first, last = last, first
    if slip.constant and not (isinstance(last, Constant) and last is not first):
        return Operation(number.operator, *operands)
    met.append(last)
    return slip.instead(first, last)


def _counted(number: Number, most: int) -> int:
    """How many numbers a trace has, counted until there are too many."""
    count = 1
    if isinstance(number, Fold) and len(number) > most:
        return most + 1
    for operand in number if isinstance(number, Fold) else number.operands:
        count += _counted(operand, most)
        if count > most:
            break
    return count
