"""The keys that play a lesson by itself: step by step with a rest at each note, or in a run to the next one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stepgrad.tui.reading import rest

if TYPE_CHECKING:
    from stepgrad.tui.bookmark import Bookmark
    from stepgrad.tui.player import Player

SLICE = 0.008
"""Seconds of looking for stops between two paints of a play."""


class Playing:
    """The play of a player, at the pace of its `autoplay`."""

    def __init__(self, player: Player) -> None:
        self.player = player

    def play(self, _: int) -> None:
        player, autoplay, cursor = self.player, self.player.autoplay, self.player.cursor
        if autoplay.is_running:
            autoplay.stop()
        elif cursor.position < player.lesson.timeline.steps or cursor.is_within:
            autoplay.play(player.now, self._rest)
            player.notice = f"playing, {autoplay.pace}"

    def run_to_note(self, _: int) -> None:
        autoplay, cursor = self.player.autoplay, self.player.cursor
        if autoplay.is_running:
            autoplay.stop()
            return
        position, stop = cursor.next_stop()
        if position == cursor.position:
            before = cursor.place
            cursor.to(position, stop)
            if cursor.place == before and self.player.lesson.timeline.steps:
                self.player.notice = "that was the last note; q leaves"
        else:
            autoplay.run(self.player.now, cursor.position, position)

    def slower(self, _: int) -> None:
        self._paced(-1)

    def faster(self, _: int) -> None:
        self._paced(1)

    def go_on(self, now: float) -> None:
        """To where the play is by now; a stop on the way ends it there."""
        player, autoplay, breaks = self.player, self.player.autoplay, self.player.debugger.breaks
        place = player.cursor.place
        due = autoplay.advance(now, place, lambda at: at.told_on(player.lesson))
        started = time.perf_counter()
        reached, point = breaks.crossed(place.position, due.position, lambda: time.perf_counter() - started > SLICE)
        player.cursor.place = due if reached == due.position else due.at(reached)
        if not autoplay.is_running:
            player.notice = ""
        if point is not None:
            autoplay.stop()
            player.notice = player.debugger.why(point)

    def _rest(self, place: Bookmark) -> float:
        """Seconds that a play stays: at a note as long as it takes to read, elsewhere no longer than a step."""
        lesson = self.player.lesson
        stop = lesson.stop_at(*place.told)
        return rest(lesson, stop) / 1000 if stop is not None and stop.place == place.told else 0.0

    def _paced(self, by: int) -> None:
        player, autoplay = self.player, self.player.autoplay
        autoplay.faster(player.now, by)
        player.notice = f"playing, {autoplay.pace}" if autoplay.is_running else autoplay.pace
