"""Pooling by a norm: the length of a window taken as a vector."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Constant, Index, Number, equal, select, sqrt, square
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.pool import Pool, written
from stepgrad.engine.sliding import cells_of_windows, spread, sums
from stepgrad.engine.values import widened
from stepgrad.engine.window import Window, window


@dataclass(frozen=True)
class LPPool2d(Pool):
    """y[n,c,i,j] = (sum of x[n,c,i*s+u,j*s+v]^p over u, v)^(1/p), p = norm_type.   x (N,C,H,W) -> y (N,C,I,J)

    p = 2 is the L2 norm, p = 1 the plain sum. As in PyTorch, cells are raised without taking their absolute value, so
    an odd power of a negative sum is NaN; and with `ceil_mode` the sum of a window cut short at the border is scaled up
    to a whole one.
    """

    name = "lp_pool2d"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 3, 2, 4], [5, 6, 8, 7], [3, 2, 1, 0], [1, 2, 3, 4]]]], kernel_size=2),
        example(x=(2, 3, 5, 6), kernel_size=(3, 2), stride=(1, 2)),
        example(x=[[[[1.0, 2, 3], [0.5, 1, 2], [3, 1, 2]]]], kernel_size=2, norm_type=3.0, stride=1),
        example(x=(1, 1, 4, 4), kernel_size=2, norm_type=1.0),
        example(x=(1, 2, 5, 5), kernel_size=2, norm_type=4.0, ceil_mode=True),
        example(x=[[[[0.0, 0], [0, 0]]]], kernel_size=2, smooth=False),
    )

    norm_type: float = 2.0
    ceil_mode: bool = False

    @property
    def formula(self) -> str:
        x = f"x[{self.met()}]"
        if self.norm_type == 2:
            return f"y[{self.cells}] = sqrt(sum {x}^2)"
        if self.norm_type == 1:
            return f"y[{self.cells}] = sum {x}"
        return f"y[{self.cells}] = (sum {x}^{self.norm_type:g})^(1/{self.norm_type:g})"

    @property
    def note(self) -> str:
        return "a window cut short at the border is scaled up to a whole one" if self.ceil_mode else ""

    def window(self, x: Index) -> Window:
        expect(
            1 <= self.norm_type < math.inf, lambda: f"norm_type is {self.norm_type}; give 1 or more (2 is the L2 norm)"
        )
        return self.sliding(x, ceil=self.ceil_mode)

    def compute(self, xp: Any, x: Array) -> Array:
        over, p = self.window(x.shape), self.norm_type
        wide = widened(xp, x)
        total = sums(xp, _power(wide, p), over) * self.stretches(xp, over, wide)
        return xp.astype(xp.sqrt(total) if p == 2 else _power(total, 1 / p), x.dtype, copy=False)

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        over, p = self.window(x.shape), self.norm_type
        at = tuple(out)

        def raised(*tap: int) -> Number:
            cell = x[n, c, *over.at(at, tap)]
            return square(cell) if p == 2 else cell if p == 1 else cell**p

        summed: Number = total(raised, *over.inside(at))
        stretch = self.stretch(over, at)
        if stretch != 1:
            summed = Constant(stretch) * summed
        return sqrt(summed) if p == 2 else summed if p == 1 else summed ** (Constant(1) / Constant(p))

    def stretch(self, over: Window, out: Index) -> float:
        """How many times the cells of window `out` a whole window has."""
        return math.prod(over.kernel) / math.prod(map(len, over.inside(out)))

    def stretches(self, xp: Any, over: Window, like: Array) -> Array | float:
        """The same of all windows."""
        return math.prod(over.kernel) / cells_of_windows(xp, over, like)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (LPPoolGrad(self, self.window(x.shape)), x, y, dy)}


@dataclass(frozen=True)
class LPPoolGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,c,i,j] * (x[n,c,h,g] / norm[n,c,i,j])^(p-1) over the windows (i,j) that hold the cell.

    x (N,C,H,W), norm (N,C,I,J), dy (N,C,I,J) -> dx (N,C,H,W). `norm` is what the forward pass wrote; where it is 0 the
    slope is 0, as in PyTorch.
    """

    name = "lp_pool_grad"
    kind = "gradient"
    examples = (
        example(
            x=[[[[1.0, 3], [5, 6]]]],
            norm=[[[[8.426149773176359]]]],
            dy=[[[[1.0]]]],
            of=LPPool2d(2),
            over=window((2, 2), 2, 2, 0),
        ),
        example(x=(2, 2, 3, 3), norm=(2, 2, 2, 2), dy=(2, 2, 2, 2), of=LPPool2d(2, 1), over=window((3, 3), 2, 1, 0)),
        example(
            x=(1, 1, 3, 3),
            norm=(1, 1, 2, 2),
            dy=(1, 1, 2, 2),
            of=LPPool2d(2, norm_type=4.0, ceil_mode=True),
            over=window((3, 3), 2, 2, 0, ceil=True),
        ),
    )

    of: LPPool2d
    over: Window

    @property
    def formula(self) -> str:
        p, ratio = self.of.norm_type, "x[n,c,h,g] / norm[n,c,i,j]"
        if p == 1:
            return "y[n,c,h,g] = sum where(norm[n,c,i,j] == 0, 0, dy[n,c,i,j])"
        return f"y[n,c,h,g] = sum dy[n,c,i,j] * {ratio if p == 2 else f'({ratio})^{p - 1:g}'}"

    note = "over the windows that hold the cell; a window of norm 0 sends nothing"

    def infer(self, x: Spec, norm: Spec, dy: Spec) -> Spec:
        return dy.with_shape(*x.shape)

    def compute(self, xp: Any, x: Array, norm: Array, dy: Array) -> Array:
        wide, norms = widened(xp, x), widened(xp, norm)
        nothing = norms == 0
        share = xp.where(nothing, xp.zeros_like(norms), widened(xp, dy) * self.of.stretches(xp, self.over, wide))
        slopes = _power(xp.where(nothing, xp.ones_like(norms), norms), self.of.norm_type - 1)
        found = spread(xp, share / slopes, self.over) * _power(wide, self.of.norm_type - 1)
        return xp.astype(found, dy.dtype, copy=False)

    def cell(self, index: Index, x: Cells, norm: Cells, dy: Cells) -> Number:
        n, c, *place = index
        over, p = self.over, self.of.norm_type

        def share(*out: int) -> Number:
            slope: Number = dy[n, c, *out]
            stretch = self.of.stretch(over, out)
            if stretch != 1:
                slope = Constant(stretch) * slope
            length = norm[n, c, *out]
            if p == 2:
                slope = slope * x[index] / length
            elif p != 1:
                slope = slope * (x[index] / length) ** (p - 1)
            return select(equal(length, 0), 0, slope)

        return total(share, *over.readers(tuple(place)))


def _power(x: Array, p: float) -> Array:
    """x^p; small powers without a logarithm."""
    if p == 0:
        return 1.0
    return x if p == 1 else x * x if p == 2 else x**p
