"""Backwards: find the operand that was covered, or the number that was changed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from stepgrad.engine.arithmetic import written
from stepgrad.engine.fold import Fold, Total
from stepgrad.engine.number import Index, Number, Operation, Read
from stepgrad.engine.operators import ADD, DIVIDE, EXP, LOG, MULTIPLY, NEGATE, SQRT, SUBTRACT, TANH
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Address, short
from stepgrad.scenarios.drills import worked
from stepgrad.scenarios.drills.answers import Cell
from stepgrad.scenarios.drills.diagnosis import Mistake
from stepgrad.scenarios.drills.figures import Digits
from stepgrad.scenarios.drills.material import Material, is_askable
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.settings import described
from stepgrad.scenarios.drills.shown import Plane, matrix, operands, part
from stepgrad.scenarios.narration import figure

ONE_TO_ONE = (NEGATE, EXP, LOG, SQRT, TANH)
"""Operations that never give the same for two operands."""
TERMS = 12
"""Terms of an arithmetic in which one operand is looked for."""
CELLS = 16
"""Cells of a matrix in which one number is wrong."""


def operand(material: Material, step: Step) -> Question | None:
    """Fill one operand: only where exactly one number gives the result, and the numbers are written in full."""
    if step.terms > TERMS or not _is_written_out(step):
        return None
    leaf = _covered(material, step)
    if leaf is None:
        return None
    hidden, value = ((leaf.cells.name, leaf.index),), (leaf.value,)
    arithmetic = written(step.trace, lambda read: "?" if read is leaf else worked.shown(read), None)
    padded = f", where {worked.PADDED} is a zero of the padding" if worked.PADDED in arithmetic else ""
    named = short(Address(leaf.cells.name, leaf.index), leaf.cells.shape)
    return material.about(
        step,
        f"{described(step.node)}. {worked.place(step)} = {arithmetic} = {figure(step.value)}{padded}. "
        f"What is {named}, where ? stands?",
        Numbers(value, (), Digits.of(value)),
        given=operands(step, hidden),
        hidden=hidden,
        hints=_help(step, leaf),
        mistakes=partial(_slips, step, leaf),
    )


def _covered(material: Material, step: Step) -> Read | None:
    """An operand that the result tells: read once, and the result belongs to one value of it only."""
    read = [leaf for leaf in leaves(step.trace) if isinstance(leaf, Read)]
    names = [(leaf.cells.name, leaf.index) for leaf in read]
    once = [leaf for leaf, name in zip(read, names, strict=True) if names.count(name) == 1]
    material.random.shuffle(once)
    return next((leaf for leaf in once if decides(step.trace, leaf)), None)


def decides(trace: Number, leaf: Read) -> bool:
    """Whether a result belongs to one value of a leaf only.

    It does where the leaf is met once, under nothing but sums, differences, products and quotients with what is not
    zero, and operations that never give the same twice.
    """
    if _is(trace, leaf):
        return True
    if not isinstance(trace, (Total, Operation)):
        return False
    parts = list(trace) if isinstance(trace, Total) else trace.operands
    held = [inner for inner in parts if _holds(inner, leaf)]
    if len(held) != 1 or not decides(held[0], leaf):
        return False
    if isinstance(trace, Total) or trace.operator in (ADD, SUBTRACT):
        return True
    if trace.operator is MULTIPLY:
        return all(inner.value for inner in parts if inner is not held[0])
    if trace.operator is DIVIDE:
        return held[0] is parts[0]
    return trace.operator in ONE_TO_ONE


def _is(number: Number, leaf: Read) -> bool:
    """Whether a number reads the same cell: it may be read in several places."""
    return isinstance(number, Read) and (number.cells.name, number.index) == (leaf.cells.name, leaf.index)


def _holds(number: Number, leaf: Read) -> bool:
    if _is(number, leaf):
        return True
    return any(_holds(inner, leaf) for inner in (number if isinstance(number, Fold) else number.operands))


def _is_written_out(step: Step) -> bool:
    """Whether every operand and the result are written in full, so that nothing is lost by reading them."""
    values = [step.value, *(reading.value for reading in step.reads)]
    return all(abs(float(figure(value)) - value) <= 1e-12 * abs(value) for value in values)


def _without(step: Step, leaf: Read) -> float:
    return step.trace.evaluate(lambda read: 0.0 if read is leaf else read.value)


def _help(step: Step, leaf: Read) -> tuple[str, ...]:
    reads, formula, _ = worked.hints(step)
    zero = f"With 0 in its place the result is {figure(_without(step, leaf))}; it is to be {figure(step.value)}."
    return reads, formula, zero


def _slips(step: Step, leaf: Read) -> Iterator[Mistake]:
    yield Mistake((step.value - _without(step, leaf),), "That is its share of the result; divide by what it meets.")
    yield Mistake((-leaf.value,), "That has the other sign.")
    yield Mistake((step.value,), "That is the result; the operand is asked for.")


def mistake(material: Material, step: Step) -> Question | None:
    """Find the one wrong number in a matrix that was worked out."""
    name, shape = step.node.name, step.node.spec.shape
    lead = step.index[: max(0, len(shape) - 2)]
    if not 2 < np.prod(shape[len(lead) :]) <= CELLS or not _is_written_out(step):
        return None
    cells = [(*lead, *index) for index in np.ndindex(shape[len(lead) :])]
    steps = [material.at(name, index, step.iteration) for index in cells]
    if not all(is_askable(each) and _is_written_out(each) for each in steps):
        return None
    wrong = np.array(step.run.host(name)[lead], dtype=float)
    wrong[step.index[len(lead) :]] += material.random.choice((-2, -1, 1, 2)) * _grain(wrong)
    given = {plane.name: plane for each in steps for plane in operands(each)}
    stands = figure(float(wrong[step.index[len(lead) :]]))
    return material.about(
        step,
        f"{described(step.node)}. One number of {part(name, lead, shape)} is wrong. Which cell?",
        Cell(name, shape, step.index),
        given=(Plane(part(name, lead, shape), matrix(wrong)), *given.values()),
        hidden=tuple((name, index) for index in cells),
        hints=worked.hints(step)[1:2],
        solution=(f"{stands} stands there, but {worked.solution(step)}",),
        mistakes=partial(_right_ones, steps, step.index),
    )


def _right_ones(steps: Sequence[Step], wrong: Index) -> Iterator[Mistake]:
    for each in steps:
        if each.index != wrong:
            yield Mistake(each.index, f"That one is right: {worked.solution(each)}.")


def _grain(values: np.ndarray[Any, Any]) -> float:
    """By how much a number is off at least: 1 among whole ones, else a tenth of the largest's size."""
    if np.array_equal(values, values.round()):
        return 1.0
    return 10.0 ** (math.floor(math.log10(np.abs(values).max())) - 1)
