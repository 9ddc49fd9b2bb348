"""Making a map larger or smaller: every new cell is read off the old ones nearest to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Constant, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Pair, Ref, Spec, example, expect, per_axis

LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3}
"""The modes that weigh neighbours, and how many axes they are for."""

Taps = tuple[tuple[int, float], ...]
"""Cells along one axis and their weights."""


@dataclass(frozen=True)
class Interpolate(Op):
    """y at place i is x at place (i + 0.5)/scale - 0.5: the nearest cell, or the cells around it, weighed by nearness.

    x (N,C,...) -> y (N,C,...), of the given `size` or `scale_factor` times as large. The modes linear, bilinear and
    trilinear are for one, two and three axes; with `align_corners` the corners of x and y are the same points. As
    torch.nn.functional.interpolate, whose `nearest` takes cell floor(i/scale).
    """

    name = "interpolate"
    examples = (
        example(x=[[[[1.0, 2.0], [3.0, 4.0]]]], scale_factor=2.0),
        example(x=(2, 2, 5), size=3),
        example(x=(1, 2, 3, 4), scale_factor=2.0, mode="bilinear"),
        example(x=(1, 1, 4, 5), size=(3, 7), mode="bilinear", align_corners=True),
        example(x=(2, 1, 4), scale_factor=1.5, mode="linear"),
        example(x=(1, 1, 2, 3, 2), scale_factor=2.0, mode="trilinear"),
    )

    size: Pair | None = None
    scale_factor: float | None = None
    mode: Literal["nearest", "linear", "bilinear", "trilinear"] = "nearest"
    align_corners: bool = False

    @property
    def formula(self) -> str:
        if self.mode == "nearest":
            return "y[n,c,i] = x at the cell nearest to i"
        return "y[n,c,i] = sum of weight * x over the cells next to i"

    def infer(self, x: Spec) -> Spec:
        axes = LINEAR.get(self.mode)
        letters = ",".join("DHW"[3 - axes :]) if axes else "..."
        fits = len(x.shape) > 2 if axes is None else len(x.shape) == axes + 2
        expect(fits, lambda: f"x is {x}; mode {self.mode} takes [N,C,{letters}]")
        one = (self.size is None) != (self.scale_factor is None)
        expect(one, lambda: f"size is {self.size} and scale_factor {self.scale_factor}; give one of the two")
        corners = not self.align_corners or axes is not None
        expect(corners, lambda: f"align_corners has no meaning with mode {self.mode}; leave it out")
        out = self.out(x.shape)
        fits = min(out) > 0 and min(x.shape[2:]) > 0
        expect(fits, lambda: f"x is {x} and would become {x.with_shape(*x.shape[:2], *out)}; no axis may be empty")
        return x.with_shape(*x.shape[:2], *out)

    def out(self, x: Index) -> Index:
        """The sizes of y's axes past the channels."""
        if self.scale_factor is None:
            return per_axis(0 if self.size is None else self.size, len(x) - 2, "size")
        return tuple(math.floor(n * self.scale_factor) for n in x[2:])

    def taps(self, x: Index) -> list[tuple[Taps, ...]]:
        """For every axis past the channels, and every new place on it: the cells read, and their weights."""
        return [
            _taps(self.mode == "nearest", n, m, self.scale_factor, self.align_corners)
            for n, m in zip(x[2:], self.out(x), strict=True)
        ]

    def compute(self, xp: Any, x: Array) -> Array:
        for axis, taps in enumerate(self.taps(x.shape), start=2):
            x = gathered(xp, x, taps, axis)
        return x

    def cell(self, index: Index, x: Cells) -> Number:
        n, c, *out = index
        return weighed(x, (n, c), [taps[i] for taps, i in zip(self.taps(x.shape), out, strict=True)])

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (InterpolateGrad(self, x.shape), dy)}


