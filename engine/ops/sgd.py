"""Stochastic gradient descent, with momentum, dampening, Nesterov's look-ahead and weight decay, as in PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, equal, select
from stepgrad.engine.op import Array, Op, Spec, example
from stepgrad.engine.update import Optimizer, Writer


@dataclass(frozen=True)
class SGD(Optimizer):
    """g = dw + weight_decay*w;  v = momentum*v + (1 - dampening)*g;  w = w - lr*v, or w - lr*(g + momentum*v) (Nesterov).

    The first v is g itself. Without momentum v is g. Source: torch.optim.SGD.
    """

    name = "sgd"

    lr: float = 1e-3
    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False

    def update(self, write: Writer) -> None:
        look_ahead = self.momentum if self.nesterov else 0.0
        step = SGDStep(self.lr, self.weight_decay, look_ahead)
        if not self.momentum:
            write.write(write.w, step, write.w, write.dw)
            return
        v = write.state("momentum_buffer")
        count = write.step() if self.dampening else None
        rule = MomentumBuffer(self.momentum, self.dampening, self.weight_decay)
        v_new = write.write(v, rule, v, write.dw, write.w if self.weight_decay else None, count)
        if self.nesterov:
            write.write(write.w, step, write.w, write.dw, v_new)
        else:
            write.write(write.w, SGDStep(self.lr), write.w, v_new)


@dataclass(frozen=True)
class SGDStep(Op):
    """y = w - lr*(dw + weight_decay*w + momentum*v).   w, dw, v (any shape) -> y (same)"""

    name = "sgd_step"
    kind = "optimizer"
    examples = (
        example(w=[0.5, 0.1], dw=[-3.144, -4.192], lr=0.01),
        example(w=(2, 3), dw=(2, 3), v=(2, 3), lr=0.1, weight_decay=0.01, momentum=0.9),
    )

    lr: float = 1e-3
    weight_decay: float = 0.0
    momentum: float = 0.0

    @property
    def formula(self) -> str:
        decay = f" + {self.weight_decay:g}*w[i]" if self.weight_decay else ""
        ahead = f" + {self.momentum:g}*v[i]" if self.momentum else ""
        inner = f"dw[i]{decay}{ahead}"
        return f"y[i] = w[i] - {self.lr:g}*{f'({inner})' if decay or ahead else inner}"

    def infer(self, w: Spec, dw: Spec, v: Spec | None = None) -> Spec:
        return w

    def compute(self, xp: Any, w: Array, dw: Array, v: Array | None = None) -> Array:
        slope = dw
        if self.weight_decay:
            slope = slope + self.weight_decay * w
        if v is not None:
            slope = slope + self.momentum * v
        return xp.astype(w - self.lr * slope, w.dtype, copy=False)

    def cell(self, index: Index, w: Cells, dw: Cells, v: Cells | None = None) -> Number:
        slope: Number = dw[index]
        if self.weight_decay:
            slope = slope + Constant(self.weight_decay, "weight_decay") * w[index]
        if v is not None:
            slope = slope + Constant(self.momentum, "momentum") * v[index]
        return w[index] - Constant(self.lr, "lr") * slope


@dataclass(frozen=True)
class MomentumBuffer(Op):
    """y = momentum*v + (1 - dampening)*(dw + weight_decay*w); the first one is not dampened.

    v, dw, w (any shape), step () -> y (same)
    """

    name = "momentum_buffer"
    kind = "optimizer"
    integers = ("step",)
    examples = (
        example(v=[0.0, 1.0], dw=[2.0, 3.0], momentum=0.9),
        example(v=(2, 2), dw=(2, 2), w=(2, 2), step=3, momentum=0.9, dampening=0.5, weight_decay=0.1),
        example(v=[0.0], dw=[2.0], w=None, step=1, momentum=0.9, dampening=0.5),
    )

    momentum: float = 0.9
    dampening: float = 0.0
    weight_decay: float = 0.0

    @property
    def formula(self) -> str:
        decay = f"(dw[i] + {self.weight_decay:g}*w[i])" if self.weight_decay else "dw[i]"
        gain = f"where(step > 1, 1 - {self.dampening:g}, 1)*" if self.dampening else ""
        return f"y[i] = {self.momentum:g}*v[i] + {gain}{decay}"

    def infer(self, v: Spec, dw: Spec, w: Spec | None = None, step: Spec | None = None) -> Spec:
        return v

    def compute(self, xp: Any, v: Array, dw: Array, w: Array | None = None, step: Array | None = None) -> Array:
        slope = dw if w is None else dw + self.weight_decay * w
        if step is not None:
            gain = xp.astype(xp.where(step == 1, 1.0, 1.0 - self.dampening), v.dtype)
            slope = xp.astype(slope, v.dtype) * gain
        return xp.astype(self.momentum * v + slope, v.dtype, copy=False)

    def cell(self, index: Index, v: Cells, dw: Cells, w: Cells | None = None, step: Cells | None = None) -> Number:
        slope: Number = dw[index]
        if w is not None:
            slope = slope + Constant(self.weight_decay, "weight_decay") * w[index]
        if step is not None:
            slope = select(equal(step[()], 1), 1, 1 - self.dampening) * slope
        return Constant(self.momentum, "momentum") * v[index] + slope
