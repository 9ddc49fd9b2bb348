"""What a step reads and writes as pictures side by side, in the lines that a large terminal leaves under the words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from stepgrad.engine.step import Step
from stepgrad.tui.charts.heat import Ink
from stepgrad.tui.charts.map_view import Asked, drawn_map
from stepgrad.tui.charts.planes_view import planes_of
from stepgrad.tui.charts.subject import Subject, Tensor, tensor
from stepgrad.tui.line import BLANK, Line, clip, placed, width

LEAST = 8
"""Lines from which there is a picture."""
MOST = 17
"""Lines that pictures take at most: they are looked at after the numbers."""
CELL = (4, 2)
"""Columns and lines of a cell at most."""
SEEN = 8
"""Rows and columns from which three channels are one coloured picture."""
NARROWEST = 20
"""Columns of a picture."""
APART = 4
"""Columns between two pictures."""
CELLS = 4
"""Cells from which a tensor is more than a few numbers; one at least of those shown has more than twice as many."""
KEPT = 4
"""Tensors kept; a step has no more pictures."""


class Picture(NamedTuple):
    """A tensor as it is drawn, and the columns it takes."""

    lines: list[Line]
    columns: int


class Glances:
    """The pictures of a lesson's steps."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, Tensor]] = {}

    def lines(self, step: Step, position: int, columns: int, lines: int, ink: Ink) -> list[Line]:
        """The pictures of a step and an empty line; nothing where there is no room, or little to see."""
        lines = min(lines - 1, MOST)
        if lines < LEAST:
            return []
        subjects = [Subject(self._tensor(step, name), step, position) for name in _names(step)]
        subjects = subjects[-max((columns + APART) // (NARROWEST + APART), 1) :]
        pictures: list[Picture] = []
        for left, subject in zip(range(len(subjects), 0, -1), subjects, strict=True):
            # What one does not need is left to those after it.
            taken = sum(picture.columns + APART for picture in pictures)
            room = (columns - taken - APART * (left - 1)) // left
            pictures.append(_picture(subject, room, lines, ink))
        return [*_beside(pictures), BLANK] if pictures else []

    def _tensor(self, step: Step, name: str) -> Tensor:
        """A tensor, kept as long as its iteration is stepped through."""
        found = self._kept.get(name)
        if found is None or found[0] is not step.run:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[name] = step.run, tensor(step, name)
        return found[1]


def _names(step: Step) -> list[str]:
    """What is seen of a step: what it reads, in order, and last what it writes. Nothing if that is a few numbers."""
    graph, node = step.graph, step.node
    read = dict.fromkeys(name for name in node.inputs if name is not None and graph.spec(name).size >= CELLS)
    names = [*list(read)[: KEPT - 1], node.name]
    much = max(graph.spec(name).size for name in names) > 2 * CELLS
    return names if much and node.size >= CELLS else []


def _picture(subject: Subject, columns: int, lines: int, ink: Ink) -> Picture:
    """A tensor under its name: its planes, or the only one as large as there is room for."""
    found, plane = subject.tensor, subject.active
    _, high, wide = found.planes.shape
    coloured = found.is_coloured and min(high, wide) >= SEEN
    if found.leads.size == 1 or coloured:
        room = min(columns, CELL[0] * wide), min(lines - 1, CELL[1] * high)
        drawn = drawn_map(subject, Asked(plane, coloured), *room, ink)
    else:
        across = max(columns // (CELL[0] * wide + APART), 1)
        enough = -(-found.leads.size // across) * (CELL[1] * high + 2) - 1
        drawn = planes_of(subject, plane, columns, min(lines - 1, enough), ink)[0]
    size = "×".join(map(str, found.values.shape))
    title: Line = ((found.name, "label-new" if subject.is_output else "label"), (f"  {size}", "faint"))
    shown = [clip(line, columns) for line in (title, *drawn[: lines - 1])]
    return Picture(shown, max(map(width, shown)))


def _beside(pictures: list[Picture]) -> Iterator[Line]:
    starts = [0]
    for picture in pictures:
        starts.append(starts[-1] + picture.columns + APART)
    for row in zip_longest(*(picture.lines for picture in pictures), fillvalue=BLANK):
        yield placed(list(zip(starts, row, strict=False)))
