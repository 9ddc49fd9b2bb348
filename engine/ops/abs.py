"""The absolute value: rectification that keeps both signs of a contrast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number, absolute, sign
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example


@dataclass(frozen=True)
class Abs(Op):
    """y = |x|. The slope at 0 is 0, as in PyTorch.   x (any shape) -> y (same)"""

    name = "abs"
    formula = "y[i] = abs(x[i])"
    examples = (example(x=[-2.0, 0.0, 3.0], smooth=False), example(x=(2, 3, 4)))

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.abs(x)

    def cell(self, index: Index, x: Cells) -> Number:
        return absolute(x[index])

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (AbsGrad(), x, dy)}


@dataclass(frozen=True)
class AbsGrad(Op):
    """dx = dy*sign(x).   x, dy (any shape) -> dx (same)"""

    name = "abs_grad"
    kind = "gradient"
    formula = "y[i] = dy[i]*sign(x[i])"
    examples = (example(x=[-2.0, 0.0, 3.0], dy=[5.0, 6.0, 7.0]), example(x=(2, 3), dy=(2, 3)))

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        return dy * xp.sign(x)

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        return dy[index] * sign(x[index])
