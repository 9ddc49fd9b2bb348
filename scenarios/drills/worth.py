"""What an answer that is written in a file comes to in the run.

feature_map[0,0]        a cell          y[1]; y[5]          several numbers
feature_map             a matrix        feature_map.shape   a size
3*size(kernel) + 1      an expression   side[0] x side[0] x 6   a size of expressions
a == b                  yes or no       2.5                 the number itself
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.expression import ExpressionError, parse
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.narration import SHAPE, part_at

CELLS = 64
"""Cells of a matrix that an answer may have."""
_BY = re.compile(r"\s+x\s+")
_SIZED = re.compile(r"\bsize\([^()]*\)")
"""How large something is hangs on no step."""


class DrillError(StepgradError):
    """A drill whose answer cannot be worked out: which key, and why."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class Worth:
    """What an answer comes to: a size, or numbers in row order with their shape, and the steps that wrote them."""

    value: tuple[float, ...]
    shape: tuple[int, ...] = ()
    is_size: bool = False
    is_truth: bool = False
    steps: tuple[Step, ...] = ()
    """The steps that wrote the cells in it."""
    is_plain: bool = False
    """Whether each number is just what one of the steps wrote."""


def worth(text: str | float, lesson: Lesson) -> Worth:
    """What an answer comes to in the run. Raises DrillError."""
    if not isinstance(text, str):
        return Worth((float(text),))
    if text.endswith(SHAPE):
        return _size(text.removesuffix(SHAPE), lesson)
    if _BY.search(text) or ";" in text:
        by = bool(_BY.search(text))
        parts = [_one(part, lesson) for part in (_BY.split(text) if by else text.split(";"))]
        steps = {step.number: step for part in parts for step in part.steps}
        return Worth(
            tuple(part.value[0] for part in parts),
            (len(parts),),
            is_size=by,
            steps=tuple(steps.values()),
            is_plain=all(part.is_plain for part in parts) and len(steps) == len(parts),
        )
    return _expression(text, lesson)


def _one(text: str, lesson: Lesson) -> Worth:
    found = _expression(text, lesson)
    if len(found.value) != 1:
        raise DrillError("answer", f"'{text.strip()}' comes to {len(found.value)} numbers; one is needed here")
    return found


def _size(name: str, lesson: Lesson) -> Worth:
    graph = lesson.timeline.graph(0)
    if name not in graph:
        raise DrillError("answer", f"there is no tensor '{name}'")
    shape = graph.spec(name).shape
    ones = next((i for i, n in enumerate(shape) if n != 1), max(0, len(shape) - 1))
    return Worth(tuple(map(float, shape[ones:])), is_size=True)


def _expression(text: str, lesson: Lesson) -> Worth:
    timeline = lesson.timeline
    tensors = [*timeline.graph(0).names] if timeline.iterations else []
    try:
        expression = parse(text, tensors)
        value = np.asarray(expression.value(partial(_read, lesson)))
    except (StepgradError, ValueError, TypeError) as fault:
        raise DrillError("answer", str(fault) if isinstance(fault, ExpressionError) else f"'{text}': {fault}") from None
    if value.dtype == np.bool_:
        return Worth((float(bool(np.any(value))),), is_truth=True)
    while value.ndim and value.shape[0] == 1 and value.ndim > 1:
        value = value[0]
    if value.size == 1:
        value = value.reshape(())
    if value.ndim > 2 or value.size > CELLS or not np.all(np.isfinite(value)):
        raise DrillError("answer", f"'{text}' is {list(value.shape)}; an answer is a number, a row or a matrix")
    is_plain = len(expression.addresses) == 1 and text.strip() == str(expression.addresses[0])
    named = parse(_SIZED.sub("1", text), tensors).addresses
    cells = [address for address in named if is_plain or address.index is not None]
    steps = tuple(step for address in cells for step in _steps(address, lesson))
    return Worth(
        tuple(value.ravel().tolist()), value.shape, steps=steps, is_plain=is_plain and len(steps) == value.size
    )


def _read(lesson: Lesson, address: Address) -> Any:
    """A cell, a part or a whole tensor, of the first iteration where none is named."""
    host = lesson.history.run(address.iteration or 0).host(address.tensor or "")
    return host[part_at(address, host.shape)]


def _steps(address: Address, lesson: Lesson) -> Iterator[Step]:
    """The steps that write an address; none for what is given."""
    iteration = address.iteration or 0
    node = lesson.timeline.graph(iteration).node(address.tensor or "")
    if node is not None:
        part = part_at(address, node.spec.shape)
        for rest in np.ndindex(node.spec.shape[len(part) :]):
            yield lesson.step(lesson.timeline.number(Address(node.name, (*part, *rest)), iteration))
