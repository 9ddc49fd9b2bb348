"""Where the player stands: a position on the timeline and the level it moves at. Everything on screen follows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from stepgrad.engine.timeline import LEVELS, Level, Timeline
from stepgrad.tui.places import position


class Cursor:
    """A position from 0 (nothing written) to the number of steps, and the ways to move it."""

    def __init__(self, timeline: Timeline, stops: Sequence[int] = (), level: Level = "cell") -> None:
        self.timeline = timeline
        self.stops = sorted(set(stops))
        self.level: Level = level
        self.position = 0

    @property
    def step(self) -> int:
        """The step on screen: the one just written, or the first before any is."""
        return max(self.position - 1, 0)

    @property
    def iteration(self) -> int:
        return self.timeline.place(self.step).iteration if self.timeline.steps else 0

    def move(self, count: int, level: Level | None = None) -> None:
        """`count` boundaries of a level (this one's own where none is given), backwards where negative."""
        level = level or self.level
        if level in ("cell", "term"):
            self.to(self.position + count)
            return
        for _ in range(abs(count)):
            before = self.position
            self.to(self.timeline.move(self.position, level, 1 if count > 0 else -1))
            if self.position == before:
                break

    def to(self, position: int) -> None:
        """A position; one beyond an end is that end."""
        self.position = min(max(position, 0), self.timeline.steps)

    def to_stop(self, count: int) -> None:
        """The next stop of the script, or the one before; past the last lies the end, before the first the start."""
        at = bisect_right(self.stops, self.position) - 1 if count > 0 else bisect_left(self.stops, self.position)
        self.to(self.stop(at + count))

    def next_stop(self) -> int:
        """The position of the next stop; the end where there is none."""
        return self.stop(bisect_right(self.stops, self.position))

    def stop(self, number: int) -> int:
        if number < 0:
            return 0
        return self.stops[number] if number < len(self.stops) else self.timeline.steps

    def go(self, text: str) -> None:
        """An address, or a step number counted from 1. Raises AddressError, and then nothing has moved."""
        self.to(position(self.timeline, text, self.iteration))

    def finer(self, count: int) -> None:
        """So many levels finer, coarser where negative."""
        known = [level for level in LEVELS if level != "term"]
        at = known.index(self.level) if self.level in known else len(known) - 1
        self.level = known[min(max(at + count, 0), len(known) - 1)]
