"""Which one is the largest: the prediction of a classifier."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import Winner
from stepgrad.engine.number import Cells, Index, Leaf, Number, value_of, worth
from stepgrad.engine.op import Array, Op, Spec, example, expect


@dataclass(frozen=True)
class ArgMax(Op):
    """y[n] = the k for which x[n,k] is largest, counted from 0 along `dim`.   x (...,K,...) -> y int64 (...)

    Of equal ones the first; where there is a NaN, the first NaN, as in PyTorch. A whole number has no slope.
    """

    name = "argmax"
    formula = "y[n] = argmax over k of x[n,k]"
    note = "counted from 0; of equal ones the first"
    examples = (
        example(x=[[1.0, 2.0, 3.0], [2.0, 0.0, -1.0], [1.0, 1.0, 0.0]], smooth=False),
        example(x=(2, 3, 4), dim=1),
        example(x=(3, 2), dim=0, keepdim=True),
    )

    dim: int = -1
    keepdim: bool = False

    def infer(self, x: Spec) -> Spec:
        rank = len(x.shape)
        expect(-rank <= self.dim < rank, lambda: f"dim is {self.dim}; x is {x}, its axes are 0 to {rank - 1}")
        axis = self.dim % rank
        expect(x.shape[axis] > 0, lambda: f"x is {x}; there is nothing along axis {axis} to choose from")
        kept = (1,) if self.keepdim else ()
        return Spec((*x.shape[:axis], *kept, *x.shape[axis + 1 :]), "int64")

    def compute(self, xp: Any, x: Array) -> Array:
        return xp.asarray(xp.argmax(x, axis=self.dim, keepdims=self.keepdim))

    def cell(self, index: Index, x: Cells) -> Number:
        axis = self.dim % x.ndim
        before, after = index[:axis], index[axis + self.keepdim :]
        return FirstWinner(lambda k: x[*before, k, *after], (range(x.shape[axis]),))


class FirstWinner(Winner):
    """argmax as a tensor's own: the first NaN wins (a pooling window's last one does)."""

    __slots__ = ()

    def partials(self, leaf: Leaf | None = None) -> Iterator[float]:
        leaf = leaf or value_of
        winner, best = 0, -math.inf
        yield 0.0
        for k, term in enumerate(self):
            value = worth(term, leaf)
            if value > best or (value != value and best == best):
                winner, best = k, value
            yield float(winner)
