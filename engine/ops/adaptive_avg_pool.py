"""Average pooling to a given size; `output_size` 1 is global average pooling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.letters import IN, OUT, commas
from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example
from stepgrad.engine.ops.adaptive_pool import AdaptivePool, along, readers, span, spans
from stepgrad.engine.ops.pool import written
from stepgrad.engine.values import widened


class AdaptiveAvgPool(AdaptivePool):
    """y[n,c,i,j] = sum of x[n,c,h,g] over window (i,j), divided by how many they are.   x (N,C,H,W) -> y (N,C,I,J)

    Window i of I over H cells goes from floor(i*H/I) up to, and without, ceil((i+1)*H/I), as in PyTorch; windows
    overlap where I does not divide H. `output_size` 1 is global average pooling.
    """

    @property
    def formula(self) -> str:
        return self.put("sum") + " / count"

    def compute(self, xp: Any, x: Array) -> Array:
        found = widened(xp, x)
        if set(self.sizes) == {1}:  # a map as one long row is added up several times as fast as axis by axis
            found = xp.reshape(found, (*x.shape[:2], math.prod(x.shape[2:])))
            mean = xp.sum(found, axis=2) / found.shape[2]
            return xp.astype(xp.reshape(mean, (*x.shape[:2], *self.sizes)), x.dtype, copy=False)
        for axis, (size, outputs) in enumerate(zip(x.shape[2:], self.sizes, strict=True), start=2):
            windows = [span(i, size, outputs) for i in range(outputs)]
            means = [xp.sum(found[along(axis, cells)], axis=axis, keepdims=True) / len(cells) for cells in windows]
            found = means[0] if outputs == 1 else xp.concat(means, axis=axis)
        return xp.astype(found, x.dtype, copy=False)

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        window = spans(tuple(out), x.shape[2:], self.sizes)
        return total(lambda *at: x[n, c, *at], *window) / _count(window)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (AdaptiveAvgPoolGrad(x.shape[2:]), dy)}


class AdaptiveAvgPool1d(AdaptiveAvgPool):
    __doc__ = AdaptiveAvgPool.__doc__
    name = "adaptive_avg_pool1d"
    rank = 1
    ranks = written(1)
    examples = (example(x=[[[1.0, 2, 6]]]), example(x=(2, 3, 7), output_size=3))


class AdaptiveAvgPool2d(AdaptiveAvgPool):
    __doc__ = AdaptiveAvgPool.__doc__
    name = "adaptive_avg_pool2d"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 2], [3, 6]]]]),
        example(x=(2, 3, 5, 4), output_size=(3, 2)),
        example(x=(1, 2, 2, 3), output_size=(4, 3)),
    )


@dataclass(frozen=True)
class AdaptiveAvgPoolGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,c,i,j] / count over the windows (i,j) that hold the cell.

    dy (N,C,I,J) -> dx (N,C,H,W)
    """

    name = "adaptive_avg_pool_grad"
    kind = "gradient"
    note = "over the windows that hold the cell; count is how many cells the window has"
    examples = (
        example(dy=[[[[4.0]]]], size=(2, 2)),
        example(dy=(2, 3, 3, 2), size=(5, 4)),
        example(dy=(1, 2, 4, 3), size=(2, 3)),
        example(dy=(1, 2, 3), size=(7,)),
    )

    size: Index

    @property
    def formula(self) -> str:
        rank = len(self.size)
        return f"y[n,c,{commas(IN[rank])}] = sum dy[n,c,{commas(OUT[rank])}] / count"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*dy.shape[:2], *self.size)

    def compute(self, xp: Any, dy: Array) -> Array:
        share = dy
        for axis, size in enumerate(self.size, start=2):
            outputs = dy.shape[axis]
            shape = (*share.shape[:axis], size, *share.shape[axis + 1 :])
            out = xp.zeros(shape, dtype=dy.dtype, device=dy.device)
            for i in range(outputs):
                cells = span(i, size, outputs)
                out[along(axis, cells)] += share[along(axis, range(i, i + 1))] / len(cells)
            share = out
        return share

    def cell(self, index: Index, dy: Cells) -> Number:
        n, c, *place = index
        outputs = dy.shape[2:]
        return total(
            lambda *out: dy[n, c, *out] / _count(spans(out, self.size, outputs)),
            *readers(tuple(place), self.size, outputs),
        )


def _count(window: tuple[range, ...]) -> Constant:
    return Constant(math.prod(map(len, window)), "count")
