"""The gradient divided by its usual size: what rmsprop and adagrad step along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, sqrt, square
from stepgrad.engine.op import Array, Op, Spec, example
from stepgrad.engine.values import widened


@dataclass(frozen=True)
class ScaledGradient(Op):
    """y = dw / (sqrt(s) + eps), or dw / (sqrt(s - mean^2) + eps).   dw, s, mean (any shape) -> y (same), in s's dtype

    s is a sum or an average of dw^2; with the average of dw itself taken out, s - mean^2 is its variance.
    """

    name = "scaled_gradient"
    kind = "optimizer"
    examples = (
        example(dw=[2.0, -3.0, 0.0], s=[4.0, 0.25, 0.0]),
        example(dw=[[1.0, -2.0]], s=[[4.0, 1.0]], mean=[[0.5, -0.25]], eps=0.1),
    )

    eps: float = 1e-8

    @property
    def formula(self) -> str:
        return f"y[i] = dw[i]/(sqrt(s[i] - mean[i]^2) + {self.eps:g})"

    def infer(self, dw: Spec, s: Spec, mean: Spec | None = None) -> Spec:
        return s

    def compute(self, xp: Any, dw: Array, s: Array, mean: Array | None = None) -> Array:
        spread = widened(xp, s if mean is None else xp.asarray(s - xp.square(mean)))
        return xp.asarray(dw / (xp.sqrt(spread) + self.eps), dtype=s.dtype)

    def cell(self, index: Index, dw: Cells, s: Cells, mean: Cells | None = None) -> Number:
        spread: Number = s[index] if mean is None else s[index] - square(mean[index])
        return dw[index] / (sqrt(spread) + Constant(self.eps, "eps"))
