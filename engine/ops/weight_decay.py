"""Weight decay: the slope of the penalty weight_decay/2 * w^2, added to the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Op, Spec, example


@dataclass(frozen=True)
class WeightDecay(Op):
    """y = dw + weight_decay*w.   dw, w (any shape) -> y (same)"""

    name = "weight_decay"
    kind = "optimizer"
    examples = (example(dw=[-3.0, 0.5], w=[1.0, 2.0], weight_decay=0.1), example(dw=(2, 3), w=(2, 3)))

    weight_decay: float = 1e-2

    @property
    def formula(self) -> str:
        return f"y[i] = dw[i] + {self.weight_decay:g}*w[i]"

    def infer(self, dw: Spec, w: Spec) -> Spec:
        return dw

    def compute(self, xp: Any, dw: Array, w: Array) -> Array:
        return xp.asarray(dw + self.weight_decay * w)

    def cell(self, index: Index, dw: Cells, w: Cells) -> Number:
        return dw[index] + Constant(self.weight_decay, "weight_decay") * w[index]
