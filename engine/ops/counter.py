"""The count of updates, which Adam's bias correction needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Op, Spec, example


@dataclass(frozen=True)
class Counter(Op):
    """y = step + 1.   step () whole number -> y ()"""

    name = "counter"
    kind = "optimizer"
    formula = "y = step + 1"
    integers = ("step",)
    examples = (example(step=4),)

    def infer(self, step: Spec) -> Spec:
        return step

    def compute(self, xp: Any, step: Array) -> Array:
        return xp.asarray(step + 1)

    def cell(self, index: Index, step: Cells) -> Number:
        return step[index] + 1
