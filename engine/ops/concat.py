"""Tensors one after another along an axis, and which one each row is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Concat(Op):
    """y holds the cells of xs[0], then those of xs[1] ..., along the axis `dim`.

    xs (any shape, the same but for `dim`) -> y (their sizes added up along `dim`). The default axis is the channels'.
    """

    name = "concat"
    examples = (
        example(xs=[(2, 1, 3), (2, 2, 3)]),
        example(xs=[[1.0, 2.0], [3.0], [4.0, 5.0]], dim=0),
        example(xs=[(2, 2), (2, 3)], dim=-1),
    )

    dim: int = 1

    @property
    def formula(self) -> str:
        return f"y[i] = xs[i], one after another along axis {self.dim}"

    def infer(self, *xs: Spec) -> Spec:
        expect(bool(xs), lambda: "there is nothing to join; give two or more inputs")
        rank = len(xs[0].shape)
        expect(-rank <= self.dim < rank, lambda: f"dim is {self.dim}; {xs[0]} has the axes 0 to {rank - 1}")
        axis = self.dim % rank
        others = {(*x.shape[:axis], *x.shape[axis + 1 :]) for x in xs}
        same = len(others) == 1 and len({len(x.shape) for x in xs}) == 1
        expect(same, lambda: f"received {' and '.join(map(str, xs))}; they may differ along axis {self.dim} alone")
        joined = sum(x.shape[axis] for x in xs)
        return xs[0].with_shape(*xs[0].shape[:axis], joined, *xs[0].shape[axis + 1 :])

    def compute(self, xp: Any, *xs: Array) -> Array:
        return xp.concat(xs, axis=self.dim)

    def cell(self, index: Index, *xs: Cells) -> Number:
        axis = self.dim % len(index)
        place, k = index[axis], 0
        while place >= xs[k].shape[axis]:
            place, k = place - xs[k].shape[axis], k + 1
        return xs[k][*index[:axis], place, *index[axis + 1 :]]

    def gradient(self, *xs: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        sizes = [x.shape[self.dim] for x in xs]
        starts = accumulate(sizes, initial=0)
        return {
            f"xs.{k}": (Narrow(self.dim, start, size), dy)
            for k, (start, size) in enumerate(zip(starts, sizes, strict=False))
        }


@dataclass(frozen=True)
class ConcatIndex(Op):
    """y[n] = k where row n of the joined xs is a row of xs[k]: labels for what was joined along the first axis.

    xs (any rank; their rows are counted, not read) -> y int64 (all their rows)
    """

    name = "concat_index"
    formula = "y[n] = which of xs row n is from, counted from 0"
    examples = (example(xs=[(2, 3), (1, 3), (3, 3)]), example(xs=[[1.0, 2.0]]), example(xs=[(2,), (2,)]))

    def infer(self, *xs: Spec) -> Spec:
        fits = bool(xs) and all(x.shape for x in xs)
        expect(fits, lambda: f"received {' and '.join(map(str, xs)) or 'nothing'}; give one or more inputs with rows")
        return Spec((sum(x.shape[0] for x in xs),), "int64")

    def compute(self, xp: Any, *xs: Array) -> Array:
        return xp.concat([xp.full(x.shape[:1], k, dtype=xp.int64, device=x.device) for k, x in enumerate(xs)])

    def cell(self, index: Index, *xs: Cells) -> Number:
        ends = accumulate(x.shape[0] for x in xs)
        return Constant(next(k for k, end in enumerate(ends) if index[0] < end))


@dataclass(frozen=True)
class Narrow(Op):
    """y[i] = x[i + start] along the axis `dim`, for `length` cells.   x (any shape) -> y (`length` along `dim`)"""

    name = "narrow"
    kind = "gradient"
    examples = (
        example(x=(2, 3, 2), dim=1, start=1, length=2),
        example(x=[1.0, 2.0, 3.0], dim=-1, start=0, length=1),
    )

    dim: int
    start: int
    length: int

    @property
    def formula(self) -> str:
        return f"y[i] = x[i+{self.start}], counted along axis {self.dim}"

    def infer(self, x: Spec) -> Spec:
        axis = self.dim % len(x.shape)
        return x.with_shape(*x.shape[:axis], self.length, *x.shape[axis + 1 :])

    def compute(self, xp: Any, x: Array) -> Array:
        axis = self.dim % x.ndim
        return x[(slice(None),) * axis + (slice(self.start, self.start + self.length), ...)]

    def cell(self, index: Index, x: Cells) -> Number:
        axis = self.dim % len(index)
        return x[*index[:axis], index[axis] + self.start, *index[axis + 1 :]]
