"""What if: the keys that change numbers and settings of the lesson, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.tui.edits import Edits

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.player import Player


class WhatIf:
    """The changes of a player's lesson."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.edits = Edits(player.lesson)

    @property
    def unfinished(self) -> str:
        """What would be lost by leaving now; "" where nothing is."""
        return "the changes are not saved: q again leaves them, S saves them" if self.edits.unsaved else ""

    def undo(self, count: int) -> None:
        self._moved(self.edits.undo(count), "undone", "nothing to undo")

    def redo(self, count: int) -> None:
        self._moved(self.edits.undo(-count), "done again", "nothing to do again")

    def original(self, _: int) -> None:
        if self.edits.reset():
            self.player.follow(self.edits.lesson)
            self.player.notice = "the numbers of the file again; u brings the changes back"
        else:
            self.player.notice = "nothing is changed"

    def reseed(self, count: int) -> None:
        """Other random numbers: the next seed."""
        before = self.player.lesson
        seed = before.scenario.seed + count
        if self._set("seed", seed):
            same = _same_numbers(before, self.player.lesson)
            self.player.notice = f"seed {seed}{'; nothing in this lesson is drawn at random' if same else ''}"

    def flip(self, _: int) -> None:
        """The kernel of the layer on screen turned round, or back: convolution and cross-correlation."""
        player = self.player
        if not player.lesson.timeline.steps:
            player.notice = "there is no layer to flip a kernel of"
            return
        place = player.lesson.timeline.place(player.cursor.step)
        node = place.graph.node(place.node.layer)
        flipped = getattr(node.op, "flip", None) if node is not None else None
        if flipped is None:
            player.notice = f"{place.node.layer} has no kernel to turn round"
        elif self._set(f"layers.{place.node.layer}.flip", not flipped):
            now = "as it is: cross-correlation" if flipped else "turned round: true convolution"
            player.notice = f"the kernel of {place.node.layer} {now}"

    def answer_edit(self, text: str) -> None:
        """A change as it was typed. Raises StepgradError, and nothing is lost."""
        made = self.edits.make(text)
        self.player.follow(self.edits.lesson)
        self.player.notice = f"what if {made}; u takes it back"

    def answer_save(self, text: str) -> None:
        """Write the changes under a name or a path. Raises StepgradError."""
        try:
            path = self.edits.save(text)
        except OSError as fault:
            raise StepgradError(f"{fault.filename or text}: {fault.strerror or fault}") from None
        self.player.notice = f"saved: stepgrad run {path}:{path.stem}"

    def _set(self, key: str, value: object) -> bool:
        try:
            self.edits.set(key, value)
        except StepgradError as fault:
            self.player.notice = str(fault)
            return False
        self.player.follow(self.edits.lesson)
        return True

    def _moved(self, steps: int, done: str, nothing: str) -> None:
        if not steps:
            self.player.notice = nothing
            return
        self.player.follow(self.edits.lesson)
        changes = ", ".join(f"{key} = {value}" for key, value in self.edits.settings.items())
        self.player.notice = f"{done}; {f'what if {changes}' if changes else 'the numbers of the file again'}"


def _same_numbers(one: Lesson, other: Lesson) -> bool:
    """Whether two lessons start from the same numbers."""
    if not one.timeline.steps:
        return True
    before, after = one.history.run(0), other.history.run(0)
    return all(np.array_equal(before.host(name), after.host(name), equal_nan=True) for name in before.graph.sources)
