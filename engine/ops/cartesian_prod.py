"""Every combination of values, a row each: the centres of the voxels of a box from its three axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class CartesianProd(Op):
    """y[n,a] = xs[a][i_a], where n counts the combinations (i_0, i_1, ...) with the last changing fastest.

    xs (I), (J), ... -> y (I*J*..., number of xs)
    """

    name = "cartesian_prod"
    formula = "y[n,a] = value i_a of axis a; n counts i_0, i_1, ... with the last fastest"
    examples = (
        example(xs=[[1.0, 2.0], [5.0, 6.0, 7.0], [1.0]]),
        example(xs=[(2,), (3,), (2,)]),
        example(xs=[(3,)]),
    )

    def infer(self, *xs: Spec) -> Spec:
        received = ", ".join(map(str, xs))
        expect(
            bool(xs) and all(len(x.shape) == 1 for x in xs), lambda: f"received {received}; each axis is one row [I]"
        )
        return xs[0].with_shape(prod(x.size for x in xs), len(xs))

    def compute(self, xp: Any, *xs: Array) -> Array:
        grids = xp.meshgrid(*xs, indexing="ij")
        return xp.stack([xp.reshape(grid, (-1,)) for grid in grids], axis=1)

    def cell(self, index: Index, *xs: Cells) -> Number:
        n, a = index
        return xs[a][_combination(n, tuple(x.shape[0] for x in xs))[a]]

    def gradient(self, *xs: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        shape = tuple(x.shape[0] for x in xs)
        return {f"xs.{a}": (CartesianProdGrad(shape, a), dy) for a in range(len(xs))}


@dataclass(frozen=True)
class CartesianProdGrad(Op):
    """dx_a[i] = sum of dy[n,a] over the combinations n that have i at place a.   dy (N, axes) -> dx_a (I)"""

    name = "cartesian_prod_grad"
    kind = "gradient"
    examples = (example(dy=(12, 3), shape=(2, 3, 2), axis=1), example(dy=(3, 1), shape=(3,), axis=0))

    shape: Index
    axis: int

    @property
    def formula(self) -> str:
        return f"y[i] = sum dy[n,{self.axis}] over the combinations n with i at place {self.axis}"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(self.shape[self.axis])

    def compute(self, xp: Any, dy: Array) -> Array:
        grid = xp.reshape(dy[:, self.axis], self.shape)
        return xp.sum(grid, axis=tuple(a for a in range(len(self.shape)) if a != self.axis))

    def cell(self, index: Index, dy: Cells) -> Number:
        others = [range(index[0], index[0] + 1) if a == self.axis else range(s) for a, s in enumerate(self.shape)]
        whole = Spec(self.shape)
        return total(lambda *at: dy[whole.number(at), self.axis], *others)


def _combination(n: int, sizes: Index) -> Index:
    return Spec(sizes).index(n)
