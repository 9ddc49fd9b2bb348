"""Max pooling over one and two axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stepgrad.engine.columns import pad
from stepgrad.engine.fold import largest
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Op, Pair, Spec, example, expect
from stepgrad.engine.window import Window, window


@dataclass(frozen=True)
class MaxPool(Op):
    """y[n,c,i,j] = max of x[n,c,i*s+u*d-p,j*s+v*d-p] over u, v.   x (N,C,H,W) -> y (N,C,I,J)

    Taps that fall on padding are skipped (PyTorch pads with -inf); ties go to the first cell in row order, and a
    window with NaN is NaN. The stride is the kernel's size unless given.
    """

    rank: ClassVar[int]

    kernel_size: Pair = 2
    stride: Pair | None = None
    padding: Pair = 0
    dilation: Pair = 1
    ceil_mode: bool = False

    @property
    def formula(self) -> str:
        return (
            "y[n,c,i,j] = max of x[n,c,i,j] over its window"
            if self.rank == 2
            else "y[n,c,i] = max of x[n,c,i] over its window"
        )

    def window(self, x: Index) -> Window:
        made = window(
            x[2:], self.kernel_size, self.stride or self.kernel_size, self.padding, self.dilation, ceil=self.ceil_mode
        )
        expect(
            all(2 * p <= k for p, k in zip(made.before, made.kernel, strict=True)),
            lambda: f"padding is {self.padding}; it may be at most half the kernel_size {self.kernel_size}",
        )
        return made

    def infer(self, x: Spec) -> Spec:
        expect(len(x.shape) == self.rank + 2, lambda: f"x is {x}; it takes [N,C,{','.join('HW'[-self.rank :])}]")
        return x.with_shape(*x.shape[:2], *self.window(x.shape).out)

    def compute(self, xp: Any, x: Array) -> Array:
        over = self.window(x.shape)
        padded = pad(xp, x, over, -float("inf"))
        best = None
        for tap in over.taps:
            met = padded[(slice(None), slice(None), *over.slices(tap))]
            best = xp.asarray(met, copy=True) if best is None else xp.maximum(best, met)
        return best

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        over = self.window(x.shape)
        return largest(lambda *tap: x[n, c, *over.at(tuple(out), tap)], *over.inside(tuple(out)))


class MaxPool1d(MaxPool):
    __doc__ = MaxPool.__doc__
    name = "max_pool1d"
    rank = 1
    ranks = {"x": (1, 2, 3)}  # noqa: RUF012 - a class variable of Op
    examples = (
        example(x=[[[1.0, 3, 2, 2, 5]]], kernel_size=2),
        example(x=(2, 2, 7), kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True),
    )


class MaxPool2d(MaxPool):
    __doc__ = MaxPool.__doc__
    name = "max_pool2d"
    rank = 2
    ranks = {"x": (2, 3, 4)}  # noqa: RUF012 - a class variable of Op
    examples = (
        example(x=[[[[1.0, 3, 2, 1], [5, 6, 4, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]], kernel_size=2),
        example(x=(2, 3, 5, 6), kernel_size=(3, 2), stride=(1, 2), padding=1),
        example(x=(1, 2, 6, 6), kernel_size=3, stride=2, ceil_mode=True),
        example(x=(1, 1, 7, 7), kernel_size=2, dilation=3, stride=1),
        example(x=[[[[1.0, 1], [1, 1]]]], kernel_size=2, smooth=False),
    )
