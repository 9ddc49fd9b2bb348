"""Moving averages of the gradient and of its square, which forget the past exponentially."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, square
from stepgrad.engine.op import Array, Op, Spec, example


@dataclass(frozen=True)
class ExpAvg(Op):
    """y = beta*m + (1 - beta)*dw.   m, dw (any shape) -> y (same), in m's dtype"""

    name = "exp_avg"
    kind = "optimizer"
    examples = (example(m=[0.0, 1.0], dw=[2.0, -3.0], beta=0.9), example(m=(2, 3), dw=(2, 3), beta=0.5))

    beta: float = 0.9

    @property
    def formula(self) -> str:
        return f"y[i] = {self.beta:g}*m[i] + (1 - {self.beta:g})*dw[i]"

    def infer(self, m: Spec, dw: Spec) -> Spec:
        return m

    def compute(self, xp: Any, m: Array, dw: Array) -> Array:
        return xp.asarray(self.beta * m + (1 - self.beta) * xp.astype(dw, m.dtype, copy=False))

    def cell(self, index: Index, m: Cells, dw: Cells) -> Number:
        beta = Constant(self.beta, "beta")
        return beta * m[index] + (1 - beta) * dw[index]


@dataclass(frozen=True)
class ExpAvgSq(Op):
    """y = beta*v + (1 - beta)*dw^2.   v, dw (any shape) -> y (same), in v's dtype"""

    name = "exp_avg_sq"
    kind = "optimizer"
    examples = (example(v=[0.0, 1.0], dw=[2.0, -3.0], beta=0.999), example(v=(2, 3), dw=(2, 3), beta=0.5))

    beta: float = 0.999

    @property
    def formula(self) -> str:
        return f"y[i] = {self.beta:g}*v[i] + (1 - {self.beta:g})*dw[i]^2"

    def infer(self, v: Spec, dw: Spec) -> Spec:
        return v

    def compute(self, xp: Any, v: Array, dw: Array) -> Array:
        return xp.asarray(self.beta * v + (1 - self.beta) * xp.square(xp.astype(dw, v.dtype, copy=False)))

    def cell(self, index: Index, v: Cells, dw: Cells) -> Number:
        beta = Constant(self.beta, "beta")
        return beta * v[index] + (1 - beta) * square(dw[index])
