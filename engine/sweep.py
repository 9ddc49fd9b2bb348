"""A rule run once for many indices: what a sum of 70,000 terms reads, without making 70,000 terms.

Between its reads a rule only does integer arithmetic on indices. A `Sweep` is all the values of an index at once and
does that arithmetic on all of them; whatever else a rule tries (a branch, a range, a list) is refused with a TypeError,
and then that part of the rule is run term by term.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np

from stepgrad.engine.fold import Fold
from stepgrad.engine.number import Cells, Index, Number, Operation, Padding, Read, lift
from stepgrad.engine.op import Spec
from stepgrad.engine.region import Region, Regions, merged

Array = np.ndarray[Any, Any]

ROOM = 1 << 20
"""Terms run at once: 8 MiB an index."""
LARGE = 1 << 31
"""No index is so large; what is, is no arithmetic on indices."""
FEW = 32
"""Terms of a single cell that are run one by one: arrays would take longer."""


class Sweep:
    """Many values of an index, in an array. Each sum of a trace has axes of its own, before those of what is around."""

    __slots__ = ("values",)
    __hash__ = None  # type: ignore[assignment]  # a memo would keep what belongs to one value

    def __init__(self, values: Array) -> None:
        self.values = values

    def __add__(self, other: Sweep | int) -> Sweep:
        return Sweep(self.values + values(other))

    __radd__ = __add__

    def __sub__(self, other: Sweep | int) -> Sweep:
        return Sweep(self.values - values(other))

    def __rsub__(self, other: int) -> Sweep:
        return Sweep(values(other) - self.values)

    def __mul__(self, other: Sweep | int) -> Sweep:
        return Sweep(self.values * values(other))

    __rmul__ = __mul__

    def __floordiv__(self, other: Sweep | int) -> Sweep:
        return Sweep(self.values // values(other))

    def __mod__(self, other: Sweep | int) -> Sweep:
        return Sweep(self.values % values(other))

    def __divmod__(self, other: Sweep | int) -> tuple[Sweep, Sweep]:
        return self // other, self % other

    def __neg__(self) -> Sweep:
        return Sweep(-self.values)

    def __eq__(self, other: object) -> bool:
        raise TypeError("many indices at once are not compared")

    def __bool__(self) -> bool:
        raise TypeError("many indices at once have no truth value")


Places = tuple[Any, ...]
"""An index, or many at once: a tuple of numbers, some of them sweeps."""


def values(index: Sweep | int) -> Array | int:
    if isinstance(index, Sweep):
        return index.values
    if not -LARGE < index < LARGE:
        raise TypeError(f"{index} is no index")
    return index


class Reads(Number):
    """The cells that one place of a rule reads, for all indices. `inside` says which lie in the tensor; None: all."""

    __slots__ = ("cells", "inside", "numbers")

    def __init__(self, cells: Cells, numbers: Array, inside: Array | None) -> None:
        self.cells = cells
        self.numbers = numbers
        self.inside = inside


class SweptCells(Cells):
    """Cells that may be read at many indices at once."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        parts = index if isinstance(index, tuple) else (index,)
        if not _is_swept(parts):
            return super().__getitem__(index)
        found = self._at(parts)
        if found.inside is not None:
            raise IndexError(f"{self.name} is read outside of {list(self.shape)}")
        return found

    def padded(self, *index: Any) -> Any:
        return self._at(index) if _is_swept(index) else super().padded(*index)

    def _at(self, parts: tuple[Any, ...]) -> Reads:
        if any(isinstance(part, Number) for part in parts) or len(parts) != self.ndim:
            raise TypeError("a cell that is chosen by a number is read by itself")
        numbers: Any = 0
        inside: Any = None
        for part, size in zip(map(values, parts), self.shape, strict=True):
            numbers = numbers * size + part
            within = np.logical_and(part >= 0, part < size)
            if not within.all():
                inside = within if inside is None else inside & within
        return Reads(self, numbers, inside)


def _is_swept(parts: tuple[Any, ...]) -> bool:
    return any(isinstance(part, Sweep) for part in parts)


def swept(region: Region) -> Places:
    """The indices of a region's cells; along an axis where they have the same one it is plain."""
    return tuple(Sweep(axis) if np.any(axis != axis[0]) else int(axis[0]) for axis in region.axes)


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
        for ranges in _pieces(fold.ranges, max(ROOM // size, 1)):
            before, terms = len(self._walked), size * prod(map(len, ranges))
            try:
                if terms <= FEW:
                    raise TypeError
                term = lift(fold.at(*_sweeps(ranges, axes)))
                # Made whole: what was found before a refusal does not count.
                yield from list(self.found(term, kept, axes + len(ranges), terms))
            except TypeError:
                while len(self._walked) > before:
                    self._walked.popitem()
                for indices in product(*ranges):
                    yield from self.found(lift(fold.at(*indices)), kept, axes, size)


def _sweeps(ranges: tuple[range, ...], axes: int) -> Iterator[Any]:
    """The ranges as indices, each along an axis of its own."""
    for i, span in enumerate(ranges):
        shape = (-1, *(1,) * (axes + i))
        yield span[0] if len(span) == 1 else Sweep(np.arange(span.start, span.stop, span.step).reshape(shape))


def _pieces(ranges: tuple[range, ...], room: int) -> Iterator[tuple[range, ...]]:
    """The ranges in pieces with no more combinations than there is room for."""
    if not all(map(len, ranges)):
        return
    if prod(map(len, ranges)) <= room:
        yield ranges
        return
    first, *rest = ranges
    each = max(room // prod(map(len, rest)), 1)
    for at in range(0, len(first), each):
        for others in _pieces(tuple(rest), max(room // min(each, len(first) - at), 1)):
            yield first[at : at + each], *others


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
