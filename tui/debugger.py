"""What a debugger adds to the player: stops and the way to the next of them, and numbers that are watched."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from stepgrad.engine.breakpoints import At, Breakpoint, Found
from stepgrad.engine.errors import StepgradError
from stepgrad.tui.breaks import Breaks, Diverges
from stepgrad.tui.panel import Panel
from stepgrad.tui.watches import Watches

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.player import Player

SLICE = 0.008
"""Seconds of a search between two looks at the keyboard."""


class Debugger:
    """The stops and watches of a player."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.breaks = Breaks(player.lesson)
        self.watches = Watches(player.lesson, player.recorder)
        self._search: Generator[int, None, Found] | None = None
        self._direction = 1

    @property
    def panel(self) -> Panel:
        """What is watched, as the page shows it."""
        return Panel(self.watches, self.player.cursor.written)

    @property
    def is_searching(self) -> bool:
        return self._search is not None

    def follow(self, lesson: Lesson) -> None:
        """The same stops and watches in a lesson with other numbers."""
        self._search = None
        self.breaks.follow(lesson)
        self.watches.follow(lesson, self.player.recorder)

    def left(self) -> dict[str, Any]:
        """What to remember of it."""
        stops = [{"text": each.text, "on": each.on} for each in self.breaks.all]
        return {"stops": stops or None, "watches": [each.text for each in self.watches.all] or None}

    def resume(self, found: Mapping[str, Any]) -> None:
        """What was remembered and still fits."""
        for each in found.get("stops") or ():
            with suppress(StepgradError, AttributeError, TypeError):
                self.breaks.add(str(each.get("text"))).on = bool(each.get("on", True))
        for text in found.get("watches") or ():
            with suppress(StepgradError):
                self.watches.toggle(str(text))

    def stop_here(self, _: int) -> None:
        player = self.player
        if not player.lesson.timeline.steps:
            player.notice = "there is nothing to stop at"
            return
        try:
            found, is_set = self.breaks.toggle(player.cell)
        except StepgradError as fault:
            player.notice = str(fault)
            return
        player.notice = f"stops at {found.text}" if is_set else f"no stop at {found.text} any more"

    def continue_on(self, _: int) -> None:
        self._look(1)

    def continue_back(self, _: int) -> None:
        self._look(-1)

    def answer_stop(self, text: str) -> None:
        """A stop as it was typed. Raises StepgradError."""
        self.breaks.add(text)

    def answer_watch(self, text: str) -> None:
        """Watch what was typed, or no longer. Raises StepgradError."""
        found, is_watched = self.watches.toggle(text)
        if not is_watched:
            self.player.notice = f"{found.text} is not watched any more"

    def search(self) -> None:
        """Look for a slice of time."""
        assert self._search is not None
        deadline = time.perf_counter() + SLICE
        try:
            while True:
                iteration = next(self._search)
                if time.perf_counter() > deadline:
                    break
        except StopIteration as end:
            self._search = None
            self._found(*end.value)
            return
        last = self.player.lesson.timeline.iterations - 1
        self.player.notice = f"looking for a stop: iteration {iteration} of {last}; any key ends the search"

    def give_up(self) -> None:
        """End the search where it is; the player stays where it was."""
        if self._search is not None:
            self._search = None
            self.player.notice = "the search was ended"

    def why(self, point: Breakpoint) -> str:
        """Why one stands where one stands."""
        player = self.player
        if isinstance(point, Diverges):
            return player.lesson.divergence(player.cursor.iteration) or point.text
        return f"stopped at {point.text}" if isinstance(point, At) else f"stopped: {point.text}"

    def _look(self, direction: int) -> None:
        if not self.breaks.active:
            self.player.notice = "no stop is set; b sets one here, B lists them"
            return
        self._direction = direction
        self._search = self.breaks.look(self.player.cursor.written, direction)
        self.search()

    def _found(self, position: int, point: Breakpoint | None) -> None:
        player = self.player
        if point is not None:
            player.cursor.jump(position)
            player.notice = self.why(point)
            return
        where = "from here to the end" if self._direction > 0 else "between the start and here"
        own = [each for each in self.breaks.all if each.on and each.point is not None]
        what = f"'{own[0].text}' does not happen" if len(own) == 1 else "none of the stops happens"
        player.notice = f"{what if own else 'no stop is set; b sets one here, and the loss does not diverge'} {where}"
