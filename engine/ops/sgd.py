"""Stochastic gradient descent, with momentum, dampening, Nesterov's look-ahead and weight decay, as in PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, equal, select
from stepgrad.engine.op import Array, Op, Spec, example, expect
from stepgrad.engine.update import Optimizer, Writer


@dataclass(frozen=True)
class SGD(Optimizer):
    """g = dw + weight_decay*w;  v = momentum*v + (1 - dampening)*g;  w = w - lr*v; Nesterov: w - lr*(g + momentum*v).

    The first v is g itself. Without momentum v is g. Source: torch.optim.SGD.
    """

    name = "sgd"

    lr: float = 1e-3
    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        expect(
            not self.nesterov or (self.momentum > 0 and not self.dampening),
            lambda: (
                f"nesterov is on with momentum {self.momentum:g} and dampening {self.dampening:g}; "
                "it needs a momentum above 0 and no dampening"
            ),
        )

    def update(self, write: Writer) -> None:
        slope = write.decayed(self.weight_decay)
        if not self.momentum:
            write.write(write.w, SGDStep(self.lr), write.w, slope)
            return
        v = write.state("momentum_buffer")
        count = write.step() if self.dampening else None
        v_new = write.write(v, MomentumBuffer(self.momentum, self.dampening), v, slope, count)
        if self.nesterov:
            write.write(write.w, SGDStep(self.lr, self.momentum), write.w, slope, v_new)
        else:
            write.write(write.w, SGDStep(self.lr), write.w, v_new)


@dataclass(frozen=True)
class SGDStep(Op):
    """y = w - lr*dw, or w - lr*(dw + momentum*v).   w, dw, v (any shape) -> y (same)"""

    name = "sgd_step"
    kind = "optimizer"
    examples = (
        example(w=[0.5, 0.1], dw=[-3.144, -4.192], lr=0.01),
        example(w=(2, 3), dw=(2, 3), v=(2, 3), lr=0.1, momentum=0.9),
    )

    lr: float = 1e-3
    momentum: float = 0.0

    @property
    def formula(self) -> str:
        slope = f"(dw[i] + {self.momentum:g}*v[i])" if self.momentum else "dw[i]"
        return f"y[i] = w[i] - {self.lr:g}*{slope}"

    def infer(self, w: Spec, dw: Spec, v: Spec | None = None) -> Spec:
        return w

    def compute(self, xp: Any, w: Array, dw: Array, v: Array | None = None) -> Array:
        slope = dw if v is None else dw + self.momentum * v
        return xp.asarray(w - self.lr * slope, dtype=w.dtype)

    def cell(self, index: Index, w: Cells, dw: Cells, v: Cells | None = None) -> Number:
        slope: Number = dw[index]
        if v is not None:
            slope = slope + Constant(self.momentum, "momentum") * v[index]
        return w[index] - Constant(self.lr, "lr") * slope


@dataclass(frozen=True)
class MomentumBuffer(Op):
    """y = momentum*v + (1 - dampening)*dw; the first one is not dampened.

    v, dw (any shape), step () -> y (same), in v's dtype
    """

    name = "momentum_buffer"
    kind = "optimizer"
    integers = ("step",)
    examples = (
        example(v=[0.0, 1.0], dw=[2.0, 3.0], momentum=0.9),
        example(v=(2, 2), dw=(2, 2), step=3, momentum=0.9, dampening=0.5),
        example(v=[0.0], dw=[2.0], step=1, momentum=0.9, dampening=0.5),
    )

    momentum: float = 0.9
    dampening: float = 0.0

    @property
    def formula(self) -> str:
        gain = f"where(step == 1, 1, 1 - {self.dampening:g})*" if self.dampening else ""
        return f"y[i] = {self.momentum:g}*v[i] + {gain}dw[i]"

    def infer(self, v: Spec, dw: Spec, step: Spec | None = None) -> Spec:
        return v

    def compute(self, xp: Any, v: Array, dw: Array, step: Array | None = None) -> Array:
        slope = xp.astype(dw, v.dtype, copy=False)
        if step is not None:
            first = xp.astype(xp.asarray(step == 1), v.dtype)
            slope = (first + (1 - first) * (1 - self.dampening)) * slope
        return xp.asarray(self.momentum * v + slope)

    def cell(self, index: Index, v: Cells, dw: Cells, step: Cells | None = None) -> Number:
        slope: Number = dw[index]
        if step is not None:
            slope = select(equal(step[()], 1), 1, 1 - Constant(self.dampening, "dampening")) * slope
        return Constant(self.momentum, "momentum") * v[index] + slope
