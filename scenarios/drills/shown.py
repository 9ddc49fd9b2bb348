"""The numbers that go with a question, as text: matrices of the tensors it is about, with cells covered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np

from stepgrad.engine.number import Index
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address, short
from stepgrad.scenarios.narration import figure

HIDDEN = "?"
WHOLE = 64
"""Cells of a matrix that is shown whole; of a larger one only those that are read."""


@dataclass(frozen=True)
class Plane:
    """A matrix or a row of a tensor, as text. `?` is a covered cell."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return f"{self.name} = {'; '.join(' '.join(row) for row in self.rows)}"


def operands(step: Step, hidden: Iterable[tuple[str, Index]] = ()) -> tuple[Plane, ...]:
    """The matrices that a step reads."""
    covered = list(hidden)
    return tuple(
        plane
        for name, cells in cells_read(step).items()
        for plane in matrices(step.run, name, cells, [index for tensor, index in covered if tensor == name])
    )


def cells_read(step: Step) -> dict[str, list[Index]]:
    """The cells that a step reads, by tensor."""
    cells: dict[str, list[Index]] = {}
    for reading in step.reads:
        if reading.tensor not in ("padding", "constant"):
            cells.setdefault(reading.tensor, []).append(reading.index)
    return cells


def matrices(run: Run, name: str, read: Sequence[Index], hidden: Collection[Index] = ()) -> list[Plane]:
    """The matrices of a tensor that hold the cells `read`: whole where they are small, else those cells alone."""
    host = run.host(name)
    shape = host.shape
    if np.prod(shape[-2:]) > WHOLE:
        return [
            Plane(str(short(Address(name, index), shape)), ((_text(host[index], index in hidden),),)) for index in read
        ]
    leads = dict.fromkeys(index[: max(0, len(shape) - 2)] for index in read)
    return [
        Plane(
            part(name, lead, shape),
            matrix(host[lead], {index[len(lead) :] for index in hidden if index[: len(lead)] == lead}),
        )
        for lead in leads
    ]


def matrix(values: np.ndarray[Any, Any], hidden: Collection[Index] = ()) -> tuple[tuple[str, ...], ...]:
    """Numbers of rank 2 or less as rows of text."""
    texts = np.empty(values.shape, dtype=object)
    for index in np.ndindex(values.shape):
        texts[index] = _text(values[index], index in hidden)
    rows: list[list[str]] = texts.reshape((-1, texts.shape[-1] if texts.ndim else 1)).tolist()
    return tuple(map(tuple, rows))


def part(name: str, lead: Index, shape: Index) -> str:
    """The name of a tensor's part, leading axes of 1 left out: x[1] of a tensor of 1x3x5x5."""
    ones = len(list(takewhile(lambda i: shape[i] == 1, range(len(lead)))))
    return f"{name}[{','.join(map(str, lead[ones:]))}]" if lead[ones:] else name


def _text(value: Any, is_hidden: bool) -> str:
    return HIDDEN if is_hidden else figure(float(value))
