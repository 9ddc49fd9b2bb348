"""The fully connected layer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Initial, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Linear(Op):
    """y[n,m] = sum of x[n,c] * weight[m,c] over c, and then bias[m].

    x (...,C), weight (M,C), bias (M) -> y (...,M)
    """

    name = "linear"
    formula = "y[n,m] = sum x[n,c] * weight[m,c] + bias[m]"
    parameters = ("weight", "bias")
    ranks: ClassVar[Mapping[str, tuple[int, ...]]] = {"weight": (1, 2), "bias": (0, 1)}
    examples = (
        example(x=[[0.6, 0.8]], weight=[[0.5, 0.1]]),
        example(x=(3, 4), weight=(2, 4), bias=(2,)),
        example(x=(5,), weight=(3, 5), bias=(3,)),
        example(x=(2, 3, 4), weight=(2, 4), bias=(2,)),
    )

    def infer(self, x: Spec, weight: Spec, bias: Spec | None = None) -> Spec:
        expect(len(x.shape) >= 1, lambda: f"x is {x}; it takes [N,C] or any shape that ends in C")
        expect(len(weight.shape) == 2, lambda: f"weight is {weight}; it takes [M,C]: a row for every output")
        features, channels = weight.shape
        expect(
            x.shape[-1] == channels,
            lambda: f"weight is {weight} and x is {x}: {x.shape[-1]} inputs need a weight [{features},{x.shape[-1]}]",
        )
        if bias is not None:
            expect(bias.shape == (features,), lambda: f"bias is {bias}; {features} outputs take [{features}]")
        return x.with_shape(*x.shape[:-1], features)

    def compute(self, xp: Any, x: Array, weight: Array, bias: Array | None = None) -> Array:
        y = xp.matmul(x, weight.T)
        return y if bias is None else y + bias

    def cell(self, index: Index, x: Cells, weight: Cells, bias: Cells | None = None) -> Number:
        *n, m = index
        last = None if bias is None else bias[m]
        return total(lambda c: x[*n, c] * weight[m, c], weight.shape[1], last=last)

    def gradient(self, x: Ref, weight: Ref, bias: Ref | None, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (LinearGrad(), dy, weight), "weight": (LinearWeightGrad(), dy, x), "bias": (RowSum(), dy)}

    def initial(self, x: Spec, *, out_features: int) -> Mapping[str, Initial]:
        channels = x.shape[-1]
        bound = 1 / math.sqrt(channels) if channels else 0.0
        return {
            "weight": Initial((out_features, channels), -bound, bound),
            "bias": Initial((out_features,), -bound, bound),
        }


@dataclass(frozen=True)
class LinearGrad(Op):
    """dx[n,c] = sum of dy[n,m] * weight[m,c] over m.   dy (...,M), weight (M,C) -> dx (...,C)"""

    name = "linear_grad"
    kind = "gradient"
    formula = "y[n,c] = sum dy[n,m] * weight[m,c]"
    examples = (example(dy=(3, 2), weight=(2, 4)), example(dy=(2,), weight=(2, 3)))

    def infer(self, dy: Spec, weight: Spec) -> Spec:
        return dy.with_shape(*dy.shape[:-1], weight.shape[1])

    def compute(self, xp: Any, dy: Array, weight: Array) -> Array:
        return xp.matmul(dy, weight)

    def cell(self, index: Index, dy: Cells, weight: Cells) -> Number:
        *n, c = index
        return total(lambda m: dy[*n, m] * weight[m, c], weight.shape[0])


@dataclass(frozen=True)
class LinearWeightGrad(Op):
    """dweight[m,c] = sum of dy[n,m] * x[n,c] over n.   dy (...,M), x (...,C) -> dweight (M,C)"""

    name = "linear_weight_grad"
    kind = "gradient"
    formula = "y[m,c] = sum dy[n,m] * x[n,c]"
    examples = (example(dy=(3, 2), x=(3, 4)), example(dy=(2,), x=(3,)), example(dy=(2, 3, 2), x=(2, 3, 4)))

    def infer(self, dy: Spec, x: Spec) -> Spec:
        return dy.with_shape(dy.shape[-1], x.shape[-1])

    def compute(self, xp: Any, dy: Array, x: Array) -> Array:
        dy, x = _rows(xp, dy), _rows(xp, x)
        # An outer product as a matrix product is several times slower.
        return dy.T * x if x.shape[0] == 1 else xp.matmul(dy.T, x)

    def cell(self, index: Index, dy: Cells, x: Cells) -> Number:
        m, c = index
        return total(lambda *n: dy[*n, m] * x[*n, c], *x.shape[:-1])


@dataclass(frozen=True)
class RowSum(Op):
    """y[m] = sum of x[n,m] over n: the gradient of a bias.   x (...,M) -> y (M)"""

    name = "row_sum"
    kind = "gradient"
    formula = "y[m] = sum x[n,m]"
    examples = (example(x=(3, 2)), example(x=(4,)))

    def infer(self, x: Spec) -> Spec:
        return x.with_shape(x.shape[-1])

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.sum(_rows(xp, x), axis=0)

    def cell(self, index: Index, x: Cells) -> Number:
        return total(lambda *n: x[*n, *index], *x.shape[:-1])


def _rows(xp: Any, x: Array) -> Array:
    """x as (N, C), whatever stands before its last axis."""
    return x if x.ndim == 2 else xp.reshape(x, (-1, x.shape[-1]))
