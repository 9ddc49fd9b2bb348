"""A lecture: which positions are shown, and when. The clock is counted, not read, so it is the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from stepgrad.engine.timeline import Level, short
from stepgrad.tui.flat import said
from stepgrad.tui.reading import rest
from stepgrad.tui.recording.route import FASTEST, View, route

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop

LAST = 3_000
"""Milliseconds that the end is shown at least."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From `time` (milliseconds since the start) on, `position` is shown. `stop` is the stop of the script there."""

    time: int
    position: int
    stop: Stop | None = None
    words: str = ""
    """What is said of steps left out."""

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
        for view in self._views():
            for stop in stops.get(view.position, (None,)):
                yield Moment(time, view.position, stop, view.words)
                lasts = view.beat if stop is None else self.rest(stop)
                if view.position == self.last:
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

    def _views(self) -> Iterator[View]:
        """The positions, and the milliseconds until the next one."""
        places = [self.first, *sorted({*self.stops, self.last} - {self.first})]
        way = chain.from_iterable(
            route(self.lesson.timeline, self.level, start, end, self.pace) for start, end in pairwise(places)
        )
        after = next(way, None)
        yield View(self.first, after.beat if after is not None else 0)
        if after is not None:
            yield after
        yield from way


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
