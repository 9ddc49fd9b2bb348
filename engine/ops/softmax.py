"""Softmax: scores into probabilities that add up to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total, winner
from stepgrad.engine.number import Cells, Index, Number, exp
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect


def expect_axis(x: Spec, dim: int) -> None:
    """Raise ShapeError unless x has the axis `dim`."""
    rank = len(x.shape)
    expect(-rank <= dim < rank, lambda: f"dim is {dim}; x is {x}, whose axes are {-rank} to {rank - 1}")


def along(index: Index, dim: int) -> Callable[[int | Number], tuple[int | Number, ...]]:
    """The cells of the line through `index` along the axis `dim`, by their place on it."""
    axis = dim % len(index)
    return lambda k: (*index[:axis], k, *index[axis + 1 :])


def largest_of(x: Cells, index: Index, dim: int) -> Number:
    """The largest cell of the line, read as the cell it is: which one may hang on values, since any shift would do."""
    at = along(index, dim)
    return x[at(winner(lambda k: x[at(k)], x.shape[dim]))]


@dataclass(frozen=True)
class Softmax(Op):
    """y[i] = exp(x[i] - max) / sum of exp(x[k] - max) over k, where k runs along `dim`.

    x (any shape) -> y (same). Any shift leaves y as it is; taking the largest off keeps exp between 0 and 1.
    """

    name = "softmax"
    formula = "y[i] = exp(x[i] - max(x[k])) / sum over k of exp(x[k] - max(x[k]))"
    examples = (
        example(x=[[1.0, 2.0, 3.0], [-1000.0, 0.0, 1000.0]]),
        example(x=(2, 3, 2), dim=1),
        example(x=[[1.0, 1.0]], dim=0),
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
        e = xp.exp(x - xp.max(x, axis=self.dim, keepdims=True))
        return e / xp.sum(e, axis=self.dim, keepdims=True)

    def cell(self, index: Index, x: Cells) -> Number:
        at, top = along(index, self.dim), largest_of(x, index, self.dim)
        return exp(x[index] - top) / total(lambda k: exp(x[at(k)] - top), x.shape[self.dim])

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (SoftmaxGrad(self.dim), y, dy)}


@dataclass(frozen=True)
class SoftmaxGrad(Op):
    """dx[i] = p[i]*(dy[i] - sum of dy[k]*p[k] over k), where p is the softmax's own output and k runs along `dim`.

    p, dy (any shape) -> dx (same)
    """

    name = "softmax_grad"
    kind = "gradient"
    formula = "y[i] = p[i]*(dy[i] - sum over k of dy[k]*p[k])"
    examples = (
        example(p=[[0.25, 0.25, 0.5]], dy=[[1.0, 0.0, -2.0]]),
        example(p=(2, 3, 2), dy=(2, 3, 2), dim=1),
    )

    dim: int = -1

    def infer(self, p: Spec, dy: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, p: Array, dy: Array) -> Array:
        return p * (dy - xp.sum(dy * p, axis=self.dim, keepdims=True))

    def cell(self, index: Index, p: Cells, dy: Cells) -> Number:
        at = along(index, self.dim)
        return p[index] * (dy[index] - total(lambda k: dy[at(k)] * p[at(k)], p.shape[self.dim]))
