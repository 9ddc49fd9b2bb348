"""The sum of a tensor's cells, weighted: with it the backward pass of a single op can be studied from any dL/dy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Sum(Op):
    """y = sum x[i] * weights[i]. The gradient of x is `weights` itself, or ones where there are none.

    x, weights (any shape, the same) -> y ()
    """

    name = "sum"
    kind = "loss"
    formula = "y = sum x[i] * weights[i]"
    examples = (
        example(x=[1.0, 2.0, 3.0]),
        example(x=(2, 3), weights=(2, 3)),
        example(x=(1, 2, 2, 2), weights=[[[[1.0, 0], [0, 2]], [[0, 0], [-1, 0]]]]),
    )

    def infer(self, x: Spec, weights: Spec | None = None) -> Spec:
        expect(
            weights is None or weights.shape == x.shape,
            lambda: f"weights is {weights} and x is {x}; there is one weight for every cell of x",
        )
        return x.with_shape()

    def compute(self, xp: Any, x: Array, weights: Array | None = None) -> Array:
        return xp.asarray(xp.sum(x if weights is None else x * weights))

    def cell(self, index: Index, x: Cells, weights: Cells | None = None) -> Number:
        return total(lambda *i: x[i] if weights is None else x[i] * weights[i], *x.shape)

    def gradient(self, x: Ref, weights: Ref | None, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (SumGrad(x.shape), dy, weights), "weights": (SumGrad(x.shape), dy, x)}


@dataclass(frozen=True)
class SumGrad(Op):
    """dx[i] = dy * weights[i].   dy (), weights (`shape`) -> dx (`shape`)"""

    name = "sum_grad"
    kind = "gradient"
    formula = "y[i] = dy * weights[i]"
    examples = (example(dy=1.0, weights=(2, 3), shape=(2, 3)), example(dy=(), shape=(2,)))

    shape: Index

    def infer(self, dy: Spec, weights: Spec | None = None) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array, weights: Array | None = None) -> Array:
        return xp.asarray(dy * weights) if weights is not None else xp.broadcast_to(dy, self.shape)

    def cell(self, index: Index, dy: Cells, weights: Cells | None = None) -> Number:
        return dy[()] if weights is None else dy[()] * weights[index]
