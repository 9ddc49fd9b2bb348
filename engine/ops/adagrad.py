"""Adagrad: the gradient is divided by the root of the sum of all its squares so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, square
from stepgrad.engine.op import Array, Op, Spec, example
from stepgrad.engine.ops.scaled_gradient import ScaledGradient
from stepgrad.engine.ops.sgd import SGDStep
from stepgrad.engine.update import Optimizer, Writer


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """s = s + g^2;  w = w - lr/(1 + (step - 1)*lr_decay) * g / (sqrt(s) + eps).   g = dw + weight_decay*w

    s starts at initial_accumulator_value. Source: Duchi, Hazan and Singer, JMLR 12 (2011); torch.optim.Adagrad.
    """

    name = "adagrad"

    lr: float = 1e-2
    lr_decay: float = 0.0
    weight_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def update(self, write: Writer) -> None:
        slope = write.decayed(self.weight_decay)
        s = write.state("sum", self.initial_accumulator_value)
        s_new = write.write(s, SumOfSquares(), s, slope)
        along = write.add("grad.scaled", ScaledGradient(self.eps), slope, s_new)
        if self.lr_decay:
            write.write(write.w, AdagradStep(self.lr, self.lr_decay), write.w, along, write.step())
        else:
            write.write(write.w, SGDStep(self.lr), write.w, along)


@dataclass(frozen=True)
class SumOfSquares(Op):
    """y = s + dw^2.   s, dw (any shape) -> y (same), in s's dtype"""

    name = "sum_of_squares"
    kind = "optimizer"
    formula = "y[i] = s[i] + dw[i]^2"
    examples = (example(s=[0.0, 1.0], dw=[2.0, -3.0]), example(s=(2, 3), dw=(2, 3)))

    def infer(self, s: Spec, dw: Spec) -> Spec:
        return s

    def compute(self, xp: Any, s: Array, dw: Array) -> Array:
        return xp.asarray(s + xp.square(xp.astype(dw, s.dtype, copy=False)))

    def cell(self, index: Index, s: Cells, dw: Cells) -> Number:
        return s[index] + square(dw[index])


@dataclass(frozen=True)
class AdagradStep(Op):
    """y = w - lr/(1 + (step - 1)*lr_decay)*dw.   w, dw (any shape), step () -> y (same)"""

    name = "adagrad_step"
    kind = "optimizer"
    integers = ("step",)
    examples = (
        example(w=[0.5, 0.1], dw=[1.0, -1.0], step=1, lr=0.1, lr_decay=0.5),
        example(w=(2, 3), dw=(2, 3), step=4, lr=0.1, lr_decay=0.5),
    )

    lr: float = 1e-2
    lr_decay: float = 0.0

    @property
    def formula(self) -> str:
        return f"y[i] = w[i] - {self.lr:g}/(1 + (step - 1)*{self.lr_decay:g})*dw[i]"

    def infer(self, w: Spec, dw: Spec, step: Spec) -> Spec:
        return w

    def compute(self, xp: Any, w: Array, dw: Array, step: Array) -> Array:
        rate = self.lr / (1 + xp.astype(xp.asarray(step - 1), dw.dtype) * self.lr_decay)
        return xp.asarray(w - rate * dw, dtype=w.dtype)

    def cell(self, index: Index, w: Cells, dw: Cells, step: Cells) -> Number:
        rate = Constant(self.lr, "lr") / (1 + (step[()] - 1) * Constant(self.lr_decay, "lr_decay"))
        return w[index] - rate * dw[index]
