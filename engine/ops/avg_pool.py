"""Average pooling over one and two axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.letters import IN, OUT, commas
from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Pair, Ref, Spec, example, expect
from stepgrad.engine.ops.pool import Pool, written
from stepgrad.engine.sliding import cells_of_windows, spread, sums
from stepgrad.engine.window import Window, window


@dataclass(frozen=True)
class AvgPool(Pool):
    """y[n,c,i,j] = sum of x[n,c,i*s+u-p,j*s+v-p] over u, v, divided by how many they are.   x (N,C,H,W) -> y (N,C,I,J)

    Zeros of the padding are counted unless `count_include_pad` is false; what a last window of `ceil_mode` has beyond
    the padding is not. `divisor_override` divides by a number of its own. As in PyTorch.
    """

    padding: Pair = 0
    ceil_mode: bool = False
    count_include_pad: bool = True
    divisor_override: int | None = None

    @property
    def formula(self) -> str:
        return f"y[{self.cells}] = sum x[{self.met(self.padding)}] / {self.divided_by}"

    @property
    def divided_by(self) -> str:
        """The divisor of a whole window: 4."""
        if self.divisor_override:
            return str(self.divisor_override)
        return (
            str(self.kernel_size**self.rank)
            if isinstance(self.kernel_size, int)
            else "(" + "*".join(map(str, self.kernel_size)) + ")"
        )

    @property
    def note(self) -> str:
        uneven = (self.padding != 0 and not self.count_include_pad) or self.ceil_mode
        return "a window cut short at the border is divided by what is left of it" if uneven else ""

    def window(self, x: Index) -> Window:
        expect(self.divisor_override != 0, lambda: "divisor_override is 0; give another number, or leave it out")
        return self.sliding(x, self.padding, ceil=self.ceil_mode)

    def compute(self, xp: Any, x: Array) -> Array:
        over = self.window(x.shape)
        return xp.astype(sums(xp, x, over) / self.divisors(xp, x, over), x.dtype, copy=False)

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        over, at = self.window(x.shape), tuple(out)
        taps = self._counted(over).inside(at)
        return total(lambda *tap: x.padded(n, c, *over.at(at, tap)), *taps) / self.divisor(over, at)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (AvgPoolGrad(self, self.window(x.shape)), dy)}

    def divisor(self, over: Window, out: Index) -> Constant:
        """What the sum of window `out` is divided by."""
        if self.divisor_override:
            return Constant(self.divisor_override, "divisor_override")
        return Constant(math.prod(map(len, self._counted(over).inside(out))), "count")

    def divisors(self, xp: Any, like: Array, over: Window) -> Array | float:
        """The divisors of all windows: one number where they agree, else an array (I,J) like `like`."""
        if self.divisor_override:
            return float(self.divisor_override)
        return cells_of_windows(xp, self._counted(over), like)

    def _counted(self, over: Window) -> Window:
        """The window over all that counts: the padded input, or the input alone."""
        return _with_padding(over) if self.count_include_pad else over


class AvgPool1d(AvgPool):
    __doc__ = AvgPool.__doc__
    name = "avg_pool1d"
    rank = 1
    ranks = written(1)
    examples = (
        example(x=[[[1.0, 3, 2, 2, 5]]], kernel_size=2),
        example(x=(2, 2, 7), kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False),
    )


class AvgPool2d(AvgPool):
    __doc__ = AvgPool.__doc__
    name = "avg_pool2d"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 3, 2, 4], [5, 6, 8, 7], [3, 2, 1, 0], [1, 2, 3, 4]]]], kernel_size=2),
        example(x=(2, 3, 5, 6), kernel_size=(3, 2), stride=(1, 2), padding=1),
        example(x=(2, 3, 5, 6), kernel_size=(3, 2), stride=(1, 2), padding=1, count_include_pad=False),
        example(x=(1, 2, 6, 6), kernel_size=3, stride=2, padding=1, ceil_mode=True),
        example(x=(1, 1, 7, 7), kernel_size=2, stride=3, divisor_override=3),
    )


@dataclass(frozen=True)
class AvgPoolGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,c,i,j] / count over the windows (i,j) that hold the cell: each gives it an equal share.

    dy (N,C,I,J) -> dx (N,C,H,W)
    """

    name = "avg_pool_grad"
    kind = "gradient"
    examples = (
        example(dy=[[[[1.0, 2], [3, 4]]]], of=AvgPool2d(2), over=window((4, 4), 2, 2, 0)),
        example(dy=(2, 3, 5, 4), of=AvgPool2d((3, 2), (1, 2), 1), over=window((5, 6), (3, 2), (1, 2), 1)),
        example(
            dy=(1, 2, 4, 4),
            of=AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
            over=window((6, 6), 3, 2, 1, ceil=True),
        ),
        example(dy=(1, 1, 2, 2), of=AvgPool2d(2, 3, divisor_override=3), over=window((7, 7), 2, 3, 0)),
        example(dy=(2, 1, 3), of=AvgPool1d(3, 2), over=window((7,), 3, 2, 0)),
    )

    of: AvgPool
    over: Window

    @property
    def formula(self) -> str:
        rank = self.of.rank
        return f"y[n,c,{commas(IN[rank])}] = sum dy[n,c,{commas(OUT[rank])}] / {self.of.divided_by}"

    @property
    def note(self) -> str:
        return f"over the windows that hold the cell{'; ' * bool(self.of.note)}{self.of.note}"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*dy.shape[:2], *self.over.size)

    def compute(self, xp: Any, dy: Array) -> Array:
        return spread(xp, dy / self.of.divisors(xp, dy, self.over), self.over)

    def cell(self, index: Index, dy: Cells) -> Number:
        n, c, *place = index
        over = self.over
        return total(lambda *out: dy[n, c, *out] / self.of.divisor(over, out), *over.readers(tuple(place)))


@lru_cache(maxsize=1024)
def _with_padding(over: Window) -> Window:
    """The same windows over the padded input, which has no padding of its own."""
    none = (0,) * len(over.size)
    size = tuple(n + b + a for n, b, a in zip(over.size, over.before, over.after, strict=True))
    # Not by ceil_mode, which would count a last window that starts in the padding.
    reach = tuple((o - 1) * s + k for o, s, k in zip(over.out, over.stride, over.span, strict=True))
    after = tuple(max(0, r - n) for r, n in zip(reach, size, strict=True))
    return Window(size, over.kernel, over.stride, over.dilation, none, after)
