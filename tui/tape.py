"""What was worked out on the way here: a line for each of the last steps, where a large terminal has nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.engine.timeline import short
from stepgrad.tui.line import BLANK, Line, clip, width
from stepgrad.tui.tree_rows import worked

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

LEAST = 5
"""Lines from which there is one."""
MOST = 17
"""Lines it takes at most."""
KEPT = 256
"""Steps whose lines are kept."""
HEAD: Line = (("so far", "label"),)


class Tape:
    """The last steps of a lesson, in lines."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._kept: dict[int, Line] = {}

    def lines(self, position: int, columns: int, lines: int) -> list[Line]:
        """The steps of a page of the iteration, up to the one just written: a step adds a line, and moves none."""
        rows = min(lines, MOST) - 2
        if rows < LEAST - 2 or not position:
            return []
        timeline, number = self._lesson.timeline, position - 1
        start = timeline.start(timeline.place(number).iteration)
        first = start + (number - start) // rows * rows
        shown = [_cut(line, columns) for line in (HEAD, *map(self._line, range(first, position)))]
        return [*shown, *[BLANK] * (rows - len(shown) + 2)]

    def _line(self, number: int) -> Line:
        """`12  relu[4] = 0.5 = max(0.5, 0)`"""
        if number not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            step = self._lesson.step(number)
            name = str(short(step.address, step.node.spec.shape))
            width = len(f"{self._lesson.timeline.steps:,}")
            self._kept[number] = ((f"{number + 1:>{width},}  ", "faint"), (name, ""), (worked(step), "faint"))
        return self._kept[number]


def _cut(line: Line, columns: int) -> Line:
    return line if width(line) <= columns else (*clip(line, columns - 1), ("…", "faint"))
