"""What the player is looking at, and what there is to see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stepgrad.engine.step import Step
from stepgrad.tui.board import Board, Plan
from stepgrad.tui.drawing import View
from stepgrad.tui.gaze import NO_GAZE, Gaze
from stepgrad.tui.inquiry import Inquiry
from stepgrad.tui.line import Line
from stepgrad.tui.panel import NO_PANEL, Panel
from stepgrad.tui.progress import NO_TICKS, Ticks
from stepgrad.tui.sheet import Heights, silent, speaking
from stepgrad.tui.veil import OPEN, Veil

if TYPE_CHECKING:
    from stepgrad.tui.charts.heat import Ink


@dataclass(frozen=True, slots=True)
class State:
    """What the player is looking at."""

    position: int
    page: int | None = None
    """The page of a long sum; None is the one with the term that is being added, else the first."""
    all_digits: bool = False
    term: int = 0
    """How many terms of the cell are in; 0 where it was come to whole."""
    ticks: Ticks = NO_TICKS
    panel: Panel = NO_PANEL
    gaze: Gaze = NO_GAZE
    inquiry: Inquiry | None = None
    maps: Ink | None = None
    """What to draw a map of the plane that is written with; None shows its numbers alone."""
    pictures: Ink | None = None
    """What to draw pictures with, where there is room to spare; None draws none."""
    veil: Veil = OPEN
    """What is hidden."""
    stop: int = 0
    """Which of several stops at the position is told."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stays as it is while stepping through a node."""

    plan: Plan
    board: Board
    heights: Heights
    inner: int
    """Columns between the margin and the rail."""
    rail: int
    term: int
    """Columns of a term."""

    @property
    def columns(self) -> list[int]:
        """Where the parts of the sum start on the board."""
        return [item.x for item in self.board.placed if item.kind == "operand" and item.number == 0]


class Sight(NamedTuple):
    """What the player looks at: a step's board, and the working under it."""

    step: Step
    frame: Frame
    heights: Heights
    board: Board
    views: Sequence[View]
    formula: Sequence[Line]
    note: Sequence[Line]
    terms: Sequence[Line]
    result: Sequence[Line]
    page: int = 0
    pages: int = 1
    first_part: int = 0
    """The first part of the sum whose planes the board shows."""
    words: Sequence[Line] = ()
    """What is said instead of the narration."""

    @property
    def silent(self) -> Sight:
        """Without the working; its lines are left over."""
        return self._replace(formula=(), note=(), terms=(), result=(), pages=1, heights=silent(self.heights))

    def saying(self, words: Sequence[Line]) -> Sight:
        return self._replace(words=words, heights=speaking(self.heights, len(words)))
