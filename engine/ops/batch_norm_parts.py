"""The nodes that batch normalisation is made of: mean, variance, running average, normalise, scale and shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.channels import (
    beside,
    channel_dot,
    channel_size,
    channel_sum,
    deviation,
    wide,
)
from stepgrad.engine.number import Cells, Constant, Index, Number, sqrt, square
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example
from stepgrad.engine.ops import batch_norm_gradient as backward
from stepgrad.engine.ops.batch_norm_gradient import COUNT, OVER, X, over_channel


@dataclass(frozen=True)
class BatchMean(Op):
    """y[c] = sum of x[n,c,i,j] over n, i, j, divided by their count.   x (N,C,...) -> y (C)"""

    name = "batch_mean"
    kind = "part"
    examples = (example(x=(3, 2, 2, 2)), example(x=[[1.0, 2.0], [3.0, 6.0]], axes=0))

    axes: int = 2

    @property
    def formula(self) -> str:
        return f"y[c] = sum over {OVER[self.axes]} of x[{X[self.axes]}] / {COUNT[self.axes]}"

    def infer(self, x: Spec) -> Spec:
        return x.with_shape(x.shape[1])

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.astype(channel_sum(xp, wide(xp, x)) / channel_size(x.shape), x.dtype, copy=False)

    def cell(self, index: Index, x: Cells) -> Number:
        return over_channel(lambda *at: x[at], index, x) / Constant(channel_size(x.shape), "count")

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (backward.BatchMeanGrad(x.shape), dy)}


@dataclass(frozen=True)
class BatchVar(Op):
    """y[c] = sum of (x[n,c,i,j] - mean[c])^2 over n, i, j, divided by their count.   x (N,C,...), mean (C) -> y (C)"""

    name = "batch_var"
    kind = "part"
    note = "biased: divided by the count, not by one less"
    examples = (
        example(x=(3, 2, 2, 2), mean=(2,)),
        example(x=[[1.0, 2.0], [3.0, 6.0]], mean=[2.0, 4.0], axes=0),
    )

    axes: int = 2

    @property
    def formula(self) -> str:
        return f"y[c] = sum over {OVER[self.axes]} of (x[{X[self.axes]}] - mean[c])^2 / {COUNT[self.axes]}"

    def infer(self, x: Spec, mean: Spec) -> Spec:
        return mean

    def compute(self, xp: Any, x: Array, mean: Array) -> Array:
        deviations = deviation(xp, x, mean)
        squares = channel_dot(xp, deviations, deviations)
        return xp.astype(squares / channel_size(x.shape), mean.dtype, copy=False)

    def cell(self, index: Index, x: Cells, mean: Cells) -> Number:
        squares = over_channel(lambda *at: square(x[at] - mean[index]), index, x)
        return squares / Constant(channel_size(x.shape), "count")

    def gradient(self, x: Ref, mean: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {
            "x": (backward.BatchVarGrad(self.axes), x, mean, dy),
            "mean": (backward.BatchVarMeanGrad(self.axes), x, mean, dy),
        }


@dataclass(frozen=True)
class RunningAverage(Op):
    """y[c] = (1 - momentum)*running[c] + momentum*batch[c].   running, batch (C) -> y (C)

    A variance of `count` values goes in unbiased: batch[c]*count/(count - 1).
    """

    name = "running_average"
    kind = "part"
    examples = (
        example(running=[0.0, 1.0], batch=[5.0, 3.0]),
        example(running=[1.0, 1.0], batch=[4.0, 9.0], momentum=0.1, count=8),
    )

    momentum: float = 0.1
    count: int = 0
    """How many values the batch's variance is of; 0 where it is no variance."""

    @property
    def formula(self) -> str:
        unbiased = f"*{self.count}/{self.count - 1}" if self.count else ""
        return f"y[c] = {1 - self.momentum:g}*running[c] + {self.momentum:g}*batch[c]{unbiased}"

    @property
    def note(self) -> str:
        return f"unbiased: * {self.count}/{self.count - 1}" if self.count else ""

    def infer(self, running: Spec, batch: Spec) -> Spec:
        return running

    def compute(self, xp: Any, running: Array, batch: Array) -> Array:
        seen = self.momentum * xp.astype(batch, running.dtype, copy=False)
        if self.count:
            seen = seen * self.count / (self.count - 1)
        return (1 - self.momentum) * running + seen

    def cell(self, index: Index, running: Cells, batch: Cells) -> Number:
        seen = Constant(self.momentum, "momentum") * batch[index]
        if self.count:
            seen = seen * Constant(self.count, "count") / Constant(self.count - 1, "count - 1")
        return Constant(1 - self.momentum, "1 - momentum") * running[index] + seen


