"""What an answer that is written in a file comes to in the run.

feature_map[0,0]        a cell          y[1]; y[5]          several numbers
feature_map             a matrix        feature_map.shape   a size
3*size(kernel) + 1      an expression   side[0] x side[0] x 6   a size of expressions
a == b                  yes or no       2.5                 the number itself
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.expression import ExpressionError, parse
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address, complete
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.narration import SHAPE

CELLS = 64
"""Cells of a matrix that an answer may have."""
_BY = re.compile(r"\s+x\s+")


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


def worth(text: str | float, lesson: Lesson) -> Worth:
    """What an answer comes to in the run. Raises DrillError."""
    if not isinstance(text, str):
        return Worth((float(text),))
    if text.endswith(SHAPE):
        return _size(text.removesuffix(SHAPE), lesson)
    if _BY.search(text):
        return Worth(tuple(_one(side, lesson).value[0] for side in _BY.split(text)), is_size=True)
    if ";" in text:
        parts = [_one(part, lesson) for part in text.split(";")]
        steps = tuple(step for part in parts for step in part.steps)
        return Worth(tuple(part.value[0] for part in parts), (len(parts),), steps=steps)
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
    return Worth(tuple(map(float, graph.spec(name).shape)), is_size=True)


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
    steps: tuple[Step, ...] = ()
    if len(expression.addresses) == 1 and text.strip() == str(expression.addresses[0]):
        steps = _steps(expression.addresses[0], lesson)
    return Worth(tuple(value.ravel().tolist()), value.shape, steps=steps)


def _read(lesson: Lesson, address: Address) -> Any:
    """A cell, a part or a whole tensor, of the first iteration where none is named."""
    run = lesson.history.run(address.iteration or 0)
    name = address.tensor or ""
    host = run.host(name)
    if address.index is None:
        return host
    index = complete(address.index, host.shape)
    if index is not None:
        return host[index]
    ones = next((i for i, n in enumerate(host.shape) if n != 1), 0)
    part = host[(0,) * ones] if ones else host
    try:
        return part[address.index]
    except IndexError:
        raise ExpressionError(f"{address} does not fit {name}, which is {list(host.shape)}") from None


def _steps(address: Address, lesson: Lesson) -> tuple[Step, ...]:
    """The steps that write an address; none for what is given."""
    graph = lesson.timeline.graph(address.iteration or 0)
    node = graph.node(address.tensor or "")
    if node is None:
        return ()
    found = None if address.index is None else complete(address.index, node.spec.shape)
    cells = [found] if found else [index for index in np.ndindex(node.spec.shape) if address.index is None]
    numbers = [lesson.timeline.number(Address(node.name, index), address.iteration or 0) for index in cells]
    return tuple(map(lesson.step, numbers))
