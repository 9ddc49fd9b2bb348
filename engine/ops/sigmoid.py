"""The logistic function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number, exp
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example


@dataclass(frozen=True)
class Sigmoid(Op):
    """y = 1/(1 + exp(-x)).   x (any shape) -> y (same), between 0 and 1"""

    name = "sigmoid"
    formula = "y[i] = 1/(1 + exp(-x[i]))"
    examples = (
        example(x=[-1000.0, -3.0, 0.0, 3.0, 1000.0]),
        example(x=(2, 3, 4)),
    )

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        # exp(-|x|) can not overflow: y = e/(1 + e) below 0 and 1/(1 + e) above; max(e, x >= 0) is that numerator.
        e = xp.exp(-xp.abs(x))
        return xp.maximum(e, xp.astype(x >= 0, x.dtype)) / (1 + e)

    def cell(self, index: Index, x: Cells) -> Number:
        return 1 / (1 + exp(-x[index]))

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (SigmoidGrad(), y, dy)}


@dataclass(frozen=True)
class SigmoidGrad(Op):
    """dx = dy*s*(1 - s), where s is the sigmoid's own output; at most dy/4.   s, dy (any shape) -> dx (same)"""

    name = "sigmoid_grad"
    kind = "gradient"
    formula = "y[i] = dy[i]*s[i]*(1 - s[i])"
    examples = (example(s=[0.0, 0.25, 0.5, 1.0], dy=[5.0, 6.0, 7.0, 8.0]), example(s=(2, 3), dy=(2, 3)))

    def infer(self, s: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, s: Array, dy: Array) -> Array:
        return dy * s * (1 - s)

    def cell(self, index: Index, s: Cells, dy: Cells) -> Number:
        return dy[index] * s[index] * (1 - s[index])
