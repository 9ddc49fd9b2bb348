"""Where a reader of flat text is, and how the level decides what a step is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stepgrad.engine.errors import AddressError
from stepgrad.engine.timeline import LEVELS, Address, Level
from stepgrad.tui.places import position

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A position, the level of steps, and how many terms of the cell just written were gone through (0: none)."""

    position: int = 0
    level: Level = "cell"
    term: int = 0

    def levelled(self, direction: int) -> Bookmark:
        """With a finer (1) or coarser (-1) level; the same where there is none."""
        i = min(max(LEVELS.index(self.level) + direction, 0), len(LEVELS) - 1)
        return self if LEVELS[i] == self.level else Bookmark(self.position, LEVELS[i])

    def moved(self, lesson: Lesson, direction: int, count: int = 1) -> Bookmark:
        """`count` steps of the level forward (1) or back (-1), as far as the timeline goes."""
        if self.level == "cell":
            return Bookmark(min(max(self.position + count * direction, 0), lesson.timeline.steps))
        at = self
        for _ in range(count):
            last = at
            at = at._term(lesson, direction) if self.level == "term" else at._boundary(lesson, direction)
            if at == last:
                break
        return at

    def gone(self, lesson: Lesson, text: str) -> Bookmark:
        """At an address or step number; one with a term, `out[0,0]#3`, goes to the level of terms."""
        iteration = lesson.timeline.place(self.position - 1).iteration if self.position else 0
        place, sharp, _ = text.partition("#")
        at = Bookmark(position(lesson.timeline, place if sharp else text, iteration), self.level)
        if not sharp:
            return at
        k, terms = Address.parse(text).term or 0, lesson.step(at.position - 1).terms
        if k >= terms:
            raise AddressError(f"{text}: the cell has terms 0 to {terms - 1}")
        return replace(at, level="term", term=k + 1)

    def _boundary(self, lesson: Lesson, direction: int) -> Bookmark:
        return Bookmark(lesson.timeline.move(self.position, self.level, direction), self.level)

    def _term(self, lesson: Lesson, direction: int) -> Bookmark:
        at, term = self.position, self.term
        if direction > 0:
            if at and term < lesson.step(at - 1).terms:
                return replace(self, term=term + 1)
            return Bookmark(at + 1, "term", 1) if at < lesson.timeline.steps else self
        if term > 1:
            return replace(self, term=term - 1)
        return Bookmark(at - 1, "term", lesson.step(at - 2).terms) if at > 1 else Bookmark(0, "term")
