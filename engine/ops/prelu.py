"""The leaky rectifier with a learned slope, one for all channels or one each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from stepgrad.engine.channels import beside, channel_sum
from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, select
from stepgrad.engine.op import Array, Gradient, Initial, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class PReLU(Op):
    """y[n,c,i] = x[n,c,i] where that is positive, else weight[c]*x[n,c,i].

    x (N,C,...), weight (C) or (1) -> y (N,C,...). A weight of one cell is the slope of every channel; it starts at
    0.25, as in PyTorch.
    """

    name = "prelu"
    formula = "y[n,c,i] = where(x[n,c,i] > 0, x[n,c,i], weight[c]*x[n,c,i])"
    parameters = ("weight",)
    ranks: ClassVar[Mapping[str, Index]] = {"weight": (0, 1)}
    examples = (
        example(x=[-3.0, -1.0, 0.0, 2.0], weight=[0.1], smooth=False),
        example(x=(2, 3, 4), weight=(3,)),
        example(x=(2, 3, 2, 2), weight=(1,)),
        example(x=(4, 2), weight=(2,)),
    )

    def infer(self, x: Spec, weight: Spec) -> Spec:
        channels = x.shape[1] if len(x.shape) > 1 else 1
        expect(
            weight.shape in ((1,), (channels,)),
            lambda: f"weight is {weight} for x {x}; it takes [1], or [{channels}]: a slope for each channel",
        )
        return x

    def compute(self, xp: Any, x: Array, weight: Array) -> Array:
        return xp.where(x > 0, x, beside(xp, weight, x) * x)

    def cell(self, index: Index, x: Cells, weight: Cells) -> Number:
        return select(x[index] > 0, x[index], slope(weight, index) * x[index])

    def gradient(self, x: Ref, weight: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (PReLUGrad(), x, weight, dy), "weight": (PReLUWeightGrad(weight.shape[0]), x, dy)}

    def initial(self, x: Spec, *, num_parameters: int = 1) -> Mapping[str, Initial]:
        return {"weight": Initial((num_parameters,), 0.25, 0.25)}


def slope(weight: Cells, index: Index) -> Number:
    """The slope that holds for the cell at `index`."""
    return weight[index[1] if weight.shape[0] > 1 else 0]


@dataclass(frozen=True)
class PReLUGrad(Op):
    """dx[n,c,i] = dy[n,c,i] where x[n,c,i] is positive, else weight[c]*dy[n,c,i].

    x, dy (N,C,...), weight (C) or (1) -> dx (N,C,...)
    """

    name = "prelu_grad"
    kind = "gradient"
    formula = "y[n,c,i] = where(x[n,c,i] > 0, dy[n,c,i], weight[c]*dy[n,c,i])"
    examples = (
        example(x=[-1.0, 0.0, 2.0], weight=[0.1], dy=[5.0, 6.0, 7.0]),
        example(x=(2, 3, 4), weight=(3,), dy=(2, 3, 4)),
    )

    def infer(self, x: Spec, weight: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, weight: Array, dy: Array) -> Array:
        return xp.where(x > 0, dy, beside(xp, weight, x) * dy)

    def cell(self, index: Index, x: Cells, weight: Cells, dy: Cells) -> Number:
        return select(x[index] > 0, dy[index], slope(weight, index) * dy[index])


@dataclass(frozen=True)
class PReLUWeightGrad(Op):
    """dweight[c] = sum of dy[n,c,i]*x[n,c,i] over the cells of channel c that are not positive.

    x, dy (N,C,...) -> dweight (`slopes`). One slope is that of every channel.
    """

    name = "prelu_weight_grad"
    kind = "gradient"
    examples = (
        example(x=[-3.0, -1.0, -0.5, 0.0, 0.5], dy=[1.0, 1.0, 1.0, 1.0, 1.0]),
        example(x=(2, 3, 4), dy=(2, 3, 4), slopes=3),
        example(x=(2, 3, 2, 2), dy=(2, 3, 2, 2)),
    )

    slopes: int = 1

    @property
    def formula(self) -> str:
        over = "n,c,i" if self.slopes == 1 else "n,i"
        return f"y[c] = sum over {over} of where(x[n,c,i] > 0, 0, dy[n,c,i]*x[n,c,i])"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy.with_shape(self.slopes)

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        parts = xp.where(x > 0, xp.zeros_like(dy), dy * x)
        return channel_sum(xp, parts) if self.slopes > 1 else xp.reshape(xp.sum(parts), (1,))

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        (c,) = index
        ranges = [range(c, c + 1) if axis == 1 and self.slopes > 1 else range(n) for axis, n in enumerate(x.shape)]
        return total(lambda *i: select(x[i] > 0, 0, dy[i] * x[i]), *ranges)
