"""The logarithm of softmax, which stays finite where a probability is too small to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, exp, log
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example
from stepgrad.engine.ops.softmax import along, expect_axis, largest_of


@dataclass(frozen=True)
class LogSoftmax(Op):
    """y[i] = x[i] - max - log(sum of exp(x[k] - max) over k), where k runs along `dim`.   x (any shape) -> y (same)"""

    name = "log_softmax"
    formula = "y[i] = x[i] - max(x[k]) - log(sum over k of exp(x[k] - max(x[k])))"
    examples = (
        example(x=[[1.0, 2.0, 3.0], [-1000.0, 0.0, 1000.0]]),
        example(x=(2, 3, 2), dim=1),
        example(x=(4,), dim=0),
    )

    dim: int = -1

    @property
    def note(self) -> str:
        return f"k runs along axis {self.dim}"

    def infer(self, x: Spec) -> Spec:
        expect_axis(x, self.dim)
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        if not x.size:
            return x
        shifted = x - xp.max(x, axis=self.dim, keepdims=True)
        return shifted - xp.log(xp.sum(xp.exp(shifted), axis=self.dim, keepdims=True))

    def cell(self, index: Index, x: Cells) -> Number:
        at, top = along(index, self.dim), largest_of(x, index, self.dim)
        return x[index] - top - log(total(lambda k: exp(x[at(k)] - top), x.shape[self.dim]))

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (LogSoftmaxGrad(self.dim), y, dy)}


@dataclass(frozen=True)
class LogSoftmaxGrad(Op):
    """dx[i] = dy[i] - exp(logp[i])*sum of dy[k] over k, where logp is log-softmax's own output and k runs along `dim`.

    logp, dy (any shape) -> dx (same)
    """

    name = "log_softmax_grad"
    kind = "gradient"
    formula = "y[i] = dy[i] - exp(logp[i])*sum over k of dy[k]"
    examples = (
        example(logp=[[-1.0, -0.5, -2.0]], dy=[[0.0, -1.0, 0.0]]),
        example(logp=(2, 3, 2), dy=(2, 3, 2), dim=1),
    )

    dim: int = -1

    def infer(self, logp: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, logp: Array, dy: Array) -> Array:
        return dy - xp.exp(logp) * xp.sum(dy, axis=self.dim, keepdims=True)

    def cell(self, index: Index, logp: Cells, dy: Cells) -> Number:
        at = along(index, self.dim)
        return dy[index] - exp(logp[index]) * total(lambda k: dy[at(k)], dy.shape[self.dim])
