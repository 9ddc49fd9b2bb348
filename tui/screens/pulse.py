"""What the player does by itself: the next step of a play, or more of a search, when it is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from stepgrad.tui.player import Player

FRAME = 1 / 60
"""Seconds between two paints while playing."""
AT_ONCE = 0.001
"""Seconds until more of a search, in which keys are read."""


class Pulse:
    """Calls `tick` on a screen for as long as its player is busy."""

    def __init__(self, screen: Screen[Any], clock: Callable[[], float], tick: Callable[[], None]) -> None:
        self._screen = screen
        self._clock = clock
        self._tick = tick
        self._timer: Timer | None = None

    def follow(self, player: Player) -> None:
        """See to it that the next tick comes when the player, as it is now, has something to do."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if player.is_busy:
            wait = player.wait(self._clock())
            self._timer = self._screen.set_timer(max(wait, FRAME) if wait else AT_ONCE, self._tick)
