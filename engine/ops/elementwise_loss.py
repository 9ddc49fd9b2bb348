"""What the losses that compare two tensors cell by cell have in common: the sum or the mean of one small formula."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Op, Spec, expect


def divisor(reduction: str, count: int) -> int:
    """What the sum over `count` cells is divided by; a mean over no cells is NaN, as in PyTorch."""
    return {"mean": count, "sum": 1, "half_sum": 2}[reduction]


def divided(summed: Number, by: int, reduction: str) -> Number:
    return summed if reduction == "sum" else summed / Constant(by, "count" if reduction == "mean" else "")


@dataclass(frozen=True)
class ElementwiseLoss(Op):
    """y = sum of l(x[i], target[i]) over every cell; the mean divides it by their count.

    x, target (any shape, the same) -> y ()
    """

    kind = "loss"
    reduction: str = "mean"

    @property
    def each(self) -> str:
        """The loss of one cell, in letters."""
        raise TypeError(f"{self.name} says nothing of one cell")

    @property
    def formula(self) -> str:
        return f"y = sum {self.each}" + {"mean": " / count", "sum": "", "half_sum": " / 2"}[self.reduction]

    def infer(self, x: Spec, target: Spec) -> Spec:
        expect(
            x.shape == target.shape,
            lambda: f"target is {target} and x is {x}; they are compared cell by cell, so give target all axes of x",
        )
        return x.with_shape()

    def compute(self, xp: Any, x: Array, target: Array) -> Array:
        losses = self.losses(xp, x, target)
        return xp.asarray(xp.sum(losses) / divisor(self.reduction, losses.size))

    def cell(self, index: Index, x: Cells, target: Cells) -> Number:
        summed = total(lambda *i: self.loss(x[i], target[i]), *x.shape)
        return divided(summed, divisor(self.reduction, len(summed)), self.reduction)

    def losses(self, xp: Any, x: Array, target: Array) -> Array:
        """The loss of every cell."""
        raise TypeError(f"{self.name} has no losses")

    def loss(self, x: Number, target: Number) -> Number:
        """The loss of one cell."""
        raise TypeError(f"{self.name} has no loss")


@dataclass(frozen=True)
class ElementwiseLossGrad(Op):
    """dx[i] = dy * the slope of l at (x[i], target[i]); the mean divides it by the count.

    x, target (any shape, the same), dy () -> dx (same)
    """

    kind = "gradient"
    reduction: str = "mean"

    @property
    def each(self) -> str:
        """The slope of one cell's loss, in letters."""
        raise TypeError(f"{self.name} says nothing of one cell")

    @property
    def formula(self) -> str:
        return f"y[i] = dy*{self.each}{' / count' if self.reduction == 'mean' else ''}"

    def infer(self, x: Spec, target: Spec, dy: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, target: Array, dy: Array) -> Array:
        slopes = dy * self.slopes(xp, x, target)
        return xp.asarray(slopes / x.size if self.reduction == "mean" else slopes)

    def cell(self, index: Index, x: Cells, target: Cells, dy: Cells) -> Number:
        slope = dy[()] * self.slope(x[index], target[index])
        return slope / Constant(math.prod(x.shape), "count") if self.reduction == "mean" else slope

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        """The slope of every cell's loss."""
        raise TypeError(f"{self.name} has no slopes")

    def slope(self, x: Number, target: Number) -> Number:
        """The slope of one cell's loss."""
        raise TypeError(f"{self.name} has no slope")
