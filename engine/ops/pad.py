"""A border around a map: of a constant, or of the map's own cells mirrored, repeated or carried round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from stepgrad.engine.fold import total
from stepgrad.engine.letters import IN, OUT, affine, commas
from stepgrad.engine.number import Cells, Constant, Index, Number, Operand
from stepgrad.engine.op import Array, Gradient, Op, Pair, Ref, Spec, example, expect
from stepgrad.engine.sliding import pad, unpadded
from stepgrad.engine.window import Window, window

Mode = Literal["constant", "reflect", "replicate", "circular"]

NOTES = {
    "constant": "outside x: {value:g}",
    "reflect": "outside x: its cells mirrored at the border, which is not repeated",
    "replicate": "outside x: its nearest cell",
    "circular": "outside x: its cells from the other end",
}


@dataclass(frozen=True)
class Pad(Op):
    """y[n,c,i,j] = x[n,c,i-top,j-left]; outside x as `mode` says.   x (N,C,H,W) -> y (N,C,top+H+bottom,left+W+right)

    `padding` is a number, one an axis, or [top, bottom, left, right]. Row -1 is 0, or `value` (constant), row 1
    (reflect), row 0 (replicate), the last row (circular).
    """

    name = "pad"
    ranks = {"x": (2, 3, 4)}  # noqa: RUF012 - a class variable of Op
    examples = (
        example(x=[[[[1.0, 2], [3, 4]]]], padding=1),
        example(x=(2, 3, 4, 3), padding=(1, 0, 2, 1), value=-1.5),
        example(x=(1, 2, 4, 3), padding=(2, 1), mode="reflect"),
        example(x=(1, 2, 2, 3), padding=(3, 1, 0, 2), mode="replicate"),
        example(x=(1, 2, 2, 3), padding=(2, 1, 0, 3), mode="circular"),
        example(x=[[[1.0, 2, 3]]], padding=2, mode="reflect"),
    )

    padding: Pair = 1
    mode: Mode = "constant"
    value: float = 0.0

    @property
    def formula(self) -> str:
        if isinstance(self.padding, int):
            return f"y[n,c,i,...] = x[n,c,{affine((1, 'i'), plus=-self.padding)},...]"
        before = self.padding if len(self.padding) == 2 else self.padding[0::2]
        out = OUT[len(before)]
        return (
            f"y[n,c,{commas(out)}] = x[n,c,{commas(affine((1, i), plus=-b) for i, b in zip(out, before, strict=True))}]"
        )

    @property
    def note(self) -> str:
        return NOTES[self.mode].format(value=self.value)

    def window(self, x: Index) -> Window:
        """A window of one cell: it has the same sides, and an output for every cell of the padded map."""
        return window(x[2:], 1, 1, self.padding)

    def infer(self, x: Spec) -> Spec:
        expect(3 <= len(x.shape) <= 5, lambda: f"x is {x}; it takes [N,C,W], [N,C,H,W] or [N,C,D,H,W]")
        over = self.window(x.shape)
        most = tuple(size - 1 if self.mode == "reflect" else size for size in over.size)
        fits = all(max(b, a) <= m for b, a, m in zip(over.before, over.after, most, strict=True))
        expect(
            fits or self.mode in ("constant", "replicate"),
            lambda: f"padding is {self.padding}; {self.mode} has at most {list(most)} cells to give where x is {x}",
        )
        expect(
            min(over.size) > 0 or self.mode == "constant",
            lambda: f"x is {x}: it has no cells to fill a border with",
        )
        return x.with_shape(*x.shape[:2], *over.out)

    def compute(self, xp: Any, x: Array) -> Array:
        over = self.window(x.shape)
        out = pad(xp, x, over, self.value if self.mode == "constant" else 0.0)
        for axis in over.axes:
            for i, copied in self.border(over, axis):
                out[_at(out, axis, i)] = out[_at(out, axis, copied)]
        return out

    def cell(self, index: Index, x: Cells) -> Operand:
        n, c, *out = index
        over = self.window(x.shape)
        place = [self.source(i, over, axis) for axis, i in enumerate(out)]
        inside = all(0 <= h < size for h, size in zip(place, over.size, strict=True))
        return x.padded(n, c, *place) if inside or self.value == 0 else Constant(self.value, "value")

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (PadGrad(self, x.shape[2:]), dy)}

    def source(self, i: int, over: Window, axis: int) -> int:
        """The place along an axis of x whose cell stands at place i of y; outside x where it is a constant."""
        h, size = i - over.before[axis], over.size[axis]
        if self.mode == "reflect":
            return size - 1 - abs(size - 1 - abs(h))
        if self.mode == "replicate":
            return min(max(h, 0), size - 1)
        return h % size if self.mode == "circular" else h

    def border(self, over: Window, axis: int) -> Iterator[tuple[int, int]]:
        """Of every copied place of y along an axis: the place of y that it is a copy of."""
        if self.mode == "constant":
            return
        before, size = over.before[axis], over.size[axis]
        for i in (*range(before), *range(before + size, over.out[axis])):
            yield i, before + self.source(i, over, axis)


@dataclass(frozen=True)
class PadGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,c,i,j] over all copies (i,j) of the cell: itself, and those in the border.

    dy (N,C,I,J) -> dx (N,C,H,W)
    """

    name = "pad_grad"
    kind = "gradient"
    examples = (
        example(dy=(1, 1, 4, 4), of=Pad(1), size=(2, 2)),
        example(dy=(1, 2, 8, 5), of=Pad((2, 1), "reflect"), size=(4, 3)),
        example(dy=(1, 2, 6, 5), of=Pad((3, 1, 0, 2), "replicate"), size=(2, 3)),
        example(dy=(1, 2, 5, 6), of=Pad((2, 1, 0, 3), "circular"), size=(2, 3)),
        example(dy=[[[1.0, 2, 3, 4, 5, 6, 7]]], of=Pad(2, "reflect"), size=(3,)),
    )

    of: Pad
    size: Index

    @property
    def formula(self) -> str:
        rank = len(self.size)
        return f"y[n,c,{commas(IN[rank])}] = sum dy[n,c,{commas(OUT[rank])}]"

    @property
    def note(self) -> str:
        return "the border passes nothing back" if self.of.mode == "constant" else "over every copy of the cell"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*dy.shape[:2], *self.size)

    def compute(self, xp: Any, dy: Array) -> Array:
        over = self.of.window((1, 1, *self.size))
        gathered = xp.asarray(dy, copy=True)
        for axis in over.axes:
            for i, copied in self.of.border(over, axis):
                gathered[_at(dy, axis, copied)] += gathered[_at(dy, axis, i)]
        return unpadded(gathered, over)

    def cell(self, index: Index, dy: Cells) -> Number:
        n, c, *place = index
        copies = [_copies(self.of, self.size, axis)[h] for axis, h in enumerate(place)]

        def copy(*k: int) -> Number:
            return dy[n, c, *(at[i] for at, i in zip(copies, k, strict=True))]

        return total(copy, *map(len, copies))


@lru_cache(maxsize=1024)
def _copies(of: Pad, size: Index, axis: int) -> list[list[int]]:
    """Of every place of x along an axis: the places of y where its cell stands."""
    over = of.window((1, 1, *size))
    found: list[list[int]] = [[] for _ in range(size[axis])]
    for i in range(over.out[axis]):
        h = of.source(i, over, axis)
        if 0 <= h < size[axis]:
            found[h].append(i)
    return found


def _at(x: Array, axis: int, i: int) -> tuple[slice | int, ...]:
    """An index that takes place i of one of the last axes."""
    return (*[slice(None)] * (2 + axis), i, *[slice(None)] * (x.ndim - 3 - axis))
