"""What all pooling ops have in common: a window of every channel becomes one cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from stepgrad.engine.letters import OUT, commas, met
from stepgrad.engine.number import Index
from stepgrad.engine.op import Op, Pair, Spec, expect, per_axis
from stepgrad.engine.window import Window, window


def written(axes: int) -> Mapping[str, Index]:
    """A plane, its channels, a batch."""
    return {"x": (axes, axes + 1, axes + 2)}


@dataclass(frozen=True)
class Pool(Op):
    """A window slides over each channel by itself. The stride is the kernel's size unless given."""

    rank: ClassVar[int]

    kernel_size: Pair = 2
    stride: Pair | None = None

    def window(self, x: Index) -> Window:
        return self.sliding(x)

    def sliding(self, x: Index, padding: Pair = 0, dilation: Pair = 1, *, ceil: bool = False) -> Window:
        """The checked window over x (N,C,H,W)."""
        return _checked(x[2:], self.kernel_size, self.strides, padding, dilation, ceil)

    @property
    def strides(self) -> Index:
        """The stride of every axis."""
        return per_axis(self.kernel_size if self.stride is None else self.stride, self.rank, "stride")

    def infer(self, x: Spec) -> Spec:
        expect(len(x.shape) == self.rank + 2, lambda: f"x is {x}; it takes [N,C,{','.join('HW'[-self.rank :])}]")
        return x.with_shape(*x.shape[:2], *self.window(x.shape).out)

    def met(self, padding: Pair = 0, dilation: Pair = 1) -> str:
        """The cells of a window in letters: n,c,2i+u,2j+v."""
        before = (padding,) * self.rank if isinstance(padding, int) else padding
        before = before if len(before) == self.rank else before[0::2]
        return f"n,c,{met(self.strides, per_axis(dilation, self.rank, 'dilation'), before)}"

    @property
    def cells(self) -> str:
        """A cell of the output in letters: n,c,i,j."""
        return f"n,c,{commas(OUT[self.rank])}"


@lru_cache(maxsize=1024)
def _checked(size: Index, kernel: Pair, stride: Index, padding: Pair, dilation: Pair, ceil: bool) -> Window:
    made = window(size, kernel, stride, padding, dilation, ceil=ceil)
    expect(
        all(2 * max(b, a) <= k for b, a, k in zip(made.before, made.after, made.kernel, strict=True)),
        lambda: f"padding is {padding}; it may be at most half the kernel_size {kernel}",
    )
    return made
