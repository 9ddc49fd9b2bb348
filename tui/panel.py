"""What is watched, in a line or two above the timeline: each value here, and how it went over the iterations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stepgrad.tui.charts.curve import sparkline
from stepgrad.tui.line import BLANK, Line, Run, clip, placed, spread
from stepgrad.tui.numbers import significant

if TYPE_CHECKING:
    from stepgrad.tui.watches import Watch, Watches

DIGITS = 6
VALUE = 11
"""Columns of a value."""
TALL = 28
"""Lines of a terminal from which every watch has a line of its own."""
FEW, MOST = 2, 8
"""The most lines, in a low terminal and in a tall one."""
NARROWEST = 24
"""Columns of a watch."""
GAP = 3
MORE = 6
"""Columns that say how many found no place."""


class Panel(NamedTuple):
    """The watches of a player that stands at a position."""

    watches: Watches | None = None
    position: int = 0

    @property
    def all(self) -> list[Watch]:
        return self.watches.all if self.watches is not None else []

    def height(self, lines: int) -> int:
        """Lines wanted in a terminal of so many."""
        if lines >= TALL:
            return min(len(self.all), MOST, lines // 5)
        return min(-(-len(self.all) // 2), FEW)

    def lines(self, room: int, rows: int) -> list[Line]:
        """The watches in so many lines, two in one where they are more; the last says how many found no place."""
        if not rows or not self.all:
            return []
        beside = max(1, min(-(-len(self.all) // rows), room // NARROWEST))
        more = len(self.all) - rows * beside
        size = (room - GAP * (beside - 1) - (MORE if more > 0 else 0)) // beside
        shown = self.all[: rows * beside]
        names = [max(len(each.text) for each in shown[i::beside]) for i in range(beside)]
        cells = [self._cell(each, min(names[i % beside], size // 2), size) for i, each in enumerate(shown)]
        found = [
            placed([(i * (size + GAP), cell) for i, cell in enumerate(cells[row * beside : (row + 1) * beside])])
            for row in range(-(-len(cells) // beside))
        ]
        return [*found[:-1], spread(found[-1], ((f"+{more}", "faint"),), room)] if more > 0 else found

    def _cell(self, watch: Watch, name: int, size: int) -> Line:
        label = watch.text if len(watch.text) <= name else f"{watch.text[: name - 1]}…"
        start: Line = ((f"{label:<{name}} ", "label"),)
        if watch.fault:
            return (*start, (watch.fault[: max(size - name - 1, 0)], "wrong"))
        assert self.watches is not None
        value = self.watches.value(watch, self.position)
        text = "." if value is None else significant(value, DIGITS)
        run: Run = (f"{text:>{VALUE}}", "unwritten" if value is None else "strong")
        room = size - name - 1 - VALUE - 2
        return clip((*start, run, ("  ", ""), *(self._curve(watch, room) if room > 0 else BLANK)), size)

    def _curve(self, watch: Watch, room: int) -> Line:
        assert self.watches is not None
        points = self.watches.points(watch)
        at = self.watches.iteration(self.position)
        return sparkline(points, room, self.watches.reached + 1, at) if points else BLANK


NO_PANEL = Panel()
