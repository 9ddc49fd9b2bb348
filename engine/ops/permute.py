"""Axes in another order: the same numbers, laid out for another reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect

LETTERS = {1: "i", 2: "ij", 3: "cij", 4: "ncij", 5: "ncrij"}


@dataclass(frozen=True)
class Permute(Op):
    """Axis k of y is axis dims[k] of x: [N,C,H,W] becomes [N,H,W,C] with dims = [0, 2, 3, 1].   x (any shape) -> y"""

    name = "permute"
    examples = (
        example(x=(2, 3, 4, 5), dims=(0, 2, 3, 1)),
        example(x=(2, 3), dims=(-1, 0)),
        example(x=[[1.0, 2.0, 3.0]], dims=(1, 0)),
    )

    dims: tuple[int, ...]

    @property
    def axes(self) -> Index:
        """The order of x's axes, counted from 0."""
        rank = len(self.dims)
        return tuple(dim % rank for dim in self.dims)

    @property
    def formula(self) -> str:
        letters = LETTERS.get(len(self.dims), "abcdefghijklm"[: len(self.dims)])
        return f"y[{','.join(letters[axis] for axis in self.axes)}] = x[{','.join(letters)}]"

    def infer(self, x: Spec) -> Spec:
        rank = len(x.shape)
        fits = all(-rank <= dim < rank for dim in self.dims)
        fits = fits and len(self.dims) == rank == len(set(self.axes))
        expect(fits, lambda: f"dims is {list(self.dims)}; x is {x}: name each of its axes 0 to {rank - 1} once")
        return x.with_shape(*(x.shape[axis] for axis in self.axes))

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.permute_dims(x, self.axes)

    def cell(self, index: Index, x: Cells) -> Number:
        return x[tuple(index[self.axes.index(axis)] for axis in range(len(index)))]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Permute(tuple(self.axes.index(axis) for axis in range(len(self.dims)))), dy)}
