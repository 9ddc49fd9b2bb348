"""A learner's desk: the keys as they like them, and every lesson open where it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepgrad.scenarios.catalogue import FOLDER
from stepgrad.tui.actions import hint
from stepgrad.tui.memory import Memory

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.actions import Action
    from stepgrad.tui.player import Player


class Desk:
    """What the player keeps from run to run. `remembers` is off where a run is of other numbers than the file's."""

    def __init__(self, memory: Memory | None = None, *, remembers: bool = True) -> None:
        self.memory = memory or Memory()
        self._remembers = remembers
        self._kept: dict[str, Any] = {}
        """What was kept last; the same again is not written."""

    def settle(self, player: Player, *, place: bool) -> tuple[tuple[Action, ...], str]:
        """Put the player where the lesson was left, with its stops and watches; without `place`, with these alone.

        Returns the table of actions with the user's keys, and a word to who is here for the first time.
        """
        from stepgrad.tui.keymap import table

        actions, player.notice = table()
        elsewhere = self._remembers and player.resume(self.memory.lesson(key(player.lesson)), place=place)
        if elsewhere and not player.notice:
            player.notice = "where you left it; Home is the start"
        return actions, hint(actions) if self.memory.greet() else ""

    def remember(self, player: Player) -> None:
        """Keep where the player is, unless it is there still."""
        left = player.left()
        if self._remembers and left != self._kept:
            self._kept = left
            self.memory.keep(key(player.lesson), **left)


def key(lesson: Lesson) -> str:
    """What a lesson is remembered by: its name in the catalogue, or its file."""
    if lesson.path.parent == FOLDER:
        return lesson.name
    _, sign, variant = lesson.name.partition(":")
    return f"{lesson.path.resolve()}{sign}{variant}"
