"""Local response normalisation: a cell over what its neighbouring channels hold at the same place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.graph import Graph, Phase
from stepgrad.engine.number import Cells, Constant, Index, Number, square
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


@dataclass(frozen=True)
class LocalResponseNorm(Op):
    """y[n,c,i] = x[n,c,i] / (k + alpha/size * sum of x[n,m,i]^2 over the `size` channels m around c)^beta.

    x (N,C,...) -> y (same). The channels run from c - size//2; those outside count as zeros, and the divisor stays
    `size`, as in PyTorch. Parts: `NAME.divisor`, then `NAME`.
    """

    name = "local_response_norm"
    composite = True
    examples = (
        example(x=(2, 5, 3, 2), size=3, alpha=0.5),
        example(x=(1, 4, 3), size=2, alpha=1.0, beta=0.5, k=2.0),
        example(x=(1, 2, 2, 2), size=5, alpha=1.0),
    )

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0

    def infer(self, x: Spec) -> Spec:
        expect(len(x.shape) >= 3, lambda: f"x is {x}; it takes [N,C,...] with at least one axis after the channels")
        expect(self.size > 0, lambda: f"size is {self.size}; it is a number of channels, at least 1")
        return x

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "forward") -> Ref | None:
        (x,) = inputs
        if x is None:
            return None
        self.infer(x.spec)
        rule = LocalDivisor(self.size, self.alpha, self.k)
        divisor = graph.add(f"{name}.divisor", rule, x, layer=name, phase=phase)
        return graph.add(name, OverPower(self.beta), x, divisor, layer=name, phase=phase)


@dataclass(frozen=True)
class LocalDivisor(Op):
    """y[n,c,i] = k + alpha*(sum of x[n,m,i]^2 over the `size` channels m from c - size//2)/size.

    x (N,C,...) -> y (same)
    """

    name = "local_divisor"
    kind = "part"
    examples = (
        example(x=[[[1.0], [2.0], [3.0]]], size=3, alpha=3.0),
        example(x=(2, 5, 3, 2), size=4, alpha=0.5, k=2.0),
    )

    size: int = 5
    alpha: float = 1e-4
    k: float = 1.0

    @property
    def formula(self) -> str:
        first, last = self.size // 2, (self.size - 1) // 2
        over = f"m = c-{first} .. c+{last}"
        return f"y[n,c,i] = {self.k:g} + {self.alpha:g}*(sum of x[n,m,i]^2 over {over})/{self.size}"

    def infer(self, x: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array) -> Array:
        summed = summed_channels(xp, x * x, range(-(self.size // 2), (self.size - 1) // 2 + 1))
        return self.k + self.alpha * summed / self.size

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *at = index
        first = c - self.size // 2
        squares = total(lambda m: square(x.padded(n, first + m, *at)), self.size)
        return Constant(self.k, "k") + Constant(self.alpha, "alpha") * squares / Constant(self.size, "size")

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (LocalDivisorGrad(self.size, self.alpha), x, dy)}


@dataclass(frozen=True)
class LocalDivisorGrad(Op):
    """dx[n,c,i] = 2*alpha/size * x[n,c,i] * sum of dy[n,m,i] over the channels m whose sum holds channel c.

    x, dy (N,C,...) -> dx (same)
    """

    name = "local_divisor_grad"
    kind = "gradient"
    examples = (
        example(x=[[[1.0], [2.0], [3.0]]], dy=[[[1.0], [0.0], [-1.0]]], size=3, alpha=3.0),
        example(x=(2, 5, 3), dy=(2, 5, 3), size=4, alpha=0.5),
    )

    size: int = 5
    alpha: float = 1e-4

    @property
    def formula(self) -> str:
        first, last = (self.size - 1) // 2, self.size // 2
        over = f"m = c-{first} .. c+{last}"
        return f"y[n,c,i] = 2*{self.alpha:g}*x[n,c,i]*(sum of dy[n,m,i] over {over})/{self.size}"

    def infer(self, x: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, x: Array, dy: Array) -> Array:
        summed = summed_channels(xp, dy, range(-((self.size - 1) // 2), self.size // 2 + 1))
        return 2 * self.alpha * x * summed / self.size

    def cell(self, index: Index, x: Cells, dy: Cells) -> Number:
        n, c, *at = index
        near = range(max(0, c - (self.size - 1) // 2), min(x.shape[1], c + self.size // 2 + 1))
        summed = total(lambda m: dy[n, m, *at], near)
        return 2 * Constant(self.alpha, "alpha") * x[index] * summed / Constant(self.size, "size")


def summed_channels(xp: Any, x: Array, offsets: range) -> Array:
    """y[n,c,...] = sum of x[n,c+o,...] over the offsets o; channels outside count as zeros."""
    channels = x.shape[1]
    out = xp.zeros_like(x)
    for offset in offsets:
        first, last = max(0, -offset), min(channels, channels - offset)
        if first < last:
            out[:, first:last, ...] += x[:, first + offset : last + offset, ...]
    return out


@dataclass(frozen=True)
class OverPower(Op):
    """y[i] = x[i]/divisor[i]^beta.   x, divisor (any shape, the same) -> y (same)"""

    name = "over_power"
    kind = "part"
    examples = (
        example(x=[3.0, -4.0], divisor=[16.0, 1.0]),
        example(x=(2, 3), divisor=[[1.0, 2.0, 3.0], [1.5, 0.5, 4.0]]),
    )

    beta: float = 0.75

    @property
    def formula(self) -> str:
        return f"y[i] = x[i]/divisor[i]^{self.beta:g}"

    def infer(self, x: Spec, divisor: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, divisor: Array) -> Array:
        return x / divisor**self.beta

    def cell(self, index: Index, x: Cells, divisor: Cells) -> Number:
        return x[index] / divisor[index] ** Constant(self.beta, "beta")

    def gradient(self, x: Ref, divisor: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (self, dy, divisor), "divisor": (OverPowerDivisorGrad(self.beta), y, divisor, dy)}


@dataclass(frozen=True)
class OverPowerDivisorGrad(Op):
    """ddivisor[i] = -beta*dy[i]*q[i]/divisor[i], where q is the quotient itself.

    q, divisor, dy (any shape, the same) -> ddivisor (same)
    """

    name = "over_power_divisor_grad"
    kind = "gradient"
    examples = (
        example(q=[1.5, -4.0], divisor=[4.0, 1.0], dy=[1.0, 2.0], beta=0.5),
        example(q=(2, 3), divisor=[[1.0, 2.0, 3.0], [1.5, 0.5, 4.0]], dy=(2, 3)),
    )

    beta: float = 0.75

    @property
    def formula(self) -> str:
        return f"y[i] = -{self.beta:g}*dy[i]*q[i]/divisor[i]"

    def infer(self, q: Spec, divisor: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, q: Array, divisor: Array, dy: Array) -> Array:
        return -self.beta * dy * q / divisor

    def cell(self, index: Index, q: Cells, divisor: Cells, dy: Cells) -> Number:
        return -Constant(self.beta, "beta") * dy[index] * q[index] / divisor[index]
