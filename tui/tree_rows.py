"""A row of a tree of cells in words: its name, its value, and the arithmetic that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.engine.arithmetic import written
from stepgrad.engine.lookup import Cell
from stepgrad.engine.number import Number, Padding
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address
from stepgrad.tui.drawing import PADDING
from stepgrad.tui.line import Line, clip
from stepgrad.tui.numbers import close, significant
from stepgrad.tui.places import filled, named
from stepgrad.tui.reach_words import ROLES
from stepgrad.tui.tree import More, Row, Tree

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

DIGITS = 5
TERMS = 8
"""Terms of a sum that are written."""
OPEN, CLOSED, END = "▾", "▸", "·"


class Rows:
    """The rows of a tree, in a lesson that stands at a position of an iteration."""

    def __init__(self, lesson: Lesson, tree: Tree, position: int, iteration: int) -> None:
        self._lesson = lesson
        self._tree = tree
        self._position = position
        self._iteration = iteration

    def line(self, row: Row, room: int, *, chosen: bool) -> Line:
        """A row in so many columns."""
        indent = "  " * min(row.depth, room // 4)
        style = "chosen" if chosen else ""
        if isinstance(row, More):
            return clip(((f"{indent}  ", ""), ("... more", style or "faint")), room)
        sign = (OPEN if row.is_open else CLOSED) if self._tree.leads(row) else END
        name, about = named(self._tree.run.graph, row.cell), self._about(row.cell)
        return clip(((f"{indent}{sign} ", "faint"), (name, style or "strong"), (f"{about}", style)), room)

    def _about(self, cell: Cell) -> str:
        """` = 9.25 = 1×0 + 3×1 + 1.25`; `~` where digits are left out."""
        graph, (name, index) = self._tree.run.graph, cell
        if graph.spec(name).number(index) >= filled(self._lesson.timeline, self._position, name, self._iteration):
            return "   not written yet"
        if name in graph.sources:
            return f" = {significant(self._tree.run.value(name, index), DIGITS)}   {ROLES[graph.sources[name].role]}"
        return worked(self._lesson.step(self._lesson.timeline.number(Address(name, index), self._iteration)))


def worked(step: Step) -> str:
    """` = 9.25 = 1×0 + 3×1 + 1.25`, a value and the arithmetic that made it; `~` where digits are left out."""
    value, shown = significant(step.value, DIGITS), Shown()
    text = written(step.trace, shown.text, TERMS, grouped=False).replace("*", "×")
    relation = "=" if shown.is_full and close(float(value), step.value) else "~"
    return f" = {value}" if text == value else f" = {value} {relation} {text}"


class Shown:
    """The text of leaves, and whether they were all written in full."""

    def __init__(self) -> None:
        self.is_full = True

    def text(self, leaf: Number) -> str:
        if isinstance(leaf, Padding):
            return PADDING[0]
        text = significant(leaf.value, DIGITS)
        self.is_full = self.is_full and close(float(text), leaf.value)
        return text
