"""The natural logarithm: with it nll_loss is the cross-entropy of probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number, log
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example


@dataclass(frozen=True)
class Log(Op):
    """y = log(x), to the base e. The logarithm of 0 is -inf, of less NaN.   x (any shape) -> y (same)"""

    name = "log"
    formula = "y[i] = log(x[i])"
    examples = (example(x=[1.0, 2.0, 0.25]), example(x=[[0.0, -1.0]], smooth=False))

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.log(x)

    def cell(self, index: Index, x: Cells) -> Number:
        return log(x[index])

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (LogGrad(), x, dy)}


@dataclass(frozen=True)
class LogGrad(Op):
    """dx = dy/x.   x, dy (any shape) -> dx (same)"""

    name = "log_grad"
    kind = "gradient"
    formula = "y[i] = dy[i]/x[i]"
    examples = (example(x=[1.0, 2.0, 0.25], dy=[3.0, -1.0, 2.0]), example(x=[0.0, 0.0], dy=[1.0, 0.0]))

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        return dy / x

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        return dy[index] / x[index]
