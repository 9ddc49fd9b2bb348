"""A camera: where a point of the world lands in a picture. The 3x4 matrix itself is `linear`; this is what follows.

Source: Hartley and Zisserman, Multiple View Geometry, 2004, chapter 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, floor
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.values import refuse


@dataclass(frozen=True)
class PerspectiveDivide(Op):
    """y[n,a] = x[n,a]/x[n,depth]: the last coordinate is the depth, and what is twice as far looks half as large.

    x (N,A+1) -> y (N,A). At depth 0 the result is infinite or NaN.
    """

    name = "perspective_divide"
    formula = "y[n,a] = x[n,a]/x[n,last]"
    note = "the last coordinate is the depth"
    examples = (example(x=[[2.0, 4.0, 2.0], [-1.0, 3.0, 4.0]]), example(x=[[1.5, 2.5], [3.0, -0.5]]))

    def infer(self, x: Spec) -> Spec:
        fits = len(x.shape) == 2 and x.shape[1] > 1
        expect(fits, lambda: f"x is {x}; it takes [N,3]: a row u, v, depth for every point")
        return x.with_shape(x.shape[0], x.shape[1] - 1)

    def compute(self, xp: Any, x: Array) -> Array:
        return x[:, :-1] / x[:, -1:]

    def cell(self, index: Index, x: Cells) -> Number:
        n, a = index
        return x[n, a] / x[n, x.shape[1] - 1]

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (PerspectiveDivideGrad(), x, dy)}


@dataclass(frozen=True)
class PerspectiveDivideGrad(Op):
    """dx[n,a] = dy[n,a]/x[n,last], and for the depth -(sum of dy[n,a]*x[n,a] over a)/x[n,last]^2.

    x (N,A+1), dy (N,A) -> dx (N,A+1)
    """

    name = "perspective_divide_grad"
    kind = "gradient"
    formula = "y[n,a] = dy[n,a]/x[n,last]; for the depth -(sum dy[n,a]*x[n,a])/x[n,last]^2"
    examples = (example(x=[[2.0, 4.0, 2.0], [-1.0, 3.0, 4.0]], dy=(2, 2)),)

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        depth = x[:, -1:]
        along = -xp.sum(dy * x[:, :-1], axis=1, keepdims=True) / (depth * depth)
        return xp.concat([dy / depth, along], axis=1)

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        n, a = index
        last = x.shape[1] - 1
        depth = x[n, last]
        if a < last:
            return dy[n, a] / depth
        return -total(lambda b: dy[n, b] * x[n, b], last) / (depth * depth)


@dataclass(frozen=True)
class Pixel(Op):
    """y[n] = (row, column) = (floor(v), floor(u)) of the point x[n] = (u, v): down first, as pictures are stored.

    x (N,2) -> y int64 (N,2). Raises StepgradError for a point at depth 0, which lands nowhere.
    """

    name = "pixel"
    formula = "y[n,a] = floor(x[n,1-a])"
    note = "row from v, column from u"
    examples = (example(x=[[0.25, 1.75], [-0.5, 3.0]], smooth=False), example(x=(3, 2)))

    def infer(self, x: Spec) -> Spec:
        expect(len(x.shape) == 2 and x.shape[1] == 2, lambda: f"x is {x}; it takes [N,2]: a row u, v for every point")
        return Spec(x.shape, "int64")

    def compute(self, xp: Any, x: Array) -> Array:
        refuse(xp, ~xp.isfinite(x), x, "x", "a point at depth 0 lands nowhere; move it or the camera")
        return xp.astype(xp.floor(xp.flip(x, axis=1)), xp.int64)

    def cell(self, index: Index, x: Cells) -> Number:
        n, a = index
        return floor(x[n, 1 - a])
