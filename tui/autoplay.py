"""Playing by itself: a clock that says where the player should stand by now."""

from __future__ import annotations

from collections.abc import Callable

from stepgrad.tui.bookmark import Bookmark

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 240.0, 1000.0)
"""Steps a second."""
USUAL = 2
"""The speed to start with, counted in SPEEDS."""
RUN_SECONDS = 3.0
"""A run to the next note takes no longer, however far that is."""
BEHIND = 1.0
"""Seconds that are caught up with after something took long; what is beyond them is let go."""


class Autoplay:
    """Steps due since the play began. Whoever asks paints; steps between two paints cost nothing."""

    def __init__(self) -> None:
        self.speed = USUAL
        self._rate = 0.0
        self._due = 0.0
        self._until: int | None = None
        """Where a run ends; None while playing."""
        self._rest: Callable[[Bookmark], float] = _restless

    @property
    def is_running(self) -> bool:
        return self._rate > 0

    def play(self, now: float, rest: Callable[[Bookmark], float]) -> None:
        """Step by step, to the end; `rest` says how many seconds a place is rested at."""
        self._until, self._rest = None, rest
        self._rate = SPEEDS[self.speed]
        self._due = now + 1 / self._rate

    def run(self, now: float, position: int, until: int, seconds: float = RUN_SECONDS) -> None:
        """Run to `until` without a rest, in a few seconds at most."""
        self._until, self._rest = until, _restless
        self._rate = max(SPEEDS[self.speed], (until - position) / seconds)
        self._due = now

    def stop(self) -> None:
        self._rate = 0.0

    def faster(self, now: float, by: int) -> None:
        """A speed up or down; one that is playing goes on at it."""
        self.speed = min(max(self.speed + by, 0), len(SPEEDS) - 1)
        if self.is_running:
            self._rate = SPEEDS[self.speed]
            self._due = min(self._due, now + 1 / self._rate)

    def advance(self, now: float, place: Bookmark, forward: Callable[[Bookmark], Bookmark]) -> Bookmark:
        """Where to stand now; `forward` takes a step. The end, or that of the run, ends the play."""
        if not self.is_running or now < self._due:
            return place
        if self._until is not None:
            return self._ran(now, place, self._until)
        self._due = max(self._due, now - BEHIND)
        while self.is_running and now >= self._due:
            following = forward(place)
            if following == place:
                self.stop()
                break
            rest = self._rest(following) if following.told != place.told else 0.0
            place = following
            self._due += 1 / self._rate + rest
        return place

    def _ran(self, now: float, place: Bookmark, until: int) -> Bookmark:
        """All steps due at once: a run may be of more than anybody can count."""
        due = int((now - self._due) * self._rate) + 1
        self._due += due / self._rate
        if place.position + due >= until:
            self.stop()
        return place.at(min(place.position + due, until))

    def wait(self, now: float) -> float:
        """Seconds until the next step."""
        return max(self._due - now, 0.0)

    @property
    def pace(self) -> str:
        """`2 steps/s`"""
        speed = SPEEDS[self.speed]
        return f"{speed:g} step{'' if speed == 1 else 's'}/s"


def _restless(_: Bookmark) -> float:
    return 0.0
