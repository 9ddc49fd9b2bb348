"""The negative log-likelihood of class labels, from log-probabilities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Constant, Index, Number, equal, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.elementwise_loss import divided, divisor
from stepgrad.engine.values import refuse

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph, Phase


@dataclass(frozen=True)
class NLLLoss(Op):
    """y = -sum x[n,target[n]] over every sample n; the mean divides it by their count.

    x (N,C), (C) or (N,C,...): log-probabilities; target (N), () or (N,...): the right class of each sample, counted
    from 0; weight (C) -> y (). With class weights each term is multiplied by weight[target[n]], and the mean divides
    by their sum. A label equal to `ignore_index` (none unless given) counts nothing; any other outside 0..C-1 is an
    error. Weights are a node of their own, `NAME.weights`. Source: torch.nn.functional.nll_loss.
    """

    name = "nll_loss"
    kind = "loss"
    composite = True
    integers = ("target",)
    examples = (
        example(x=[[-2.0, -0.5, -1.5], [-0.2, -2.5, -2.0]], target=[1, 0]),
        example(x=(4, 3), target=[0, 2, 1, 1], weight=[1.0, 0.5, 2.0]),
        example(x=(2, 3, 2, 2), target=[[[0, 1], [2, -1]], [[1, 1], [0, 2]]], reduction="sum", ignore_index=-1),
        example(x=(4, 3), target=[0, 2, 1, 1], weight=(3,), ignore_index=1),
    )

    reduction: Literal["mean", "sum"] = "mean"
    ignore_index: int | None = None

    def infer(self, x: Spec, target: Spec, weight: Spec | None = None) -> Spec:
        fit_labels(x, target)
        fit_weight(x.shape[class_axis(x.shape)], weight)
        return x.with_shape()

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "loss") -> Ref | None:
        x, target, weight = (*inputs, None)[:3]
        if x is None or not x.shape or (weight is None and self.ignore_index is None):
            return graph.add(name, LabelSum(self.reduction), x, target, layer=name, phase=phase)
        rule = LabelWeights(x.shape[class_axis(x.shape)], self.reduction, self.ignore_index, x.spec.dtype)
        w = graph.add(f"{name}.weights", rule, target, weight, layer=name, phase=phase)
        return graph.add(name, LabelSum("sum", self.ignore_index), x, target, w, layer=name, phase=phase)


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


def fit_weight(classes: int, weight: Spec | None) -> None:
    expect(
        weight is None or weight.shape == (classes,),
        lambda: f"weight is {weight}; there are {classes} classes, so it takes [{classes}]",
    )


def known(xp: Any, target: Array, classes: int, ignored: int | None) -> tuple[Array, Array | None]:
    """Every label as a class, 0 where it is ignored; and which labels count, None where all do.

    Raises StepgradError where a label is neither a class nor ignored.
    """
    outside = (target < 0) | (target >= classes)
    counts = None if ignored is None else target != ignored
    fits = f"there are {classes} classes, from 0 to {classes - 1}"
    refuse(xp, outside if counts is None else outside & counts, target, "target", fits)
    return (target, None) if counts is None else (xp.where(counts, target, xp.zeros_like(target)), counts)


def picked(xp: Any, x: Array, labels: Array) -> Array:
    """x[n,labels[n]] of every sample n."""
    axis = class_axis(x.shape)
    classes = x.shape[axis]
    rows = x if axis == x.ndim - 1 else xp.moveaxis(x, axis, -1)
    # Counted along the whole: twice as fast as take_along_axis.
    starts = xp.arange(labels.size, dtype=labels.dtype, device=labels.device) * classes
    return xp.reshape(xp.take(xp.reshape(rows, (-1,)), starts + xp.reshape(labels, (-1,)), axis=0), labels.shape)


@dataclass(frozen=True)
class LabelSum(Op):
    """y = -sum x[n,target[n]]*w[n] over every sample n; the mean divides it by their count.

    x (N,C), (C) or (N,C,...), target and w (N), () or (N,...) -> y (). An ignored label adds its weight, which is 0.
    """

    name = "label_sum"
    kind = "part"
    integers = ("target",)
    examples = (
        example(x=[[-2.0, -0.5, -1.5], [-0.2, -2.5, -2.0]], target=[1, 0]),
        example(x=(4, 3), target=[0, 2, 1, 1], reduction="sum"),
        example(x=(3,), target=2),
        example(x=(2, 3, 2, 2), target=[[[0, 1], [2, 1]], [[1, 1], [0, 2]]]),
        # A weight is no variable, and has no gradient.
        example(x=(3, 2), target=[1, 5, 0], w=[2.0, 0.0, 1.0], reduction="sum", ignore_index=5, smooth=False),
    )

    reduction: Literal["mean", "sum"] = "mean"
    ignore_index: int | None = None

    @property
    def formula(self) -> str:
        return f"y = -sum x[n,target[n]] * w[n]{' / count' if self.reduction == 'mean' else ''}"

    def infer(self, x: Spec, target: Spec, w: Spec | None = None) -> Spec:
        fit_labels(x, target)
        return x.with_shape()

    def compute(self, xp: Any, x: Array, target: Array, w: Array | None = None) -> Array:
        labels, counts = known(xp, target, x.shape[class_axis(x.shape)], self.ignore_index)
        each = picked(xp, x, labels)
        if w is not None:
            each = xp.asarray(each * w)
            each = each if counts is None else xp.where(counts, each, w)
        return xp.asarray(-xp.sum(each) / divisor(self.reduction, target.size))

    def cell(self, index: Index, x: Cells, target: Cells, w: Cells | None = None) -> Number:
        axis = class_axis(x.shape)

        def term(*n: int) -> Number:
            label = target[n]
            if w is not None and int(label.value) == self.ignore_index:
                return w[n]
            found = x[*n[:axis], label, *n[axis:]]
            return found if w is None else found * w[n]

        summed = total(term, *target.shape)
        return divided(-summed, divisor(self.reduction, len(summed)), self.reduction)

    def gradient(self, x: Ref, target: Ref, w: Ref | None, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        classes = x.shape[class_axis(x.shape)]
        return {"x": (LabelSumGrad(classes, self.reduction), target, dy, w)}


@dataclass(frozen=True)
class LabelSumGrad(Op):
    """dx[n,c] = -dy*w[n] where c is target[n], and else 0; divided by the count for the mean.

    target and w (N), () or (N,...), dy () -> dx (N,C), (C) or (N,C,...), where C is `classes`
    """

    name = "label_sum_grad"
    kind = "gradient"
    integers = ("target",)
    examples = (
        example(target=[1, 0], dy=1.0, classes=3),
        example(target=2, dy=(), classes=3, reduction="sum"),
        example(target=[[0, 1], [2, 5]], dy=(), w=[[0.5, 1.0], [2.0, 0.0]], classes=3, reduction="sum"),
    )

    classes: int
    reduction: Literal["mean", "sum"] = "mean"

    @property
    def formula(self) -> str:
        return f"y[n,c] = where(c == target[n], -dy * w[n]{' / count' if self.reduction == 'mean' else ''}, 0)"

    def infer(self, target: Spec, dy: Spec, w: Spec | None = None) -> Spec:
        return dy.with_shape(*target.shape[:1], self.classes, *target.shape[1:])

    def compute(self, xp: Any, target: Array, dy: Array, w: Array | None = None) -> Array:
        axis = min(1, target.ndim)
        shape = tuple(self.classes if k == axis else 1 for k in range(target.ndim + 1))
        classes = xp.reshape(xp.arange(self.classes, dtype=target.dtype, device=target.device), shape)
        share = xp.asarray(-dy if w is None else xp.expand_dims(-dy * w, axis=axis))
        share = xp.asarray(share / divisor(self.reduction, target.size))
        return xp.where(classes == xp.expand_dims(target, axis=axis), share, xp.zeros_like(share))

    def cell(self, index: Index, target: Cells, dy: Cells, w: Cells | None = None) -> Number:
        axis = min(1, target.ndim)
        n = index[:axis] + index[axis + 1 :]
        share = -dy[()] if w is None else -dy[()] * w[n]
        share = divided(share, divisor(self.reduction, math.prod(target.shape)), self.reduction)
        return select(equal(index[axis], target[n]), share, 0)


@dataclass(frozen=True)
class LabelWeights(Op):
    """y[n] = weight[target[n]], 1 without class weights, 0 where the label is ignored; the mean divides by their sum.

    target (N), () or (N,...), weight (C) -> y (as target)
    """

    name = "label_weights"
    kind = "part"
    integers = ("target",)
    examples = (
        # A class weight is no variable, and has no gradient.
        example(target=[1, 0, 1], weight=[0.5, 2.0], classes=2, smooth=False),
        example(target=[[1, 3], [0, 1]], weight=(2,), classes=2, ignore_index=3, reduction="sum", smooth=False),
        example(target=[1, -100, 0], classes=2, ignore_index=-100, dtype="float32"),
    )

    classes: int
    reduction: Literal["mean", "sum"] = "mean"
    ignore_index: int | None = None
    dtype: str = "float64"
    """The output's where there are no class weights."""

    @property
    def formula(self) -> str:
        return f"y[n] = {self._each('n')}" + (f" / sum over k of {self._each('k')}" if self.reduction == "mean" else "")

    def _each(self, n: str) -> str:
        if self.ignore_index is None:
            return f"weight[target[{n}]]"
        return f"where(target[{n}] == {self.ignore_index}, 0, 1) * weight[t]"

    @property
    def note(self) -> str:
        return "" if self.ignore_index is None else f"t is the label; {self.ignore_index} is ignored"

    def infer(self, target: Spec, weight: Spec | None = None) -> Spec:
        fit_weight(self.classes, weight)
        return Spec(target.shape, self.dtype if weight is None else weight.dtype)

    def compute(self, xp: Any, target: Array, weight: Array | None = None) -> Array:
        labels, counts = known(xp, target, self.classes, self.ignore_index)
        if weight is None:
            weight = xp.ones(self.classes, dtype=getattr(xp, self.dtype), device=target.device)
        each = xp.reshape(xp.take(weight, xp.reshape(labels, (-1,)), axis=0), target.shape)
        each = each if counts is None else xp.where(counts, each, xp.zeros_like(each))
        return xp.asarray(each / xp.sum(each)) if self.reduction == "mean" else each

    def cell(self, index: Index, target: Cells, weight: Cells | None = None) -> Number:
        def each(*n: int) -> Number:
            label = target[n]
            ignored = int(label.value) == self.ignore_index
            given = Constant(1) if weight is None or ignored else weight[label]
            return given if self.ignore_index is None else select(equal(label, self.ignore_index), 0, given)

        return each(*index) / total(each, *target.shape) if self.reduction == "mean" else each(*index)
