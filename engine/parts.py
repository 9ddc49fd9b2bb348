"""A cell's sum in parts: per channel, per sample. What a reader adds up first, and then together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from stepgrad.engine.fold import KEPT, Fold, Total
from stepgrad.engine.number import Constant, Number, Operation


class Parts:
    """A trace cut at its first fold, along that fold's first range. A trace without one is a single part.

    A fold over one range, or over a first range of length one, and a maximum, are not cut: they are one part. So is
    every trace where `whole` is asked for.
    """

    def __init__(self, trace: Number, fold: Fold | None, *, whole: bool = False) -> None:
        self.trace = trace
        self.fold = fold
        self._made: dict[int, Number] = {}
        self._cut = not whole and isinstance(fold, Total) and len(fold.ranges) > 1 and len(fold.ranges[0]) > 1

    def __len__(self) -> int:
        return len(self.fold.ranges[0]) if self._cut and self.fold is not None else 1

    def __getitem__(self, i: int) -> Number:
        """Part i, without the fold's last term; the same one each time, so that its value is worked out once."""
        if self.fold is None:
            return self.trace
        if i not in self._made:
            self._made[i] = self.fold.within(i) if self._cut else self.fold.looped()
        return self._made[i]

    @property
    def is_root(self) -> bool:
        """Whether the single part is the whole cell: nothing is done to its sum."""
        return len(self) == 1 and (self.fold is None or (self.fold is self.trace and self.fold.last is None))

    @cached_property
    def _sums(self) -> Sequence[float]:
        """What each part comes to; those of a long sum are worked out together."""
        together = self.fold.worths() if self.fold is not None and self._cut and len(self.fold) > KEPT else None
        if together is None:
            return [self[i].value for i in range(len(self))]
        from stepgrad.engine.worths import added  # not before it is wanted: the first frame does without NumPy

        found: list[float] = added(together.reshape(len(self), -1))[:, -1].tolist()
        return found

    @cached_property
    def together(self) -> Number:
        """The trace with each part as the number it comes to: `(-2) + (-2) + (-3) + 1`."""
        fold = self.fold
        if fold is None:
            return self.trace
        if isinstance(fold, Total) and (len(self) > 1 or fold.last is not None):
            sums: Number = Total(lambda i: Constant(self._sums[i]), (range(len(self)),), fold.last)
        else:
            sums = Constant(fold.value)
        return _replaced(self.trace, fold, sums)


def _replaced(number: Number, old: Number, new: Number) -> Number:
    """`number` with `old`, on the way down to the first fold, replaced by `new`."""
    if number is old:
        return new
    if not isinstance(number, Operation):
        return number
    return Operation(number.operator, *[_replaced(operand, old, new) for operand in number.operands])
