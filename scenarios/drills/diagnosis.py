"""Which common mistake an answer was: the same op, run again with a changed setting, finds what was typed.

Nothing here knows an op by name. What is tried: its optional inputs (a bias), its settings, ops that read the same
cells, its arithmetic with a slip in it, its terms one by one, and the cells next door. What is found is put as a fact,
never as an accusation: `that is what comes out without the bias`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, product
from typing import Any

from stepgrad.engine.arithmetic import term_written
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.fold import Total
from stepgrad.engine.number import Cells, Index, Number, Read, lift
from stepgrad.engine.op import Op, inputs_of
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Address, short
from stepgrad.scenarios.drills.answers import Answer
from stepgrad.scenarios.drills.figures import NOISE
from stepgrad.scenarios.drills.rewriting import rewritten
from stepgrad.scenarios.drills.settings import needed, others, shared
from stepgrad.scenarios.drills.worked import shown

MISFIT = (StepgradError, IndexError, ValueError, TypeError, AttributeError, ArithmeticError)
"""How an op fails on what it was not made for: sizes it refuses, axes it misses, an input that is not there."""
MOST_TERMS = 60
"""Terms that are left out one by one."""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that is worth recognising, and what it comes from."""

    value: Any
    """In the form of the answer: numbers in row order, a size, a cell, the number of an option."""
    say: str


def diagnosed(text: str, answer: Answer, mistakes: Iterable[Mistake]) -> str:
    """What the typed answer comes from; nothing where it is right or nobody knows."""
    for mistake in mistakes:
        if answer.means(text, mistake.value) and not answer.same(mistake.value):
            return mistake.say
    return ""


def suspected(step: Step) -> Iterator[Mistake]:
    """The common mistakes in working out a cell, the likeliest first."""
    for say, value in _values(step):
        yield Mistake((value,), say)


def suspected_together(steps: Sequence[Step]) -> Iterator[Mistake]:
    """The mistakes that can be made in the same way in every one of some cells."""
    found: dict[str, list[float]] = {}
    for k, step in enumerate(steps):
        for say, value in _values(step, alone=False):
            values = found.setdefault(say, [])
            # What is not a mistake in every cell (a cell without padding) leaves the others right.
            values += [steps[i].value for i in range(len(values), k)]
            if len(values) == k:
                values.append(value)
    for say, values in found.items():
        yield Mistake((*values, *(step.value for step in steps[len(values) :])), say)


def _values(step: Step, *, alone: bool = True) -> Iterator[tuple[str, float]]:
    makers: list[Callable[[Step], Iterator[tuple[str, float]]]] = [_inputs, _settings, _kin, _arithmetic]
    for make in [*makers, *((_terms, _neighbours) if alone else ())]:
        for say, value in make(step):
            if math.isfinite(value) and abs(value - step.value) > NOISE * max(1.0, abs(value)):
                yield f"That is what comes out {say}.", value


def rerun(step: Step, op: Op, inputs: Sequence[str | None]) -> Number | None:
    """The trace of what another op gives in the same cell; None where it has no such cell."""
    specs = [None if name is None else step.graph.spec(name) for name in inputs]
    cells: list[Cells | None] = [None if name is None else step.run.cells(name) for name in inputs]
    try:
        spec = op.infer(*specs)
        if len(spec.shape) != len(step.index) or any(i >= n for i, n in zip(step.index, spec.shape, strict=True)):
            return None
        trace = lift(op.cell(step.index, *cells))
        return trace if math.isfinite(trace.value) else None
    except MISFIT:
        return None


def _read(trace: Number) -> set[tuple[str, Index]]:
    """The cells that a trace reads."""
    return {(leaf.cells.name, leaf.index) for leaf in leaves(trace) if isinstance(leaf, Read)}


def _settings(step: Step) -> Iterator[tuple[str, float]]:
    for say, op in others(step.node.op):
        if (trace := rerun(step, op, step.node.inputs)) is not None:
            yield say, trace.value


def _inputs(step: Step) -> Iterator[tuple[str, float]]:
    """The op without each of its optional inputs."""
    signature = inputs_of(type(step.node.op))
    for i, (letter, name) in enumerate(zip(signature.names, step.node.inputs, strict=False)):
        if letter in signature.optional and name is not None:
            without = [None if i == k else other for k, other in enumerate(step.node.inputs)]
            if (trace := rerun(step, step.node.op, without)) is not None:
                yield f"without the {letter}", trace.value


def _kin(step: Step) -> Iterator[tuple[str, float]]:
    """Ops that read the same cells: another activation, another pooling, another loss. No other is taken for it."""
    op, met = step.node.op, _read(step.trace)
    given = dict(zip(_roles(type(op)), step.node.inputs, strict=False))
    for kin in Op.registry.values():
        if kin is type(op) or kin.kind != op.kind or kin.composite or sorted(_roles(kin)) != sorted(given):
            continue
        settings = shared(op, kin)
        if needed(kin) <= settings.keys():
            trace = rerun(step, kin(**settings), [given[role] for role in _roles(kin)])
            if trace is not None and _read(trace) == met:
                yield f"for {_called(kin)}; this is {_called(type(op))}", trace.value


def _called(op: type[Op]) -> str:
    return f"the gradient of {op.name.removesuffix('_grad')}" if op.kind == "gradient" else op.name


def _roles(op: type[Op]) -> list[str]:
    """The inputs of an op by name; what a gradient rule reads of the forward pass goes by its place there."""
    signature = inputs_of(op)
    if signature.variadic is not None:
        return [f"*{signature.variadic}"]
    if op.kind != "gradient":
        return list(signature.names)
    places = map(str, count())
    return [name if name == "dy" else next(places) for name in signature.names]


def _arithmetic(step: Step) -> Iterator[tuple[str, float]]:
    for say, trace in rewritten(step.trace):
        yield say, trace.value
    if step.value:
        yield "with the other sign", -step.value


def _terms(step: Step) -> Iterator[tuple[str, float]]:
    """The sum with a term left out, or with its sign changed; only where a single term explains it."""
    fold = step.fold
    if not isinstance(fold, Total) or step.trace is not fold or not 2 <= len(fold) <= MOST_TERMS:
        return
    values = [term.value for term in fold]
    for factor, say in ((1, "without the term {}"), (2, "with the other sign on the term {}")):
        for k, value in enumerate(values):
            if values.count(value) == 1:
                yield say.format(term_written(fold, k, shown)), step.value - factor * value


def _neighbours(step: Step) -> Iterator[tuple[str, float]]:
    """The cells next door."""
    shape, name = step.node.spec.shape, step.node.name
    for axis, by in product(reversed(range(len(shape))), (1, -1)):
        index = (*step.index[:axis], step.index[axis] + by, *step.index[axis + 1 :])
        if 0 <= index[axis] < shape[axis]:
            yield f"for {short(Address(name, index), shape)}, next door", step.run.value(name, index)
