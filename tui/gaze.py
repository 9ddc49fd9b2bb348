"""Where a learner looks on the board, beside what the step itself shows: the cell cursor, and planes leafed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stepgrad.engine.op import Spec
from stepgrad.tui.board import Plane, origin
from stepgrad.tui.drawing import NO_MARKS, Columns, View, Written
from stepgrad.tui.pointer import Pointer, place
from stepgrad.tui.scene import Scene, Scenery, label
from stepgrad.tui.views import by_row, numbers

Leafed = tuple[tuple[str, int], ...]
"""Tensors of which other planes are shown, and how many planes on."""


class Gaze(NamedTuple):
    """What is looked at."""

    pointer: Pointer | None = None
    leafed: Leafed = ()


NO_GAZE = Gaze()


def looked(views: Iterable[View], gaze: Gaze, scene: Scene, scenery: Scenery) -> Iterator[View]:
    """The views of a step's board, with the planes leafed to."""
    views = list(views)
    on = dict(gaze.leafed)
    for view in views:
        beside = sum(other.plane.tensor == view.plane.tensor for other in views)
        yield leafed(view, on.get(view.plane.tensor, 0), beside, scene, scenery)


def with_pointer(views: Iterable[View], pointer: Pointer | None) -> list[View]:
    """The views with the cell cursor in its place."""
    if pointer is None:
        return list(views)
    return [pointed(v, pointer.row, pointer.col) if place(v.item) == pointer.place else v for v in views]


def pointed(view: View, row: int, col: int) -> View:
    """The view with the cell cursor; it moves there where the cell is not in it."""
    item, ring = view.item, view.item.slot.ring
    rows, cols = item.slot.full
    top = view.top if row in view.rows else origin(row + ring.top, 1, item.rows, rows)
    left = view.left if col in view.columns else origin(col + ring.left, 1, item.cols, cols)
    return view._replace(top=top, left=left, pointer=(row, col))


def showing(view: View, cells: Mapping[int, Columns]) -> View:
    """The view where some of these cells are in it; it moves to the first where none is."""
    if not cells or any(col in view.columns for row in view.rows for col in cells.get(row, ())):
        return view
    row = next(iter(cells))
    return pointed(view, row, cells[row][0])._replace(pointer=None)


def leafed(view: View, by: int, beside: int, scene: Scene, scenery: Scenery) -> View:
    """The view of a plane so many planes on, one of `beside` that stay together."""
    step = scene.step
    shape = step.graph.spec(view.plane.tensor).shape if by else ()
    leads = Spec(shape[:-2])
    if not by or leads.size <= 1:
        return view
    before = leads.number(view.plane.lead)
    among = view.item.number if view.item.kind == "output" else 0
    room = beside if view.item.kind == "output" else 1
    after = min(max(before + by, among), leads.size - room + among)
    plane = Plane(view.plane.tensor, leads.index(after))
    marks = by_row(scene.reads_of(step.trace).get(plane, set())) if view.marks and view.written is None else NO_MARKS
    return view._replace(
        name=label(plane, shape),
        key=(step.iteration, plane),
        scale=scenery.scale(step, plane.tensor),
        numbers=numbers(step, plane),
        marks=marks,
        written=view.written and _written(view, after - before),
        plane=plane,
    )


def _written(view: View, on: int) -> Written:
    """How far a plane so many on is written."""
    assert view.written is not None
    size, cols = view.item.slot.rows * view.item.slot.cols, view.item.slot.cols
    cells = view.written.cells - on * size
    return Written(cells, divmod(cells, cols) if 0 <= cells < size else None)
