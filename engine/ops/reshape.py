"""The same cells in another shape: reshape, and flatten, which every network does before its linear layers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


def same_place(index: Index, shape: Index, x: Cells) -> Number:
    """The cell of x that is as far along, in row order, as `index` is in `shape`."""
    return x[Spec(x.shape).index(Spec(shape).number(index))]


@dataclass(frozen=True)
class Reshape(Op):
    """y[k] = x[k], counted in row order; one size may be -1, which is what the others leave.

    x (any shape) -> y (`shape`)
    """

    name = "reshape"
    formula = "y[k] = x[k], counting cells in row order"
    examples = (
        example(x=(2, 3, 4), shape=(4, 6)),
        example(x=(2, 3, 4), shape=(2, -1)),
        example(x=(1, 1), shape=()),
    )

    shape: tuple[int, ...]

    def infer(self, x: Spec) -> Spec:
        return x.with_shape(*self._sizes(x))

    def _sizes(self, x: Spec) -> Index:
        known = math.prod(size for size in self.shape if size != -1)
        free = self.shape.count(-1)
        fits = free == 1 and known > 0 and x.size % known == 0 if free else known == x.size
        fits = fits and all(size >= -1 for size in self.shape)
        expect(fits, lambda: f"shape is {list(self.shape)} and x is {x}: its {x.size} cells do not fit")
        return tuple(x.size // known if size == -1 else size for size in self.shape)

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.reshape(x, self.shape)

    def cell(self, index: Index, x: Cells) -> Number:
        return same_place(index, self._sizes(Spec(x.shape)), x)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Reshape(x.shape), dy)}


@dataclass(frozen=True)
class Flatten(Op):
    """y[n,k] = x[n,c,i,j], where k counts the cells c, i, j in row order.

    x (N,...) -> y (N,K). The axes `start_dim` to `end_dim` become one. The defaults are those of torch.nn.Flatten.
    """

    name = "flatten"
    formula = "y[n,k] = x[n,...], counting the cells k of a sample in row order"
    examples = (
        example(x=(2, 3, 2, 2)),
        example(x=(2, 3, 4), start_dim=0),
        example(x=(2, 3, 4, 2), start_dim=1, end_dim=2),
        example(x=(), start_dim=0),
    )

    start_dim: int = 1
    end_dim: int = -1

    def infer(self, x: Spec) -> Spec:
        return x.with_shape(*self._sizes(x))

    def _sizes(self, x: Spec) -> Index:
        rank = max(1, len(x.shape))
        asked = (self.start_dim, self.end_dim)
        first, last = (dim % rank for dim in asked)
        fits = all(-rank <= dim < rank for dim in asked) and first <= last
        expect(
            fits, lambda: f"start_dim is {asked[0]} and end_dim {asked[1]}; x is {x}, whose axes are 0 to {rank - 1}"
        )
        return (*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :])

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.reshape(x, self._sizes(Spec(x.shape)))

    def cell(self, index: Index, x: Cells) -> Number:
        return same_place(index, self._sizes(Spec(x.shape)), x)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Reshape(x.shape), dy)}
