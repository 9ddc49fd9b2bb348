"""What a handout shows of a step, in whatever it is written: matrices, formula, arithmetic, the words of the script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stepgrad.engine.number import Read
from stepgrad.engine.op import Spec
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import short
from stepgrad.scenarios.narration import is_computed
from stepgrad.tui.board import Plane
from stepgrad.tui.digits import in_text
from stepgrad.tui.flat import UNCUT, Selection, spans
from stepgrad.tui.scene import Cell, Scenery, label, size_of, split
from stepgrad.tui.veil import ANSWER, OPEN, VALUE, Veil, arithmetic
from stepgrad.tui.views import numbers

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop

WIDEST = 12
"""Rows and columns of a matrix that are shown; of a larger one, those around what is read."""
PLANES = 4
"""Planes of one tensor that are shown."""
TERMS = 24
"""Terms of a sum that are written where there are too many for all of them."""

Look = Literal["", "read", "new", "unwritten", "more"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of a matrix, and what is special about it."""

    text: str
    look: Look = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A plane of a tensor: the last two axes. `columns` and the first of each row are the places, counted from 0."""

    name: str
    columns: list[str]
    rows: list[tuple[str, list[Entry]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A step, or all that is written at once at a coarser level, as a page shows it."""

    name: str
    number: str
    """The steps, as people count them, of how many there are."""
    matrices: list[Matrix]
    formula: str
    note: str
    arithmetic: str
    """`(1*1) + (0*0) = 1`; empty where a sheet shows no single cell."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a handout: what the script says, and the sheet of a step; either may be missing."""

    title: str = ""
    words: str = ""
    sheet: Sheet | None = None


