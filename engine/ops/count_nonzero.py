"""How many cells are not zero: voxels left, connections there are, mistakes made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Op, Spec, example


@dataclass(frozen=True)
class CountNonzero(Op):
    """y = how many cells of x are not 0.   x (any shape) -> y ()"""

    name = "count_nonzero"
    formula = "y = sum where(x[i] == 0, 0, 1)"
    examples = (
        example(x=[[-2.0, 3.0, 0.0], [1.0, 0.0, 0.0]], smooth=False),
        example(x=(2, 3)),
        example(x=[float("nan"), 0.0, float("inf")], smooth=False),
    )

    def infer(self, x: Spec) -> Spec:
        return x.with_shape()

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.asarray(xp.sum(xp.astype(x != 0, x.dtype)))

    def cell(self, index: Index, x: Cells) -> Number:
        return total(lambda *i: select(equal(x[i], 0), 0, 1), *x.shape)
