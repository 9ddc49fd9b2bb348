"""Convolution over one, two and three axes, as networks mean it: the kernel is not flipped unless `flip` says so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, ClassVar, Literal

from stepgrad.engine.columns import correlate
from stepgrad.engine.errors import ShapeError
from stepgrad.engine.fold import total
from stepgrad.engine.graph import Graph, Phase
from stepgrad.engine.letters import KERNEL, OUT, commas, met
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Initial, Op, Pair, Ref, Spec, example, expect, per_axis
from stepgrad.engine.ops.conv_gradient import ConvBiasGrad, ConvInputGrad, ConvWeightGrad
from stepgrad.engine.ops.pad import Pad
from stepgrad.engine.window import Padding, Window, window


def written(axes: int) -> Mapping[str, Index]:
    """A plane, its channels, a batch. A weight leaves both its channel axes out or neither: one alone is ambiguous."""
    return {"x": (axes, axes + 1, axes + 2), "weight": (axes, axes + 2), "bias": (0, 1)}


@dataclass(frozen=True)
class Conv(Op):
    """y[n,m,i,j] = sum of x[n,c,i*s+u*d-p,j*s+v*d-p] * weight[m,c,u,v] over c, u, v, and then bias[m].

    x (N,C,H,W), weight (M,C/groups,U,V), bias (M) -> y (N,M,I,J), I = floor((H + 2p - d(U-1) - 1)/s) + 1.
    This is cross-correlation, as in PyTorch; `flip` turns the kernel round, which makes it true convolution. A
    `padding_mode` other than zeros is a node of its own, `NAME.padded`, which the windows then read without padding.
    """

    rank: ClassVar[int]
    parameters: ClassVar[tuple[str, ...]] = ("weight", "bias")

    stride: Pair = 1
    padding: Padding = 0
    dilation: Pair = 1
    groups: int = 1
    flip: bool = False
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"

    @property
    def formula(self) -> str:
        rank = self.rank
        x = met(per_axis(self.stride, rank, "stride"), per_axis(self.dilation, rank, "dilation"), self._before)
        w = commas([f"-1-{letter}" for letter in KERNEL[rank]] if self.flip else KERNEL[rank])
        c = "c" if self.groups == 1 else "c0+c"
        return f"y[n,m,{commas(OUT[rank])}] = sum x[n,{c},{x}] * weight[m,c,{w}] + bias[m]"

    @property
    def _before(self) -> Index | None:
        """The padding before the first cell, where it does not hang on the input's size."""
        if isinstance(self.padding, str):
            return None
        if isinstance(self.padding, int):
            return (self.padding,) * self.rank
        return self.padding if len(self.padding) == self.rank else self.padding[0::2]

    @property
    def note(self) -> str:
        flipped = "kernel flipped: true convolution" if self.flip else "kernel not flipped: cross-correlation"
        return flipped if self.groups == 1 else f"{flipped}; c0 is the first channel of the group of m"

    def window(self, x: Index, weight: Index) -> Window:
        return window(x[2:], weight[2:], self.stride, self.padding, self.dilation)

    def infer(self, x: Spec, weight: Spec, bias: Spec | None = None) -> Spec:
        rank, axes = self.rank, "DHW"[-self.rank :]
        expect(
            self.padding_mode == "zeros", lambda: f"padding_mode {self.padding_mode} is a node of its own: use expand"
        )
        expect(len(x.shape) == rank + 2, lambda: f"x is {x}; it takes [N,C,{','.join(axes)}]")
        expect(len(weight.shape) == rank + 2, lambda: f"weight is {weight}; it takes [M,C,{','.join('TUV'[-rank:])}]")
        groups, channels, features = self.groups, x.shape[1], weight.shape[0]
        expect(
            groups > 0 and channels % groups == 0 and features % groups == 0,
            lambda: f"groups is {groups}; it must divide both {channels} input and {features} output channels",
        )
        expect(
            weight.shape[1] * groups == channels,
            lambda: (
                f"weight is {weight} for x {x}: a kernel needs {channels // groups} channels, "
                f"so a weight [{features},{channels // groups},{','.join(map(str, weight.shape[2:]))}]"
            ),
        )
        if bias is not None:
            expect(bias.shape == (features,), lambda: f"bias is {bias}; {features} output channels take [{features}]")
        return x.with_shape(x.shape[0], features, *self.window(x.shape, weight.shape).out)

    def compute(self, xp: Any, x: Array, weight: Array, bias: Array | None = None) -> Array:
        if self.flip:
            weight = xp.flip(weight, axis=tuple(range(2, weight.ndim)))
        return correlate(xp, x, weight, self.window(x.shape, weight.shape), self.groups, bias)

    def cell(self, index: Index, x: Cells, weight: Cells, bias: Cells | None = None) -> Number:
        n, m, *out = index
        over = self.window(x.shape, weight.shape)
        channels = weight.shape[1]
        first = m // (weight.shape[0] // self.groups) * channels

        def product(c: int, *tap: int) -> Number:
            read = x.padded(n, first + c, *over.at(tuple(out), tap))
            return read * weight[m, c, *(over.opposite(tap) if self.flip else tap)]

        return total(product, channels, *over.kernel, last=None if bias is None else bias[m])

    def gradient(self, x: Ref, weight: Ref, bias: Ref | None, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        over = self.window(x.shape, weight.shape)
        return {
            "x": (ConvInputGrad(over, self.groups, self.flip), dy, weight),
            "weight": (ConvWeightGrad(over, self.groups, self.flip), dy, x),
            "bias": (ConvBiasGrad(), dy),
        }

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "forward") -> Ref | None:
        plain = replace(self, padding_mode="zeros")
        x, weight, *bias = inputs
        if self.padding_mode != "zeros" and x is not None and weight is not None and plain._fits(x, weight, *bias):
            over = plain.window(x.shape, weight.shape)
            sides = tuple(chain(*zip(over.before, over.after, strict=True)))
            x = graph.add(f"{name}.padded", Pad(sides, self.padding_mode), x, layer=name, phase=phase)
            plain = replace(plain, padding=0)
        return graph.add(name, plain, x, weight, *bias, layer=name, phase=phase)

    def _fits(self, x: Ref, weight: Ref, bias: Ref | None = None) -> bool:
        """Whether the node itself has no fault, which is then the one to be told of."""
        try:
            self.infer(x.spec, weight.spec, None if bias is None else bias.spec)
        except ShapeError:
            return False
        return True

    def initial(self, x: Spec, *, out_channels: int, kernel_size: Pair) -> Mapping[str, Initial]:
        kernel = per_axis(kernel_size, self.rank, "kernel_size")
        channels = x.shape[1] // self.groups
        bound = 1 / math.sqrt(channels * math.prod(kernel))
        return {
            "weight": Initial((out_channels, channels, *kernel), -bound, bound),
            "bias": Initial((out_channels,), -bound, bound),
        }


