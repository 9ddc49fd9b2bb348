"""What each place on the board shows of a step: which plane, which part of it, which cells are marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepgrad.engine.number import Index
from stepgrad.engine.op import Spec
from stepgrad.engine.step import Step
from stepgrad.tui.board import Board, Placed, Plane, origin
from stepgrad.tui.drawing import Columns, Numbers, View, Written
from stepgrad.tui.scene import NO_READS, Cell, Reads, Scene, Scenery, label, size_of, split

HUES = 3
"""The operands of a part are told apart by so many hues."""


def views(
    board: Board,
    scene: Scene,
    scenery: Scenery,
    position: int,
    first_part: int = 0,
    focus: Reads = NO_READS,
    *,
    only: Reads | None = None,
    within: bool = False,
) -> Iterator[View]:
    """The views of a board. Before the step is written (`position` is its number) nothing is marked.

    A plane that is read in more rows or columns than there is room for is shown at `focus`, the term in question.
    Where `only` some cells are in question, no others are marked; `within` its sum, the cell is still to be written.
    """
    waiting: dict[tuple[int, str], list[Plane]] = {}
    marked = position > scene.step.number
    for item in board.placed:
        if item.kind == "output":
            yield _output(scene, scenery, board, item, marked=marked, within=within)
            continue
        part = first_part + item.part if item.kind == "operand" else -1
        reads = scene.shared if part < 0 else scene.own(part)
        key = part, item.slot.plane.tensor
        if key not in waiting:
            waiting[key] = [plane for plane in reads if plane.tensor == item.slot.plane.tensor]
        plane = waiting[key].pop(0) if waiting[key] else item.slot.plane
        view = _operand(scene, scenery, item, plane, reads.get(plane, set()), focus.get(plane), marked=marked)
        yield view if only is None or not marked else view._replace(marks=by_row(only.get(plane, set())))


def _operand(
    scene: Scene,
    scenery: Scenery,
    item: Placed,
    plane: Plane,
    cells: set[Cell],
    focus: set[Cell] | None,
    *,
    marked: bool,
) -> View:
    ring, (rows, cols), (high, wide) = item.slot.ring, item.slot.full, item.slot.span
    row, col = min((row for row, _ in cells), default=0), min((col for _, col in cells), default=0)
    if focus and high > item.rows:
        row, high = min(row for row, _ in focus), 1
    if focus and wide > item.cols:
        col, wide = min(col for _, col in focus), 1
    return View(
        item,
        label(plane, scene.step.graph.spec(plane.tensor).shape),
        (scene.step.iteration, plane),
        scenery.scale(scene.step, plane.tensor),
        numbers(scene.step, plane),
        origin(row + ring.top, high, item.rows, rows),
        origin(col + ring.left, wide, item.cols, cols),
        by_row(cells) if marked else {},
        f"read{item.number % HUES}" if item.kind == "operand" else "read-shared",
        plane=plane,
    )


def _output(scene: Scene, scenery: Scenery, board: Board, item: Placed, *, marked: bool, within: bool) -> View:
    """A plane of what is written: the one with the active cell and its neighbours, by pages."""
    step = scene.step
    leads = Spec(step.node.spec.shape[:-2])
    active, (row, col) = split(step.node.name, step.index)
    shown = sum(placed.kind == "output" for placed in board.placed)
    number = origin(leads.number(active.lead), 1, shown, leads.size) + item.number
    plane = Plane(step.node.name, leads.index(number))
    here = plane == active
    size = item.slot.rows * item.slot.cols
    following = step.place.offset + (marked and not within) - number * size
    rows, cols = item.slot.full
    return View(
        item,
        label(plane, step.node.spec.shape),
        (step.iteration, plane),
        scenery.scale(step, plane.tensor),
        numbers(step, plane),
        origin(row if here else 0, 1, item.rows, rows),
        origin(col if here else 0, 1, item.cols, cols),
        {row: (col,)} if here and marked else {},
        "new",
        Written(following, divmod(following, item.slot.cols) if 0 <= following < size else None),
        plane,
    )


def numbers(step: Step, plane: Plane) -> Numbers:
    """The numbers of a plane, a piece of a row at a time."""

    def piece(row: int, first: int, end: int) -> Sequence[float]:
        host = step.run.host(plane.tensor)
        shape: Index = host.shape
        leads = Spec(shape[:-2])
        within = host.reshape(leads.size, *size_of(shape))[leads.number(plane.lead), row, first:end]
        return [float(value) for value in within.tolist()]

    return piece


def by_row(cells: set[Cell]) -> dict[int, Columns]:
    rows: dict[int, list[int]] = {}
    for row, col in sorted(cells):
        rows.setdefault(row, []).append(col)
    return {row: tuple(columns) for row, columns in rows.items()}
