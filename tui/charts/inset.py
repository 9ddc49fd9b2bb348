"""A map on the player's board, of the plane that is being written: beside the numbers where there is room, else in
their place. Nothing else on the board moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from stepgrad.engine.step import Step
from stepgrad.tui.board import Board
from stepgrad.tui.charts.heat import Ink, Zoom, zooms
from stepgrad.tui.charts.map_view import Asked, drawn_map
from stepgrad.tui.charts.subject import Subject, Tensor, tensor
from stepgrad.tui.drawing import View
from stepgrad.tui.line import Line, Run, clip, placed

APART = 3
"""Columns between the board and a map beside it."""


class Insets:
    """The maps on the boards of a lesson."""

    def __init__(self) -> None:
        self._kept: tuple[object, Tensor] | None = None

    def drawn(
        self, lines: Sequence[Line], board: Board, views: Sequence[View], step: Step, position: int, room: int, ink: Ink
    ) -> list[Line]:
        """The lines of a board in `room` columns, with the map on them."""
        subject = Subject(self._tensor(step), step, position)
        name = subject.tensor.label(subject.active)
        outputs = [view.item for view in views if view.item.kind == "output" and view.name == name]
        if not outputs or not subject.tensor.values.size:
            return list(lines)
        beside, item, asked = board.width + APART, outputs[0], Asked(subject.active)
        _, rows, cols = subject.tensor.planes.shape
        wide, high = room - beside, len(lines) - 1
        if wide > 0 and high > 0 and zooms(rows, cols, wide, high, ink)[0].block == 1:
            found = drawn_map(subject, asked, wide, high, ink)
            return overlaid(lines, [((name, "label"),), *found], beside, 0, wide)
        wide, high = item.span(board.room), max(min(item.lines(board.room), len(lines) - item.y) - 1, 0)
        # Where its numbers all stand on the board, they are coloured where they stand.
        zoom = Zoom(item.slot.pitch(board.room), 1 + board.room.under) if item.is_whole and ink.colour else None
        found = drawn_map(subject, asked, wide, max(high, 1), ink, zoom)[:high]
        return overlaid(lines, [*found, *[()] * (high - len(found))], item.x, item.y + 1, wide)

    def _tensor(self, step: Step) -> Tensor:
        """What the step writes, kept while its node is stepped through."""
        kept = self._kept
        if kept is None or kept[0] is not step.run or kept[1].name != step.node.name:
            kept = self._kept = step.run, tensor(step, step.node.name)
        return kept[1]


def overlaid(lines: Sequence[Line], block: Sequence[Line], x: int, y: int, wide: int) -> list[Line]:
    """The lines with a block put over them at column x and line y, `wide` columns of them."""
    found = list(lines)
    for at, line in enumerate(block, y):
        if at < len(found):
            found[at] = placed([(0, clip(found[at], x)), (x, clip(line, wide)), (x + wide, _from(found[at], x + wide))])
    return found


def _from(line: Line, column: int) -> Line:
    """The part of a line from a column on."""
    kept: list[Run] = []
    for text, style in line:
        size = cell_len(text)
        if size > column:
            head = set_cell_size(text, column) if column > 0 else ""
            kept.append((text[len(head) :], style))
        column = max(column - size, 0)
    return tuple(kept)
