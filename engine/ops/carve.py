"""Space carving: a block loses what a silhouette shows to be empty. Source: Kutulakos and Seitz, 2000."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class Carve(Op):
    """y[i,j,k] = x[i,j,k] * silhouette[the two indices that are not along `dim`]: seen along an axis of the block.

    x (I,J,K) holds 1 where a voxel is left, silhouette 1 where the picture is lit -> y (I,J,K)
    The silhouette is a plane; axes of 1 may stand before it, as in a picture (1,1,H,W).
    """

    name = "carve"
    examples = (
        example(x=(2, 3, 4), silhouette=(3, 4), dim=0),
        example(x=[[[1.0, 1], [1, 1]], [[1, 0], [1, 1]]], silhouette=[[1.0, 0], [1, 1]], dim=1),
        example(x=(2, 3, 4), silhouette=(1, 1, 2, 3), dim=2),
    )

    dim: int = 0

    @property
    def formula(self) -> str:
        return f"y[i,j,k] = x[i,j,k] * silhouette[{','.join(_across('ijk', self.dim))}]"

    def infer(self, x: Spec, silhouette: Spec) -> Spec:
        expect(len(x.shape) == 3, lambda: f"x is {x}; it takes a block [I,J,K]")
        expect(0 <= self.dim < 3, lambda: f"dim is {self.dim}; look along axis 0, 1 or 2")
        fits = _across(x.shape, self.dim)
        expect(
            plane(silhouette.shape) == fits,
            lambda: f"silhouette is {silhouette}; seen along axis {self.dim}, x {x} takes {list(fits)}",
        )
        return x

    def compute(self, xp: Any, x: Array, silhouette: Array) -> Array:
        return x * xp.expand_dims(xp.reshape(silhouette, silhouette.shape[-2:]), axis=self.dim)

    def cell(self, index: Index, x: Cells, silhouette: Cells) -> Number:
        return x[index] * silhouette[(*leading(silhouette.shape), *_across(index, self.dim))]

    def gradient(self, x: Ref, silhouette: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        pixels = CarveSilhouetteGrad(silhouette.shape, self.dim)
        return {"x": (Carve(self.dim), dy, silhouette), "silhouette": (pixels, dy, x)}


@dataclass(frozen=True)
class CarveSilhouetteGrad(Op):
    """dsilhouette = sum of dy * x along `dim`, the ray behind each pixel.   dy, x (I,J,K) -> dsilhouette (`shape`)"""

    name = "carve_silhouette_grad"
    kind = "gradient"
    examples = (
        example(dy=(2, 3, 4), x=(2, 3, 4), shape=(2, 4), dim=1),
        example(dy=(2, 1, 2), x=(2, 1, 2), shape=(1, 1, 1, 2), dim=0),
    )

    shape: Index
    dim: int = 0

    @property
    def formula(self) -> str:
        return f"y[{','.join(_across('ijk', self.dim))}] = sum dy[i,j,k] * x[i,j,k] over {'ijk'[self.dim]}"

    def infer(self, dy: Spec, x: Spec) -> Spec:
        return x.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array, x: Array) -> Array:
        return xp.reshape(xp.sum(dy * x, axis=self.dim), self.shape)

    def cell(self, index: Index, dy: Cells, x: Cells) -> Number:
        pixel = index[-2:]
        near, far = pixel[: self.dim], pixel[self.dim :]
        return total(lambda k: dy[*near, k, *far] * x[*near, k, *far], x.shape[self.dim])


@dataclass(frozen=True)
class CarveAt(Op):
    """y[n] = x[n] * silhouette[pixel[n,0], pixel[n,1]]: seen through a camera. Outside the frame nothing is kept.

    x (N) holds 1 where a voxel is left, pixel (N,2) its row and column, silhouette (H,W) or (1,1,H,W) -> y (N)
    """

    name = "carve_at"
    formula = "y[n] = x[n] * silhouette[pixel[n,0],pixel[n,1]], 0 outside the frame"
    integers = ("pixel",)
    examples = (
        example(
            x=[1.0, 1.0, 0.0, 1.0, 1.0],
            pixel=[[0, 0], [1, 2], [1, 1], [2, 0], [0, -1]],
            silhouette=[[1.0, 0, 1], [0, 1, 1]],
        ),
        example(x=(3,), pixel=[[1, 0], [1, 0], [-1, 1]], silhouette=(1, 1, 2, 2)),
    )

    def infer(self, x: Spec, pixel: Spec, silhouette: Spec) -> Spec:
        expect(len(x.shape) == 1, lambda: f"x is {x}; it takes a row of voxels [N]")
        expect(
            pixel.shape == (*x.shape, 2),
            lambda: f"pixel is {pixel}; {x.size} voxels take [{x.size},2]: a row and a column each",
        )
        expect(bool(plane(silhouette.shape)), lambda: f"silhouette is {silhouette}; it takes a picture [H,W]")
        return x

    def compute(self, xp: Any, x: Array, pixel: Array, silhouette: Array) -> Array:
        height, width = silhouette.shape[-2:]
        row, column = pixel[:, 0], pixel[:, 1]
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        at = xp.where(inside, row * width + column, xp.zeros_like(row))
        lit = xp.take(xp.reshape(silhouette, (-1,)), at, axis=0)
        return x * xp.where(inside, lit, xp.zeros_like(lit))

    def cell(self, index: Index, x: Cells, pixel: Cells, silhouette: Cells) -> Number:
        (n,) = index
        return x[n] * silhouette.padded(*leading(silhouette.shape), pixel[n, 0], pixel[n, 1])

    def gradient(self, x: Ref, pixel: Ref, silhouette: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {
            "x": (CarveAt(), dy, pixel, silhouette),
            "silhouette": (CarveAtSilhouetteGrad(silhouette.shape), dy, x, pixel),
        }


@dataclass(frozen=True)
class CarveAtSilhouetteGrad(Op):
    """dsilhouette[h,g] = sum of dy[n] * x[n] over the voxels n that land on pixel h, g.

    dy, x (N), pixel (N,2) -> dsilhouette (`shape`)
    """

    name = "carve_at_silhouette_grad"
    kind = "gradient"
    formula = "y[h,g] = sum where(pixel[n,0] == h, where(pixel[n,1] == g, dy[n]*x[n], 0), 0)"
    integers = ("pixel",)
    examples = (
        example(dy=(3,), x=(3,), pixel=[[0, 1], [0, 1], [5, 0]], shape=(2, 2)),
        example(dy=(4,), x=(4,), pixel=[[0, 0], [1, 1], [0, 0], [1, 0]], shape=(1, 1, 2, 2)),
    )

    shape: Index

    def infer(self, dy: Spec, x: Spec, pixel: Spec) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array, x: Array, pixel: Array) -> Array:
        h, g = (xp.arange(size, dtype=pixel.dtype, device=pixel.device) for size in self.shape[-2:])
        lands = (pixel[:, 0, None, None] == h[:, None]) & (pixel[:, 1, None, None] == g)
        shares = (dy * x)[:, None, None]
        return xp.reshape(xp.sum(xp.where(lands, shares, xp.zeros_like(shares)), axis=0), self.shape)

    def cell(self, index: Index, dy: Cells, x: Cells, pixel: Cells) -> Number:
        h, g = index[-2:]

        def share(n: int) -> Number:
            return select(equal(pixel[n, 0], h), select(equal(pixel[n, 1], g), dy[n] * x[n], 0), 0)

        return total(share, x.shape[0])


def plane(shape: Index) -> Index:
    """The size of a picture, [H,W] or [1,1,H,W]; nothing where it is neither, or empty."""
    fits = len(shape) > 1 and all(size == 1 for size in shape[:-2]) and 0 not in shape
    return shape[-2:] if fits else ()


def leading(shape: Index) -> Index:
    """What stands before row and column in a picture's indices."""
    return (0,) * (len(shape) - 2)


def _across(parts: Any, dim: int) -> tuple[Any, ...]:
    """The parts that are not along `dim`."""
    return tuple(part for axis, part in enumerate(parts) if axis != dim)
