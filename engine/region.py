"""Some cells of a tensor, however many: kept by their numbers, listed when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from stepgrad.engine.number import Index
from stepgrad.engine.op import Spec

Array = np.ndarray[Any, Any]

SPARSE = 64
"""Of a tensor so many times as large as what is found in it, the cells are sorted; of another they are ticked off."""
WAITING = 1 << 22
"""Numbers that may wait to be told apart: 32 MiB."""


class Region:
    """A set of cells of a tensor of `shape`, in row order. `numbers` are theirs in row order, sorted, each once."""

    def __init__(self, shape: Index, numbers: Array) -> None:
        self.shape = shape
        self.numbers = numbers

    @classmethod
    def of(cls, shape: Index, *cells: Index) -> Region:
        """These cells."""
        return cls(shape, _once([np.array([Spec(shape).number(cell) for cell in cells], np.int64)], shape))

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Index]:
        if not self.shape:
            return iter([()] * len(self))
        return zip(*(axis.tolist() for axis in self.axes), strict=True)

    def __contains__(self, cell: object) -> bool:
        return isinstance(cell, tuple) and bool(self.holds(np.array(Spec(self.shape).number(cell))))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Region):
            return NotImplemented
        return self.shape == other.shape and np.array_equal(self.numbers, other.numbers)

    __hash__ = None  # type: ignore[assignment]  # as large as it may be

    def __repr__(self) -> str:
        return f"Region({self.shape}, {self.numbers.tolist()})"

    @cached_property
    def axes(self) -> tuple[Array, ...]:
        """The indices of the cells, an axis at a time."""
        return np.unravel_index(self.numbers, self.shape) if self.shape else ()

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """The first and the last index of every axis."""
        return [(int(axis.min()), int(axis.max())) for axis in self.axes]

    @cached_property
    def planes(self) -> dict[Index, int]:
        """The leading indices of its planes, the last two axes, and how many of its cells are in each."""
        leads = self.shape[:-2]
        numbers, counts = np.unique(self.numbers // max(prod(self.shape[-2:]), 1), return_counts=True)
        return dict(zip(Region(leads, numbers), counts.tolist(), strict=True))

    def plane(self, lead: Index) -> Rows:
        """Its cells in a plane, row by row; of one axis there is one row."""
        rows, cols = (1, 1, *self.shape)[-2:]
        start = Spec(self.shape[:-2]).number(lead) * rows * cols
        first, end = np.searchsorted(self.numbers, [start, start + rows * cols])
        return Rows(self.numbers[first:end] - start, cols)

    def without(self, other: Region) -> Region:
        """The cells that are not in another region of the tensor."""
        return Region(self.shape, self.numbers[~other.holds(self.numbers)])

    def holds(self, numbers: Array) -> Array:
        """Which of these numbers are of its cells."""
        if not len(self):
            return np.zeros(numbers.shape, bool)
        found: Array = self.numbers[np.minimum(np.searchsorted(self.numbers, numbers), len(self) - 1)] == numbers
        return found

    def apart(self, axis: int) -> Iterator[Region]:
        """The cells with the same index along an axis together."""
        along = self.axes[axis]
        for index in np.flatnonzero(np.bincount(along)):
            yield Region(self.shape, self.numbers[along == index])

    def pieces(self, size: int) -> Iterator[Region]:
        """The region in parts of so many cells."""
        for first in range(0, len(self), size):
            yield Region(self.shape, self.numbers[first : first + size])


class Rows(Mapping[int, tuple[int, ...]]):
    """Cells of a plane: row -> columns, each row made when it is asked for."""

    def __init__(self, numbers: Array, cols: int) -> None:
        self._numbers = numbers
        self._cols = cols

    def __getitem__(self, row: int) -> tuple[int, ...]:
        first, end = np.searchsorted(self._numbers, [row * self._cols, (row + 1) * self._cols])
        if first == end:
            raise KeyError(row)
        return tuple((self._numbers[first:end] - row * self._cols).tolist())

    def __iter__(self) -> Iterator[int]:
        return iter(np.unique(self._numbers // self._cols).tolist())

    def __len__(self) -> int:
        return len(np.unique(self._numbers // self._cols))

    @property
    def box(self) -> tuple[range, range]:
        """The rows and the columns from the first to the last."""
        rows, cols = np.divmod(self._numbers, self._cols)
        return range(int(rows[0]), int(rows[-1]) + 1), range(int(cols.min()), int(cols.max()) + 1)


Regions = dict[str, Region]
"""Cells by tensor."""


def merged(found: Iterable[tuple[str, Index, Array]]) -> Regions:
    """What was found, (tensor, shape, numbers of cells in any order), as a region of each tensor."""
    shapes: dict[str, Index] = {}
    numbers: dict[str, list[Array]] = {}
    waiting = 0
    for name, shape, each in found:
        if each.size:
            shapes[name] = shape
            numbers.setdefault(name, []).append(each)
            waiting += each.size
        if waiting > WAITING:
            numbers, waiting = {name: [_once(held, shapes[name])] for name, held in numbers.items()}, 0
    return {name: Region(shape, _once(numbers[name], shape)) for name, shape in shapes.items()}


def together(found: Iterable[Regions]) -> Regions:
    """All of these cells."""
    return merged((name, region.shape, region.numbers) for regions in found for name, region in regions.items())


def without(cells: Regions, others: Regions) -> Regions:
    """The cells that are not among others."""
    kept = {name: region.without(others[name]) if name in others else region for name, region in cells.items()}
    return {name: region for name, region in kept.items() if len(region)}


def _once(held: list[Array], shape: Index) -> Array:
    """Each number once, sorted; they are of cells of a tensor."""
    numbers = np.concatenate(held) if len(held) > 1 else held[0]
    if len(numbers) < 2:
        return numbers
    if prod(shape) > SPARSE * len(numbers):
        return np.unique(numbers)
    ticked = np.zeros(prod(shape), bool)
    ticked[numbers] = True
    return np.flatnonzero(ticked)
