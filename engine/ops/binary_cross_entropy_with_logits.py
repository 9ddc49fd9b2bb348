"""Cross-entropy of yes-or-no answers, from scores: sigmoid and logarithm in one formula that never overflows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.engine.number import Number, absolute, exp, log1p, maximum
from stepgrad.engine.op import Array, Gradient, Ref, example
from stepgrad.engine.ops.elementwise_loss import ElementwiseLoss, ElementwiseLossGrad


@dataclass(frozen=True)
class BinaryCrossEntropyWithLogits(ElementwiseLoss):
    """y = sum max(x[i], 0) - x[i]*target[i] + log(1 + exp(-|x[i]|)), divided by the count for the mean.

    x, target (any shape, the same) -> y (). The same as binary_cross_entropy(sigmoid(x), target), for any x.
    """

    name = "binary_cross_entropy_with_logits"
    each = "max(x[i], 0) - x[i]*target[i] + log1p(exp(-abs(x[i])))"
    note = "log1p(a) is log(1 + a)"
    examples = (
        example(x=[2.0, -1.0, 0.5], target=[1.0, 0.0, 1.0]),
        example(x=(2, 3), target=(2, 3), reduction="sum"),
        example(x=[1000.0, -1000.0, 1000.0, 0.0], target=[1.0, 1.0, 0.0, 0.5], smooth=False),
    )

    reduction: Literal["mean", "sum"] = "mean"

    @property
    def formula(self) -> str:
        return f"y = sum ({self.each}){' / count' if self.reduction == 'mean' else ''}"

    def losses(self, xp: Any, x: Array, target: Array) -> Array:
        zero = xp.zeros((1,) * x.ndim, dtype=x.dtype, device=x.device)
        return xp.maximum(x, zero) - x * target + xp.log1p(xp.exp(-xp.abs(x)))

    def loss(self, x: Number, target: Number) -> Number:
        return maximum(x, 0) - x * target + log1p(exp(-absolute(x)))

    def gradient(self, x: Ref, target: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        of_target = BinaryCrossEntropyWithLogitsTargetGrad(self.reduction)
        of_x = BinaryCrossEntropyWithLogitsGrad(self.reduction)
        return {"x": (of_x, x, target, dy), "target": (of_target, x, target, dy)}


@dataclass(frozen=True)
class BinaryCrossEntropyWithLogitsGrad(ElementwiseLossGrad):
    """dx[i] = dy * (sigmoid(x[i]) - target[i]), divided by the count for the mean.

    x, target (any shape, the same), dy () -> dx (same)
    """

    name = "binary_cross_entropy_with_logits_grad"
    each = "(1/(1 + exp(-x[i])) - target[i])"
    examples = (
        example(x=[2.0, -1.0, 0.5], target=[1.0, 0.0, 1.0], dy=1.0),
        example(x=[1000.0, -1000.0], target=[0.0, 1.0], dy=2.0, reduction="sum"),
    )

    reduction: Literal["mean", "sum"] = "mean"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        return 1 / (1 + xp.exp(-x)) - target

    def slope(self, x: Number, target: Number) -> Number:
        return 1 / (1 + exp(-x)) - target


@dataclass(frozen=True)
class BinaryCrossEntropyWithLogitsTargetGrad(ElementwiseLossGrad):
    """dtarget[i] = -dy * x[i], divided by the count for the mean.

    x, target (any shape, the same), dy () -> dtarget (same)
    """

    name = "binary_cross_entropy_with_logits_target_grad"
    each = "-x[i]"
    examples = (example(x=[2.0, -1.0, 0.5], target=[1.0, 0.0, 1.0], dy=1.0),)

    reduction: Literal["mean", "sum"] = "mean"

    def slopes(self, xp: Any, x: Array, target: Array) -> Array:
        return -x

    def slope(self, x: Number, target: Number) -> Number:
        return -x