@dataclass(frozen=True)
class InterpolateGrad(Op):
    """dx = sum of weight * dy over the new cells that x went into, with the weights it went in with.

    dy (N,C,...) -> dx (`shape`)
    """

    name = "interpolate_grad"
    kind = "gradient"
    formula = "y[n,c,i] = sum of weight * dy over the cells that were read off i"
    examples = (
        example(dy=(1, 2, 4, 6), of=Interpolate(scale_factor=2.0), shape=(1, 2, 2, 3)),
        example(dy=(1, 1, 2, 3), of=Interpolate(size=(2, 3)), shape=(1, 1, 5, 4)),
        example(dy=(1, 1, 4, 6), of=Interpolate(scale_factor=2.0, mode="bilinear"), shape=(1, 1, 2, 3)),
    )

    of: Interpolate
    shape: Index

    @property
    def taps(self) -> list[tuple[Taps, ...]]:
        """For every axis, and every old place on it: the new places it was read for, and the weights."""
        return [_turned(taps, n) for taps, n in zip(self.of.taps(self.shape), self.shape[2:], strict=True)]

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array) -> Array:
        for axis, taps in enumerate(self.taps, start=2):
            dy = gathered(xp, dy, taps, axis)
        return dy

    def cell(self, index: Index, dy: Cells) -> Number:
        n, c, *at = index
        return weighed(dy, (n, c), [taps[i] for taps, i in zip(self.taps, at, strict=True)])


def weighed(x: Cells, first: Index, taps: Sequence[Taps]) -> Number:
    """The sum of weight * x over the taps of every axis; one tap of weight 1 is the cell itself."""
    plain = all(weight == 1 for axis in taps for _, weight in axis)

    def term(*k: int) -> Number:
        picked = [axis[i] for axis, i in zip(taps, k, strict=True)]
        read = x[*first, *(place for place, _ in picked)]
        return read if plain else Constant(math.prod(weight for _, weight in picked), "weight") * read

    counts = [len(axis) for axis in taps]
    return term(*(0 for _ in taps)) if plain and math.prod(counts) == 1 else total(term, *counts)


def gathered(xp: Any, x: Array, taps: tuple[Taps, ...], axis: int) -> Array:
    """x with every place along `axis` made from its taps. A place with fewer taps than others reads zeros beside x."""
    places, weights, beyond = _table(taps, x.shape[axis])
    if beyond:
        zeros = xp.zeros((*x.shape[:axis], 1, *x.shape[axis + 1 :]), dtype=x.dtype, device=x.device)
        x = xp.concat([x, zeros], axis=axis)
    parts = [xp.take(x, xp.asarray(row, device=x.device), axis=axis) for row in places]
    if (weights != 1).any():
        shape = (-1,) + (1,) * (x.ndim - axis - 1)
        parts = [
            part * xp.reshape(xp.asarray(row, dtype=x.dtype, device=x.device), shape)
            for part, row in zip(parts, weights, strict=True)
        ]
    return sum(parts[1:], start=parts[0])


@lru_cache(maxsize=256)
def _table(taps: tuple[Taps, ...], size: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], bool]:
    """(places, weights), a row for each tap; and whether some place has fewer, and reads cell `size`, a zero."""
    most = max(1, *(len(each) for each in taps))
    filled = [[*each, *[(size, 1.0)] * (most - len(each))] for each in taps]
    table = np.array(filled, np.float64)
    return table[..., 0].T.astype(np.int64), table[..., 1].T, any(len(each) < most for each in taps)


@lru_cache(maxsize=256)
def _taps(nearest: bool, size: int, out: int, scale: float | None, align_corners: bool) -> tuple[Taps, ...]:
    """For every new place along an axis of `size` cells: the old cells it is read off, and their weights."""
    if nearest:
        # PyTorch keeps the step of `nearest` in float32, which decides where two cells are equally near.
        step = np.float32(1 / scale if scale else size / out)
        return tuple(((min(int(np.float32(i) * step), size - 1), 1.0),) for i in range(out))
    if align_corners:
        at = [i * (size - 1) / (out - 1) if out > 1 else 0.0 for i in range(out)]
    else:
        at = [max(0.0, (i + 0.5) * (1 / scale if scale else size / out) - 0.5) for i in range(out)]
    return tuple(_between(place, size) for place in at)


def _between(place: float, size: int) -> Taps:
    """The two cells around a place. Where it lies on one the other counts 0, and at the end both are the same."""
    low = min(int(place), size - 1)
    share = min(max(place - low, 0.0), 1.0)
    return (low, 1 - share), (min(low + 1, size - 1), share)


@lru_cache(maxsize=256)
def _turned(taps: tuple[Taps, ...], size: int) -> tuple[Taps, ...]:
    """The taps seen from the other side: for every old place, the new places that read it."""
    found: list[list[tuple[int, float]]] = [[] for _ in range(size)]
    for i, each in enumerate(taps):
        for place, weight in each:
            found[place].append((i, weight))
    return tuple(map(tuple, found))
