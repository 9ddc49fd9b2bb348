"""The board of a chain of cells: a column for each level, from what comes first at the left to what follows from it.

A level's planes stand on top of each other, each with its cells marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from stepgrad.engine.op import Spec
from stepgrad.engine.step import Step
from stepgrad.tui.arrange import shrunk
from stepgrad.tui.board import ROOMS, TIGHT, Board, Placed, Plane, Room, Slot, origin, whole
from stepgrad.tui.drawing import View, Written
from stepgrad.tui.reach import Direction, Level
from stepgrad.tui.scene import Scenery, label, size_of
from stepgrad.tui.views import HUES, numbers

AIRY = 10
"""For so many lines of the board its rows may stand one line further apart."""
GAP = 2
"""Columns between two levels."""
LEAST = 4
"""Rows and columns of a plane that are shown, where so many of it are marked; of another, two at least."""
PLANES = 12
"""Planes of a level that may be shown."""

Filled = Callable[[str], int]
"""How many cells of a tensor stand written."""
Column = list[Placed]


def chain(
    step: Step, scenery: Scenery, levels: Sequence[Level], direction: Direction, width: int, height: int
) -> Board:
    """The board of as many levels as fit: the start, and of the others the farthest."""
    columns = [list(_column(step, scenery, level, depth)) for depth, level in enumerate(levels)]
    for count in range(len(columns), 0, -1):
        kept = columns[:1] + columns[len(columns) - count + 1 :] if count > 1 else columns[:1]
        if direction == "why":
            kept.reverse()
        board = _fitted(kept, width, height)
        if board is not None and board.height <= height:
            return board
    return Board((), 1, TIGHT, 0, 0)


def chain_views(step: Step, scenery: Scenery, levels: Sequence[Level], board: Board, filled: Filled) -> Iterator[View]:
    """The views of such a board: a plane's cells are marked that are of its level."""
    for item in board.placed:
        plane, rows, cols = item.slot.plane, item.slot.rows, item.slot.cols
        cells = levels[item.part][plane.tensor].plane(plane.lead)
        shape = step.graph.spec(plane.tensor).shape
        before = rows * cols * Spec(shape[:-2]).number(plane.lead)
        high, wide = item.slot.span
        marked, across = cells.box
        yield View(
            item,
            label(plane, shape),
            (step.iteration, plane),
            scenery.scale(step, plane.tensor),
            numbers(step, plane),
            origin(marked.start, min(high, item.rows), item.rows, rows),
            origin(across.start, min(wide, item.cols), item.cols, cols),
            cells,
            f"read{(item.part - 1) % HUES}" if item.part else "new",
            Written(filled(plane.tensor) - before, None),
            plane,
        )


def _column(step: Step, scenery: Scenery, level: Level, depth: int) -> Iterator[Placed]:
    """The planes of a level: of each tensor the one with most of its cells, then the others."""
    planes = {Plane(name, lead): count for name, cells in level.items() for lead, count in cells.planes.items()}
    tensors = Counter[str]()
    ranked = sorted(planes, key=lambda plane: -planes[plane])
    order = {plane: tensors.update([plane.tensor]) or tensors[plane.tensor] for plane in ranked}
    chosen = set(islice(sorted(planes, key=lambda plane: order[plane]), PLANES))
    for number, plane in enumerate(plane for plane in planes if plane in chosen):
        shape = step.graph.spec(plane.tensor).shape
        rows, cols = size_of(shape)
        high, wide = map(len, level[plane.tensor].plane(plane.lead).box)
        scale = scenery.scale(step, plane.tensor)
        slot = Slot(plane, rows, cols, scale.width, len(label(plane, shape)), span=(high, wide))
        yield whole(slot, "operand", depth, number)


def _fitted(columns: Sequence[Column], width: int, height: int) -> Board | None:
    """The columns side by side: roomy where there is room, else cut; None where not even that fits."""
    for room in ROOMS:
        if room.under <= height // AIRY:
            board = _stacked(columns, room)
            if board.width <= width and board.height <= height:
                return board
    inner = width - GAP * (len(columns) - 1)
    wants = [max(item.columns(TIGHT) for item in column) for column in columns]
    floors = [max(_least(item).columns(TIGHT) for item in column) for column in columns]
    sizes = shrunk(wants, floors, inner)
    if sum(sizes) > inner:
        return None
    return _stacked([_cut(column, size, height) for column, size in zip(columns, sizes, strict=True)], TIGHT)


def _cut(column: Column, width: int, height: int) -> Column:
    """As many planes of a column as fit, the first ones, cut to its width and to what they get of its height."""
    kept = column
    while len(kept) > 1 and sum(_least(item).lines(TIGHT) for item in kept) > height:
        kept = kept[:-1]
    sizes = shrunk([item.lines(TIGHT) for item in kept], [_least(item).lines(TIGHT) for item in kept], height)
    return [item.cut(width, lines - 1) for item, lines in zip(kept, sizes, strict=True)]


def _least(item: Placed) -> Placed:
    (rows, cols), (high, wide) = item.slot.full, item.slot.span
    return item._replace(rows=min(rows, max(min(high, LEAST), 2)), cols=min(cols, max(min(wide, LEAST), 2)))


def _stacked(columns: Sequence[Column], room: Room) -> Board:
    placed: list[Placed] = []
    x = 0
    for column in columns:
        y = 0
        for item in column:
            placed.append(item._replace(x=x, y=y))
            y += item.lines(room)
        x += max((item.columns(room) for item in column), default=0) + GAP
    height = max((item.y + item.lines(room) for item in placed), default=0)
    return Board(tuple(placed), len(columns), room, x - GAP, height)
