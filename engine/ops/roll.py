"""Shifting a tensor round: what leaves at one end comes back at the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Roll(Op):
    """y[i] = x[i - shift], counted round the end. The gradient is shifted back.   x (any shape) -> y (same)

    One shift for each axis of `dims`; without `dims` they are the last axes.
    """

    name = "roll"
    examples = (
        example(x=[1.0, 2.0, 3.0, 4.0], shifts=(1,)),
        example(x=(2, 3, 4), shifts=(1, -2)),
        example(x=(3, 4), shifts=(5,), dims=(0,)),
    )

    shifts: tuple[int, ...]
    dims: tuple[int, ...] | None = None

    @property
    def formula(self) -> str:
        letters = "tncij"[-len(self.shifts) :]
        moved = ",".join(f"{a}-{s}" if s >= 0 else f"{a}+{-s}" for a, s in zip(letters, self.shifts, strict=False))
        return f"y[{','.join(letters)}] = x[{moved}], counted round the end"

    def axes(self, rank: int) -> Index:
        """The axes that are shifted, from 0."""
        dims = self.dims if self.dims is not None else tuple(range(-len(self.shifts), 0))
        return tuple(dim % rank for dim in dims)

    def infer(self, x: Spec) -> Spec:
        rank = len(x.shape)
        dims = self.dims if self.dims is not None else tuple(range(-len(self.shifts), 0))
        expect(
            len(dims) == len(self.shifts),
            lambda: f"shifts is {list(self.shifts)} and dims {list(dims)}; give one shift for every axis",
        )
        expect(
            all(-rank <= dim < rank for dim in dims),
            lambda: f"dims is {list(dims)}; x is {x}, its axes are 0 to {rank - 1}",
        )
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.roll(x, self.shifts, axis=self.axes(x.ndim))

    def cell(self, index: Index, x: Cells) -> Number:
        moved = list(index)
        for axis, shift in zip(self.axes(x.ndim), self.shifts, strict=True):
            moved[axis] = (moved[axis] - shift) % x.shape[axis]
        return x[tuple(moved)]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Roll(tuple(-shift for shift in self.shifts), self.dims), dy)}
