"""Where the player stands, and the way it came. Everything on screen follows from the place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from stepgrad.engine.errors import AddressError
from stepgrad.tui.bookmark import Bookmark

if TYPE_CHECKING:
    from stepgrad.engine.timeline import Level, Timeline
    from stepgrad.scenarios.lesson import Lesson, Stop

TRAIL = 1000
"""Jumps remembered."""


class Cursor:
    """A place in a lesson, the ways to move it, and the jumps to go back along."""

    def __init__(self, lesson: Lesson, level: Level = "cell") -> None:
        self.lesson = lesson
        self.place = Bookmark(level=level)
        self._trail: list[Bookmark] = []

    @property
    def timeline(self) -> Timeline:
        return self.lesson.timeline

    @property
    def position(self) -> int:
        """From 0 (nothing written) to the number of steps."""
        return self.place.position

    @property
    def level(self) -> Level:
        return self.place.level

    @property
    def term(self) -> int:
        """How many terms of the cell just written were gone through; 0 where it was come to whole."""
        return self.place.term

    @property
    def step(self) -> int:
        """The step on screen: the one just written, or the first before any is."""
        return max(self.position - 1, 0)

    @property
    def iteration(self) -> int:
        return self.timeline.place(self.step).iteration if self.timeline.steps else 0

    @property
    def is_within(self) -> bool:
        """Whether the cell on screen is in the middle of its sum."""
        return 0 < self.term < self.lesson.step(self.step).terms

    @property
    def written(self) -> int:
        """How many cells stand written."""
        return self.position - self.is_within

    @property
    def stop(self) -> Stop | None:
        """What is said here."""
        return self.lesson.stop_at(*self.place.told)

    def move(self, count: int, level: Level | None = None) -> None:
        """`count` steps of a level (its own where none is given), backwards where negative."""
        self.place = self.place.moved(self.lesson, 1 if count > 0 else -1, abs(count), level)

    def to(self, position: int, stop: int = 0) -> None:
        """A position, and which of several stops is told there; one beyond an end is that end."""
        self.place = replace(self.place.at(min(max(position, 0), self.timeline.steps)), stop=stop)

    def jump(self, position: int, stop: int = 0) -> None:
        """As `to`, the way back remembered."""
        self._leave()
        self.to(position, stop)

    def go(self, text: str) -> None:
        """An address, or a step number counted from 1. Raises AddressError, and then nothing has moved."""
        found = self.place.gone(self.lesson, text)
        self._leave()
        self.place = found

    def back_along(self, count: int) -> bool:
        """Back along the jumps. Returns whether there was one."""
        gone = self._trail[-count:]
        del self._trail[-count:]
        if gone:
            self.place = gone[0].at(min(gone[0].position, self.timeline.steps)) if not gone[0].term else gone[0]
        return bool(gone)

    def to_stop(self, count: int) -> None:
        """The next stop of the script, or the one before; past the last lies the end, before the first the start."""
        stops, here = self._stops(), self.place.told
        at = bisect_right(stops, here) - 1 if count > 0 else bisect_left(stops, here)
        self.jump(*self._stop(stops, at + count))

    def next_stop(self) -> tuple[int, int]:
        """Where the next stop stands, and its number there; the end where there is none."""
        stops = self._stops()
        return self._stop(stops, bisect_right(stops, self.place.told))

    def finer(self, count: int) -> None:
        """So many levels finer, coarser where negative."""
        for _ in range(min(abs(count), 10)):
            self.place = self.place.levelled(1 if count > 0 else -1)

    def follow(self, lesson: Lesson) -> None:
        """Go on in another lesson at the same cell; where that is gone, at the start of its tensor, else at the start.

        Who stood at an end that is gone stands at the new one. The way back is kept by address as well.
        """
        old, self.lesson = self.lesson, lesson
        self.place = _kept(self.place, old, lesson)
        self._trail = [_kept(place, old, lesson) for place in self._trail]

    def _leave(self) -> None:
        if not self._trail or self._trail[-1] != self.place:
            self._trail.append(self.place)
        del self._trail[:-TRAIL]

    def _stops(self) -> list[tuple[int, int]]:
        return [stop.place for stop in self.lesson.stops]

    def _stop(self, stops: list[tuple[int, int]], number: int) -> tuple[int, int]:
        if number < 0:
            return 0, 0
        # The last stop may be one of several at the end.
        return stops[number] if number < len(stops) else max([(self.timeline.steps, 0), *stops[-1:]])


def _kept(place: Bookmark, old: Lesson, new: Lesson) -> Bookmark:
    """The place of the same cell in another lesson."""
    if place.position == 0:
        told = new.stop_at(0, place.stop)
        return replace(place, stop=told.number if told else 0)
    found = old.timeline.place(place.position - 1)
    # In full: what a short address leaves out may be another cell where the tensor has another shape.
    address = replace(found.address, index=found.index or None)
    term = place.term - 1 if place.level == "term" and place.term else None
    end = ":end" if place.position == old.timeline.steps else str(address)
    start = f"{found.node.name}@{found.iteration}"
    for text in (str(replace(address, term=term)), str(address), end, start, found.node.name):
        try:
            kept = place.at(0).gone(new, text)
        except AddressError:
            continue
        told = new.stop_at(kept.position, place.stop)
        return replace(kept, stop=told.number if told and told.position == kept.position else 0)
    return place.at(0)
