"""The geometry of a sliding window: which input cells an output cell reads, and which output cells read an input."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.number import Index
from stepgrad.engine.op import Pair, per_axis

Padding = int | tuple[int, ...] | str


@dataclass(frozen=True)
class Window:
    """A window sliding over the last axes of a tensor; one entry an axis.

    Output i, kernel cell u  ->  input  i*stride + u*dilation - before.
    """

    size: Index
    kernel: Index
    stride: Index
    dilation: Index
    before: Index
    after: Index
    ceil: bool = False
    """Whether a last window that starts inside but overhangs the padded end counts, as PyTorch's ceil_mode."""

    @property
    def axes(self) -> range:
        return range(len(self.size))

    @property
    def span(self) -> Index:
        """How many input cells the kernel stretches over."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @cached_property
    def out(self) -> Index:
        return tuple(self._out(axis) for axis in self.axes)

    def _out(self, axis: int) -> int:
        room = self.size[axis] + self.before[axis] + self.after[axis] - self.span[axis]
        if not self.ceil:
            return room // self.stride[axis] + 1
        count = -(-room // self.stride[axis]) + 1
        overhangs = (count - 1) * self.stride[axis] >= self.size[axis] + self.before[axis]
        return count - overhangs

    @property
    def taps(self) -> Iterator[Index]:
        """Every kernel cell, in row order."""
        return product(*map(range, self.kernel))

    def at(self, out: Index, tap: Index) -> Index:
        """The input cell that kernel cell `tap` of output `out` meets (it may lie outside)."""
        return tuple(
            i * s + u * d - p for i, u, s, d, p in zip(out, tap, self.stride, self.dilation, self.before, strict=True)
        )

    def inside(self, out: Index) -> tuple[range, ...]:
        """The kernel cells of output `out` that meet the tensor itself, an axis at a time."""
        spans = []
        for axis, i in enumerate(out):
            start = i * self.stride[axis] - self.before[axis]
            d = self.dilation[axis]
            first = max(0, -(start // d)) if start < 0 else 0
            last = min(self.kernel[axis], -((start - self.size[axis]) // d))
            spans.append(range(first, max(first, last)))
        return tuple(spans)

    def readers(self, cell: Index) -> tuple[range, ...]:
        """The outputs whose window covers input `cell`, an axis at a time."""
        spans = []
        for axis, h in enumerate(cell):
            s, d, p = self.stride[axis], self.dilation[axis], self.before[axis]
            every = d // math.gcd(s, d)
            first = max(0, -((self.span[axis] - 1 - h - p) // s))
            last = min(self.out[axis] - 1, (h + p) // s)
            while first <= last and (h + p - first * s) % d:
                first += 1
            spans.append(range(first, last + 1, every))
        return tuple(spans)

    def tap(self, cell: Index, out: Index) -> Index:
        """The kernel cell through which output `out` reads input `cell`."""
        return tuple(
            (h + p - i * s) // d
            for h, i, s, d, p in zip(cell, out, self.stride, self.dilation, self.before, strict=True)
        )

    def opposite(self, tap: Index) -> Index:
        """The kernel cell that takes the place of `tap` once the kernel is turned round."""
        return tuple(k - 1 - u for k, u in zip(self.kernel, tap, strict=True))

    def slices(self, tap: Index) -> tuple[slice, ...]:
        """Where kernel cell `tap` meets the padded input, over all outputs."""
        return tuple(
            slice(u * d, u * d + s * (o - 1) + 1, s)
            for u, o, s, d in zip(tap, self.out, self.stride, self.dilation, strict=True)
        )

    @cached_property
    def padded(self) -> Index:
        """The size of the padded input, and of what the last windows touch beyond it."""
        return tuple(
            max(n + b + a, (o - 1) * s + span)
            for n, b, a, o, s, span in zip(
                self.size, self.before, self.after, self.out, self.stride, self.span, strict=True
            )
        )


@lru_cache(maxsize=4096)
def window(
    size: Index, kernel: Pair, stride: Pair, padding: Padding, dilation: Pair = 1, *, ceil: bool = False
) -> Window:
    """A checked window. Padding is a number, one an axis, two an axis (before, after) or "same"."""
    axes = len(size)
    k, s, d = (
        per_axis(value, axes, what)
        for value, what in ((kernel, "kernel_size"), (stride, "stride"), (dilation, "dilation"))
    )
    for what, values in (("kernel_size", k), ("stride", s), ("dilation", d)):
        if min(values) < 1:
            raise ShapeError(f"{what} is {_plain(values)}: give 1 or more")
    before, after = _padding(padding, size, k, s, d)
    if min(before + after) < 0:
        raise ShapeError(f"padding is {padding}: give 0 or more")
    made = Window(size, k, s, d, before, after, ceil)
    if min(made.out) < 1:
        enough = max(-((n - span) // 2) for n, span in zip(size, made.span, strict=True))
        raise ShapeError(
            f"a kernel of {_by(made.kernel)}{f' with dilation {_plain(d)}' if max(d) > 1 else ''} does not fit "
            f"an input of {_by(size)} with padding {_padding_text(padding)}; "
            f"use padding {enough} or more, or a smaller kernel"
        )
    return made


def _padding(padding: Padding, size: Index, kernel: Index, stride: Index, dilation: Index) -> tuple[Index, Index]:
    axes = len(size)
    if padding == "same":
        needed = tuple(
            max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
            for n, k, s, d in zip(size, kernel, stride, dilation, strict=True)
        )
        return tuple(n // 2 for n in needed), tuple(n - n // 2 for n in needed)
    if isinstance(padding, str):
        raise ShapeError(f'padding is "{padding}": give a number, one an axis, two an axis, or "same"')
    if isinstance(padding, tuple) and len(padding) == 2 * axes:
        return padding[0::2], padding[1::2]
    if isinstance(padding, tuple) and len(padding) != axes:
        raise ShapeError(
            f"padding is {list(padding)}: give one number, {axes} (one an axis) or {2 * axes} (before and after each)"
        )
    both = per_axis(padding, axes, "padding")
    return both, both


def _by(values: Index) -> str:
    return "x".join(map(str, values))


def _plain(values: Index) -> str:
    return str(values[0]) if len(set(values)) == 1 else str(list(values))


def _padding_text(padding: Padding) -> str:
    return str(list(padding)) if isinstance(padding, tuple) else str(padding)
