"""What pooling to a given size has in common: however large the map, the output has `output_size` cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stepgrad.engine.letters import IN, OUT, commas
from stepgrad.engine.number import Index
from stepgrad.engine.op import Op, Pair, Spec, expect, per_axis

Spans = tuple[range, ...]
"""The cells of a window, an axis at a time."""


@dataclass(frozen=True)
class AdaptivePool(Op):
    """Window i of I over H cells goes from floor(i*H/I) up to, and without, ceil((i+1)*H/I), as in PyTorch."""

    rank: ClassVar[int]

    output_size: Pair = 1

    @property
    def sizes(self) -> Index:
        return per_axis(self.output_size, self.rank, "output_size")

    @property
    def note(self) -> str:
        if set(self.sizes) == {1}:
            return "over the whole map: global pooling"
        each = zip(IN[self.rank], OUT[self.rank], "HW"[-self.rank :], self.sizes, strict=True)
        return "over " + ", ".join(f"{h} from floor({i}*{n}/{o}) to ceil(({i}+1)*{n}/{o})-1" for h, i, n, o in each)

    def infer(self, x: Spec) -> Spec:
        expect(len(x.shape) == self.rank + 2, lambda: f"x is {x}; it takes [N,C,{','.join('HW'[-self.rank :])}]")
        expect(min(self.sizes) >= 1, lambda: f"output_size is {self.output_size}; give 1 or more")
        expect(min(x.shape[2:]) >= 1, lambda: f"x is {x}: there is nothing to pool")
        return x.with_shape(*x.shape[:2], *self.sizes)

    def put(self, rule: str) -> str:
        """The formula: y[n,c,i,j] = RULE x[n,c,h,g]."""
        return f"y[n,c,{commas(OUT[self.rank])}] = {rule} x[n,c,{commas(IN[self.rank])}]"


def span(i: int, size: int, outputs: int) -> range:
    """The cells of window i along an axis."""
    return range(i * size // outputs, -(-(i + 1) * size // outputs))


def spans(out: Index, size: Index, outputs: Index) -> Spans:
    """The cells of window `out`."""
    return tuple(span(i, n, o) for i, n, o in zip(out, size, outputs, strict=True))


def readers(place: Index, size: Index, outputs: Index) -> Spans:
    """The windows that hold a cell: the same rule with the two sizes changing places."""
    return spans(place, outputs, size)


def along(axis: int, cells: range) -> tuple[slice, ...]:
    """An index that takes some cells of one axis."""
    return (*[slice(None)] * axis, slice(cells.start, cells.stop), ...)  # type: ignore[arg-type]  # numpy's ...
