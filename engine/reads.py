"""The cells that a trace reads, each sum gone through at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np

from stepgrad.engine.fold import Fold
from stepgrad.engine.number import Index, Number, Operation, Padding, Read, lift
from stepgrad.engine.op import Spec
from stepgrad.engine.region import Region, Regions, merged
from stepgrad.engine.sweep import ROOM, Reads, pieces, sweeps

Array = np.ndarray[Any, Any]

FEW = 32
"""Terms of a single cell that are run one by one: arrays would take longer."""


def read(trace: Number, *, padded: bool = True, cells: int = 1) -> Regions:
    """The cells that a trace reads, by tensor; without `padded` not those multiplied by the marked zero of padding.

    The rule was run on `SweptCells`, for so many `cells` at once. Raises TypeError where it can not be.
    """
    found = _Walk(padded).found(trace, None, int(cells > 1), cells)
    return merged((tensor, shape, _chosen(numbers, kept)) for tensor, shape, numbers, kept in found)


def reading(trace: Number, tensor: str, wanted: Region, *, cells: int = 1) -> Array:
    """Which of the `cells` whose trace this is read some of the wanted ones: an array of truths."""
    hits = np.zeros(cells, bool)
    for name, _, numbers, kept in _Walk(padded=True).found(trace, None, int(cells > 1), cells):
        if name == tensor:
            each = wanted.holds(numbers) if kept is None else wanted.holds(numbers) & kept
            # The cells themselves are along the last axis, where there is more than one.
            hits |= each.any(axis=tuple(range(each.ndim - (cells > 1))))
    return hits


Found = tuple[str, Index, Array, Array | None]
"""A tensor, its shape, numbers of cells of it, and which of them are read; None: all."""


class _Walk:
    """A walk over a trace: each sum is run once, for all of its terms."""

    def __init__(self, padded: bool) -> None:
        self._padded = padded
        self._walked: dict[tuple[int, int], object] = {}

    def found(self, number: Number, kept: Array | None, axes: int, size: int) -> Iterator[Found]:
        """What is read at the indices that are `kept` (None: all)."""
        if isinstance(number, Fold):
            key = id(number), id(kept)
            if key not in self._walked:
                # Kept, so that their ids are not given to others.
                self._walked[key] = number, kept
                yield from self._terms(number, kept, axes, size)
        elif isinstance(number, Operation):
            if not self._padded:
                if any(isinstance(operand, Padding) for operand in number.operands):
                    return
                kept = _all_of(kept, *(o.inside for o in number.operands if isinstance(o, Reads)))
            for operand in number.operands:
                yield from self.found(operand, kept, axes, size)
        elif isinstance(number, Reads):
            yield number.cells.name, number.cells.shape, number.numbers, _all_of(kept, number.inside)
        elif isinstance(number, (Read, Padding)):
            for chooser in number.chosen_by if self._padded else ():
                yield from self.found(chooser, kept, axes, size)
            if isinstance(number, Read) and (kept is None or kept.any()):
                flat = np.array([Spec(number.cells.shape).number(number.index)])
                yield number.cells.name, number.cells.shape, flat, None

    def _terms(self, fold: Fold, kept: Array | None, axes: int, size: int) -> Iterator[Found]:
        if fold.last is not None:
            yield from self.found(fold.last, kept, axes, size)
        for ranges in pieces(fold.ranges, max(ROOM // size, 1)):
            before, terms = len(self._walked), size * prod(map(len, ranges))
            try:
                if terms <= FEW:
                    raise TypeError
                term = lift(fold.at(*sweeps(ranges, axes)))
                # Made whole: what was found before a refusal does not count.
                yield from list(self.found(term, kept, axes + len(ranges), terms))
            except TypeError:
                while len(self._walked) > before:
                    self._walked.popitem()
                for indices in product(*ranges):
                    yield from self.found(lift(fold.at(*indices)), kept, axes, size)


def _all_of(*masks: Array | None) -> Array | None:
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found & mask
    return found


def _chosen(numbers: Array, kept: Array | None) -> Array:
    if kept is None:
        return numbers.reshape(-1)
    each, chosen = np.broadcast_arrays(numbers, kept)
    found: Array = each[chosen]
    return found
