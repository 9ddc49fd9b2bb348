"""Addition of tensors: the end of a residual block, and the sum of the parts of a gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Add(Op):
    """y = xs[0] + xs[1] + ... Each input's gradient is dy itself.   xs (any shape, all the same) -> y (same)"""

    name = "add"
    formula = "y[i] = xs[i] + ..."
    examples = (example(xs=[[1.0, 2.0], [-0.75, 0.75]]), example(xs=[(2, 3), (2, 3), (2, 3)]))

    def infer(self, *xs: Spec) -> Spec:
        expect(bool(xs), lambda: "there is nothing to add; give two or more inputs")
        expect(len({x.shape for x in xs}) == 1, lambda: f"received {' and '.join(map(str, xs))}; all shapes must agree")
        return xs[0]

    def compute(self, xp: Any, *xs: Array) -> Array:
        return reduce(xp.add, xs)

    def cell(self, index: Index, *xs: Cells) -> Number:
        return total(lambda k: xs[k][index], len(xs))

    def gradient(self, *xs: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {f"xs.{k}": (Identity(), dy) for k in range(len(xs))}


@dataclass(frozen=True)
class Identity(Op):
    """y = x: a gradient passed on as it is.   x (any shape) -> y (same)"""

    name = "identity"
    formula = "y[i] = x[i]"
    examples = (example(x=(2, 3)), example(x=[1.0, float("nan")], smooth=False))

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return x

    def cell(self, index: Index, x: Cells) -> Number:
        return x[index]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Identity(), dy)}
