"""The hyperbolic tangent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number, square, tanh
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example


@dataclass(frozen=True)
class Tanh(Op):
    """y = tanh(x).   x (any shape) -> y (same), between -1 and 1"""

    name = "tanh"
    formula = "y[i] = tanh(x[i])"
    examples = (example(x=[-1000.0, -3.0, 0.0, 3.0, 1000.0]), example(x=(2, 3, 4)))

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.tanh(x)

    def cell(self, index: Index, x: Cells) -> Number:
        return tanh(x[index])

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (TanhGrad(), y, dy)}


@dataclass(frozen=True)
class TanhGrad(Op):
    """dx = dy*(1 - t^2), where t is tanh's own output.   t, dy (any shape) -> dx (same)"""

    name = "tanh_grad"
    kind = "gradient"
    formula = "y[i] = dy[i]*(1 - t[i]^2)"
    examples = (example(t=[-1.0, 0.0, 0.5], dy=[5.0, 6.0, 7.0]), example(t=(2, 3), dy=(2, 3)))

    def infer(self, t: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, t: Array, dy: Array) -> Array:
        return dy * (1 - t * t)

    def cell(self, index: Index, t: Cells, dy: Cells) -> Number:
        return dy[index] * (1 - square(t[index]))
