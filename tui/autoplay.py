"""Playing by itself: a clock that says at which position the player should stand by now."""

from __future__ import annotations

from collections.abc import Mapping

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 240.0, 1000.0)
"""Steps a second."""
USUAL = 2
"""The speed to start with, counted in SPEEDS."""
RUN_SECONDS = 3.0
"""A run to the next note takes no longer, however far that is."""
PAUSE = 2.0
"""Seconds at a note that names no pause of its own."""


class Autoplay:
    """Steps due since the play began. Whoever asks paints; steps between two paints cost nothing."""

    def __init__(self) -> None:
        self.speed = USUAL
        self._until = 0
        self._rate = 0.0
        self._due = 0.0
        self._pauses: Mapping[int, float | None] = {}

    @property
    def is_running(self) -> bool:
        return self._rate > 0

    def play(self, now: float, until: int, pauses: Mapping[int, float | None]) -> None:
        """Play to `until`, resting at the positions of `pauses`."""
        self._until, self._pauses = until, pauses
        self._rate = SPEEDS[self.speed]
        self._due = now + 1 / self._rate

    def run(self, now: float, position: int, until: int) -> None:
        """Run to `until` without a rest, in a few seconds at most."""
        self._until, self._pauses = until, {}
        self._rate = max(SPEEDS[self.speed], (until - position) / RUN_SECONDS)
        self._due = now

    def stop(self) -> None:
        self._rate = 0.0

    def faster(self, now: float, by: int) -> None:
        """A speed up or down; one that is playing goes on at it."""
        self.speed = min(max(self.speed + by, 0), len(SPEEDS) - 1)
        if self.is_running:
            self._rate = SPEEDS[self.speed]
            self._due = min(self._due, now + 1 / self._rate)

    def advance(self, now: float, position: int) -> int:
        """The position to stand at now. The last one ends the play."""
        while self.is_running and position < self._until and now >= self._due:
            position += 1
            rest = self._pauses.get(position, 0.0)
            self._due += 1 / self._rate + (PAUSE if rest is None else rest)
        if position >= self._until:
            self.stop()
        return position

    def wait(self, now: float) -> float:
        """Seconds until the next step."""
        return max(self._due - now, 0.0)

    @property
    def pace(self) -> str:
        """`2 steps/s`"""
        return f"{SPEEDS[self.speed]:g} steps/s"