class Conv1d(Conv):
    __doc__ = Conv.__doc__
    name = "conv1d"
    rank = 1
    ranks = written(1)
    examples = (
        example(x=[[[2.0, 0, 1, 3, 5]]], weight=[[[1.0, 2, -1]]], bias=[1.0]),
        example(x=(2, 3, 9), weight=(4, 3, 3), bias=(4,), stride=2, padding=2, dilation=2),
        example(x=[[[1.0, 2, 3, 4]]], weight=[[[5.0, 6, 7, 8]]], bias=None, padding=3, flip=True),
        example(x=(1, 1, 5), weight=(1, 1, 2), bias=None, padding="same", stride=3),
        example(x=(2, 16, 6), weight=(3, 16, 3), bias=(3,), padding=(0, 2)),
    )


class Conv2d(Conv):
    __doc__ = Conv.__doc__
    name = "conv2d"
    rank = 2
    ranks = written(2)
    examples = (
        example(x=(2, 3, 5, 5), weight=(2, 3, 3, 3), bias=(2,), stride=2, padding=1),
        example(
            x=(1, 4, 6, 7), weight=(6, 2, 3, 2), bias=(6,), stride=(2, 1), padding=(0, 1), dilation=(1, 2), groups=2
        ),
        example(x=(1, 3, 4, 4), weight=(3, 1, 2, 2), bias=None, padding=(1, 0, 2, 1), groups=3),
        example(x=(1, 1, 7, 7), weight=(1, 1, 2, 2), bias=None, stride=3),
        example(x=(1, 1, 4, 4), weight=(1, 1, 2, 2), bias=None, padding="same", flip=True),
        example(x=(3, 2, 4, 4), weight=(5, 2, 1, 1), bias=(5,)),
        example(x=(2, 6, 5, 5), weight=(2, 6, 3, 3), bias=(2,), padding=1, dilation=(2, 1)),
        example(x=(1, 2, 4, 4), weight=(2, 2, 3, 3), bias=None, padding="same", padding_mode="reflect"),
    )


class Conv3d(Conv):
    __doc__ = Conv.__doc__
    name = "conv3d"
    rank = 3
    ranks = written(3)
    examples = (
        example(x=(1, 2, 3, 4, 4), weight=(2, 2, 2, 3, 2), bias=(2,), padding=1, stride=(1, 2, 2)),
        example(x=(2, 1, 3, 3, 3), weight=(1, 1, 2, 2, 2), bias=None),
    )
