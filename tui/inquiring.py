"""The questions put to a cell: where it comes from, what it goes into, whether it is right, what it adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stepgrad.engine.lookup import Cell
from stepgrad.tui.inquiry import Check, Inquiry, Lookup, Scatter
from stepgrad.tui.places import named
from stepgrad.tui.pointer import Pointer, found
from stepgrad.tui.reach import Direction

if TYPE_CHECKING:
    from stepgrad.tui.pointing import Pointing


class Inquiring:
    """What is asked of the cell under the cursor. The cursor goes to that cell, and back when the question ends."""

    def __init__(self, pointing: Pointing) -> None:
        self._pointing = pointing
        self.inquiry: Inquiry | None = None
        self._before: Pointer | None = None
        """Where the cell cursor was before a question was put."""

    @property
    def start(self) -> Cell | None:
        """The cell that a question is about."""
        return self.inquiry.start if isinstance(self.inquiry, (Lookup, Check)) else None

    @property
    def direction(self) -> Direction:
        """Which way the last question looked."""
        return self.inquiry.direction if isinstance(self.inquiry, Lookup) else "why"

    def cell_origin(self, count: int) -> None:
        self._look("why", count)

    def cell_uses(self, count: int) -> None:
        self._look("feeds", count)

    def check_cell(self, _: int) -> None:
        cell = self.asked()
        if cell is None:
            return
        graph = self._pointing.graph
        if cell[0] in graph.sources:
            self._pointing.player.notice = f"{named(graph, cell)} is given: there is nothing to check"
        elif self.inquiry == Check(cell):
            self.leave_cell(1)
        else:
            self._open(Check(cell), cell)

    def scatter(self, _: int) -> None:
        """Gather or scatter: what a gradient's cell reads, or what each upstream cell adds to the cells it reaches."""
        cell, upstream = self._pointing.cell, self._upstream
        if isinstance(self.inquiry, Scatter):
            self.leave_cell(1)
        elif upstream is None:
            self._pointing.player.notice = "only the gradient of a layer is scattered; the backward pass has some"
        else:
            spec = self._pointing.graph.spec(upstream)
            self._scatter(upstream, spec.number(cell[1]) if cell and cell[0] == upstream else 0)

    def scattered(self, count: int) -> bool:
        """While a gradient is scattered, a step goes from one upstream cell to the next. Returns whether it did."""
        asked, upstream = self.inquiry, self._upstream
        if not isinstance(asked, Scatter) or upstream is None:
            return False
        last = self._pointing.graph.spec(upstream).size - 1
        self._scatter(upstream, min(max(asked.upstream + count, 0), last))
        return True

    def leave_cell(self, _: int) -> None:
        """End the question; where none was put, take the cursor off the board."""
        if self.inquiry is None:
            self._pointing.pointer = None
        else:
            self.inquiry, self._pointing.pointer = None, self._before
            self._pointing.stay()

    def leave(self) -> None:
        """No question."""
        self.inquiry = self._before = None

    def asked(self) -> Cell | None:
        """The cell that a question is about; why there is none is said."""
        pointing = self._pointing
        cell = pointing.cell
        if cell is None:
            pointing.player.notice = "nothing is written yet; Tab puts the cursor on a cell"
        elif not pointing.is_written(cell):
            name = named(pointing.graph, cell)
            pointing.player.notice = f"{name} is not written yet; Enter goes to its step"
            return None
        return cell

    def again(self) -> None:
        """Put the same question to the board as it is now."""
        asked, upstream = self.inquiry, self._upstream
        if isinstance(asked, Scatter) and upstream is not None:
            self._scatter(upstream, asked.upstream)
        elif isinstance(asked, (Lookup, Check)):
            self._open(asked, asked.start)

    def follow(self, cell: Cell | None) -> None:
        """What was asked goes with the cursor to another cell, as long as the board stays the same."""
        asked, pointing = self.inquiry, self._pointing
        if isinstance(asked, Scatter) and cell is not None and cell[0] == self._upstream:
            self.inquiry = Scatter(pointing.graph.spec(cell[0]).number(cell[1]))
        elif isinstance(asked, Lookup) and asked.direction == "feeds" and asked.depth == 1 and cell is not None:
            node = pointing.player.lesson.timeline.place(pointing.player.cursor.step).node
            if asked.start[0] in node.inputs and cell[0] in node.inputs:
                self.inquiry = replace(asked, start=cell)
        elif cell is None:
            self.inquiry = None

    def _look(self, direction: Direction, count: int) -> None:
        start, asked, player = self.asked(), self.inquiry, self._pointing.player
        if start is None:
            return
        same = isinstance(asked, Lookup) and (asked.start, asked.direction) == (start, direction)
        before = asked.depth if isinstance(asked, Lookup) and same else 0
        wanted = Lookup(start, direction, before + count)
        depth = max(len(player.pages.reach(wanted, player.cursor.position).levels(wanted.depth)) - 1, 1)
        if depth == before:
            self.leave_cell(1)
            player.notice = "that was all of it"
        else:
            self._open(replace(wanted, depth=depth), start)

    def _scatter(self, upstream: str, number: int) -> None:
        self._open(Scatter(number), (upstream, self._pointing.graph.spec(upstream).index(number)))

    def _open(self, inquiry: Inquiry, start: Cell) -> None:
        """Put a question; the cursor goes to its cell wherever that is on the board now."""
        pointing = self._pointing
        if self.inquiry is None:
            self._before = pointing.pointer
        self.inquiry, pointing.pointer = inquiry, None
        sight = pointing.sight()
        pointing.pointer = found(sight.views, *start) if sight is not None else None

    @property
    def _upstream(self) -> str | None:
        """What the gradient node on screen spreads; None where it is none."""
        player = self._pointing.player
        if not player.lesson.timeline.steps:
            return None
        forward = self._pointing.graph.differentiates.get(player.lesson.timeline.place(player.cursor.step).node.name)
        return None if forward is None else f"{forward[0]}.grad"
