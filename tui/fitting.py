"""Whether what a lesson says finds room on the smallest screen that it is written for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stepgrad.tui.glossed import counted
from stepgrad.tui.line import headed, wrapped
from stepgrad.tui.page import Pages
from stepgrad.tui.sheet import MARGIN
from stepgrad.tui.sight import State

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop

COLUMNS, LINES = 80, 24
ALWAYS = 4
"""Lines of narration that any board gives way to."""


class Fitting:
    """Says what is wrong with a stop's narration in a terminal of 80 columns and 24 lines; nothing where it fits."""

    def __init__(self) -> None:
        self._pages: Pages | None = None
        self._room: dict[str, int] = {}
        """Lines of narration that were seen to fit beside each tensor's board."""

    def __call__(self, lesson: Lesson, stop: Stop) -> str:
        if self._pages is None or self._pages.lesson is not lesson:
            self._pages, self._room = Pages(lesson), {}
        lines = len(wrapped(counted(stop, headed(stop.title, lesson.say(stop))), COLUMNS - MARGIN))
        for position, tensor in _read(lesson, stop):
            elsewhere = position != stop.position
            if elsewhere and lines <= self._room.get(tensor, ALWAYS):
                continue
            if "narration" in self._pages.page(State(position, stop=stop.number), COLUMNS, LINES).cut:
                return self._told(lines, position, tensor if elsewhere else "")
            self._room[tensor] = lines
        return ""

    def _told(self, lines: int, position: int, tensor: str) -> str:
        assert self._pages is not None
        if not self._pages.lesson.timeline.steps:
            return f"leaves no room for the entries at {COLUMNS}x{LINES}; say it in fewer words"
        there = self._pages.sight(State(position), COLUMNS, LINES).heights.narration
        where = f" while {tensor} is on it" if tensor else ""
        return (
            f"takes {lines} lines and the screen has {there} for it at {COLUMNS}x{LINES}{where}; "
            "say it in fewer words, or in two stops"
        )


def _read(lesson: Lesson, stop: Stop) -> Iterator[tuple[int, str]]:
    """Where a stop is read: its own position, and the first of every other tensor up to the next stop."""
    timeline = lesson.timeline
    if not timeline.steps:
        yield 0, ""
        return
    yield stop.position, timeline.place(max(stop.position - 1, 0)).node.name
    if stop.number + 1 < stop.of:
        return
    end = next((other.position for other in lesson.stops if other.position > stop.position), timeline.steps + 1)
    at, seen = timeline.move(stop.position, "tensor", 1), set[str]()
    while at < min(end - 1, timeline.steps):
        name = timeline.place(at).node.name
        if name in seen:
            return
        seen.add(name)
        yield at + 1, name
        at = timeline.move(at, "tensor", 1)
