"""A talk in a player: runs that can be cut short, the place to come back to after a question, and its time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stepgrad.engine.timeline import short
from stepgrad.tui.presenting.actions import LEADS, STEPS
from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.recording.lecture import titled

if TYPE_CHECKING:
    from stepgrad.tui.player import Player

SECONDS = 8.0
"""The steps between two stops take no longer, however many there are."""


class Talk:
    """What a talk adds to a player, as a part of it whose actions come before the player's own."""

    def __init__(self, player: Player) -> None:
        self.player = player
        player.parts = (self, *player.parts)
        self.began: float | None = None
        """When the first key was pressed."""
        self._place = player.cursor.place
        self._lesson = player.lesson
        self._before = player.cursor.place
        self._aside = False
        """Whether this is about a question, and not where the talk goes on."""

    def elapsed(self, now: float) -> float:
        """Seconds since the talk began."""
        return 0.0 if self.began is None else max(now - self.began, 0.0)

    def run_to_note(self, _: int) -> None:
        """On to the next stop, step by step; at once where it is being gone to."""
        player, cursor = self.player, self.player.cursor
        player.pointing.leave()
        if player.autoplay.is_running:
            player.autoplay.stop()
            cursor.to(*cursor.next_stop())
            return
        position, stop = cursor.next_stop()
        if position == cursor.position:
            cursor.to(position, stop)
        else:
            player.autoplay.run(player.now, cursor.position, position, SECONDS)

    def to_talk(self, _: int) -> None:
        """Where the talk was left for a question, with the numbers of the file."""
        player = self.player
        player.pointing.leave()
        if player.what_if.edits.settings:
            player.what_if.original(1)
        player.cursor.place = self._place
        player.notice = ""

    def restart(self, count: int) -> None:
        """From the start, the time as well."""
        self.player.stepping.restart(count)
        self.player.notice = ""
        self.began = None

    def went(self, action: str) -> None:
        """Take note of what an action has led to. From the first question on, the place of the talk is kept."""
        player, moved = self.player, self.player.cursor.place != self._before
        if self.player.lesson is not self._lesson or (moved and action not in STEPS):
            self._aside = action not in LEADS or bool(player.what_if.edits.settings)
        if not self._aside:
            self._place = player.cursor.place
        self._lesson, self._before = player.lesson, player.cursor.place

    def cue(self, now: float, aside: str) -> Cue:
        """What the speaker is told here."""
        player = self.player
        lesson, position = player.lesson, player.cursor.position
        stop, here = player.cursor.stop, player.cursor.place.told
        told = [each for each in lesson.stops if each.place <= here]
        following = next((each for each in lesson.stops if each.place > here), None)
        changes = ", ".join(
            f"{key.removeprefix('cells.')} = {value}" for key, value in player.what_if.edits.settings.items()
        )
        return Cue(
            title=lesson.scenario.title,
            heading=titled(lesson, stop) if stop is not None else "",
            say=lesson.say(stop) if stop is not None else "",
            notes=lesson.notes(stop) if stop is not None else "",
            following=titled(lesson, following) if following is not None else "",
            at=_address(player) if position else "",
            step=position,
            steps=lesson.timeline.steps,
            stop=len(told),
            stops=len(lesson.stops),
            began=None if self.began is None else time.time() - self.elapsed(now),
            aside=aside or (f"what if {changes}" if changes else ""),
        )


def _address(player: Player) -> str:
    step = player.lesson.step(player.cursor.step)
    iteration = f"@{step.iteration}" if player.lesson.timeline.iterations > 1 else ""
    return f"{short(step.address, step.node.spec.shape)}{iteration}"
