"""Max pooling to a given size; `output_size` 1 is global max pooling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from stepgrad.engine.fold import largest, total, winner
from stepgrad.engine.letters import IN, OUT, commas
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example
from stepgrad.engine.ops.adaptive_pool import AdaptivePool, along, readers, span, spans
from stepgrad.engine.ops.pool import written


class AdaptiveMaxPool(AdaptivePool):
    """y[n,c,i,j] = max of x[n,c,h,g] over window (i,j).   x (N,C,H,W) -> y (N,C,I,J)

    Window i of I over H cells goes from floor(i*H/I) up to, and without, ceil((i+1)*H/I), as in PyTorch; windows
    overlap where I does not divide H. A window with NaN is NaN. `output_size` 1 is global max pooling.
    """

    @property
    def formula(self) -> str:
        return self.put("max")

    def compute(self, xp: Any, x: Array) -> Array:
        found = x
        for axis, (size, outputs) in enumerate(zip(x.shape[2:], self.sizes, strict=True), start=2):
            windows = [span(i, size, outputs) for i in range(outputs)]
            best = [xp.max(found[along(axis, cells)], axis=axis, keepdims=True) for cells in windows]
            found = best[0] if outputs == 1 else xp.concat(best, axis=axis)
        return found

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        return largest(lambda *at: x[n, c, *at], *spans(tuple(out), x.shape[2:], self.sizes))

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (AdaptiveMaxPoolGrad(self.rank), x, dy)}


class AdaptiveMaxPool1d(AdaptiveMaxPool):
    __doc__ = AdaptiveMaxPool.__doc__
    name = "adaptive_max_pool1d"
    rank = 1
    ranks = written(1)
    examples = (example(x=[[[1.0, 2, 6]]]), example(x=(2, 3, 7), output_size=3))


class AdaptiveMaxPool2d(AdaptiveMaxPool):
    __doc__ = AdaptiveMaxPool.__doc__
    name = "adaptive_max_pool2d"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 2], [3, 6]]]]),
        example(x=(2, 3, 5, 4), output_size=(3, 2)),
        example(x=(1, 2, 2, 3), output_size=(4, 3)),
    )


@dataclass(frozen=True)
class AdaptiveMaxPoolGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,c,i,j] over the windows (i,j) of which x[n,c,h,g] is the largest cell.

    x (N,C,H,W), dy (N,C,I,J) -> dx (N,C,H,W). Of equal cells the first in row order counts, of NaN the last, as in
    PyTorch.
    """

    name = "adaptive_max_pool_grad"
    kind = "gradient"
    note = "over the windows that hold the cell; of equal cells the first wins, of NaN the last"
    examples = (
        example(x=[[[[1.0, 2], [3, 6]]]], dy=[[[[4.0]]]]),
        example(x=(2, 3, 5, 4), dy=(2, 3, 3, 2)),
        example(x=(1, 2, 2, 3), dy=(1, 2, 4, 3)),
        example(x=(1, 2, 7), dy=(1, 2, 3), rank=1),
        example(x=[[[2.0, 2, 1]]], dy=[[[4.0]]], rank=1, smooth=False),
        example(x=[[[float("nan"), float("nan"), 1]]], dy=[[[4.0]]], rank=1, smooth=False),
    )

    rank: int = 2

    @property
    def formula(self) -> str:
        h, i = commas(IN[self.rank]), commas(OUT[self.rank])
        return f"y[n,c,{h}] = sum where(argmax x[n,c,window {i}] is {h}, dy[n,c,{i}], 0)"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy.with_shape(*x.shape)

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        out = xp.zeros(x.shape, dtype=dy.dtype, device=dy.device)
        outputs = dy.shape[2:]
        for at in product(*map(range, outputs)):
            window = spans(at, x.shape[2:], outputs)
            place = (..., *(slice(cells.start, cells.stop) for cells in window))
            sent = _wins(xp, x[place])
            share = xp.reshape(dy[(..., *at)], (*dy.shape[:2], *([1] * len(window))))
            out[place] += xp.where(sent, share, xp.zeros_like(share))
        return out

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        n, c, *place = index
        size, outputs = x.shape[2:], dy.shape[2:]

        def routed(*out: int) -> Number:
            window = spans(out, size, outputs)
            won = winner(lambda *at: x[n, c, *at], *window)
            number = 0
            for h, cells in zip(place, window, strict=True):
                number = number * len(cells) + h - cells.start
            return select(equal(won, number), dy[n, c, *out], 0)

        return total(routed, *readers(tuple(place), size, outputs))


def _wins(xp: Any, window: Array) -> Array:
    """Which cell of each window (N,C,h,w) is its largest: the first of equal ones, the last NaN."""
    n, c, *size = window.shape
    count = math.prod(size)
    cells = xp.reshape(window, (n, c, count))
    broken = xp.isnan(cells)
    last = count - 1 - xp.argmax(xp.astype(xp.flip(broken, axis=2), xp.int8), axis=2)
    first = xp.argmax(xp.where(broken, -float("inf"), cells), axis=2)
    won = xp.where(xp.any(broken, axis=2), last, first)
    numbers = xp.arange(count, device=window.device)
    return xp.reshape(numbers == xp.expand_dims(won, axis=2), window.shape)
