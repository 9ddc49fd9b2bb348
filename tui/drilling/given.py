"""The matrices of a question on a board: one beside the other, as the player draws them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from stepgrad.scenarios.drills import worked
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.shown import HIDDEN, part
from stepgrad.scenarios.drills.verdict import Mark
from stepgrad.tui.arrange import AIRY
from stepgrad.tui.board import ROOMS, TIGHT, Board, Placed, Room, Slot, whole
from stepgrad.tui.board import Plane as Named
from stepgrad.tui.drawing import Drawing, Drawn, View
from stepgrad.tui.drilling.grid import Grid
from stepgrad.tui.lettering import lettered
from stepgrad.tui.line import BLANK, Line
from stepgrad.tui.numbers import Letters

APART = 3
"""Columns between two matrices."""
HUES = 3
"""Looks of what is read."""
NARROWEST = 5
"""Columns of a cell that is typed in."""
RIGHT = "✓"

Cell = tuple[int, int]


class Table(NamedTuple):
    """A matrix as text, and which of its cells are marked."""

    name: str
    rows: Sequence[Sequence[str]]
    marked: Collection[Cell] = ()
    style: str = "read0"
    pointer: Cell | None = None
    least: int = 1
    """Columns of a number at least."""


def tables(question: Question, hints: int) -> list[Table]:
    """What a question gives to look at: what is covered is marked, else what a hint has named."""
    read, found = _read(question, hints), []
    tensors = list(dict.fromkeys(plane.name.partition("[")[0] for plane in question.given))
    for plane in question.given:
        covered = {(i, j) for i, row in enumerate(plane.rows) for j, cell in enumerate(row) if cell == HIDDEN}
        hue = tensors.index(plane.name.partition("[")[0]) % HUES
        marked, style = (covered, "new") if covered else (read.get(plane.name, set()), f"read{hue}")
        found.append(Table(plane.name, plane.rows, marked, style))
    return found


def typed(answer: Numbers, grid: Grid, *, is_open: bool) -> Table:
    """A grid to type in: what is right has a tick, what is wrong is marked, what is not done is a `?`."""
    blank = " " if Mark.RIGHT in grid.marks else ""
    texts = [
        f"{cell or HIDDEN}{RIGHT if mark is Mark.RIGHT else blank}"
        for cell, mark in zip(grid.cells, grid.marks, strict=True)
    ]
    rows = [texts[i : i + grid.columns] for i in range(0, len(texts), grid.columns)]
    wrong = [divmod(i, grid.columns) for i, mark in enumerate(grid.marks) if mark is Mark.WRONG]
    name = f"your answer: {answer.digits.asks(answer.value, len(texts))}"
    return Table(name, rows, wrong, "wrong", grid.place if is_open else None, NARROWEST)


def drawn(found: Sequence[Table], width: int, lines: int) -> Drawn:
    """The matrices in `width` columns, apart from each other as far as `lines` allow."""
    drawing, shown, cursor = Drawing(), list[Line](), None
    boards = _boards([_slot(table) for table in found], width, lines)
    apart = _height(boards) <= lines
    for board in boards:
        shelf = drawing.draw(board, [_view(item, found[item.number]) for item in board.placed])
        shown += [BLANK] * (apart and bool(shown))
        cursor = cursor or (shelf.cursor and (shelf.cursor[0], shelf.cursor[1] + len(shown)))
        shown += shelf.lines
    return Drawn(shown, cursor)


def _slot(table: Table) -> Slot:
    widest = max(table.least, *(len(cell) for row in table.rows for cell in row))
    return Slot(Named(table.name), len(table.rows), len(table.rows[0]), widest, len(table.name))


def _view(item: Placed, table: Table) -> View:
    view = View(
        item,
        table.name,
        item.number,
        Letters(()),
        _nothing,
        left=item.part,
        marks=_by_row(table.marked),
        style=table.style,
        plane=item.slot.plane,
        pointer=table.pointer,
    )
    return lettered(view, {table.name: np.array([list(row) for row in table.rows], dtype=object)})


def _read(question: Question, hints: int) -> dict[str, set[Cell]]:
    """The cells that the step reads, by the name of their matrix; nothing before a hint has named them."""
    if not question.steps or worked.hints(question.steps[0])[0] not in question.hints[:hints]:
        return {}
    step, found = question.steps[0], dict[str, set[Cell]]()
    for reading in step.reads:
        if reading.tensor not in ("padding", "constant"):
            lead, at = reading.index[:-2], (0, 0, *reading.index[-2:])[-2:]
            name = part(reading.tensor, lead, step.graph.spec(reading.tensor).shape)
            found.setdefault(name, set()).add((at[0], at[1]))
    return found


def _by_row(cells: Collection[Cell]) -> dict[int, tuple[int, ...]]:
    return {row: tuple(sorted(j for i, j in cells if i == row)) for row in {i for i, _ in cells}}


def _nothing(_: int, first: int, end: int) -> list[float]:
    """Letters take the place of numbers."""
    return [0.0] * (end - first)


def _boards(slots: Sequence[Slot], width: int, lines: int) -> list[Board]:
    """The matrices from top to bottom, a board for each line of them: as roomy as needs no line of them more."""
    tight = _flowed(slots, width, TIGHT)
    under = 0 if all(slot.rows == 1 for slot in slots) else lines // AIRY
    for room in ROOMS:
        boards = _flowed(slots, width, room)
        if room.under <= under and len(boards) == len(tight) and _height(boards) <= lines:
            return boards
    return tight


def _height(boards: Sequence[Board]) -> int:
    """Lines of boards, each with an empty one before the next."""
    return sum(board.height + 1 for board in boards) - 1


def _flowed(slots: Sequence[Slot], width: int, room: Room) -> list[Board]:
    """The matrices from left to right, and on beneath where there is no room left."""
    shelves: list[list[Placed]] = [[]]
    x = 0
    for item in (piece for number, slot in enumerate(slots) for piece in _pieces(slot, number, width, room)):
        if x and x + item.columns(room) > width:
            shelves.append([])
            x = 0
        shelves[-1].append(item._replace(x=x))
        x += item.columns(room) + APART
    high = [max((item.lines(room) for item in shelf), default=0) for shelf in shelves]
    return [Board(tuple(shelf), 1, room, width, lines) for shelf, lines in zip(shelves, high, strict=True)]


def _pieces(slot: Slot, number: int, width: int, room: Room) -> Iterator[Placed]:
    """A matrix, in several pieces where it is wider than the screen; `part` is the first column of a piece."""
    item = whole(slot, "operand", 0, number)
    size = max(1, min(slot.cols, (width - 1) // slot.pitch(room)))
    for first in range(0, slot.cols, size):
        yield item._replace(part=first, cols=min(size, slot.cols - first))
