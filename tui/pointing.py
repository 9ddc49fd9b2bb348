"""What a learner asks about single cells: the cell cursor on the board, and the questions put to the cell under it."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from stepgrad.engine.lookup import Cell
from stepgrad.engine.timeline import Address
from stepgrad.tui.gaze import Gaze
from stepgrad.tui.inquiry import Check, Inquiry, Lookup, Scatter
from stepgrad.tui.numbers import significant
from stepgrad.tui.places import filled, named
from stepgrad.tui.pointer import Pointer, at, found, moved, tabbed, under
from stepgrad.tui.pointer import cell as cell_of
from stepgrad.tui.reach import Direction
from stepgrad.tui.veil import OPEN

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph
    from stepgrad.tui.player import Player
    from stepgrad.tui.sight import Sight

DIGITS = 6


class Pointing:
    """The cell cursor of a player, the planes leafed to, and what is being asked."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.size = 80, 24
        """Columns and lines of the screen."""
        self.inquiry: Inquiry | None = None
        self.pointer: Pointer | None = None
        self._leafed: dict[str, int] = {}
        self._before: Pointer | None = None
        """Where the cell cursor was before a question was put."""

    @property
    def gaze(self) -> Gaze:
        return Gaze(self.pointer, tuple(self._leafed.items()))

    @property
    def is_on(self) -> bool:
        """Whether keys are about the cell under the cursor, or about what was asked of it."""
        return self.pointer is not None or self.inquiry is not None

    @property
    def cell(self) -> Cell | None:
        """The cell under the cursor, else the one that a question is about, else the one just written, if any is."""
        cursor = self.player.cursor
        pointed = self._pointed() if self.pointer is not None else None
        if pointed is None and isinstance(self.inquiry, (Lookup, Check)):
            pointed = self.inquiry.start
        if pointed is not None or not cursor.position:
            return pointed
        place = self.player.lesson.timeline.place(cursor.step)
        return place.node.name, place.index

    @property
    def caption(self) -> str:
        """The cell under the cursor and its value."""
        found = self._pointed() if self.pointer is not None else None
        if found is None:
            return ""
        name = named(self._graph, found)
        if not self._is_written(found):
            return f"{name} is not written yet"
        if self.player.state.veil != OPEN:
            return name
        value = self.player.lesson.history.run(self.player.cursor.iteration).value(*found)
        letters = self.player.pages.scenery.letters.get(found[0])
        letter = "" if letters is None else f" = {letters[found[1]]}"
        return f"{name}{letter} = {significant(value, DIGITS)}"

    def next_matrix(self, count: int) -> None:
        self._tab(count)

    def previous_matrix(self, count: int) -> None:
        self._tab(-count)

    def cell_up(self, count: int) -> None:
        self._step(-count, 0)

    def cell_down(self, count: int) -> None:
        self._step(count, 0)

    def cell_left(self, count: int) -> None:
        self._step(0, -count)

    def cell_right(self, count: int) -> None:
        self._step(0, count)

    def click(self, x: int, y: int) -> bool:
        """Put the cursor on the cell drawn at a column and a line of the board. Returns whether there is one."""
        sight = self._sight()
        pointer = at(sight.views, sight.board.room, x, y) if sight is not None else None
        if pointer is not None:
            self.pointer = pointer
            self._follow()
        return pointer is not None

    def to_writer(self, _: int) -> None:
        """To the step that wrote the cell; a parameter is written by the update of the iteration before."""
        cell = self.cell
        if cell is None:
            self.player.notice = "nothing is written yet; Tab puts the cursor on a cell"
        else:
            self.to_step_of(cell)

    def to_step_of(self, cell: Cell) -> None:
        player, (name, index), iteration = self.player, cell, self.player.cursor.iteration
        if name in self._graph.sources:
            if name not in self._graph.state or iteration == 0:
                player.notice = f"{named(self._graph, cell)} is given: no step writes it"
                return
            iteration -= 1
            name = player.lesson.timeline.graph(iteration).state.get(name, "")
        address = Address(name, index, iteration=iteration)
        player.cursor.jump(player.lesson.timeline.number(address) + 1)
        self.leave()

    @property
    def direction(self) -> Direction:
        """Which way the last question looked."""
        return self.inquiry.direction if isinstance(self.inquiry, Lookup) else "why"

    def cell_origin(self, count: int) -> None:
        self._look("why", count)

    def cell_uses(self, count: int) -> None:
        self._look("feeds", count)

    def check_cell(self, _: int) -> None:
        player, cell = self.player, self.asked()
        if cell is None:
            return
        if cell[0] in self._graph.sources:
            player.notice = f"{named(self._graph, cell)} is given: there is nothing to check"
        elif self.inquiry == Check(cell):
            self.leave_cell(1)
        else:
            self._open(Check(cell), cell)

    def scatter(self, _: int) -> None:
        """Gather or scatter: what a gradient's cell reads, or what each upstream cell adds to the cells it reaches."""
        player, cell, upstream = self.player, self.cell, self._upstream
        if isinstance(self.inquiry, Scatter):
            self.leave_cell(1)
        elif upstream is None:
            player.notice = "only the gradient of a layer is scattered; the backward pass has some"
        else:
            self._scatter(self._graph.spec(upstream).number(cell[1]) if cell and cell[0] == upstream else 0)

    def scattered(self, count: int) -> bool:
        """While a gradient is scattered, a step goes from one upstream cell to the next. Returns whether it did."""
        asked, upstream = self.inquiry, self._upstream
        if not isinstance(asked, Scatter) or upstream is None:
            return False
        self._scatter(min(max(asked.upstream + count, 0), self._graph.spec(upstream).size - 1))
        return True

    def next_channel(self, count: int) -> None:
        self._leaf(count, 1)

    def previous_channel(self, count: int) -> None:
        self._leaf(-count, 1)

    def next_sample(self, count: int) -> None:
        self._leaf(count, 0)

    def previous_sample(self, count: int) -> None:
        self._leaf(-count, 0)

    def leave_cell(self, _: int) -> None:
        """End the question; where none was put, take the cursor off the board."""
        if self.inquiry is None:
            self.pointer = None
        else:
            self.inquiry, self.pointer = None, self._before
            self._stay()

    def leave(self) -> None:
        """No cursor, no question, no plane but those of the step."""
        self.inquiry = self.pointer = self._before = None
        self._leafed.clear()

    def moved(self, before: int) -> None:
        """The player has come from another position. In the same tensor the cursor stays where it is on the board."""
        player = self.player
        places = [player.lesson.timeline.place(max(at - 1, 0)) for at in (before, player.cursor.position)]
        if len({(place.iteration, place.node.name) for place in places}) > 1:
            self.leave()
            return
        self._leafed.clear()
        if self.inquiry is not None:
            self.leave_cell(1)
        self._stay()

    def resized(self, width: int, height: int) -> None:
        """The screen has another size, and its board other matrices perhaps."""
        if self.size != (width, height):
            self.size = width, height
            if self.inquiry is None:
                self._stay()
            elif self.pointer is not None:
                self._again()

    def _stay(self) -> None:
        """Keep the cursor where it is on the board, if that is still a cell."""
        sight = self._sight()
        if sight is None or under(sight.views, self.pointer) is None:
            self.pointer = None

    def _pointed(self) -> Cell | None:
        sight = self._sight()
        view = under(sight.views, self.pointer) if sight is not None else None
        if view is None or self.pointer is None:
            return None
        return cell_of(view, self.pointer, len(self._graph.spec(view.plane.tensor).shape))

    def asked(self) -> Cell | None:
        """The cell that a question is about; why there is none is said."""
        cell, player = self.cell, self.player
        if cell is None:
            player.notice = "nothing is written yet; Tab puts the cursor on a cell"
        elif not self._is_written(cell):
            player.notice = f"{named(self._graph, cell)} is not written yet; Enter goes to its step"
            return None
        return cell

    def _look(self, direction: Direction, count: int) -> None:
        start, asked = self.asked(), self.inquiry
        if start is None:
            return
        same = isinstance(asked, Lookup) and (asked.start, asked.direction) == (start, direction)
        before = asked.depth if isinstance(asked, Lookup) and same else 0
        wanted = Lookup(start, direction, before + count)
        depth = max(len(self.player.pages.reach(wanted, self.player.cursor.position).levels(wanted.depth)) - 1, 1)
        if depth == before:
            self.leave_cell(1)
            self.player.notice = "that was all of it"
        else:
            self._open(replace(wanted, depth=depth), start)

    def _scatter(self, number: int) -> None:
        upstream = self._upstream
        if upstream is not None:
            self._open(Scatter(number), (upstream, self._graph.spec(upstream).index(number)))

    def _open(self, inquiry: Inquiry, start: Cell) -> None:
        """Put a question; the cursor goes to its cell wherever that is on the board now."""
        if self.inquiry is None:
            self._before = self.pointer
        self.inquiry, self.pointer = inquiry, None
        sight = self._sight()
        self.pointer = found(sight.views, *start) if sight is not None else None

    def _again(self) -> None:
        """Put the same question to the board as it is now."""
        asked, upstream = self.inquiry, self._upstream
        if isinstance(asked, Scatter) and upstream is not None:
            self._open(asked, (upstream, self._graph.spec(upstream).index(asked.upstream)))
        elif isinstance(asked, (Lookup, Check)):
            self._open(asked, asked.start)

    def _tab(self, count: int) -> None:
        sight = self._sight()
        if sight is None:
            self.player.notice = "there are no matrices here"
            return
        self.pointer = tabbed(sight.views, self.pointer, count)
        self._follow()

    def _step(self, rows: int, cols: int) -> None:
        sight = self._sight()
        view = under(sight.views, self.pointer) if sight is not None else None
        if view is not None and self.pointer is not None:
            self.pointer = moved(view, self.pointer, rows, cols)
            self._follow()

    def _follow(self) -> None:
        """What was asked follows the cursor, as long as the board stays the same."""
        asked, cell = self.inquiry, self._pointed()
        if isinstance(asked, Scatter) and cell is not None and cell[0] == self._upstream:
            self.inquiry = Scatter(self._graph.spec(cell[0]).number(cell[1]))
        elif isinstance(asked, Lookup) and asked.direction == "feeds" and asked.depth == 1 and cell is not None:
            node = self.player.lesson.timeline.place(self.player.cursor.step).node
            if asked.start[0] in node.inputs and cell[0] in node.inputs:
                self.inquiry = replace(asked, start=cell)
        elif cell is None:
            self.inquiry = None

    def _leaf(self, count: int, axis: int) -> None:
        """Other planes of the matrix under the cursor, or of what is written: the next ones, or another sample's."""
        sight, player = self._sight(), self.player
        if sight is None or self.inquiry is not None:
            player.notice = "planes are leafed through on the board of a step" if sight is not None else ""
            return
        view = under(sight.views, self.pointer)
        if axis and sight.board.parts < sight.frame.plan.parts and (view is None or view.item.kind == "operand"):
            self._to_part(sight, count)
            return
        view = view or next(view for view in sight.views if view.item.kind == "output")
        name = view.plane.tensor
        leads = self._graph.spec(name).shape[:-2]
        if (axis == 0 and len(leads) < 2) or prod(leads) < 2:
            player.notice = f"{name} has one {'plane' if axis else 'sample'}"
            return
        by = count if axis else count * prod(leads[1:])
        shown = self._leafed.get(name, 0)
        self._leafed[name] = shown + by
        after = self._sight()
        if after is not None and after.views[sight.views.index(view)].plane == view.plane:
            self._leafed[name] = shown
            player.notice = f"{name} ends here"

    def _to_part(self, sight: Sight, count: int) -> None:
        """To the planes of the sum so many parts on, and to their terms."""
        player = self.player
        target = min(max(sight.first_part + count, 0), sight.frame.plan.parts - sight.board.parts)
        player.turn(player.pages.page_with(target, player.state, *self.size))

    @property
    def _graph(self) -> Graph:
        player = self.player
        return player.lesson.timeline.graph(player.cursor.iteration)

    @property
    def _upstream(self) -> str | None:
        """What the gradient node on screen spreads; None where it is none."""
        player = self.player
        if not player.lesson.timeline.steps:
            return None
        forward = self._graph.differentiates.get(player.lesson.timeline.place(player.cursor.step).node.name)
        return None if forward is None else f"{forward[0]}.grad"

    def _is_written(self, cell: Cell) -> bool:
        (name, index), cursor = cell, self.player.cursor
        done = filled(self.player.lesson.timeline, cursor.position, name, cursor.iteration)
        return self._graph.spec(name).number(index) < done

    def _sight(self) -> Sight | None:
        """What is on the screen; None where a lesson has no steps."""
        player = self.player
        return player.pages.sight(player.state, *self.size) if player.lesson.timeline.steps else None
