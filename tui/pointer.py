"""The cell cursor: a cell of one of the matrices on the board, and the ways to move it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stepgrad.engine.number import Index
from stepgrad.tui.board import Kind, Placed, Room
from stepgrad.tui.drawing import View


class Pointer(NamedTuple):
    """A row and a column of the matrix at a place of the board.

    It is the place that is kept, not the tensor: where another plane comes to stand there, the cursor stays.
    """

    kind: Kind
    part: int
    number: int
    row: int = 0
    col: int = 0

    @property
    def place(self) -> tuple[Kind, int, int]:
        return self.kind, self.part, self.number


def place(item: Placed) -> tuple[Kind, int, int]:
    return item.kind, item.part, item.number


def under(views: Sequence[View], pointer: Pointer | None) -> View | None:
    """The matrix that the cursor is in; None where it is on none of those shown."""
    found = (view for view in _matrices(views) if pointer is not None and place(view.item) == pointer.place)
    return next((view for view in found if pointer is not None and _holds(view, pointer.row, pointer.col)), None)


def entered(view: View) -> Pointer:
    """A matrix is entered at the first cell that is marked, else at the first shown."""
    marked = ((row, col) for row in view.rows for col in view.marks.get(row, ()) if col in view.columns)
    shown = max(view.rows.start, 0), max(view.columns.start, 0)
    row, col = next((cell for cell in marked if _holds(view, *cell)), shown)
    return Pointer(*place(view.item), row, col)


def tabbed(views: Sequence[View], pointer: Pointer | None, count: int) -> Pointer | None:
    """So many matrices on, back where negative. Beyond the last, and before the first, is no matrix."""
    matrices = _matrices(views)
    here = under(views, pointer)
    start = -1 if count > 0 else len(matrices)
    at = next((i for i, view in enumerate(matrices) if view is here), start) + count
    return entered(matrices[at]) if 0 <= at < len(matrices) else None


def moved(view: View, pointer: Pointer, rows: int, cols: int) -> Pointer:
    """So many rows and columns on, up to the edge."""
    slot = view.item.slot
    row, col = min(max(pointer.row + rows, 0), slot.rows - 1), min(max(pointer.col + cols, 0), slot.cols - 1)
    return pointer._replace(row=row, col=col)


def at(views: Sequence[View], room: Room, x: int, y: int) -> Pointer | None:
    """The cell drawn at a column and a line of the board; None beside the matrices, and on padding."""
    for view in _matrices(views):
        item = view.item
        across, down = x - item.x, y - item.y - 1
        if 0 <= across < item.span(room) and 0 <= down < item.lines(room) - 1:
            row = view.rows.start + down // (1 + room.under)
            col = view.columns.start + min(across // item.slot.pitch(room), item.cols - 1)
            return Pointer(*place(item), row, col) if _holds(view, row, col) else None
    return None


def found(views: Sequence[View], tensor: str, index: Index) -> Pointer | None:
    """Where a cell is on the board; None where its plane is not shown."""
    row, col = (0, 0, *index)[-2:]
    for view in _matrices(views):
        if (view.plane.tensor, view.plane.lead) == (tensor, index[:-2]):
            return Pointer(*place(view.item), row, col)
    return None


def cell(view: View, pointer: Pointer, rank: int) -> tuple[str, Index]:
    """The tensor and the index of the cell under the cursor."""
    index = (*view.plane.lead, pointer.row, pointer.col)
    return view.plane.tensor, index[len(index) - rank :]


def _matrices(views: Sequence[View]) -> list[View]:
    """Those of which a cell is shown."""
    return [view for view in views if view.item.rows > 0 and view.item.slot.rows * view.item.slot.cols > 0]


def _holds(view: View, row: int, col: int) -> bool:
    return 0 <= row < view.item.slot.rows and 0 <= col < view.item.slot.cols
