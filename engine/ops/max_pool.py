"""Max pooling over one and two axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import largest, total, winner
from stepgrad.engine.letters import IN, OUT, commas, reading
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Gradient, Op, Pair, Ref, Spec, example
from stepgrad.engine.ops.pool import Pool, written
from stepgrad.engine.scratch import once
from stepgrad.engine.sliding import maxima, pad, places, unpadded
from stepgrad.engine.window import Window, window


@dataclass(frozen=True)
class MaxPool(Pool):
    """y[n,c,i,j] = max of x[n,c,i*s+u*d-p,j*s+v*d-p] over u, v.   x (N,C,H,W) -> y (N,C,I,J)

    Taps that fall on padding are skipped (PyTorch pads with -inf); ties go to the first cell in row order, and a
    window with NaN is NaN. The stride is the kernel's size unless given.
    """

    padding: Pair = 0
    dilation: Pair = 1
    ceil_mode: bool = False

    @property
    def formula(self) -> str:
        return f"y[{self.cells}] = max x[{self.met(self.padding, self.dilation)}]"

    def window(self, x: Index) -> Window:
        return self.sliding(x, self.padding, self.dilation, ceil=self.ceil_mode)

    def compute(self, xp: Any, x: Array) -> Array:
        return _largest(xp, x, self.window(x.shape))

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        over = self.window(x.shape)
        return largest(lambda *tap: x[n, c, *over.at(tuple(out), tap)], *over.inside(tuple(out)))

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (MaxPoolGrad(self.window(x.shape)), x, dy)}


class MaxPool1d(MaxPool):
    __doc__ = MaxPool.__doc__
    name = "max_pool1d"
    rank = 1
    ranks = written(1)
    examples = (
        example(x=[[[1.0, 3, 2, 4, 5]]], kernel_size=2),
        example(x=(2, 2, 7), kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True),
    )


class MaxPool2d(MaxPool):
    __doc__ = MaxPool.__doc__
    name = "max_pool2d"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 3, 2, 1], [5, 6, 4, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]], kernel_size=2),
        example(x=(2, 3, 5, 6), kernel_size=(3, 2), stride=(1, 2), padding=1),
        example(x=(1, 2, 6, 6), kernel_size=3, stride=2, ceil_mode=True),
        example(x=(1, 1, 7, 7), kernel_size=2, dilation=3, stride=1),
        example(x=(1, 1, 7, 7), kernel_size=2, stride=3),
        example(x=[[[[1.0, 1], [1, 1]]]], kernel_size=2, smooth=False),
    )


@dataclass(frozen=True)
class MaxPoolGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,c,i,j] over the windows (i,j) of which x[n,c,h,g] is the largest cell.

    x (N,C,H,W), dy (N,C,I,J) -> dx (N,C,H,W). Of equal cells the first in row order counts, of NaN the last, as in
    PyTorch.
    """

    name = "max_pool_grad"
    kind = "gradient"
    note = "over the windows that hold the cell; of equal cells the first wins, of NaN the last"
    examples = (
        example(
            x=[[[[1.0, 3, 2, 1], [5, 6, 4, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]],
            dy=[[[[1.0, 2], [3, 4]]]],
            over=window((4, 4), 2, 2, 0),
        ),
        example(x=(2, 3, 5, 6), dy=(2, 3, 5, 4), over=window((5, 6), (3, 2), (1, 2), 1)),
        example(x=(1, 2, 6, 6), dy=(1, 2, 3, 3), over=window((6, 6), 3, 2, 0, ceil=True)),
        example(x=(1, 1, 7, 7), dy=(1, 1, 4, 4), over=window((7, 7), 2, 1, 0, 3)),
        example(x=(2, 2, 7), dy=(2, 2, 3), over=window((7,), 3, 2, 1, 2, ceil=True)),
        example(x=[[[[1.0, 1], [1, 1]]]], dy=[[[[5.0]]]], over=window((2, 2), 2, 2, 0), smooth=False),
        example(
            x=[[[[1.0, float("nan"), float("nan")], [4, -float("inf"), 2]]]],
            dy=[[[[5.0, 6.0]]]],
            over=window((2, 3), 2, 1, 0),
            smooth=False,
        ),
    )

    over: Window

    @property
    def formula(self) -> str:
        rank = len(self.over.size)
        h, i = commas(IN[rank]), commas(OUT[rank])
        return f"y[n,c,{h}] = sum where(argmax x[n,c,{reading(self.over, OUT[rank])}] is {h}, dy[n,c,{i}], 0)"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy.with_shape(*x.shape)

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        over = self.over
        best = _largest(xp, x, over)
        padded = pad(xp, x, over, -float("inf"))
        out = xp.zeros(padded.shape, dtype=dy.dtype, device=dy.device)
        # Masks are an order of magnitude faster than `where`, but they lose the way of NaN and Inf.
        finite = bool(xp.isfinite(xp.sum(best) + xp.sum(dy)))
        send = self._by_masks if finite else self._by_index
        send(xp, padded, best, dy, out)
        return unpadded(out, over)

    def _by_masks(self, xp: Any, padded: Array, best: Array, dy: Array, out: Array) -> None:
        """Each tap takes what is left of dy where it is the largest: the first of equal ones gets it all."""
        apart = all(s >= span for s, span in zip(self.over.stride, self.over.span, strict=True))
        left, met = dy, places(self.over)
        for place in met:
            taken = left if place is met[-1] else left * xp.astype(padded[place] == best, dy.dtype)
            if apart:
                out[place] = taken
            else:
                out[place] += taken
            left = left - taken

    def _by_index(self, xp: Any, padded: Array, best: Array, dy: Array, out: Array) -> None:
        """The same with the number of the winning tap; padding never wins, not even against -inf."""
        inside = pad(xp, xp.ones((1, 1, *self.over.size), dtype=dy.dtype, device=dy.device), self.over) > 0
        number = xp.full(dy.shape, -1, dtype=xp.int32, device=dy.device)
        largest_yet = xp.full_like(best, -float("inf"))
        for k, place in enumerate(places(self.over)):
            met = padded[place]
            better = inside[place] & ((number < 0) | (met > largest_yet) | xp.isnan(met))
            number = xp.where(better, xp.asarray(k, dtype=xp.int32, device=dy.device), number)
            largest_yet = xp.where(better, met, largest_yet)
        for k, place in enumerate(places(self.over)):
            out[place] += xp.where(number == k, dy, xp.zeros_like(dy))

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        n, c, *at = index
        place, over = tuple(at), self.over

        def routed(*out: int) -> Number:
            inside = over.inside(out)
            won = winner(lambda *tap: x[n, c, *over.at(out, tap)], *inside)
            return select(equal(won, _number(over.tap(place, out), inside)), dy[n, c, *out], 0)

        return total(routed, *over.readers(place))


def _largest(xp: Any, x: Array, over: Window) -> Array:
    """The forward pass, left for the gradient, which asks of every cell whether it is the one."""
    return once(x, ("largest", over), lambda: maxima(xp, x, over))


def _number(tap: Index, inside: tuple[range, ...]) -> int:
    """The place of a tap among those inside, counted in row order."""
    number = 0
    for u, span in zip(tap, inside, strict=True):
        number = number * len(span) + u - span.start
    return number