@dataclass(frozen=True)
class BatchNormalize(Op):
    """y[n,c,i,j] = (x[n,c,i,j] - mean[c]) / sqrt(var[c] + eps).   x (N,C,...), mean, var (C) -> y (N,C,...)"""

    name = "batch_normalize"
    kind = "part"
    examples = (
        example(x=(3, 2, 2, 2), mean=(2,), var=[1.0, 4.0]),
        example(x=(3, 2), mean=(2,), var=[1.0, 4.0], axes=0, eps=0.1),
    )

    axes: int = 2
    eps: float = 1e-5

    @property
    def formula(self) -> str:
        at = X[self.axes]
        return f"y[{at}] = (x[{at}] - mean[c]) / sqrt(var[c] + {self.eps:g})"

    def infer(self, x: Spec, mean: Spec, var: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, mean: Array, var: Array) -> Array:
        normalized = deviation(xp, x, mean, take=True)
        normalized /= beside(xp, xp.sqrt(wide(xp, var) + self.eps), x)
        return xp.astype(normalized, x.dtype, copy=False)

    def cell(self, index: Index, x: Cells, mean: Cells, var: Cells) -> Number:
        c = index[1]
        return (x[index] - mean[c]) / sqrt(var[c] + Constant(self.eps, "eps"))

    def gradient(self, x: Ref, mean: Ref, var: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {
            "x": (backward.BatchNormalizeGrad(self.axes, self.eps), var, dy),
            "mean": (backward.BatchNormalizeMeanGrad(self.axes, self.eps), var, dy),
            "var": (backward.BatchNormalizeVarGrad(self.axes, self.eps), x, mean, var, dy),
        }


@dataclass(frozen=True)
class ScaleShift(Op):
    """y[n,c,i,j] = x[n,c,i,j]*weight[c] + bias[c].   x (N,C,...), weight, bias (C) -> y (N,C,...)"""

    name = "scale_shift"
    kind = "part"
    examples = (
        example(x=(2, 3, 2, 2), weight=(3,), bias=(3,)),
        example(x=[[1.0, -1.0]], weight=[2.0, 0.5], axes=0),
        example(x=(2, 3, 2), bias=(3,), axes=1),
    )

    axes: int = 2

    @property
    def formula(self) -> str:
        at = X[self.axes]
        return f"y[{at}] = x[{at}] * weight[c] + bias[c]"

    def infer(self, x: Spec, weight: Spec | None = None, bias: Spec | None = None) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, weight: Array | None = None, bias: Array | None = None) -> Array:
        if weight is None:
            return x if bias is None else x + beside(xp, bias, x)
        y = x * beside(xp, weight, x)
        if bias is not None:
            y += beside(xp, bias, x)
        return y

    def cell(self, index: Index, x: Cells, weight: Cells | None = None, bias: Cells | None = None) -> Number:
        c = index[1]
        y: Number = x[index] if weight is None else x[index] * weight[c]
        return y if bias is None else y + bias[c]

    def gradient(self, x: Ref, weight: Ref | None, bias: Ref | None, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {
            "x": (self, dy, weight, None),
            "weight": (backward.ScaleGrad(self.axes), x, dy),
            "bias": (backward.ShiftGrad(self.axes), dy),
        }
