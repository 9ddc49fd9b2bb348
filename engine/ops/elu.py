"""The exponential linear unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, exp, maximum, minimum, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example


@dataclass(frozen=True)
class ELU(Op):
    """y = max(x, 0) + alpha*(exp(min(x, 0)) - 1). The slope at 0 is alpha, as in PyTorch.

    x (any shape) -> y (same)
    """

    name = "elu"
    examples = (
        example(x=[-1000.0, -1.0, 0.0, 2.0], alpha=2.0, smooth=False),
        example(x=(2, 3, 4)),
    )

    alpha: float = 1.0

    @property
    def formula(self) -> str:
        return f"y[i] = max(x[i], 0) + {self.alpha:g}*(exp(min(x[i], 0)) - 1)"

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        zero = xp.zeros(x.shape[-2:], dtype=x.dtype, device=x.device)
        return xp.maximum(x, zero) + self.alpha * xp.expm1(xp.minimum(x, zero))

    def cell(self, index: Index, x: Cells) -> Number:
        return maximum(x[index], 0) + Constant(self.alpha, "alpha") * (exp(minimum(x[index], 0)) - 1)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (ELUGrad(self.alpha), x, dy)}


@dataclass(frozen=True)
class ELUGrad(Op):
    """dx = dy*alpha*exp(x) where x <= 0, else dy.   x, dy (any shape) -> dx (same)"""

    name = "elu_grad"
    kind = "gradient"
    examples = (
        example(x=[-1.0, 0.0, 2.0, 1000.0], dy=[5.0, 6.0, 7.0, 8.0], alpha=2.0),
        example(x=(2, 3), dy=(2, 3)),
    )

    alpha: float = 1.0

    @property
    def formula(self) -> str:
        return f"y[i] = where(x[i] <= 0, dy[i]*{self.alpha:g}*exp(x[i]), dy[i])"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        return xp.where(x <= 0, dy * self.alpha * xp.exp(x), dy)

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        return select(x[index] <= 0, dy[index] * Constant(self.alpha, "alpha") * exp(x[index]), dy[index])
