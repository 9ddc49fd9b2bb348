"""RMSprop: the gradient is divided by the root of a moving average of its square."""

from __future__ import annotations

from dataclasses import dataclass

from stepgrad.engine.ops.exp_avg import ExpAvg, ExpAvgSq
from stepgrad.engine.ops.scaled_gradient import ScaledGradient
from stepgrad.engine.ops.sgd import MomentumBuffer, SGDStep
from stepgrad.engine.update import Optimizer, Writer


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """s = alpha*s + (1 - alpha)*g^2;  d = g / (sqrt(s) + eps);  w = w - lr*d.   g = dw + weight_decay*w

    `centered` divides by sqrt(s - mean^2) + eps, where mean = alpha*mean + (1 - alpha)*g. With `momentum`, w moves
    along b = momentum*b + d instead of d. Source: Hinton, lecture 6e; torch.optim.RMSprop.
    """

    name = "rmsprop"

    lr: float = 1e-2
    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    centered: bool = False

    def update(self, write: Writer) -> None:
        slope = write.decayed(self.weight_decay)
        s = write.state("square_avg")
        s_new = write.write(s, ExpAvgSq(self.alpha), s, slope)
        mean_new = None
        if self.centered:
            mean = write.state("grad_avg")
            mean_new = write.write(mean, ExpAvg(self.alpha), mean, slope)
        along = write.add("grad.scaled", ScaledGradient(self.eps), slope, s_new, mean_new)
        if self.momentum:
            b = write.state("momentum_buffer")
            along = write.write(b, MomentumBuffer(self.momentum), b, along)
        write.write(write.w, SGDStep(self.lr), write.w, along)
