"""The step: all or nothing. A perceptron's output, and the silhouette in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, select
from stepgrad.engine.op import Array, Op, Spec, example


@dataclass(frozen=True)
class Step(Op):
    """y = 1 where x > threshold, else 0; with `inclusive`, where x >= threshold.   x (any shape) -> y (same)

    Its slope is 0 wherever it has one, so nothing can be learned through it. Source: McCulloch and Pitts, 1943.
    """

    name = "step"
    examples = (
        example(x=[-1.0, 0.0, 2.0], smooth=False),
        example(x=[0.0, 0.5, 1.0], threshold=0.5, inclusive=True, smooth=False),
        example(x=(2, 3)),
        example(x=[float("nan"), float("inf")], smooth=False),
    )

    threshold: float = 0.0
    inclusive: bool = False

    @property
    def formula(self) -> str:
        return f"y[i] = where(x[i] {'>=' if self.inclusive else '>'} {self.threshold:g}, 1, 0)"

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.astype(xp.asarray(x >= self.threshold if self.inclusive else x > self.threshold), x.dtype)

    def cell(self, index: Index, x: Cells) -> Number:
        threshold = Constant(self.threshold, "threshold")
        return select(x[index] >= threshold if self.inclusive else x[index] > threshold, 1, 0)
