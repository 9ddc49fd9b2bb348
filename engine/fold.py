"""N-ary operations over lazily made terms: sum, max, argmax."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from stepgrad.engine.number import Index, Leaf, Number, Operand, lift, value_of, worth
from stepgrad.engine.operators import larger

if TYPE_CHECKING:
    from stepgrad.engine.worths import Array

KEPT = 256
"""Terms are kept once made, up to so many: a step goes through its sum for the value, the reads and the text."""


class Fold(Number):
    """One operation over many terms, made when asked for: the number of terms is known without running any.

    `term(*indices)` makes a term for every combination of `ranges`, in row order; `last` (a bias) is one more term.
    """

    __slots__ = ("_kept", "_term", "last", "ranges")
    name: str

    def __init__(self, term: Callable[..., Operand], ranges: tuple[range, ...], last: Number | None = None) -> None:
        self._term = term
        self.ranges = ranges
        self.last = last
        self._kept: tuple[Number, ...] | None = None

    def __len__(self) -> int:
        return self._looped + (self.last is not None)

    @property
    def _looped(self) -> int:
        return math.prod(map(len, self.ranges))

    def indices(self, k: int) -> Index | None:
        """The values of the ranges that make term k; None for the last term, which stands outside them."""
        if not 0 <= k < self._looped:
            return None
        picked = []
        for span in reversed(self.ranges):
            k, i = divmod(k, len(span))
            picked.append(span[i])
        return tuple(reversed(picked))

    def term(self, k: int) -> Number:
        if not 0 <= k < len(self):
            raise IndexError(f"term {k} of {len(self)}")
        indices = self.indices(k)
        if indices is None:
            assert self.last is not None
            return self.last
        return self.at(*indices)

    def at(self, *indices: int) -> Number:
        """The term at a value of each range."""
        return lift(self._term(*indices))

    def worths(self) -> Array | None:
        """The values of the terms but the last, worked out together; None where that is not to be had."""
        from stepgrad.engine.worths import worths  # not before it is wanted: the first frame does without NumPy

        return worths(self._term, self.ranges)

    def looped(self) -> Fold:
        """The terms without the last."""
        return self if self.last is None else type(self)(self._term, self.ranges)

    def within(self, i: int) -> Fold:
        """The terms whose first index is the i-th of the first range: one channel of a sum."""
        first = self.ranges[0][i]
        return type(self)(lambda *rest: self._term(first, *rest), self.ranges[1:])

    @property
    def operands(self) -> Sequence[Number]:
        return list(self)

    def __iter__(self) -> Iterator[Number]:
        if len(self) > KEPT:
            return self._made()
        if self._kept is None:
            self._kept = tuple(self._made())
        return iter(self._kept)

    def _made(self) -> Iterator[Number]:
        for indices in product(*self.ranges):
            yield lift(self._term(*indices))
        if self.last is not None:
            yield self.last

    def evaluate(self, leaf: Leaf) -> float:
        value = math.nan
        for value in self.partials(leaf):  # noqa: B007 - the last partial result is the value
            pass
        return value

    def partials(self, leaf: Leaf | None = None) -> Iterator[float]:
        """The running result: before any term, then after each."""
        raise TypeError(f"{type(self).__name__} has no partial results")


class Total(Fold):
    """The sum of its terms, added in order; 0 where there are none."""

    __slots__ = ()
    name = "sum"

    def partials(self, leaf: Leaf | None = None) -> Iterator[float]:
        leaf = leaf or value_of
        running = 0.0
        yield running
        terms: Iterable[Number] = self
        together = self.worths() if leaf is value_of and len(self) > KEPT else None
        if together is not None:
            from stepgrad.engine.worths import added

            for running in added(together).tolist():
                yield running
            terms = () if self.last is None else (self.last,)
        for term in terms:
            running += worth(term, leaf)
            yield running


class Largest(Fold):
    """The largest of its terms; NaN if one of them is NaN, as in PyTorch."""

    __slots__ = ()
    name = "max"

    def partials(self, leaf: Leaf | None = None) -> Iterator[float]:
        leaf = leaf or value_of
        running = -math.inf
        yield running
        for term in self:
            running = larger(running, worth(term, leaf))
            yield running


class Winner(Fold):
    """Which term is the largest, counted from 0 in order: the first of equal ones, the last NaN, as in PyTorch."""

    __slots__ = ()
    name = "argmax"

    def partials(self, leaf: Leaf | None = None) -> Iterator[float]:
        leaf = leaf or value_of
        winner, best = 0, -math.inf
        yield 0.0
        for k, term in enumerate(self):
            value = worth(term, leaf)
            if value > best or math.isnan(value):
                winner, best = k, value
            yield float(winner)


def _spans(ranges: Iterable[int | range]) -> tuple[range, ...]:
    return tuple(span if isinstance(span, range) else range(span) for span in ranges)


def total(term: Callable[..., Operand], *ranges: int | range, last: Number | None = None) -> Total:
    """sum of term(i, j, ...) over the ranges, and then `last` (a bias). No term is made until it is asked for."""
    return Total(term, _spans(ranges), last)


def largest(term: Callable[..., Operand], *ranges: int | range) -> Largest:
    """max of term(i, j, ...) over the ranges."""
    return Largest(term, _spans(ranges))


def winner(term: Callable[..., Operand], *ranges: int | range) -> Winner:
    """argmax of term(i, j, ...) over the ranges, counted in row order."""
    return Winner(term, _spans(ranges))
