"""A rule run once for many indices: what a sum of 70,000 terms reads, without making 70,000 terms.

Between its reads a rule only does integer arithmetic on indices. A `Sweep` is all the values of an index at once and
does that arithmetic on all of them; whatever else a rule tries (a branch, a range, a list) is refused with a TypeError,
and then that part of the rule is run term by term.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from stepgrad.engine.number import Cells, Number
from stepgrad.engine.region import Region

Array = np.ndarray[Any, Any]

ROOM = 1 << 20
"""Terms run at once: 8 MiB an index."""
LARGE = 1 << 31
"""No index is so large; what is, is no arithmetic on indices."""


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

    def __init__(self, cells: SweptCells, numbers: Array, inside: Array | None) -> None:
        self.cells = cells
        self.numbers = numbers
        self.inside = inside


class SweptCells(Cells):
    """Cells that may be read at many indices at once."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        try:
            return Cells.__getitem__(self, index)
        except TypeError:
            found = self._at(index if isinstance(index, tuple) else (index,))
        if found.inside is not None:
            raise IndexError(f"{self.name} is read outside of {list(self.shape)}")
        return found

    def padded(self, *index: Any) -> Any:
        try:
            return Cells.padded(self, *index)
        except TypeError:
            return self._at(index)

    def worths(self, numbers: Array) -> Array:
        """The values of cells, by their numbers."""
        if callable(self._values):
            self._values = self._values()
        found: Array = np.reshape(self._values, -1)[numbers].astype(np.float64)
        return found

    def _at(self, parts: tuple[Any, ...]) -> Reads:
        if not any(isinstance(part, Sweep) for part in parts) or len(parts) != self.ndim:
            raise TypeError(f"{self.name} is not read at {parts}")
        if any(isinstance(part, Number) for part in parts):
            raise TypeError("a cell that is chosen by a number is read by itself")
        numbers: Any = 0
        inside: Any = None
        for part, size in zip(map(values, parts), self.shape, strict=True):
            numbers = numbers * size + part
            within = np.logical_and(part >= 0, part < size)
            if not within.all():
                inside = within if inside is None else inside & within
        return Reads(self, numbers, inside)


def swept(region: Region) -> Places:
    """The indices of a region's cells; along an axis where they have the same one it is plain."""
    return tuple(Sweep(axis) if np.any(axis != axis[0]) else int(axis[0]) for axis in region.axes)


def sweeps(ranges: tuple[range, ...], axes: int) -> Iterator[Any]:
    """The ranges as indices, each along an axis of its own."""
    for i, span in enumerate(ranges):
        shape = (-1, *(1,) * (axes + i))
        yield span[0] if len(span) == 1 else Sweep(np.arange(span.start, span.stop, span.step).reshape(shape))


def pieces(ranges: tuple[range, ...], room: int) -> Iterator[tuple[range, ...]]:
    """The ranges in pieces with no more combinations than there is room for."""
    if not all(map(len, ranges)):
        return
    if prod(map(len, ranges)) <= room:
        yield ranges
        return
    first, *rest = ranges
    each = max(room // prod(map(len, rest)), 1)
    for at in range(0, len(first), each):
        for others in pieces(tuple(rest), max(room // min(each, len(first) - at), 1)):
            yield first[at : at + each], *others
