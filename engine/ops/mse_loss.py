"""The squared error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.engine.number import Number, square
from stepgrad.engine.op import Array, Gradient, Ref, example
from stepgrad.engine.ops.elementwise_loss import ElementwiseLoss, ElementwiseLossGrad


@dataclass(frozen=True)
class MSELoss(ElementwiseLoss):
    """y = sum (x[i] - target[i])^2, divided by the count for the mean and by 2 for half_sum.

    x, target (any shape, the same) -> y ()
    """

    name = "mse_loss"
    each = "(x[i] - target[i])^2"
    examples = (
        example(x=[0.9, 0.2, 0.6], target=[1.0, 0.0, 1.0]),
        example(x=(2, 3), target=(2, 3), reduction="sum"),
        example(x=(2, 1, 2), target=(2, 1, 2), reduction="half_sum"),
        example(x=(), target=()),
    )

    reduction: Literal["mean", "sum", "half_sum"] = "mean"

    def losses(self, xp: Any, x: Array, target: Array) -> Array:
        return xp.square(x - target)

    def loss(self, x: Number, target: Number) -> Number:
        return square(x - target)

    def gradient(self, x: Ref, target: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        slope = MSELossGrad(self.reduction)
        return {"x": (slope, x, target, dy), "target": (slope, target, x, dy)}


@dataclass(frozen=True)
class MSELossGrad(ElementwiseLossGrad):
    """dx[i] = dy * 2*(x[i] - target[i]), divided by the count for the mean; half_sum has no 2.

    x, target (any shape, the same), dy () -> dx (same)
    """

    name = "mse_loss_grad"
    examples = (
        example(x=[0.9, 0.2, 0.6], target=[1.0, 0.0, 1.0], dy=1.0),
        example(x=(2, 3), target=(2, 3), dy=(), reduction="sum"),
        example(x=(3,), target=(3,), dy=(), reduction="half_sum"),
    )

    reduction: Literal["mean", "sum", "half_sum"] = "mean"

    @property
    def each(self) -> str:
        return "(x[i] - target[i])" if self.reduction == "half_sum" else "2*(x[i] - target[i])"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        return x - target if self.reduction == "half_sum" else 2 * (x - target)

    def slope(self, x: Number, target: Number) -> Number:
        return x - target if self.reduction == "half_sum" else 2 * (x - target)
