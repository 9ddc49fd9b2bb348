"""Where a number comes from, or where it goes, as a tree: a branch is a cell, under it what it reads or what reads it.

Branches are looked up when they are opened, and shown a page at a time, so a sum of ten thousand terms opens at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from stepgrad.engine.lookup import Cell, feeds, reads
from stepgrad.engine.run import Run
from stepgrad.tui.reach import Direction

PAGE = 50
"""Cells shown under a branch before more are asked for."""
WHOLE = 2000
"""Rows that are opened at once, all the way down."""


class Branch:
    """A cell in the tree, and what it leads to as far as it was looked up."""

    def __init__(self, cell: Cell, above: Branch | None = None) -> None:
        self.cell = cell
        self.above = above
        self.depth: int = 0 if above is None else above.depth + 1
        self.is_open = False
        self.found: list[Branch] = []
        self.ahead: Cell | None = None
        """The first cell that is not shown yet."""
        self.rest: Iterator[Cell] | None = None
        """The others; None before the branch was opened once."""


class More:
    """The row under the last cell shown, where a branch has more of them."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch
        self.depth = branch.depth + 1


Row = Branch | More


class Tree:
    """The tree from a cell of a run."""

    def __init__(self, run: Run, cell: Cell, direction: Direction = "why") -> None:
        self.run = run
        self.direction = direction
        self.root = Branch(cell)
        self.open(self.root)

    @property
    def rows(self) -> list[Row]:
        """What is shown, from top to bottom."""
        return list(_rows(self.root))

    def leads(self, branch: Branch) -> bool:
        """Whether there is anything under a branch, as far as is known before it is opened."""
        if branch.rest is not None:
            return bool(branch.found)
        graph, name = self.run.graph, branch.cell[0]
        return graph.node(name) is not None if self.direction == "why" else bool(graph.readers(name))

    def open(self, row: Row) -> None:
        """Show what a branch leads to; of one that has more, the next page."""
        if isinstance(row, More):
            self._page(row.branch)
        elif self.leads(row):
            if row.rest is None:
                way = reads if self.direction == "why" else feeds
                row.rest = iter(way(self.run, *row.cell))
                row.ahead = next(row.rest, None)
                self._page(row)
            row.is_open = bool(row.found)

    def close(self, row: Row) -> Branch:
        """Close a branch, or what holds it where it is closed. Returns the one that was closed."""
        branch = row.branch if isinstance(row, More) else row
        if not branch.is_open and branch.above is not None:
            branch = branch.above
        branch.is_open = False
        return branch

    def open_all(self, row: Row) -> bool:
        """Open everything under a branch, down to what is given. Returns whether that was all."""
        branch = row.branch if isinstance(row, More) else row
        waiting, opened, whole = [branch], 0, True
        while waiting and opened < WHOLE:
            following = waiting.pop(0)
            self.open(following)
            while following.ahead is not None and opened + len(following.found) < WHOLE:
                self._page(following)
            whole = whole and following.ahead is None
            opened += len(following.found)
            waiting += following.found
        return whole and not any(self.leads(branch) for branch in waiting)

    def _page(self, branch: Branch) -> None:
        if branch.rest is None or branch.ahead is None:
            return
        cells = [branch.ahead, *islice(branch.rest, PAGE - 1)]
        branch.found += [Branch(cell, branch) for cell in cells]
        branch.ahead = next(branch.rest, None)


def _rows(branch: Branch) -> Iterator[Row]:
    yield branch
    if branch.is_open:
        for each in branch.found:
            yield from _rows(each)
        if branch.ahead is not None:
            yield More(branch)
