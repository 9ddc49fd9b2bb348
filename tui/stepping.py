"""The keys that move through a lesson, and back along the way that was come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.tui.bookmark import Bookmark

if TYPE_CHECKING:
    from stepgrad.tui.player import Player


class Stepping:
    """The moves of a player: steps of its level, jumps, and stops of the script."""

    def __init__(self, player: Player) -> None:
        self.player = player

    def forward(self, count: int) -> None:
        if not self.player.pointing.inquiring.scattered(count):
            self.player.cursor.move(count)

    def back(self, count: int) -> None:
        if not self.player.pointing.inquiring.scattered(-count):
            self.player.cursor.move(-count)

    def over(self, count: int) -> None:
        self.player.cursor.move(count, "layer")

    def over_back(self, count: int) -> None:
        self.player.cursor.move(-count, "layer")

    def finer(self, count: int) -> None:
        self.player.cursor.finer(count)

    def coarser(self, count: int) -> None:
        self.player.cursor.finer(-count)

    def next_stop(self, count: int) -> None:
        self.player.cursor.to_stop(count)

    def previous_stop(self, count: int) -> None:
        self.player.cursor.to_stop(-count)

    def first(self, _: int) -> None:
        self.player.cursor.jump(0)

    def last(self, _: int) -> None:
        self.player.cursor.jump(self.player.lesson.timeline.steps)

    def retrace(self, count: int) -> None:
        if not self.player.cursor.back_along(count):
            self.player.notice = "no jump to go back from"

    def restart(self, _: int) -> None:
        """To the start, with the numbers of the file and steps of a cell."""
        self.player.what_if.original(1)
        self.player.cursor.jump(0)
        self.player.cursor.place = Bookmark()