class Handout:
    """The sections of a lesson, without what is hidden of it where it is about one step."""

    def __init__(self, lesson: Lesson, hidden: Veil = OPEN) -> None:
        self.lesson = lesson
        self._hidden = hidden
        self._scenery = Scenery()

    def of_steps(self, wanted: Selection) -> Iterator[Section]:
        """A section for every step, or every span of a coarser level, and the script where it belongs."""
        if wanted.steps.start == 0:
            yield from self._said(0, 0)
        for span in spans(self.lesson.timeline, wanted):
            if wanted.level in ("cell", "term"):
                yield from self._with_words(span.stop)
            else:
                yield Section(sheet=self._written(span))
                yield from self._said(span.start + 1, span.stop)
        yield from self._entries()

    def of_stops(self, stops: Mapping[int, tuple[Stop, ...]]) -> Iterator[Section]:
        """A section for every stop of a script; the step stands with the last one that is told of it."""
        for position, told in sorted(stops.items()):
            sheet = self._sheet(self.lesson.step(position - 1)) if position else None
            for stop in told:
                yield Section(stop.title, self.lesson.say(stop), sheet if stop is told[-1] else None)
        yield from self._entries()

    def of_position(self, position: int) -> Iterator[Section]:
        """What is said at a position, and the step that was just written there."""
        yield from self._with_words(position) if position else self._said(0, 0)
        if not self.lesson.timeline.steps:
            yield from self._entries()

    def _with_words(self, position: int) -> Iterator[Section]:
        sheet = self._sheet(self.lesson.step(position - 1))
        told = list(self._said(position, position))
        yield from told[:-1]
        yield Section(told[-1].title, told[-1].words, sheet) if told else Section(sheet=sheet)

    def _said(self, first: int, last: int) -> Iterator[Section]:
        """What the script says from one position to another, both included."""
        for stop in self.lesson.stops:
            if first <= stop.position <= last:
                yield Section(stop.title, self.lesson.say(stop, hidden=self._hidden.result))

    def _entries(self) -> Iterator[Section]:
        for entry in self.lesson.scenario.entries:
            yield Section(entry.term, entry.text)

    def _sheet(self, step: Step) -> Sheet:
        """One step: what its cell reads, the plane it is written in, and its arithmetic."""
        address = self._address(step)
        reads: dict[Plane, set[Cell]] = {}
        for leaf in step.leaves:
            if isinstance(leaf, Read):
                plane, cell = split(leaf.cells.name, leaf.index)
                reads.setdefault(plane, set()).add(cell)
        matrices = [self._matrix(step, plane, cells) for plane, cells in _few(reads)]
        plane, cell = split(step.node.name, step.index)
        matrices.append(self._matrix(step, plane, {cell}, written=step.place.offset + 1))
        return Sheet(
            name=address,
            number=f"{step.number + 1} of {self.lesson.timeline.steps}",
            matrices=matrices,
            formula=step.formula,
            note=step.node.op.note,
            arithmetic=arithmetic(in_text(step), UNCUT if step.terms <= UNCUT else TERMS, self._hidden),
        )

    def _written(self, span: range) -> Sheet:
        """Many cells at once: the tensor they are in, or the last of them."""
        step = self.lesson.step(span.stop - 1)
        leads = Spec(step.node.spec.shape[:-2])
        planes = [Plane(step.node.name, leads.index(number)) for number in range(min(leads.size, PLANES))]
        return Sheet(
            name=step.node.name + self._iteration(step),
            number=f"{span.start + 1} to {span.stop} of {self.lesson.timeline.steps}",
            matrices=[self._matrix(step, plane, set(), written=step.node.size) for plane in planes],
            formula=step.formula,
            note=step.node.op.note,
            arithmetic="",
        )

    def _address(self, step: Step) -> str:
        return f"{short(step.address, step.node.spec.shape)}{self._iteration(step)}"

    def _iteration(self, step: Step) -> str:
        return f"@{step.iteration}" if self.lesson.timeline.iterations > 1 else ""

    def _matrix(self, step: Step, plane: Plane, cells: set[Cell], written: int | None = None) -> Matrix:
        """A plane, with the cells marked; of the one being written, `written` cells of its tensor are there."""
        shape = step.graph.spec(plane.tensor).shape
        height, width = size_of(shape)
        rows = _window(height, [row for row, _ in cells])
        columns = _window(width, [column for _, column in cells])
        scale, piece = self._scenery.scale(step, plane.tensor), numbers(step, plane)
        before = Spec(shape[:-2]).number(plane.lead) * height * width
        mark: Look = "read" if written is None else "new"
        covered = self._hidden.values and is_computed(step.graph, plane.tensor, step.iteration)

        def entry(row: int, column: int, value: float) -> Entry:
            if written is not None and before + row * width + column >= written:
                return Entry("", "unwritten")
            look = mark if (row, column) in cells else ""
            if look == "new" and self._hidden.result:
                return Entry(ANSWER, look)
            return Entry(VALUE if covered else scale.text(value), look)

        found = [
            (
                str(row),
                [
                    *_more(columns.start > 0),
                    *(
                        entry(row, columns.start + i, value)
                        for i, value in enumerate(piece(row, columns.start, columns.stop))
                    ),
                    *_more(columns.stop < width),
                ],
            )
            for row in rows
        ]
        names = [*_dots(columns.start > 0), *map(str, columns), *_dots(columns.stop < width)]
        gap = ("", [Entry("", "more")] * len(names))
        return Matrix(
            label(plane, shape), names, [*([gap] * (rows.start > 0)), *found, *([gap] * (rows.stop < height))]
        )


def _few(reads: dict[Plane, set[Cell]]) -> Iterator[tuple[Plane, set[Cell]]]:
    """The planes that are read, the first few of each tensor."""
    shown: dict[str, int] = {}
    for plane, cells in reads.items():
        shown[plane.tensor] = shown.get(plane.tensor, 0) + 1
        if shown[plane.tensor] <= PLANES:
            yield plane, cells


def _window(size: int, marked: list[int]) -> range:
    """Which rows or columns are shown: all, or those around the marked ones."""
    if size <= WIDEST:
        return range(size)
    middle = (min(marked) + max(marked)) // 2 if marked else 0
    start = min(max(middle - WIDEST // 2, 0), size - WIDEST)
    return range(start, start + WIDEST)


def _more(is_cut: bool) -> list[Entry]:
    return [Entry("", "more")] if is_cut else []


def _dots(is_cut: bool) -> list[str]:
    return ["..."] if is_cut else []
