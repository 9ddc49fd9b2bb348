"""Strided sub-sampling: the oldest way to make a map smaller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.letters import IN, OUT, affine, commas
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example
from stepgrad.engine.ops.pool import Pool, written
from stepgrad.engine.window import Window, window


@dataclass(frozen=True)
class Subsample(Pool):
    """y[n,c,i,j] = x[n,c,i*s,j*s]: the first cell of each window; the others are dropped.   x (N,C,H,W) -> y (N,C,I,J)

    The windows are those of the pooling ops, so a row or column at the end that no whole window holds is left out.
    """

    name = "subsample"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 3, 2, 4], [5, 6, 8, 7], [3, 2, 1, 0], [1, 2, 3, 4]]]], kernel_size=2),
        example(x=(2, 3, 5, 7), kernel_size=2),
        example(x=(1, 1, 5, 6), kernel_size=(3, 2), stride=(1, 3)),
    )

    @property
    def formula(self) -> str:
        starts = commas(affine((s, i)) for s, i in zip(self.strides, OUT[self.rank], strict=True))
        return f"y[{self.cells}] = x[n,c,{starts}]"

    def compute(self, xp: Any, x: Array) -> Array:
        return x[(..., *_first(self.window(x.shape)).slices((0, 0)))]

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        return x[n, c, *self.window(x.shape).at(tuple(out), (0, 0))]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (SubsampleGrad(self.window(x.shape)), dy)}


@dataclass(frozen=True)
class SubsampleGrad(Op):
    """dx[n,c,h,g] = dy[n,c,i,j] where h = i*s and g = j*s, else 0: a dropped cell has no influence.

    dy (N,C,I,J) -> dx (N,C,H,W)
    """

    name = "subsample_grad"
    kind = "gradient"
    note = "a cell that was dropped gets 0"
    examples = (
        example(dy=[[[[1.0, 2], [3, 4]]]], over=window((4, 4), 2, 2, 0)),
        example(dy=(1, 2, 2, 3), over=window((5, 7), 2, 2, 0)),
        example(dy=(1, 1, 3, 2), over=window((5, 6), (3, 2), (1, 3), 0)),
    )

    over: Window

    @property
    def formula(self) -> str:
        rank = len(self.over.size)
        starts = [affine((s, i)) for s, i in zip(self.over.stride, OUT[rank], strict=True)]
        kept = " and ".join(f"{h} = {start}" for h, start in zip(IN[rank], starts, strict=True))
        return f"y[n,c,{commas(IN[rank])}] = dy[n,c,{commas(OUT[rank])}] where {kept}, else 0"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*dy.shape[:2], *self.over.size)

    def compute(self, xp: Any, dy: Array) -> Array:
        out = xp.zeros((*dy.shape[:2], *self.over.size), dtype=dy.dtype, device=dy.device)
        out[(..., *_first(self.over).slices((0, 0)))] = dy
        return out

    def cell(self, index: Index, dy: Cells) -> Number:
        n, c, *place = index
        return total(lambda *out: dy[n, c, *out], *_first(self.over).readers(tuple(place)))


@lru_cache(maxsize=1024)
def _first(over: Window) -> Window:
    """The windows cut down to their first cell; as many as before."""
    one = (1,) * len(over.size)
    return Window(over.size, one, over.stride, one, over.before, tuple(1 - k for k in over.kernel))
