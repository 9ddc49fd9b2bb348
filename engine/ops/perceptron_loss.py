"""The perceptron's criterion, whose gradient descent is the learning rule of 1957."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.engine.number import Number, select
from stepgrad.engine.op import Array, Gradient, Ref, example
from stepgrad.engine.ops.elementwise_loss import ElementwiseLoss, ElementwiseLossGrad
from stepgrad.engine.values import refuse


@dataclass(frozen=True)
class PerceptronLoss(ElementwiseLoss):
    """y = sum (output[i] - target[i])*x[i], where output is 1 if x > 0 and else 0; targets are 0 and 1.

    x, target (any shape, the same) -> y (). A right answer costs nothing, a wrong one costs |x|. The slope is
    output - target, so sgd on x = w.p + b is the perceptron rule itself: w = w + lr*(target - output)*p. At x = 0 the
    output is 0 (with `inclusive` 1), and a target of 1 (of 0) still moves the weights.
    Source: Rosenblatt, "The Perceptron", 1957.
    """

    name = "perceptron_loss"
    note = "where(...) is the perceptron's output"
    examples = (
        example(x=[2.0, 2.0, -1.0, -1.0], target=[1.0, 0.0, 1.0, 0.0]),
        example(x=[0.0, 0.0, -3.0], target=[1.0, 0.0, 1.0], reduction="mean", smooth=False),
        example(x=[2.0, 1.0, -1.0], target=[1.0, 0.0, 1.0], inclusive=True),
    )

    reduction: Literal["mean", "sum"] = "sum"
    inclusive: bool = False

    @property
    def each(self) -> str:
        return f"({_output(self.inclusive)} - target[i])*x[i]"

    def losses(self, xp: Any, x: Array, target: Array) -> Array:
        refuse(xp, (target != 0) & (target != 1), target, "target", "the perceptron's targets are 0 and 1")
        return PerceptronLossGrad(inclusive=self.inclusive).slopes(xp, x, target) * x

    def loss(self, x: Number, target: Number) -> Number:
        return (select(x >= 0 if self.inclusive else x > 0, 1, 0) - target) * x

    def gradient(self, x: Ref, target: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (PerceptronLossGrad(self.reduction, self.inclusive), x, target, dy)}


@dataclass(frozen=True)
class PerceptronLossGrad(ElementwiseLossGrad):
    """dx[i] = dy * (output[i] - target[i]), where output is 1 if x > 0 and else 0; divided by the count for the mean.

    x, target (any shape, the same), dy () -> dx (same)
    """

    name = "perceptron_loss_grad"
    examples = (
        example(x=[2.0, 2.0, -1.0, 0.0], target=[1.0, 0.0, 1.0, 1.0], dy=1.0),
        example(x=[0.0, 0.0], target=[1.0, 0.0], dy=1.0, inclusive=True),
        example(x=[2.0, 0.5, -1.0], target=[0.0, 0.0, 1.0], dy=(), reduction="mean"),
    )

    reduction: Literal["mean", "sum"] = "sum"
    inclusive: bool = False

    @property
    def each(self) -> str:
        return f"({_output(self.inclusive)} - target[i])"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        return xp.astype(xp.asarray(x >= 0 if self.inclusive else x > 0), x.dtype) - target

    def slope(self, x: Number, target: Number) -> Number:
        return select(x >= 0 if self.inclusive else x > 0, 1, 0) - target


def _output(inclusive: bool) -> str:
    return f"where(x[i] {'>=' if inclusive else '>'} 0, 1, 0)"
