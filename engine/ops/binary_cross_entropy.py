"""Cross-entropy of yes-or-no answers, from probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.engine.number import Number, log, maximum
from stepgrad.engine.op import Array, Gradient, Ref, example
from stepgrad.engine.ops.elementwise_loss import ElementwiseLoss, ElementwiseLossGrad
from stepgrad.engine.values import refuse, widened

LEAST = -100.0
"""PyTorch's floor of a logarithm: a sure and wrong answer costs 100, not infinity."""
EPSILON = 1e-12
"""PyTorch's floor of x*(1 - x) in the gradient."""


@dataclass(frozen=True)
class BinaryCrossEntropy(ElementwiseLoss):
    """y = -sum target[i]*log(x[i]) + (1 - target[i])*log(1 - x[i]); no logarithm counts as less than -100.

    The mean divides by the count.   x (any shape, 0 to 1), target (same) -> y ().
    Source: torch.nn.functional.binary_cross_entropy.
    """

    name = "binary_cross_entropy"
    each = "-(target[i]*max(log(x[i]), -100) + (1 - target[i])*max(log(1 - x[i]), -100))"
    examples = (
        example(x=[0.9, 0.2, 0.6], target=[1.0, 0.0, 1.0]),
        example(x=[[0.5, 0.25], [0.75, 0.1]], target=[[0.3, 0.0], [1.0, 0.5]], reduction="sum"),
        example(x=[0.0, 1.0, 0.0], target=[1.0, 0.0, 0.0], smooth=False),
    )

    reduction: Literal["mean", "sum"] = "mean"

    def losses(self, xp: Any, x: Array, target: Array) -> Array:
        refuse(xp, (x < 0) | (x > 1), x, "x", "a probability lies between 0 and 1")
        least = xp.full((1,) * x.ndim, LEAST, dtype=x.dtype, device=x.device)
        return -(target * xp.maximum(xp.log(x), least) + (1 - target) * xp.maximum(xp.log(1 - x), least))

    def loss(self, x: Number, target: Number) -> Number:
        return -(target * maximum(log(x), LEAST) + (1 - target) * maximum(log(1 - x), LEAST))

    def gradient(self, x: Ref, target: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        of_target = BinaryCrossEntropyTargetGrad(self.reduction)
        return {"x": (BinaryCrossEntropyGrad(self.reduction), x, target, dy), "target": (of_target, x, target, dy)}


@dataclass(frozen=True)
class BinaryCrossEntropyGrad(ElementwiseLossGrad):
    """dx[i] = dy * (x[i] - target[i])/(x[i]*(1 - x[i])), whose divisor is at least 1e-12; / the count for the mean.

    x, target (any shape, the same), dy () -> dx (same)
    """

    name = "binary_cross_entropy_grad"
    each = "(x[i] - target[i])/max(x[i]*(1 - x[i]), 1e-12)"
    examples = (
        example(x=[0.9, 0.2, 0.6], target=[1.0, 0.0, 1.0], dy=1.0),
        example(x=[0.0, 1.0, 0.5], target=[1.0, 1.0, 0.0], dy=2.0, reduction="sum", smooth=False),
    )

    reduction: Literal["mean", "sum"] = "mean"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        wide = widened(xp, x)
        least = xp.full((1,) * x.ndim, EPSILON, dtype=wide.dtype, device=x.device)
        return xp.asarray((x - target) / xp.maximum(wide * (1 - wide), least), dtype=x.dtype)

    def slope(self, x: Number, target: Number) -> Number:
        return (x - target) / maximum(x * (1 - x), EPSILON)


@dataclass(frozen=True)
class BinaryCrossEntropyTargetGrad(ElementwiseLossGrad):
    """dtarget[i] = dy * (log(1 - x[i]) - log(x[i])), divided by the count for the mean.

    x, target (any shape, the same), dy () -> dtarget (same)
    """

    name = "binary_cross_entropy_target_grad"
    each = "(log(1 - x[i]) - log(x[i]))"
    examples = (example(x=[0.9, 0.2, 0.6], target=[1.0, 0.0, 1.0], dy=1.0),)

    reduction: Literal["mean", "sum"] = "mean"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        return xp.log(1 - x) - xp.log(x)

    def slope(self, x: Number, target: Number) -> Number:
        return log(1 - x) - log(x)
