"""The absolute error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.engine.number import Number, absolute, sign
from stepgrad.engine.op import Array, Gradient, Ref, example
from stepgrad.engine.ops.elementwise_loss import ElementwiseLoss, ElementwiseLossGrad


@dataclass(frozen=True)
class L1Loss(ElementwiseLoss):
    """y = sum |x[i] - target[i]|, divided by the count for the mean.   x, target (any shape, the same) -> y ()"""

    name = "l1_loss"
    each = "abs(x[i] - target[i])"
    examples = (
        example(x=[0.9, 0.2, 0.6], target=[1.0, 0.0, 1.0]),
        example(x=(2, 3), target=(2, 3), reduction="sum"),
        example(x=[0.5, 2.0], target=[0.5, 1.0], smooth=False),
    )

    reduction: Literal["mean", "sum"] = "mean"

    def losses(self, xp: Any, x: Array, target: Array) -> Array:
        return xp.abs(x - target)

    def loss(self, x: Number, target: Number) -> Number:
        return absolute(x - target)

    def gradient(self, x: Ref, target: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        slope = L1LossGrad(self.reduction)
        return {"x": (slope, x, target, dy), "target": (slope, target, x, dy)}


@dataclass(frozen=True)
class L1LossGrad(ElementwiseLossGrad):
    """dx[i] = dy * sign(x[i] - target[i]), 0 where they are equal; divided by the count for the mean.

    x, target (any shape, the same), dy () -> dx (same)
    """

    name = "l1_loss_grad"
    each = "sign(x[i] - target[i])"
    examples = (
        example(x=[0.5, 2.0, 0.0], target=[0.5, 1.0, 1.0], dy=3.0, smooth=False),
        example(x=(2, 3), target=(2, 3), dy=(), reduction="sum"),
    )

    reduction: Literal["mean", "sum"] = "mean"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        return xp.sign(x - target)

    def slope(self, x: Number, target: Number) -> Number:
        return sign(x - target)
