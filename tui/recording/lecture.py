"""A lecture: which positions are shown, and when. The clock is counted, not read, so it is the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from stepgrad.engine.timeline import Level, short
from stepgrad.tui.flat import said
from stepgrad.tui.reading import rest

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop

BEAT = 500
"""Milliseconds a step is shown where no pace is given."""
RUN = 8_000
"""Milliseconds that the steps between two stops take at most where no pace is given."""
FASTEST = 50
"""Milliseconds a step is shown at least where no pace is given; of a longer run, steps are left out."""
LAST = 3_000
"""Milliseconds that the end is shown at least."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From `time` (milliseconds since the start) on, `position` is shown. `stop` is the stop of the script there."""

    time: int
    position: int
    stop: Stop | None = None

    @property
    def told(self) -> tuple[int, int]:
        """The position, and which of several stops is told there."""
        return self.position, self.stop.number if self.stop is not None else 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stop, and the time until the next one (milliseconds since the start)."""

    stop: Stop
    title: str
    words: str
    position: int
    start: int
    end: int

    @property
    def heading(self) -> str:
        """The title as a sentence, where the words follow it."""
        return self.title if self.title[-1:] in ".?!:" else f"{self.title}."


@dataclass(frozen=True)
class Lecture:
    """A part of a lesson, from one position to another, as it is shown."""

    lesson: Lesson
    first: int
    last: int
    level: Level = "cell"
    pace: int | None = None
    """Milliseconds of every step. None shows steps fast, or not all of them, where there are many between two stops."""
    idle: int | None = None
    """Milliseconds that a picture is shown at most."""
    only: Stop | None = None
    """The one stop that is told, where not all of them are."""

    @cached_property
    def stops(self) -> dict[int, tuple[Stop, ...]]:
        """The stops by position; the first position shows the words of the last stop before it."""
        if self.only is not None:
            return {self.first: (self.only,)}
        opening = self.lesson.told_at(self.first)
        found = {self.first: opening} if opening else {}
        for stop in self.lesson.stops:
            if self.first < stop.position <= self.last:
                found[stop.position] = (*found.get(stop.position, ()), stop)
        return found

    def at(self, position: int, only: Stop | None = None) -> Lecture:
        """The one picture of a position, or of one of the stops there."""
        return replace(self, first=position, last=position, only=only)

    def moments(self) -> Iterator[Moment]:
        """What is shown when; the last one only says when it ends."""
        time, stops = 0, self.stops
        for position, beat in self._shown(sorted(stops)):
            for stop in stops.get(position, (None,)):
                yield Moment(time, position, stop)
                lasts = beat if stop is None else self.rest(stop)
                if position == self.last:
                    lasts = max(lasts, LAST)
                time += lasts if self.idle is None else min(lasts, self.idle)
        yield Moment(time, self.last)

    def chapters(self) -> list[Chapter]:
        """The stops with their times."""
        told: list[tuple[Stop, int, int]] = []
        end = 0
        for moment in self.moments():
            end = moment.time
            if moment.stop is not None:
                told.append((moment.stop, moment.position, moment.time))
        ends = [*(start for _, _, start in told[1:]), end]
        return [
            Chapter(stop, titled(self.lesson, stop), " ".join(words(self.lesson, stop)), position, start, until)
            for (stop, position, start), until in zip(told, ends, strict=True)
        ]

    def rest(self, stop: Stop) -> int:
        """Milliseconds at a stop: what the script says, else as long as it takes to read."""
        return max(rest(self.lesson, stop), FASTEST)

    def _shown(self, stops: list[int]) -> Iterator[tuple[int, int]]:
        """The positions, and the milliseconds until the next one."""
        at = self.first
        ends = [*(stop for stop in stops if stop > at), *([] if self.last in stops else [self.last])]
        yield at, self._beat(at, ends[0])[0] if ends else 0
        for end in ends:
            beat, skip = self._beat(at, end)
            while at < end:
                at = min(self._next(at, skip), end)
                yield at, beat

    def _beat(self, start: int, end: int) -> tuple[int, int]:
        """Milliseconds a step takes between two stops, and how many steps each passes on by."""
        if self.pace is not None:
            return self.pace, 1
        fitting = RUN // FASTEST
        moves = len(list(islice(self._moves(start, end), fitting + 1)))
        if moves > fitting:
            return FASTEST, max(-(-(end - start) // fitting), 1)
        return min(BEAT, RUN // max(moves, 1)), 1

    def _moves(self, at: int, end: int) -> Iterator[int]:
        while at < end:
            at = self._next(at, 1)
            yield at

    def _next(self, at: int, skip: int) -> int:
        """The next boundary of the level at least `skip` steps on."""
        return self.lesson.timeline.move(at + skip - 1, self.level, 1)


def words(lesson: Lesson, stop: Stop) -> list[str]:
    """What is said at a stop, without its title: a line for each paragraph."""
    told = said(lesson, stop)
    return told[1:] if stop.title else told


def titled(lesson: Lesson, stop: Stop) -> str:
    """What a stop is called: its title, else the cell just written."""
    if stop.title:
        return stop.title
    if stop.position == 0:
        return "start"
    step = lesson.step(stop.position - 1)
    iteration = f"@{step.iteration}" if lesson.timeline.iterations > 1 else ""
    return f"{short(step.address, step.node.spec.shape)}{iteration}"
