"""Convolution over one, two and three axes, as networks mean it: the kernel is not flipped unless `flip` says so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from stepgrad.engine.columns import columns
from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Initial, Op, Pair, Spec, example, expect, per_axis
from stepgrad.engine.window import Padding, Window, window

OUT = {1: "i", 2: "ij", 3: "rij"}
KERNEL = {1: "u", 2: "uv", 3: "tuv"}


def written(axes: int) -> Mapping[str, Index]:
    """A plane, its channels, a batch. A weight leaves both its channel axes out or neither: one alone is ambiguous."""
    return {"x": (axes, axes + 1, axes + 2), "weight": (axes, axes + 2), "bias": (0, 1)}


@dataclass(frozen=True)
class Conv(Op):
    """y[n,m,i,j] = sum of x[n,c,i*s+u*d-p,j*s+v*d-p] * weight[m,c,u,v] over c, u, v, and then bias[m].

    x (N,C,H,W), weight (M,C/groups,U,V), bias (M) -> y (N,M,I,J), I = floor((H + 2p - d(U-1) - 1)/s) + 1.
    This is cross-correlation, as in PyTorch; `flip` turns the kernel round, which makes it true convolution.
    """

    rank: ClassVar[int]
    parameters = ("weight", "bias")

    stride: Pair = 1
    padding: Padding = 0
    dilation: Pair = 1
    groups: int = 1
    flip: bool = False

    @property
    def formula(self) -> str:
        x = ",".join(self._position(axis) for axis in range(self.rank))
        w = ",".join(f"-1-{letter}" if self.flip else letter for letter in KERNEL[self.rank])
        y = ",".join(OUT[self.rank])
        c = "" if self.groups == 1 else "g+"
        return f"y[n,m,{y}] = sum x[n,{c}c,{x}] * weight[m,c,{w}] + bias[m]"

    @property
    def note(self) -> str:  # type: ignore[override]
        return "kernel flipped: true convolution" if self.flip else "kernel not flipped: cross-correlation"

    def _position(self, axis: int) -> str:
        s, d = (per_axis(value, self.rank, "")[axis] for value in (self.stride, self.dilation))
        before = self.padding if isinstance(self.padding, int) else 0
        if isinstance(self.padding, tuple):
            before = self.padding[axis if len(self.padding) == self.rank else 2 * axis]
        text = f"{'' if s == 1 else s}{OUT[self.rank][axis]}+{'' if d == 1 else d}{KERNEL[self.rank][axis]}"
        return text + ("-p" if self.padding == "same" else f"-{before}" if before else "")

    def window(self, x: Index, weight: Index) -> Window:
        return window(x[2:], weight[2:], self.stride, self.padding, self.dilation)

    def infer(self, x: Spec, weight: Spec, bias: Spec | None = None) -> Spec:
        rank, axes = self.rank, "DHW"[-self.rank :]
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
        over = self.window(x.shape, weight.shape)
        n, m, groups = x.shape[0], weight.shape[0], self.groups
        w = xp.flip(weight, axis=tuple(range(2, weight.ndim))) if self.flip else weight
        taps = weight.shape[1] * math.prod(over.kernel)
        w = xp.reshape(w, (groups, m // groups, taps))
        out = xp.empty((n, m, *over.out), dtype=x.dtype, device=x.device)
        for images, cols in columns(xp, x, over):
            cols = xp.reshape(cols, (cols.shape[0], groups, taps, math.prod(over.out)))
            out[images, ...] = xp.reshape(xp.matmul(w, cols), (cols.shape[0], m, *over.out))
        return out if bias is None else out + xp.reshape(bias, (m,) + (1,) * self.rank)

    def cell(self, index: Index, x: Cells, weight: Cells, bias: Cells | None = None) -> Number:
        n, m, *out = index
        over = self.window(x.shape, weight.shape)
        channels = weight.shape[1]
        first = m // (weight.shape[0] // self.groups) * channels

        def product(c: int, *tap: int) -> Number:
            read = x.padded(n, first + c, *over.at(tuple(out), tap))
            return read * weight[m, c, *self.kernel_cell(tap, over)]

        return total(product, channels, *over.kernel, last=None if bias is None else bias[m])

    def kernel_cell(self, tap: Index, over: Window) -> Index:
        """The cell of the weight that meets tap (u, v) of the window."""
        return tuple(k - 1 - u for k, u in zip(over.kernel, tap, strict=True)) if self.flip else tap

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
