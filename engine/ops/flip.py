"""Tensors turned round: flip and quarter turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


def expect_axes(dims: tuple[int, ...], x: Spec) -> None:
    """Raise ShapeError unless every axis named is one of x, and named once."""
    rank = len(x.shape)
    fits = all(-rank <= dim < rank for dim in dims) and len({dim % rank for dim in dims}) == len(dims)
    expect(fits, lambda: f"dims is {list(dims)}; x is {x}: name axes from {-rank} to {rank - 1}, each once")


@dataclass(frozen=True)
class Flip(Op):
    """y[i] = x[I-1-i] along every axis of `dims`. The gradient is turned the same way.   x (any shape) -> y (same)"""

    name = "flip"
    examples = (
        example(x=[1.0, 2.0, 3.0], dims=(0,)),
        example(x=(2, 3, 4), dims=(0, -1)),
        example(x=(2, 3)),
    )

    dims: tuple[int, ...] = (-1,)

    @property
    def formula(self) -> str:
        return f"y[i] = x[-1-i], counted along axis {' and axis '.join(map(str, self.dims))}"

    def infer(self, x: Spec) -> Spec:
        expect_axes(self.dims, x)
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.flip(x, axis=self.dims)

    def cell(self, index: Index, x: Cells) -> Number:
        axes = {dim % x.ndim for dim in self.dims}
        return x[tuple(x.shape[axis] - 1 - i if axis in axes else i for axis, i in enumerate(index))]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (self, dy)}


@dataclass(frozen=True)
class Rot90(Op):
    """x turned by k quarter turns in the plane of `dims`, from the first axis towards the second, as torch.rot90 does.

    One turn of an image is counter-clockwise, y[i,j] = x[j,W-1-i].   x (...,H,W) -> y (...,W,H), for even k (...,H,W)
    """

    name = "rot90"
    examples = (
        example(x=[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        example(x=(2, 3, 4), k=2),
        example(x=(2, 3, 4), k=-1, dims=(0, 2)),
        example(x=(2, 3), k=4),
    )

    k: int = 1
    dims: tuple[int, ...] = (-2, -1)

    @property
    def formula(self) -> str:
        cell = ("i,j", "j,-1-i", "-1-i,-1-j", "-1-j,i")[self.k % 4]
        return f"y[i,j] = x[{cell}], where -1 is the last; i and j are the axes {self.dims[0]} and {self.dims[-1]}"

    def infer(self, x: Spec) -> Spec:
        expect(len(self.dims) == 2, lambda: f"dims is {list(self.dims)}; a turn is in the plane of two axes")
        expect_axes(self.dims, x)
        sizes = list(x.shape)
        if self.k % 2:
            i, j = self.dims
            sizes[i], sizes[j] = sizes[j], sizes[i]
        return x.with_shape(*sizes)

    def compute(self, xp: Any, x: Array) -> Array:
        i, j = self.dims
        turns = self.k % 4
        if turns == 0:
            return x
        if turns == 2:
            return xp.flip(x, axis=(i, j))
        order = list(range(x.ndim))
        order[i], order[j] = order[j], order[i]
        return xp.permute_dims(xp.flip(x, axis=j if turns == 1 else i), tuple(order))

    def cell(self, index: Index, x: Cells) -> Number:
        first, second = (dim % x.ndim for dim in self.dims)
        at, i, j = list(index), index[first], index[second]
        height, width = x.shape[first], x.shape[second]
        at[first], at[second] = ((i, j), (j, width - 1 - i), (height - 1 - i, width - 1 - j), (height - 1 - j, i))[
            self.k % 4
        ]
        return x[tuple(at)]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Rot90(-self.k, self.dims), dy)}
