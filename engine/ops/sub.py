"""Subtraction cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.add import Identity
from stepgrad.engine.ops.scale import Scale


@dataclass(frozen=True)
class Sub(Op):
    """y = x - other. The gradient of x is dy, that of other is -dy.   x, other (any shape, the same) -> y (same)"""

    name = "sub"
    formula = "y[i] = x[i] - other[i]"
    examples = (example(x=[1.0, -2.0], other=[3.0, 0.5]), example(x=(2, 3), other=(2, 3)))

    def infer(self, x: Spec, other: Spec) -> Spec:
        expect(x.shape == other.shape, lambda: f"other is {other} and x is {x}; their shapes must agree")
        return x

    def compute(self, xp: Any, x: Array, other: Array) -> Array:
        return x - other

    def cell(self, index: Index, x: Cells, other: Cells) -> Number:
        return x[index] - other[index]

    def gradient(self, x: Ref, other: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Identity(), dy), "other": (Scale(factor=-1.0), dy)}
