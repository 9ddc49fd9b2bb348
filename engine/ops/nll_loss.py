"""The negative log-likelihood of class labels, from log-probabilities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.elementwise_loss import divided, divisor
from stepgrad.engine.values import refuse


def class_axis(x: Index) -> int:
    """The axis of the classes: the second, or the only one."""
    return min(1, len(x) - 1)


def fit_labels(x: Spec, target: Spec) -> None:
    """Raise ShapeError unless target has one whole number wherever x has a row of classes."""
    expect(bool(x.shape), lambda: f"x is {x}; it takes [C], [N,C] or [N,C,...]: a number for every class")
    axis = class_axis(x.shape)
    fits = x.shape[:axis] + x.shape[axis + 1 :]
    expect(
        target.is_integer and target.shape == fits,
        lambda: f"target is {target} and x is {x}; the labels are whole numbers, {Spec(fits, 'int64')}",
    )


@dataclass(frozen=True)
class NLLLoss(Op):
    """y = -sum x[n,target[n]] over every sample n; the mean divides it by their count.

    x (N,C), (C) or (N,C,...): log-probabilities; target (N), () or (N,...): the right class of each sample, counted
    from 0 -> y (). A label outside 0..C-1 is an error. Source: torch.nn.functional.nll_loss.
    """

    name = "nll_loss"
    kind = "loss"
    integers = ("target",)
    examples = (
        example(x=[[-2.0, -0.5, -1.5], [-0.2, -2.5, -2.0]], target=[1, 0]),
        example(x=(4, 3), target=[0, 2, 1, 1], reduction="sum"),
        example(x=(3,), target=2),
        example(x=(2, 3, 2, 2), target=[[[0, 1], [2, 1]], [[1, 1], [0, 2]]]),
    )

    reduction: Literal["mean", "sum"] = "mean"

    @property
    def formula(self) -> str:
        return f"y = -sum x[n,target[n]]{' / count' if self.reduction == 'mean' else ''}"

    def infer(self, x: Spec, target: Spec) -> Spec:
        fit_labels(x, target)
        return x.with_shape()

    def compute(self, xp: Any, x: Array, target: Array) -> Array:
        axis = class_axis(x.shape)
        classes = x.shape[axis]
        fits = f"there are {classes} classes, from 0 to {classes - 1}"
        refuse(xp, (target < 0) | (target >= classes), target, "target", fits)
        picked = xp.take_along_axis(x, xp.expand_dims(target, axis=axis), axis=axis)
        return xp.asarray(-xp.sum(picked) / divisor(self.reduction, target.size))

    def cell(self, index: Index, x: Cells, target: Cells) -> Number:
        axis = class_axis(x.shape)
        summed = total(lambda *n: x[*n[:axis], target[n], *n[axis:]], *target.shape)
        return divided(-summed, divisor(self.reduction, len(summed)), self.reduction)

    def gradient(self, x: Ref, target: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        axis = class_axis(x.shape)
        return {"x": (NLLLossGrad(x.shape[axis], self.reduction), target, dy)}


@dataclass(frozen=True)
class NLLLossGrad(Op):
    """dx[n,c] = -dy where c is target[n], and else 0; divided by the count for the mean.

    target (N), () or (N,...), dy () -> dx (N,C), (C) or (N,C,...), where C is `classes`
    """

    name = "nll_loss_grad"
    kind = "gradient"
    integers = ("target",)
    examples = (
        example(target=[1, 0], dy=1.0, classes=3),
        example(target=2, dy=(), classes=3, reduction="sum"),
        example(target=[[0, 1], [2, 1]], dy=(), classes=3),
    )

    classes: int
    reduction: Literal["mean", "sum"] = "mean"

    @property
    def formula(self) -> str:
        return f"y[n,c] = where(c == target[n], -dy{' / count' if self.reduction == 'mean' else ''}, 0)"

    def infer(self, target: Spec, dy: Spec) -> Spec:
        return dy.with_shape(*target.shape[:1], self.classes, *target.shape[1:])

    def compute(self, xp: Any, target: Array, dy: Array) -> Array:
        axis = min(1, target.ndim)
        labels = xp.expand_dims(target, axis=axis)
        shape = tuple(self.classes if k == axis else 1 for k in range(labels.ndim))
        classes = xp.reshape(xp.arange(self.classes, dtype=target.dtype, device=target.device), shape)
        return xp.where(classes == labels, xp.asarray(-dy / divisor(self.reduction, target.size)), xp.zeros_like(dy))

    def cell(self, index: Index, target: Cells, dy: Cells) -> Number:
        axis = min(1, target.ndim)
        n = index[:axis] + index[axis + 1 :]
        share = divided(-dy[()], divisor(self.reduction, math.prod(target.shape)), self.reduction)
        return select(equal(index[axis], target[n]), share, 0)
