"""A tensor of one value: where a backward pass starts, and what cleared gradients are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Op, Spec, example


@dataclass(frozen=True)
class FullLike(Op):
    """y[i] = fill_value, with the shape of x, whose cells are not read.   x (any shape) -> y (same)"""

    name = "full_like"
    examples = (example(x=(2, 3), fill_value=1.0), example(x=(), fill_value=0.0))

    fill_value: float = 0.0

    @property
    def formula(self) -> str:
        return f"y[i] = {self.fill_value:g}"

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.full(x.shape, self.fill_value, dtype=x.dtype, device=x.device)

    def cell(self, index: Index, x: Cells) -> Number:
        return Constant(self.fill_value)
