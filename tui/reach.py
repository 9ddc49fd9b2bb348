"""How far a question about a cell goes: to what it reads, or to what reads it, level by level."""

from __future__ import annotations

from typing import Literal

from stepgrad.engine.lookup import Cell, origins, uses
from stepgrad.engine.number import Index
from stepgrad.engine.region import Region, Regions, together, without
from stepgrad.engine.run import Run

Direction = Literal["why", "feeds"]
Level = Regions
"""Cells by tensor, in the order in which the network writes them."""

MOST = 100_000
"""Cells of a level beyond which it is not followed further."""


class Reach:
    """The cells met on the way from one cell, each in the first level it is met in. Levels are made when asked for."""

    def __init__(self, run: Run, start: Cell, direction: Direction) -> None:
        self.run = run
        self.start = start
        self.direction = direction
        self._order = {name: i for i, name in enumerate(run.graph.names)}
        self._levels: list[Level] = [{start[0]: Region.of(run.graph.spec(start[0]).shape, start[1])}]
        self.is_cut = False
        """Whether the last level was too large to be followed whole."""

    def levels(self, depth: int) -> list[Level]:
        """The levels down to `depth`, the start first; fewer where nothing follows."""
        while len(self._levels) <= depth and not self.is_cut:
            following = self._following(self._levels[-1])
            if not following:
                break
            self._levels.append(following)
        return self._levels[: depth + 1]

    def leads(self, tensor: str) -> bool:
        """Whether the cells of a tensor lead any further."""
        graph = self.run.graph
        return tensor not in graph.sources if self.direction == "why" else bool(graph.readers(tensor))

    def _following(self, level: Level) -> Level:
        found: Level = {}
        for piece in (origins if self.direction == "why" else uses)(self.run, level):
            found = together((found, piece))
            if sum(map(len, found.values())) > MOST:
                self.is_cut = True
                break
        fresh = without(found, together(self._levels))
        return {name: fresh[name] for name in sorted(fresh, key=self._order.__getitem__)}


def described(tensor: str, cells: Region, shape: Index) -> str:
    """`conv[0,1,2:5,0:3], 9 cells`: the box that cells fill, or lie in. Leading axes of 1 are left out."""
    ranges = [(first, last + 1) for first, last in cells.bounds]
    size = 1
    for first, end in ranges:
        size *= end - first
    while len(ranges) > 1 and shape[len(shape) - len(ranges)] == 1:
        ranges = ranges[1:]
    each = [
        _axis(first, end, full) for (first, end), full in zip(ranges, shape[len(shape) - len(ranges) :], strict=True)
    ]
    whole = len(cells) > 1 and all(axis == ":" for axis in each)
    name = tensor if whole or not shape else f"{tensor}[{','.join(each)}]"
    if len(cells) == 1:
        return name
    count = f"{len(cells)}" if len(cells) == size else f"{len(cells)} of {size}"
    return f"{name}, {'all ' if whole and len(cells) == size else ''}{count} cells"


def _axis(first: int, end: int, full: int) -> str:
    return str(first) if end - first == 1 else ":" if end - first == full else f"{first}:{end}"
