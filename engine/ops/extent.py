"""Where in a block something is left, and the part of a picture that shows it: carving coarsely first, finely after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import largest
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.argmax import FirstWinner
from stepgrad.engine.ops.carve import leading, plane


@dataclass(frozen=True)
class Extent(Op):
    """y[a] = the first and the last index along axis a at which the largest value of the plane is reached.

    In a block of zeros and ones that is where it begins and ends; an empty block counts as a full one.
    x (any shape) -> y int64 (axes, 2)
    """

    name = "extent"
    formula = "y[a,0] = first i with the largest plane x[i]; y[a,1] = the last"
    note = "planes are counted along axis a; the last one is counted from the end"
    examples = (
        example(x=[[[0.0, 0, 0], [0, 1, 1]], [[0, 0, 0], [0, 0, 1]]], smooth=False),
        example(x=(3, 2, 2)),
        example(x=(4,)),
    )

    def infer(self, x: Spec) -> Spec:
        expect(x.size > 0 and bool(x.shape), lambda: f"x is {x}; give a block with at least one cell")
        return Spec((len(x.shape), 2), "int64")

    def compute(self, xp: Any, x: Array) -> Array:
        rows = []
        for axis, size in enumerate(x.shape):
            peaks = xp.max(xp.reshape(xp.moveaxis(x, axis, 0), (size, -1)), axis=1)
            rows.append(xp.stack([xp.argmax(peaks), size - 1 - xp.argmax(xp.flip(peaks))]))
        return xp.astype(xp.stack(rows), xp.int64)

    def cell(self, index: Index, x: Cells) -> Number:
        axis, end = index
        size, others = x.shape[axis], (*x.shape[:axis], *x.shape[axis + 1 :])

        def peak(i: int) -> Number:
            return largest(lambda *at: x[*at[:axis], i, *at[axis:]], *others)

        if end == 0:
            return FirstWinner(peak, (range(size),))
        return size - 1 - FirstWinner(lambda k: peak(size - 1 - k), (range(size),))


@dataclass(frozen=True)
class Crop(Op):
    """y[i,j] = x[scale*bounds[a,0] + i, scale*bounds[b,0] + j] for `dims` = (a, b): a picture, from where bounds begin.

    scale is how many pixels one step of the bounds is; beyond the picture stands a marked zero.
    x (H,W) or (1,1,H,W), bounds int64 (axes,2) -> y, as large as `size`
    """

    name = "crop"
    integers = ("bounds",)
    examples = (
        example(x=[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], bounds=[[0, 0], [1, 1]], size=(2, 2)),
        example(x=(1, 1, 6, 6), bounds=[[1, 2], [0, 1], [2, 2]], size=(3, 2), dims=(0, 2), scale=2),
    )

    size: tuple[int, ...]
    dims: tuple[int, ...] = (0, 1)
    scale: int = 1

    @property
    def formula(self) -> str:
        scale = "" if self.scale == 1 else f"{self.scale}*"
        a, b = self.dims
        return f"y[i,j] = x[{scale}bounds[{a},0]+i,{scale}bounds[{b},0]+j]"

    def infer(self, x: Spec, bounds: Spec) -> Spec:
        expect(bool(plane(x.shape)), lambda: f"x is {x}; it takes a picture [H,W]")
        two = len(self.size) == len(self.dims) == 2
        expect(two, lambda: f"size is {list(self.size)} and dims {list(self.dims)}; both take two numbers")
        fits = len(bounds.shape) == 2 and bounds.shape[1] == 2 and all(0 <= d < bounds.shape[0] for d in self.dims)
        expect(fits, lambda: f"bounds is {bounds}; dims {list(self.dims)} need a row (first, last) for each axis")
        return x.with_shape(*x.shape[:-2], *self.size)

    def compute(self, xp: Any, x: Array, bounds: Array) -> Array:
        (rows, columns), (height, width) = self.at(xp, bounds), x.shape[-2:]
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        at = xp.where(inside, rows * width + columns, xp.zeros_like(rows * columns))
        cells = xp.reshape(xp.take(xp.reshape(x, (-1,)), xp.reshape(at, (-1,)), axis=0), self.size)
        return xp.reshape(xp.where(inside, cells, xp.zeros_like(cells)), (*x.shape[:-2], *self.size))

    def at(self, xp: Any, bounds: Array) -> tuple[Array, Array]:
        """The rows (a column) and columns (a row) of the picture that are cut out."""
        i, j = (xp.arange(size, dtype=bounds.dtype, device=bounds.device) for size in self.size)
        first = self.scale * bounds[:, 0]
        return (first[self.dims[0]] + i)[:, None], (first[self.dims[1]] + j)[None, :]

    def cell(self, index: Index, x: Cells, bounds: Cells) -> Number:
        at = (self.start(bounds, dim) + i for dim, i in zip(self.dims, index[-2:], strict=True))
        return x.padded(*leading(x.shape), *at)

    def start(self, bounds: Cells, dim: int) -> Number:
        """The first row or column that is cut out."""
        return bounds[dim, 0] if self.scale == 1 else self.scale * bounds[dim, 0]

    def gradient(self, x: Ref, bounds: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (CropGrad(self, x.shape), dy, bounds)}


@dataclass(frozen=True)
class CropGrad(Op):
    """dx[h,g] = dy[i,j] where row i of the cut is row h and column j column g, else 0.

    dy (as large as `of.size`), bounds -> dx (`shape`)
    """

    name = "crop_grad"
    kind = "gradient"
    integers = ("bounds",)
    examples = (example(dy=(3, 2), bounds=[[1, 2], [0, 1]], of=Crop((3, 2), scale=2), shape=(4, 4)),)

    of: Crop
    shape: Index

    @property
    def formula(self) -> str:
        scale = "" if self.of.scale == 1 else f"{self.of.scale}*"
        a, b = self.of.dims
        return f"y[h,g] = dy[h - {scale}bounds[{a},0],g - {scale}bounds[{b},0]], 0 where nothing was cut"

    def infer(self, dy: Spec, bounds: Spec) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array, bounds: Array) -> Array:
        # The same cut, seen from the picture: it begins as far before dy as the crop began behind the picture's edge.
        return Crop(self.shape[-2:], self.of.dims, -self.of.scale).compute(xp, dy, bounds)

    def cell(self, index: Index, dy: Cells, bounds: Cells) -> Number:
        at = (i - self.of.start(bounds, dim) for dim, i in zip(self.of.dims, index[-2:], strict=True))
        return dy.padded(*leading(dy.shape), *at)
