"""The cell cursor on the board: where it is, the keys and clicks that move it, and the cell under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.engine.lookup import Cell
from stepgrad.engine.timeline import Address
from stepgrad.tui.gaze import Gaze
from stepgrad.tui.inquiring import Inquiring
from stepgrad.tui.leafing import Leafing
from stepgrad.tui.numbers import significant
from stepgrad.tui.places import filled, named
from stepgrad.tui.pointer import Pointer, at, found, moved, tabbed, under
from stepgrad.tui.pointer import cell as cell_of
from stepgrad.tui.veil import OPEN

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph
    from stepgrad.tui.player import Player
    from stepgrad.tui.sight import Sight

DIGITS = 6


class Pointing:
    """The cell cursor of a player; what is asked of the cell, and the planes leafed to, go with it."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.size = 80, 24
        """Columns and lines of the screen."""
        self.pointer: Pointer | None = None
        self.inquiring = Inquiring(self)
        self.leafing = Leafing(self)

    @property
    def gaze(self) -> Gaze:
        return Gaze(self.pointer, self.leafing.leafed)

    @property
    def is_on(self) -> bool:
        """Whether keys are about the cell under the cursor, or about what was asked of it."""
        return self.pointer is not None or self.inquiring.inquiry is not None

    @property
    def pointed(self) -> Cell | None:
        """The cell under the cursor."""
        sight = self.sight() if self.pointer is not None else None
        view = under(sight.views, self.pointer) if sight is not None else None
        if view is None or self.pointer is None:
            return None
        return cell_of(view, self.pointer, len(self.graph.spec(view.plane.tensor).shape))

    @property
    def cell(self) -> Cell | None:
        """The cell under the cursor, else the one that a question is about, else the one just written, if any is."""
        pointed, cursor = self.pointed or self.inquiring.start, self.player.cursor
        if pointed is not None or not cursor.position:
            return pointed
        place = self.player.lesson.timeline.place(cursor.step)
        return place.node.name, place.index

    @property
    def caption(self) -> str:
        """The cell under the cursor and its value."""
        cell = self.pointed
        if cell is None:
            return ""
        name = named(self.graph, cell)
        if not self.is_written(cell):
            return f"{name} is not written yet"
        if self.player.state.veil != OPEN:
            return name
        value = self.player.lesson.history.run(self.player.cursor.iteration).value(*cell)
        letters = self.player.pages.scenery.letters.get(cell[0])
        letter = "" if letters is None else f" = {letters[cell[1]]}"
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
        sight = self.sight()
        pointer = at(sight.views, sight.board.room, x, y) if sight is not None else None
        if pointer is not None:
            self.pointer = pointer
            self.inquiring.follow(self.pointed)
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
        if name in self.graph.sources:
            if name not in self.graph.state or iteration == 0:
                player.notice = f"{named(self.graph, cell)} is given: no step writes it"
                return
            iteration -= 1
            name = player.lesson.timeline.graph(iteration).state.get(name, "")
        address = Address(name, index, iteration=iteration)
        player.cursor.jump(player.lesson.timeline.number(address) + 1)
        self.leave()

    def leave(self) -> None:
        """No cursor, no question, no plane but those of the step."""
        self.pointer = None
        self.inquiring.leave()
        self.leafing.leave()

    def follow(self, cell: Cell | None) -> None:
        """In another lesson: on a cell, with the planes leafed to, where that is on the board; no question."""
        self.inquiring.leave()
        sight = self.sight() if cell is not None else None
        self.pointer = found(sight.views, *cell) if sight is not None and cell is not None else None
        self.stay()
        if self.pointer is None:
            self.leafing.leave()

    def moved(self, before: int) -> None:
        """The player has come from another position. In the same tensor the cursor stays where it is on the board."""
        player = self.player
        if not player.lesson.timeline.steps:
            return
        places = [player.lesson.timeline.place(max(at - 1, 0)) for at in (before, player.cursor.position)]
        if len({(place.iteration, place.node.name) for place in places}) > 1:
            self.leave()
            return
        self.leafing.leave()
        if self.inquiring.inquiry is not None:
            self.inquiring.leave_cell(1)
        self.stay()

    def resized(self, width: int, height: int) -> None:
        """The screen has another size, and its board other matrices perhaps."""
        if self.size != (width, height):
            self.size = width, height
            if self.inquiring.inquiry is None:
                self.stay()
            elif self.pointer is not None:
                self.inquiring.again()

    def stay(self) -> None:
        """Keep the cursor where it is on the board, if that is still a cell."""
        sight = self.sight()
        if sight is None or under(sight.views, self.pointer) is None:
            self.pointer = None

    def is_written(self, cell: Cell) -> bool:
        """Whether a cell has its value by now."""
        (name, index), cursor = cell, self.player.cursor
        done = filled(self.player.lesson.timeline, cursor.position, name, cursor.iteration)
        return self.graph.spec(name).number(index) < done

    @property
    def graph(self) -> Graph:
        """That of the iteration on screen."""
        return self.player.lesson.timeline.graph(self.player.cursor.iteration)

    def sight(self) -> Sight | None:
        """What is on the screen; None where a lesson has no steps."""
        player = self.player
        return player.pages.sight(player.state, *self.size) if player.lesson.timeline.steps else None

    def _tab(self, count: int) -> None:
        sight = self.sight()
        if sight is None:
            self.player.notice = "there are no matrices here"
            return
        self.pointer = tabbed(sight.views, self.pointer, count)
        self.inquiring.follow(self.pointed)

    def _step(self, rows: int, cols: int) -> None:
        sight = self.sight()
        view = under(sight.views, self.pointer) if sight is not None else None
        if view is not None and self.pointer is not None:
            self.pointer = moved(view, self.pointer, rows, cols)
            self.inquiring.follow(self.pointed)
