"""How large a map comes out of a sliding window: by the formula, and by counting the positions that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number, floor, select
from stepgrad.engine.op import Array, Op, Spec, example, expect
from stepgrad.engine.values import refuse


def _same(**inputs: Spec) -> Spec:
    """The spec of cases that stand side by side, one a cell."""
    received = ", ".join(f"{name} {spec}" for name, spec in inputs.items())
    expect(len({spec.shape for spec in inputs.values()}) == 1, lambda: f"received {received}; give one of each a case")
    return next(iter(inputs.values()))


@dataclass(frozen=True)
class OutputSize(Op):
    """y[i] = floor((x[i] - kernel[i] + 2*padding[i])/stride[i]) + 1: a case a cell, in whole numbers.

    x is the size along one axis, in pixels; a dilated kernel counts with its span (`kernel_span`).
    x, kernel, padding, stride (any shape, the same) -> y (same)
    Raises StepgradError where the window does not fit even once, or does not move.
    """

    name = "output_size"
    formula = "y[i] = floor((x[i] - kernel[i] + 2*padding[i])/stride[i]) + 1"
    examples = (
        example(
            x=[5.0, 5.0, 100.0, 8.0],
            kernel=[3.0, 3.0, 3.0, 2.0],
            padding=[1.0, 0.0, 0.0, 0.0],
            stride=[2.0, 1.0, 2.0, 2.0],
            smooth=False,
        ),
        example(x=[[9.0]], kernel=[[3.0]], padding=[[2.0]], stride=[[4.0]], smooth=False),
    )

    def infer(self, x: Spec, kernel: Spec, padding: Spec, stride: Spec) -> Spec:
        return _same(x=x, kernel=kernel, padding=padding, stride=stride)

    def compute(self, xp: Any, x: Array, kernel: Array, padding: Array, stride: Array) -> Array:
        room = x - kernel + 2 * padding
        refuse(xp, room < 0, kernel, "kernel", "more than the size with its padding, so the window fits nowhere")
        refuse(xp, stride <= 0, stride, "stride", "a window moves by 1 or more")
        return xp.floor(room / stride) + 1

    def cell(self, index: Index, x: Cells, kernel: Cells, padding: Cells, stride: Cells) -> Number:
        return floor((x[index] - kernel[index] + 2 * padding[index]) / stride[index]) + 1


@dataclass(frozen=True)
class WindowFits(Op):
    """y[...,i] = 1 where window i, which starts i*stride cells in, ends within the padded size, else 0.

    x, kernel, padding, stride (any shape, the same) -> y (that shape, positions). The ones are the output's size.
    """

    name = "window_fits"
    formula = "y[n,i] = where(i*stride[n] + kernel[n] <= x[n] + 2*padding[n], 1, 0)"
    note = "window i starts i*stride cells in and is kernel cells long"
    examples = (
        example(x=[5.0, 5.0], kernel=[3.0, 3.0], padding=[0.0, 1.0], stride=[1.0, 2.0], positions=6, smooth=False),
        example(x=7.0, kernel=3.0, padding=0.0, stride=2.0, positions=4, smooth=False),
    )

    positions: int
    """How many positions are tried."""

    def infer(self, x: Spec, kernel: Spec, padding: Spec, stride: Spec) -> Spec:
        expect(self.positions > 0, lambda: f"positions is {self.positions}; try 1 or more")
        case = _same(x=x, kernel=kernel, padding=padding, stride=stride)
        return case.with_shape(*case.shape, self.positions)

    def compute(self, xp: Any, x: Array, kernel: Array, padding: Array, stride: Array) -> Array:
        i = xp.arange(self.positions, dtype=x.dtype, device=x.device)
        fits = i * stride[..., None] + kernel[..., None] <= (x + 2 * padding)[..., None]
        return xp.astype(fits, x.dtype)

    def cell(self, index: Index, x: Cells, kernel: Cells, padding: Cells, stride: Cells) -> Number:
        *case, i = index
        n = tuple(case)
        return select(i * stride[n] + kernel[n] <= x[n] + 2 * padding[n], 1, 0)
