"""Transposed convolution: the gradient of a convolution used as a forward pass, which makes maps larger."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from stepgrad.engine.columns import scatter
from stepgrad.engine.fold import total
from stepgrad.engine.letters import apart, commas
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Initial, Op, Pair, Ref, Spec, example, expect, per_axis
from stepgrad.engine.ops.conv import Conv, written
from stepgrad.engine.ops.conv_gradient import ConvBiasGrad, ConvWeightGrad
from stepgrad.engine.window import Window


@dataclass(frozen=True)
class ConvTranspose2d(Op):
    """y[n,m,i,j] = sum of x[n,c,h,g] * weight[c,m,u,v] over c and all (h,g) with i = h*s + u*d - p, and then bias[m].

    x (N,C,H,W), weight (C,M/groups,U,V), bias (M) -> y (N,M,I,J), I = (H - 1)s - 2p + d(U - 1) + output_padding + 1.
    Every input cell lays a whole kernel, times its value, over the output; where kernels overlap they add up.
    """

    name = "conv_transpose2d"
    parameters = ("weight", "bias")
    ranks = written(2)
    examples = (
        example(x=[[[[1.0, 2], [3, 4]]]], weight=[[[[1.0, 0], [2, -1]]]], bias=[0.5], stride=2),
        example(x=(2, 3, 3, 4), weight=(3, 2, 3, 3), bias=(2,), stride=2, padding=1, output_padding=1),
        example(x=(1, 4, 3, 3), weight=(4, 2, 2, 3), bias=None, groups=2, dilation=(1, 2), padding=(0, 1)),
        example(x=(1, 2, 3, 3), weight=(2, 1, 2, 2), bias=(1,), stride=3),
        example(x=(1, 1, 3, 3), weight=(1, 1, 2, 2), bias=None, dilation=3, stride=2, output_padding=(2, 0), padding=1),
    )

    stride: Pair = 1
    padding: Pair = 0
    output_padding: Pair = 0
    dilation: Pair = 1
    groups: int = 1

    @property
    def formula(self) -> str:
        s, p, _, d = self._settings()
        w = commas(apart("ij", "hg", s, d, p))
        c = "c" if self.groups == 1 else "c0+c"
        m = "m" if self.groups == 1 else "m-m0"
        return f"y[n,m,i,j] = sum x[n,{c},h,g] * weight[{c},{m},{w}] + bias[m]"

    @property
    def note(self) -> str:
        said = "over the inputs whose kernel reaches the cell"
        return said if self.groups == 1 else f"{said}; c0 and m0 are the first channels of the group of m"

    def _settings(self) -> tuple[Index, Index, Index, Index]:
        stride = per_axis(self.stride, 2, "stride")
        padding = per_axis(self.padding, 2, "padding")
        return (
            stride,
            padding,
            per_axis(self.output_padding, 2, "output_padding"),
            per_axis(self.dilation, 2, "dilation"),
        )

    def window(self, x: Index, weight: Index) -> Window:
        """The window of the convolution that this turns round: it slides over y and writes x."""
        s, p, extra, d = self._settings()
        expect(min(s + d) >= 1, lambda: f"stride is {self.stride} and dilation {self.dilation}: give 1 or more")
        expect(
            min(p + extra) >= 0,
            lambda: f"padding is {self.padding}, output_padding {self.output_padding}: give 0 or more",
        )
        expect(
            all(e < max(a, b) for e, a, b in zip(extra, s, d, strict=True)),
            lambda: f"output_padding is {self.output_padding}; it must be smaller than the stride or the dilation",
        )
        each = list(zip(x[2:], weight[2:], s, p, extra, d, strict=True))
        size = tuple((n - 1) * a - 2 * b + c * (k - 1) + e + 1 for n, k, a, b, e, c in each)
        expect(min(size) >= 1, lambda: f"padding {self.padding} leaves nothing of the output; use less")
        return Window(size, weight[2:], s, d, p, tuple(b - e for b, e in zip(p, extra, strict=True)))

    def infer(self, x: Spec, weight: Spec, bias: Spec | None = None) -> Spec:
        expect(len(x.shape) == 4, lambda: f"x is {x}; it takes [N,C,H,W]")
        expect(len(weight.shape) == 4, lambda: f"weight is {weight}; it takes [C,M/groups,U,V]")
        channels, groups = x.shape[1], self.groups
        expect(
            groups > 0 and channels % groups == 0,
            lambda: f"groups is {groups}; it must divide the {channels} input channels",
        )
        expect(
            weight.shape[0] == channels,
            lambda: f"weight is {weight} for x {x}: it needs a kernel for each of the {channels} input channels first",
        )
        features = weight.shape[1] * groups
        if bias is not None:
            expect(bias.shape == (features,), lambda: f"bias is {bias}; {features} output channels take [{features}]")
        return x.with_shape(x.shape[0], features, *self.window(x.shape, weight.shape).size)

    def compute(self, xp: Any, x: Array, weight: Array, bias: Array | None = None) -> Array:
        y = scatter(xp, x, weight, self.window(x.shape, weight.shape), self.groups)
        return y if bias is None else y + xp.reshape(bias, (bias.shape[0], 1, 1))

    def cell(self, index: Index, x: Cells, weight: Cells, bias: Cells | None = None) -> Number:
        n, feature, *place = index
        over, at = self.window(x.shape, weight.shape), tuple(place)
        group, m = divmod(feature, weight.shape[1])
        channels = x.shape[1] // self.groups

        def product(c: int, *start: int) -> Number:
            return x[n, c, *start] * weight[c, m, *over.tap(at, start)]

        of_group = range(group * channels, (group + 1) * channels)
        return total(product, of_group, *over.readers(at), last=None if bias is None else bias[feature])

    def gradient(self, x: Ref, weight: Ref, bias: Ref | None, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        over = self.window(x.shape, weight.shape)
        back = ConvTransposeInputGrad(self.stride, self.padding, self.dilation, self.groups, over=over)
        return {
            "x": (back, dy, weight),
            "weight": (ConvWeightGrad(over, self.groups), x, dy),
            "bias": (ConvBiasGrad(), dy),
        }

    def initial(self, x: Spec, *, out_channels: int, kernel_size: Pair) -> Mapping[str, Initial]:
        kernel = per_axis(kernel_size, 2, "kernel_size")
        features = out_channels // self.groups
        bound = 1 / math.sqrt(features * math.prod(kernel))
        return {
            "weight": Initial((x.shape[1], features, *kernel), -bound, bound),
            "bias": Initial((out_channels,), -bound, bound),
        }


@dataclass(frozen=True)
class ConvTransposeInputGrad(Conv):
    """The convolution that a transposed one turns round, whose x is dy: dx[n,m,i,j] = sum of dy * weight[m,c,u,v].

    dy (N,C,H,W), weight (M,C/groups,U,V) -> dx (N,M,I,J)
    """

    name = "conv_transpose_input_grad"
    kind = "gradient"
    parameters: ClassVar[tuple[str, ...]] = ()
    rank = 2
    note = "an ordinary convolution of dy"
    examples = (
        example(
            x=(1, 1, 4, 4), weight=(1, 1, 2, 2), stride=2, over=Window((4, 4), (2, 2), (2, 2), (1, 1), (0, 0), (0, 0))
        ),
        example(
            x=(2, 2, 6, 6),
            weight=(3, 2, 3, 3),
            stride=2,
            padding=1,
            over=Window((6, 6), (3, 3), (2, 2), (1, 1), (1, 1), (0, 0)),
        ),
    )

    over: Window | None = None

    def window(self, x: Index, weight: Index) -> Window:
        """As the transposed convolution has it: output padding at the end is not read."""
        return self.over or super().window(x, weight)
