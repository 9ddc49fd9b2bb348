"""The backward pass of batch normalisation: the chain of the original paper, one named gradient after another.

Of scale and shift: dweight (gamma), dbias (beta) and the normalised x. Of that: the variance, the mean, and a first
part of x. Of the variance: more of the mean, which cancels, and of x. Of the mean: the rest of x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.channels import beside, channel_dot, channel_size, channel_sum, deviation, wide
from stepgrad.engine.fold import Total, total
from stepgrad.engine.number import Cells, Constant, Index, Number, Operand, sqrt
from stepgrad.engine.op import Array, Op, Spec, example

OVER = ("n", "n,i", "n,i,j", "n,r,i,j")
"""The letters a channel is summed over, by how many axes follow it."""
X = ("n,c", "n,c,i", "n,c,i,j", "n,c,r,i,j")
COUNT = ("N", "(N*W)", "(N*H*W)", "(N*D*H*W)")


def over_channel(term: Callable[..., Operand], index: Index, x: Cells) -> Total:
    """The sum of term(n,c,i,...) over every cell of channel c; index is (c,)."""
    (c,) = index
    return total(term, x.shape[0], range(c, c + 1), *x.shape[2:])


@dataclass(frozen=True)
class ScaleGrad(Op):
    """dweight[c] = sum of dy[n,c,i,j]*x[n,c,i,j] over n, i, j, x being normalised.   x, dy (N,C,...) -> dweight (C)"""

    name = "scale_grad"
    kind = "gradient"
    examples = (example(x=(2, 3, 2, 2), dy=(2, 3, 2, 2)), example(x=(4, 2), dy=(4, 2), axes=0))

    axes: int = 2

    @property
    def formula(self) -> str:
        at = X[self.axes]
        return f"y[c] = sum over {OVER[self.axes]} of dy[{at}] * x[{at}]"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy.with_shape(dy.shape[1])

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        return xp.astype(channel_dot(xp, wide(xp, dy), wide(xp, x)), dy.dtype, copy=False)

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        return over_channel(lambda *at: dy[at] * x[at], index, x)


@dataclass(frozen=True)
class ShiftGrad(Op):
    """dbias[c] = sum of dy[n,c,i,j] over n, i, j.   dy (N,C,...) -> (C)"""

    name = "shift_grad"
    kind = "gradient"
    examples = (example(dy=(2, 3, 2, 2)), example(dy=(4, 2), axes=0))

    axes: int = 2

    @property
    def formula(self) -> str:
        return f"y[c] = sum over {OVER[self.axes]} of dy[{X[self.axes]}]"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(dy.shape[1])

    def compute(self, xp: Any, dy: Array) -> Array:
        return xp.astype(channel_sum(xp, wide(xp, dy)), dy.dtype, copy=False)

    def cell(self, index: Index, dy: Cells) -> Number:
        return over_channel(lambda *at: dy[at], index, dy)


@dataclass(frozen=True)
class BatchNormalizeGrad(Op):
    """The part of dx past mean and variance: dx[n,c,i,j] = dy[n,c,i,j] / sqrt(var[c] + eps).

    var (C), dy (N,C,...) -> dx (N,C,...), where dy is the gradient of the normalised x.
    """

    name = "batch_normalize_grad"
    kind = "gradient"
    examples = (example(var=[1.0, 4.0], dy=(3, 2, 2, 2)), example(var=[1.0, 4.0], dy=(3, 2), axes=0, eps=0.1))

    axes: int = 2
    eps: float = 1e-5

    @property
    def formula(self) -> str:
        at = X[self.axes]
        return f"y[{at}] = dy[{at}] / sqrt(var[c] + {self.eps:g})"

    def infer(self, var: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, var: Array, dy: Array) -> Array:
        return xp.astype(wide(xp, dy) / beside(xp, xp.sqrt(wide(xp, var) + self.eps), dy), dy.dtype, copy=False)

    def cell(self, index: Index, var: Cells, dy: Cells) -> Number:
        return dy[index] / sqrt(var[index[1]] + Constant(self.eps, "eps"))


@dataclass(frozen=True)
class BatchNormalizeMeanGrad(Op):
    """The part of dmean past the variance: dmean[c] = -(sum of dy[n,c,i,j] over n, i, j) / sqrt(var[c] + eps).

    var (C), dy (N,C,...) -> dmean (C)
    """

    name = "batch_normalize_mean_grad"
    kind = "gradient"
    examples = (example(var=[1.0, 4.0], dy=(3, 2, 2, 2)), example(var=[1.0, 4.0], dy=(3, 2), axes=0, eps=0.1))

    axes: int = 2
    eps: float = 1e-5

    @property
    def formula(self) -> str:
        return f"y[c] = -(sum over {OVER[self.axes]} of dy[{X[self.axes]}]) / sqrt(var[c] + {self.eps:g})"

    def infer(self, var: Spec, dy: Spec) -> Spec:
        return var

    def compute(self, xp: Any, var: Array, dy: Array) -> Array:
        summed = channel_sum(xp, wide(xp, dy))
        return xp.astype(-summed / xp.sqrt(wide(xp, var) + self.eps), var.dtype, copy=False)

    def cell(self, index: Index, var: Cells, dy: Cells) -> Number:
        return -over_channel(lambda *at: dy[at], index, dy) / sqrt(var[index] + Constant(self.eps, "eps"))


@dataclass(frozen=True)
class BatchNormalizeVarGrad(Op):
    """dvar[c] = sum of dy[n,c,i,j]*(x[n,c,i,j] - mean[c]) over n, i, j, times -1/2*(var[c] + eps)^(-3/2).

    x, dy (N,C,...), mean, var (C) -> dvar (C)
    """

    name = "batch_normalize_var_grad"
    kind = "gradient"
    examples = (
        example(x=(3, 2, 2, 2), mean=(2,), var=[1.0, 4.0], dy=(3, 2, 2, 2)),
        example(x=(3, 2), mean=(2,), var=[1.0, 4.0], dy=(3, 2), axes=0, eps=0.1),
    )

    axes: int = 2
    eps: float = 1e-5

    @property
    def formula(self) -> str:
        at = X[self.axes]
        summed = f"sum over {OVER[self.axes]} of dy[{at}]*(x[{at}] - mean[c])"
        return f"y[c] = ({summed}) * -0.5*(var[c] + {self.eps:g})^(-1.5)"

    def infer(self, x: Spec, mean: Spec, var: Spec, dy: Spec) -> Spec:
        return var

    def compute(self, xp: Any, x: Array, mean: Array, var: Array, dy: Array) -> Array:
        summed = channel_dot(xp, wide(xp, dy), deviation(xp, x, mean))
        return xp.astype(summed * -0.5 * (wide(xp, var) + self.eps) ** -1.5, var.dtype, copy=False)

    def cell(self, index: Index, x: Cells, mean: Cells, var: Cells, dy: Cells) -> Number:
        summed = over_channel(lambda *at: dy[at] * (x[at] - mean[index]), index, x)
        return summed * -0.5 * (var[index] + Constant(self.eps, "eps")) ** -1.5


@dataclass(frozen=True)
class BatchVarGrad(Op):
    """The part of dx through the variance: dx[n,c,i,j] = dy[c]*2*(x[n,c,i,j] - mean[c]) / count, dy being dvar.

    x (N,C,...), mean, dy (C) -> dx (N,C,...)
    """

    name = "batch_var_grad"
    kind = "gradient"
    examples = (
        example(x=(3, 2, 2, 2), mean=(2,), dy=(2,)),
        example(x=[[1.0, 2.0], [3.0, 6.0]], mean=[2.0, 4.0], dy=[1.0, -1.0], axes=0),
    )

    axes: int = 2

    @property
    def formula(self) -> str:
        at = X[self.axes]
        return f"y[{at}] = dy[c] * 2*(x[{at}] - mean[c]) / {COUNT[self.axes]}"

    def infer(self, x: Spec, mean: Spec, dy: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, mean: Array, dy: Array) -> Array:
        dx = deviation(xp, x, mean, take=True)
        dx *= beside(xp, wide(xp, dy) * 2 / channel_size(x.shape), x)
        return xp.astype(dx, x.dtype, copy=False)

    def cell(self, index: Index, x: Cells, mean: Cells, dy: Cells) -> Number:
        c = index[1]
        return dy[c] * 2 * (x[index] - mean[c]) / Constant(channel_size(x.shape), "count")


@dataclass(frozen=True)
class BatchVarMeanGrad(Op):
    """The part of dmean through the variance: dmean[c] = dy[c] * -2*(sum of x[n,c,i,j] - mean[c]) / count.

    x (N,C,...), mean, dy (C) -> dmean (C), dy being dvar. It is 0 but for rounding: see the note.
    """

    name = "batch_var_mean_grad"
    kind = "gradient"
    note = "cancels: the deviations of a channel from its own mean add up to 0, so this part is ~0"
    examples = (
        example(x=(3, 2, 2, 2), mean=(2,), dy=(2,)),
        example(x=[[1.0, 2.0], [3.0, 6.0]], mean=[2.0, 4.0], dy=[1.0, -1.0], axes=0),
    )

    axes: int = 2

    @property
    def formula(self) -> str:
        summed = f"sum over {OVER[self.axes]} of (x[{X[self.axes]}] - mean[c])"
        return f"y[c] = dy[c] * -2*({summed}) / {COUNT[self.axes]}"

    def infer(self, x: Spec, mean: Spec, dy: Spec) -> Spec:
        return mean

    def compute(self, xp: Any, x: Array, mean: Array, dy: Array) -> Array:
        summed = channel_sum(xp, deviation(xp, x, mean, take=True))
        return xp.astype(wide(xp, dy) * -2 * summed / channel_size(x.shape), mean.dtype, copy=False)

    def cell(self, index: Index, x: Cells, mean: Cells, dy: Cells) -> Number:
        summed = over_channel(lambda *at: x[at] - mean[index], index, x)
        return dy[index] * -2 * summed / Constant(channel_size(x.shape), "count")


@dataclass(frozen=True)
class BatchMeanGrad(Op):
    """The part of dx through the mean: dx[n,c,i,j] = dy[c] / count, dy being dmean.   dy (C) -> dx (`shape`)"""

    name = "batch_mean_grad"
    kind = "gradient"
    examples = (example(dy=(2,), shape=(3, 2, 2, 2)), example(dy=[1.0, -3.0], shape=(3, 2)))

    shape: Index

    @property
    def formula(self) -> str:
        axes = len(self.shape) - 2
        return f"y[{X[axes]}] = dy[c] / {COUNT[axes]}"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array) -> Array:
        share = dy / channel_size(self.shape)
        return xp.broadcast_to(xp.reshape(share, (-1,) + (1,) * (len(self.shape) - 2)), self.shape)

    def cell(self, index: Index, dy: Cells) -> Number:
        return dy[index[1]] / Constant(channel_size(self.shape), "count")
