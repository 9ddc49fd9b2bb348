"""How far a question about a cell goes: to what it reads, or to what reads it, level by level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from stepgrad.engine.lookup import Cell, feeds, why
from stepgrad.engine.number import Index
from stepgrad.engine.run import Run

Direction = Literal["why", "feeds"]
Level = dict[str, set[Index]]
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
        self._levels: list[Level] = [{start[0]: {start[1]}}]
        self._seen: set[Cell] = {start}
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
        found: set[Cell] = set()
        for name, cells in level.items():
            for index in sorted(cells):
                found.update(self._neighbours(name, index))
                if len(found) > MOST:
                    self.is_cut = True
                    break
        found -= self._seen
        self._seen |= found
        return grouped(found, self._order)

    def _neighbours(self, name: str, index: Index) -> list[Cell]:
        return (why if self.direction == "why" else feeds)(self.run, name, index)


def grouped(cells: Iterable[Cell], order: dict[str, int]) -> Level:
    """Cells by tensor, in an order of tensors."""
    found: Level = {}
    for name, index in sorted(cells, key=lambda cell: (order[cell[0]], cell[1])):
        found.setdefault(name, set()).add(index)
    return found


def described(tensor: str, cells: set[Index], shape: Index) -> str:
    """`conv[0,1,2:5,0:3], 9 cells`: the box that cells fill, or lie in. Leading axes of 1 are left out."""
    ranges = [(min(axis), max(axis) + 1) for axis in zip(*cells, strict=True)]
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
