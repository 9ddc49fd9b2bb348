"""A tensor times one number, over another, plus a third: how pixels are brought into the range a network likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Scale(Op):
    """y = x*factor/divisor + offset. Pixels of 0..255 become 0..1 with `divisor = 255`.   x (any shape) -> y (same)"""

    name = "scale"
    examples = (
        example(x=[0.0, 51.0, 255.0], divisor=255.0),
        example(x=(2, 3), factor=2.0, divisor=255.0, offset=-1.0),
        example(x=(2, 3), offset=0.5),
        example(x=(2, 3), factor=-1.0),
        example(x=(3,)),
    )

    factor: float = 1.0
    divisor: float = 1.0
    offset: float = 0.0

    @property
    def formula(self) -> str:
        factor = "" if self.factor == 1 else f"*{self.factor:g}"
        divisor = "" if self.divisor == 1 else f"/{self.divisor:g}"
        sign = "-" if self.offset < 0 else "+"
        return f"y[i] = x[i]{factor}{divisor}" + (f" {sign} {abs(self.offset):g}" if self.offset else "")

    def infer(self, x: Spec) -> Spec:
        expect(self.divisor != 0, lambda: "divisor is 0; give a number to divide by, such as 255")
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        y = x if self.factor == 1 else x * self.factor
        y = y if self.divisor == 1 else y / self.divisor
        return y + self.offset if self.offset else y

    def cell(self, index: Index, x: Cells) -> Number:
        y: Number = x[index]
        if self.factor != 1:
            y = y * Constant(self.factor, "factor")
        if self.divisor != 1:
            y = y / Constant(self.divisor, "divisor")
        if self.offset:
            y = y + Constant(self.offset, "offset") if self.offset > 0 else y - Constant(-self.offset, "-offset")
        return y

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Scale(self.factor, self.divisor), dy)}
