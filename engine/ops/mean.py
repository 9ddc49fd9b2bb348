"""The mean over some axes: grey from colours, one number from a plane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


def _axes(dim: tuple[int, ...] | None, rank: int) -> Index:
    """The axes that are averaged, from 0, in order."""
    return tuple(range(rank)) if dim is None else tuple(sorted(axis % rank for axis in dim))


def _whole(index: Index, inner: Index, axes: Index, rank: int) -> Index:
    """An index of the whole tensor from what is left of it and the indices along the averaged axes."""
    left, along = iter(index), iter(inner)
    return tuple(next(along) if axis in axes else next(left) for axis in range(rank))


@dataclass(frozen=True)
class Mean(Op):
    """y[n] = sum of x[n,k] over k, divided by how many there are; over all axes unless `dim` says which.

    x (any shape) -> y (the axes that are left)
    """

    name = "mean"
    examples = (
        example(x=[[0.0, 6.0, 12.0], [1.0, 7.0, 13.0]], dim=(1,)),
        example(x=(2, 3, 2), dim=(0, -1)),
        example(x=(2, 3)),
    )

    dim: tuple[int, ...] | None = None

    @property
    def formula(self) -> str:
        over = "all of them" if self.dim is None else f"axis {', '.join(map(str, self.dim))}"
        return f"y = (sum x)/count, over {over}"

    def infer(self, x: Spec) -> Spec:
        rank, dim = len(x.shape), self.dim
        fits = dim is None or (bool(dim) and all(-rank <= axis < rank for axis in dim))
        expect(fits, lambda: f"dim is {list(dim or ())}; x is {x}, its axes are 0 to {rank - 1}")
        axes = _axes(dim, rank)
        expect(len(set(axes)) == len(axes), lambda: f"dim is {list(dim or ())}; name every axis once")
        return x.with_shape(*(size for axis, size in enumerate(x.shape) if axis not in axes))

    def compute(self, xp: Any, x: Array) -> Array:
        axes = _axes(self.dim, x.ndim)
        return xp.asarray(xp.sum(x, axis=axes) / prod(x.shape[axis] for axis in axes))

    def cell(self, index: Index, x: Cells) -> Number:
        axes, rank = _axes(self.dim, x.ndim), x.ndim
        sizes = tuple(x.shape[axis] for axis in axes)
        return total(lambda *inner: x[_whole(index, inner, axes, rank)], *sizes) / prod(sizes)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (MeanGrad(self.dim, x.shape), dy)}


@dataclass(frozen=True)
class MeanGrad(Op):
    """dx[n,k] = dy[n]/count: every cell that was averaged gets the same share.   dy -> dx (`shape`)"""

    name = "mean_grad"
    kind = "gradient"
    formula = "y[n,k] = dy[n]/count"
    examples = (example(dy=(3,), dim=(0, 2), shape=(2, 3, 2)), example(dy=(), dim=None, shape=(2, 2)))

    dim: tuple[int, ...] | None
    shape: Index

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array) -> Array:
        axes = _axes(self.dim, len(self.shape))
        kept = tuple(1 if axis in axes else size for axis, size in enumerate(self.shape))
        share = xp.reshape(dy, kept) / prod(self.shape[axis] for axis in axes)
        return xp.broadcast_to(share, self.shape)

    def cell(self, index: Index, dy: Cells) -> Number:
        axes = _axes(self.dim, len(self.shape))
        left = tuple(i for axis, i in enumerate(index) if axis not in axes)
        return dy[left] / prod(self.shape[axis] for axis in axes)
