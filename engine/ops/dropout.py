"""Dropout: a mask, drawn anew in every iteration, and the tensor with it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.graph import Graph, Phase
from stepgrad.engine.number import Cells, Constant, Index, Number, select
from stepgrad.engine.op import Array, Gradient, Initial, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.add import Identity
from stepgrad.engine.ops.counter import Counter


@dataclass(frozen=True)
class Dropout(Op):
    """y[i] = x[i]*mask[i]/(1 - p), where mask[i] is 0 with probability p, else 1; without `training` y = x.

    x (any shape), draws () -> y (same). The mask is a function of (seed, layer, draws, cell) alone, so any iteration
    can be drawn without those before it; `draws` counts them. The division keeps the expected value of y at x.
    """

    name = "dropout"
    composite = True
    buffers = ("draws",)
    integers = ("draws",)
    examples = (
        example(x=(2, 3, 4), draws=3),
        example(x=(5,), draws=0, p=0.25, seed=7),
        example(x=(2, 3), draws=1, p=0.0),
        example(x=(2, 3), draws=1, p=1.0),
        example(x=(2, 3), draws=1, training=False),
    )

    p: float = 0.5
    training: bool = True
    seed: int = 0

    def infer(self, x: Spec, draws: Spec) -> Spec:
        expect(0 <= self.p <= 1, lambda: f"p is {self.p:g}; the probability that a cell is dropped is from 0 to 1")
        return x

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "forward") -> Ref | None:
        x, draws = inputs
        if x is None or draws is None:
            return None
        self.infer(x.spec, draws.spec)
        if not self.training:
            return graph.add(name, Identity(), x, layer=name, phase=phase)
        rule = DropoutMask(self.p, self.seed, name, x.shape, x.spec.dtype)
        mask = graph.add(f"{name}.mask", rule, draws, layer=name, phase=phase)
        graph.add(f"{draws.name}.new", Counter(), draws, layer=name, phase=phase)
        return graph.add(name, Dropped(self.p), x, mask, layer=name, phase=phase)

    def initial(self, x: Spec) -> Mapping[str, Initial]:
        return {"draws": Initial((), 0, 0)}


@dataclass(frozen=True)
class DropoutMask(Op):
    """y[i] = 1 where the number drawn for cell i, from [0, 1), is at least p, else 0.   draws () -> y (`shape`)"""

    name = "dropout_mask"
    kind = "part"
    integers = ("draws",)
    examples = (
        example(draws=3, seed=7, layer="drop", shape=(2, 3, 4)),
        example(draws=0, p=0.9, shape=(5,)),
    )

    p: float = 0.5
    seed: int = 0
    layer: str = ""
    shape: Index = ()
    dtype: str = "float64"

    @property
    def formula(self) -> str:
        return f"y[i] = where(drawn >= {self.p:g}, 1, 0)"

    @property
    def note(self) -> str:
        return f"drawn from the seed {self.seed}, the layer's name, the iteration and the cell"

    def infer(self, draws: Spec) -> Spec:
        expect(draws.shape == () and draws.is_integer, lambda: f"draws is {draws}; it is one whole number")
        return Spec(self.shape, self.dtype)

    def compute(self, xp: Any, draws: Array) -> Array:
        step = _word(xp, draws, _STEP)
        stream = _mixed_array(xp, _word(xp, draws, self._key) + xp.astype(draws, xp.uint64) * step)
        cells = xp.arange(1, math.prod(self.shape) + 1, dtype=xp.uint64, device=draws.device)
        drawn = _mixed_array(xp, stream + cells * step) >> _word(xp, draws, _SPARE)
        # Compared as whole numbers, the mask is the same in every dtype and on every device.
        kept = drawn >= _word(xp, draws, math.ceil(self.p * _DRAWS))
        return xp.reshape(xp.astype(kept, getattr(xp, self.dtype)), self.shape)

    def cell(self, index: Index, draws: Cells) -> Number:
        stream = _mixed(self._key + int(draws[()].value) * _STEP)
        drawn = _mixed(stream + (Spec(self.shape).number(index) + 1) * _STEP) >> _SPARE
        return select(Constant(drawn / _DRAWS, "drawn") >= Constant(self.p, "p"), 1, 0)

    @property
    def _key(self) -> int:
        return _mixed((self.seed << 32) ^ zlib.crc32(self.layer.encode()))


# SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): number i of a stream is
# mix(key + (i + 1)*step), so any of them is drawn without those before it, on any device, with whole numbers alone.
_STEP = 0x9E3779B97F4A7C15
_FACTORS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST = 31
_WORD = (1 << 64) - 1
_SPARE = 40
_DRAWS = 1 << (64 - _SPARE)
"""How many numbers can be drawn: as many as float32 tells apart in [0, 1)."""


def _mixed(z: int) -> int:
    z &= _WORD
    for shift, factor in _FACTORS:
        z = ((z ^ (z >> shift)) * factor) & _WORD
    return z ^ (z >> _LAST)


def _mixed_array(xp: Any, z: Array) -> Array:
    for shift, factor in _FACTORS:
        z = (z ^ (z >> _word(xp, z, shift))) * _word(xp, z, factor)
    return z ^ (z >> _word(xp, z, _LAST))


def _word(xp: Any, like: Array, value: int) -> Array:
    # One cell, not none: arrays wrap round silently where NumPy's scalars warn.
    return xp.asarray([value], dtype=xp.uint64, device=like.device)


@dataclass(frozen=True)
class Dropped(Op):
    """y[i] = x[i]*mask[i]/(1 - p).   x, mask (any shape, the same) -> y (same)"""

    name = "dropped"
    kind = "part"
    examples = (
        example(x=[1.0, -2.0, 3.0], mask=[1.0, 0.0, 1.0], p=0.5),
        example(x=(2, 3), mask=(2, 3), p=0.25),
        example(x=(2, 3), mask=(2, 3), p=1.0),
    )

    p: float = 0.5

    @property
    def formula(self) -> str:
        return "y[i] = x[i]*mask[i]" + ("" if self.p in (0, 1) else f"/(1 - {self.p:g})")

    def infer(self, x: Spec, mask: Spec) -> Spec:
        return x

    def compute(self, xp: Any, x: Array, mask: Array) -> Array:
        kept = x * mask
        return kept if self.p in (0, 1) else kept / (1 - self.p)

    def cell(self, index: Index, x: Cells, mask: Cells) -> Number:
        kept = x[index] * mask[index]
        return kept if self.p in (0, 1) else kept / (1 - Constant(self.p, "p"))

    def gradient(self, x: Ref, mask: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (self, dy, mask)}
