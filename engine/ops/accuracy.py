"""How often a classifier is right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Op, Spec, example, expect


@dataclass(frozen=True)
class Accuracy(Op):
    """y = how many x[n] equal target[n], divided by how many there are. It has no slope, so nothing learns from it.

    x, target: whole numbers (any shape, the same): the predicted and the right classes -> y float64 ()
    """

    name = "accuracy"
    formula = "y = (sum over n of where(x[n] == target[n], 1, 0))/count"
    integers = ("x", "target")
    examples = (
        example(x=[2, 0, 1, 1], target=[2, 1, 1, 0]),
        example(x=[[1, 0, 1], [0, 0, 1]], target=(2, 3)),
        example(x=(7,), target=(7,)),
    )

    def infer(self, x: Spec, target: Spec) -> Spec:
        whole = x.is_integer and target.is_integer
        expect(whole, lambda: f"x is {x} and target is {target}; both are classes, whole numbers (see argmax)")
        expect(x.shape == target.shape, lambda: f"x is {x} and target is {target}; give one prediction for each label")
        return Spec(())

    def compute(self, xp: Any, x: Array, target: Array) -> Array:
        return xp.asarray(xp.sum(xp.astype(x == target, xp.float64)) / max(1, math.prod(x.shape)))

    def cell(self, index: Index, x: Cells, target: Cells) -> Number:
        right = total(lambda *n: select(equal(x[n], target[n]), 1, 0), *x.shape)
        return right / max(1, math.prod(x.shape))
