"""The clamp: what lies outside two bounds is put on the nearer one. ReLU6 is a clamp to 0..6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, maximum, minimum, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Clamp(Op):
    """y = min(max(x, `min`), `max`), either of which may be left out. NaN passes.   x (any shape) -> y (same)

    The slope on a bound is 1, as in torch.clamp. Raises ShapeError where neither bound is given.
    """

    name = "clamp"
    examples = (
        example(x=[-1.0, 0.0, 0.5, 6.0, 7.0], min=0.0, max=6.0, smooth=False),
        example(x=(2, 3, 4), min=-0.5),
        example(x=(2, 3), max=0.5),
    )

    min: float | None = None
    max: float | None = None

    @property
    def formula(self) -> str:
        inner = "x[i]" if self.min is None else f"max(x[i], {self.min:g})"
        return f"y[i] = {inner}" if self.max is None else f"y[i] = min({inner}, {self.max:g})"

    def infer(self, x: Spec) -> Spec:
        expect(self.min is not None or self.max is not None, lambda: "neither min nor max is given; give one, or both")
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        if self.min is not None:
            x = xp.where(x < self.min, xp.full_like(x, self.min), x)
        return x if self.max is None else xp.where(x > self.max, xp.full_like(x, self.max), x)

    def cell(self, index: Index, x: Cells) -> Number:
        y: Number = x[index]
        if self.min is not None:
            y = maximum(y, Constant(self.min, "min"))
        return y if self.max is None else minimum(y, Constant(self.max, "max"))

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (ClampGrad(self.min, self.max), x, dy)}


@dataclass(frozen=True)
class ClampGrad(Op):
    """dx = dy where `min` <= x <= `max`, else 0; 0 at a NaN, as in PyTorch.   x, dy (any shape) -> dx (same)"""

    name = "clamp_grad"
    kind = "gradient"
    examples = (
        example(x=[-1.0, 0.0, 0.5, 6.0, 7.0], dy=[1.0, 2.0, 3.0, 4.0, 5.0], min=0.0, max=6.0),
        example(x=(2, 3), dy=(2, 3), min=0.1),
    )

    min: float | None = None
    max: float | None = None

    @property
    def formula(self) -> str:
        inner = "dy[i]" if self.max is None else f"where(x[i] <= {self.max:g}, dy[i], 0)"
        return f"y[i] = {inner}" if self.min is None else f"y[i] = where(x[i] >= {self.min:g}, {inner}, 0)"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        zero = xp.zeros_like(dy)
        if self.max is not None:
            dy = xp.where(x <= self.max, dy, zero)
        return dy if self.min is None else xp.where(x >= self.min, dy, zero)

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        slope: Number = dy[index]
        if self.max is not None:
            slope = select(x[index] <= Constant(self.max, "max"), slope, 0)
        return slope if self.min is None else select(x[index] >= Constant(self.min, "min"), slope, 0)
