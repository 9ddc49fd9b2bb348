"""The tensor that is looked at: its planes, how far it is written, and what the current step does with it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np

from stepgrad.engine.fold import Total
from stepgrad.engine.number import Index, Number, Read
from stepgrad.engine.op import Spec
from stepgrad.engine.parts import Parts
from stepgrad.engine.step import Step, leaves
from stepgrad.tui.board import Plane
from stepgrad.tui.charts.heat import Marks, averaged, pooled
from stepgrad.tui.charts.levels import Array, Range, picture_codes, range_of
from stepgrad.tui.charts.summary import Summary, summarise
from stepgrad.tui.line import Line
from stepgrad.tui.numbers import COUNTED, Scale, measure
from stepgrad.tui.scene import label, size_of

LOOKED_AT = 16384
"""How many of the numbers a step reads are looked at: more than a window has, even in 512 channels."""


@dataclass(frozen=True)
class Tensor:
    """A tensor of a run, whole."""

    name: str
    values: Array
    role: str = ""
    """Of what is given; nothing for what is computed."""
    tiles: dict[Hashable, list[Line]] = field(default_factory=dict)
    """Planes as they were drawn."""
    _made: dict[tuple[int, int], Array] = field(default_factory=dict)
    _scales: dict[int, Scale] = field(default_factory=dict)

    @cached_property
    def shape(self) -> Index:
        """The shape of the planes and their leading axes: many single numbers are a plane of their own."""
        shape: Index = self.values.shape
        while len(shape) > 2 and shape[-2:] == (1, 1):
            shape = shape[:-2]
        return shape

    @cached_property
    def planes(self) -> Array:
        """The values as (planes, rows, columns)."""
        return self.values.reshape(self.leads.size, *size_of(self.shape))

    @property
    def leads(self) -> Spec:
        return Spec(self.shape[:-2])

    @property
    def channels(self) -> int:
        """How many planes one sample has."""
        return self.shape[-3] if len(self.shape) > 2 else 1

    @cached_property
    def range(self) -> Range:
        return range_of(self.values)

    @cached_property
    def summary(self) -> Summary:
        return summarise(self.values)

    @property
    def is_parameter(self) -> bool:
        return self.role == "parameter"

    @cached_property
    def is_picture(self) -> bool:
        """Whether it is meant to be seen: an input of one or three channels, nothing in it below zero."""
        found = self.summary
        seen = len(self.shape) > 2 and self.channels in (1, 3) and min(self.shape[-2:]) > 1
        return self.role == "input" and seen and found.finite == found.cells > 0 and found.low >= 0

    @property
    def is_coloured(self) -> bool:
        """Whether its channels are red, green and blue."""
        return self.is_picture and self.channels == 3

    @property
    def white(self) -> float:
        """The value of white: 1 or 255 where the largest is close to that, as pictures are kept."""
        high = self.summary.high
        return 1.0 if high <= 1 else 255.0 if 128 <= high <= 255 else high

    def codes(self, values: Array) -> Array:
        """The codes of some of its values: shades of a picture, or levels of its range."""
        return picture_codes(values, self.white) if self.is_picture else self.range.codes(values)

    def reduced(self, plane: int, block: int) -> Array:
        """A plane, so many of its rows and columns in one: a picture by their mean, else by their largest magnitude."""
        if (plane, block) not in self._made:
            rule = averaged if self.is_picture else pooled
            self._made[plane, block] = rule(self.planes[plane], block)
        return self._made[plane, block]

    def scale(self, plane: int) -> Scale:
        """How the numbers of a plane are written: as those of the whole tensor, where that is not large."""
        whole = self.values.size <= COUNTED
        key = -1 if whole else plane
        if key not in self._scales:
            values = self.values if whole else self.planes[plane]
            self._scales[key] = measure([float(value) for value in values.reshape(-1)[:COUNTED].tolist()])
        return self._scales[key]

    def label(self, plane: int) -> str:
        """`conv1[0,3]`"""
        return label(Plane(self.name, self.leads.index(plane)), self.shape)


@dataclass(frozen=True)
class Subject:
    """A tensor at a position of the player."""

    tensor: Tensor
    step: Step
    position: int
    whole: bool = False
    """Whether it is shown as it is at the end of the iteration, wherever the player stands in it."""
    _marks: dict[int, Marks] = field(default_factory=dict)

    @cached_property
    def first(self) -> int | None:
        """The step that writes its first cell; None for what is given."""
        offset = 0
        for node in self.step.graph.nodes:
            if node.name == self.tensor.name:
                return self.step.number - self._before + offset
            offset += node.size
        return None

    @cached_property
    def _before(self) -> int:
        """How many cells of the iteration are written before the current step's."""
        before = self.step.place.offset
        for node in self.step.graph.nodes:
            if node is self.step.node:
                break
            before += node.size
        return before

    @cached_property
    def written(self) -> int:
        """How many of its cells are written, and so shown."""
        size = int(self.tensor.values.size)
        if self.whole or self.first is None:
            return size
        return min(max(self.position - self.first, 0), size)

    @property
    def is_output(self) -> bool:
        """Whether the current step writes it."""
        return self.tensor.name == self.step.node.name

    @property
    def is_written(self) -> bool:
        return self.written == self.tensor.values.size

    def values(self) -> Array:
        """The values that are written."""
        return self.tensor.values.reshape(-1)[: self.written]

    def unwritten(self, plane: int, rows: Array, cols: Array) -> Array:
        """Which of the cells at some rows and columns of a plane are not written yet."""
        high, wide = self.tensor.planes.shape[1:]
        found: Array = plane * high * wide + rows[:, None] * wide + cols[None, :] >= self.written
        return found

    @cached_property
    def active(self) -> int:
        """The plane that the current step is about: the one it writes, or the first it reads; else the first."""
        if self.is_output:
            return self._place(self.step.place.offset)[0]
        return next((self._place(number)[0] for among in self._among() for number in self._read(among)), 0)

    def marks(self, plane: int) -> Marks:
        """The cells of a plane that the current step reads, or the one it has written."""
        if plane not in self._marks:
            rows: dict[int, list[int]] = {}
            for row, col in sorted(self._touched(plane)):
                rows.setdefault(row, []).append(col)
            self._marks[plane] = rows
        return self._marks[plane]

    def _touched(self, plane: int) -> set[tuple[int, int]]:
        if self.position <= self.step.number:
            return set()
        # A channel's own part of a sum is looked at before the whole of it, which may be 512 times as long.
        for among in self._among(plane % max(self.tensor.channels, 1)):
            numbers = [self.step.place.offset] if self.is_output else self._read(among)
            found = {(row, col) for where, row, col in map(self._place, numbers) if where == plane}
            if found:
                return found
        return set()

    def _among(self, channel: int = 0) -> Iterator[Number]:
        """Where to look for what the step reads: a channel's part of its sum, what is added last, then everything."""
        trace, fold = self.step.trace, self.step.fold
        if self.is_output:
            yield trace
        elif self.tensor.name in self.step.node.inputs and self.position > self.step.number:
            parts = Parts(trace, fold)
            if channel < len(parts) > 1:
                yield parts[channel]
            if isinstance(fold, Total) and fold.last is not None:
                yield fold.last
            yield trace

    def _read(self, among: Number) -> Iterator[int]:
        """The numbers of its cells that a part of the trace reads."""
        shape = Spec(self.tensor.values.shape)
        for leaf in islice(leaves(among), LOOKED_AT):
            if isinstance(leaf, Read) and leaf.cells.name == self.tensor.name:
                yield shape.number(leaf.index)

    def cursor(self, plane: int) -> tuple[int, int] | None:
        """The cell of a plane that was just written, or the first one read."""
        return next(((row, cols[0]) for row, cols in self.marks(plane).items()), None)

    def _place(self, number: int) -> tuple[int, int, int]:
        """Plane, row and column of a cell."""
        _, high, wide = self.tensor.planes.shape
        plane, within = divmod(number, high * wide)
        return plane, *divmod(within, wide)


def tensor(step: Step, name: str) -> Tensor:
    """A tensor of a step's run, as the floating-point numbers it is shown as."""
    source = step.graph.sources.get(name)
    host = step.run.host(name)
    values = host if host.dtype.kind == "f" else host.astype(np.float64)
    return Tensor(name, values, "" if source is None else source.role)
