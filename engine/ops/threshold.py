"""The threshold: what does not pass it is replaced by one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example


@dataclass(frozen=True)
class Threshold(Op):
    """y = value where x <= threshold, else x. NaN passes, as in PyTorch.   x (any shape) -> y (same)"""

    name = "threshold"
    examples = (
        example(x=[-1.0, 0.5, 0.6, 2.0], threshold=0.5, value=-3.0, smooth=False),
        example(x=(2, 3, 4), threshold=0.1),
    )

    threshold: float = 0.0
    value: float = 0.0

    @property
    def formula(self) -> str:
        return f"y[i] = where(x[i] <= {self.threshold:g}, {self.value:g}, x[i])"

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.where(x <= self.threshold, xp.full_like(x, self.value), x)

    def cell(self, index: Index, x: Cells) -> Number:
        return select(x[index] <= Constant(self.threshold, "threshold"), Constant(self.value, "value"), x[index])

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (ThresholdGrad(self.threshold), x, dy)}


@dataclass(frozen=True)
class ThresholdGrad(Op):
    """dx = 0 where x <= threshold, else dy.   x, dy (any shape) -> dx (same)"""

    name = "threshold_grad"
    kind = "gradient"
    examples = (example(x=[-1.0, 0.5, 2.0], dy=[5.0, 6.0, 7.0], threshold=0.5), example(x=(2, 3), dy=(2, 3)))

    threshold: float = 0.0

    @property
    def formula(self) -> str:
        return f"y[i] = where(x[i] <= {self.threshold:g}, 0, dy[i])"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        return xp.where(x <= self.threshold, xp.zeros_like(dy), dy)

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        return select(x[index] <= Constant(self.threshold, "threshold"), 0, dy[index])
