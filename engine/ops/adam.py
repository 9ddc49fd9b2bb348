"""Adam: steps of about one learning rate, whatever the size of the gradient; AdamW, with decoupled weight decay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Constant, Index, Number, sqrt
from stepgrad.engine.op import Array, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.exp_avg import ExpAvg, ExpAvgSq
from stepgrad.engine.update import Optimizer, Writer
from stepgrad.engine.values import widened


@dataclass(frozen=True)
class Adam(Optimizer):
    """m = beta1*m + (1 - beta1)*g;  v = beta2*v + (1 - beta2)*g^2;  w = w - lr*(m/c1) / (sqrt(v/c2) + eps).

    g = dw + weight_decay*w. m and v start at 0 and are too small at first, which c1 = 1 - beta1^step and
    c2 = 1 - beta2^step undo. Source: Kingma and Ba, arXiv 1412.6980; torch.optim.Adam.
    """

    name = "adam"

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        expect(
            len(self.betas) == 2 and all(0 <= beta < 1 for beta in self.betas),
            lambda: f"betas is {list(self.betas)}; give two numbers, from 0 to less than 1",
        )

    def update(self, write: Writer) -> None:
        self.descend(write, write.decayed(self.weight_decay))

    def descend(self, write: Writer, slope: Ref, *, shrink: float = 0.0) -> None:
        """Add the nodes of the averages and of the step along `slope`."""
        beta1, beta2 = self.betas
        m, v = write.state("exp_avg"), write.state("exp_avg_sq")
        count = write.step()
        m_new = write.write(m, ExpAvg(beta1), m, slope)
        v_new = write.write(v, ExpAvgSq(beta2), v, slope)
        write.write(write.w, AdamStep(self.lr, self.betas, self.eps, shrink), write.w, m_new, v_new, count)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam on dw itself, and w shrinks by lr*weight_decay*w beside it: the decay is not divided by sqrt(v).

    Source: Loshchilov and Hutter, arXiv 1711.05101; torch.optim.AdamW.
    """

    name = "adamw"

    weight_decay: float = 1e-2

    def update(self, write: Writer) -> None:
        self.descend(write, write.dw, shrink=self.weight_decay)


@dataclass(frozen=True)
class AdamStep(Op):
    """y = w - lr*weight_decay*w - lr*(m/(1 - beta1^step)) / (sqrt(v/(1 - beta2^step)) + eps).

    w, m, v (any shape), step () -> y (same)
    """

    name = "adam_step"
    kind = "optimizer"
    integers = ("step",)
    examples = (
        example(w=[0.5, 0.1], m=[-0.3, -0.4], v=[0.01, 0.02], step=1, lr=0.1),
        example(w=[[1.0, 2.0]], m=[[0.5, 0.0]], v=[[0.25, 0.0]], step=3, lr=0.1, weight_decay=0.01),
        example(w=[1.0], m=[0.5], v=[0.25], step=1, betas=(0.0, 0.0), eps=0.1),
    )

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    @property
    def formula(self) -> str:
        beta1, beta2 = self.betas
        decay = f" - {self.lr:g}*{self.weight_decay:g}*w[i]" if self.weight_decay else ""
        average = f"m[i]/(1 - {beta1:g}^step)"
        return f"y[i] = w[i]{decay} - {self.lr:g}*({average})/(sqrt(v[i]/(1 - {beta2:g}^step)) + {self.eps:g})"

    def infer(self, w: Spec, m: Spec, v: Spec, step: Spec) -> Spec:
        return w

    def compute(self, xp: Any, w: Array, m: Array, v: Array, step: Array) -> Array:
        m, v, kept = (widened(xp, x) for x in (m, v, w))
        c1, c2 = (_correction(xp, beta, xp.astype(step, m.dtype)) for beta in self.betas)
        if self.weight_decay:
            kept = kept - self.lr * self.weight_decay * kept
        return xp.asarray(kept - self.lr * (m / c1) / (xp.sqrt(v / c2) + self.eps), dtype=w.dtype)

    def cell(self, index: Index, w: Cells, m: Cells, v: Cells, step: Cells) -> Number:
        lr, (beta1, beta2) = Constant(self.lr, "lr"), self.betas
        kept: Number = w[index]
        if self.weight_decay:
            kept = kept - lr * Constant(self.weight_decay, "weight_decay") * w[index]
        m_hat = m[index] / (1 - Constant(beta1, "beta1") ** step[()])
        v_hat = v[index] / (1 - Constant(beta2, "beta2") ** step[()])
        return kept - lr * m_hat / (sqrt(v_hat) + Constant(self.eps, "eps"))


def _correction(xp: Any, beta: float, step: Array) -> Array:
    """1 - beta^step, all digits of it: 1 - 0.999 in float32 has four."""
    return -xp.expm1(step * (math.log(beta) if beta else -math.inf))
