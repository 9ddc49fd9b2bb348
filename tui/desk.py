"""A learner's desk: the keys as they like them, and every lesson open where it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.scenarios.catalogue import FOLDER
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

    def keys(self) -> tuple[tuple[Action, ...], str]:
        """The table of actions with the user's keys, and what is wrong with these."""
        from stepgrad.tui.keymap import table

        return table()

    def greets(self) -> bool:
        """Whether somebody is here for the first time; the next time they are not."""
        return self.memory.greet()

    def resume(self, player: Player, *, place: bool) -> bool:
        """Put the player where the lesson was left, with its stops and watches. Returns whether that is elsewhere."""
        return self._remembers and player.resume(self.memory.lesson(key(player.lesson)), place=place)

    def remember(self, player: Player) -> None:
        """Keep where the player is."""
        if self._remembers:
            self.memory.keep(key(player.lesson), **player.left())


def key(lesson: Lesson) -> str:
    """What a lesson is remembered by: its name in the catalogue, or its file."""
    if lesson.path.parent == FOLDER:
        return lesson.name
    _, sign, variant = lesson.name.partition(":")
    return f"{lesson.path.resolve()}{sign}{variant}"
