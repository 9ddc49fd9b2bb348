"""Where somebody is in a lesson, and how the level decides what a step is. The player and flat text go by it alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stepgrad.engine.errors import AddressError
from stepgrad.engine.timeline import LEVELS, Address, Level, short
from stepgrad.tui.places import position

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

FARTHEST = 10_000
"""How many terms or boundaries a count goes at once: each has to be looked for. Cells are counted."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A position, the level of steps, and how many terms of the cell just written were gone through.

    0 terms is a cell come to whole, as at every other level; fewer than it has is a cell in the middle of its sum.
    `stop` is which of several stops of the script at that position is told.
    """

    position: int = 0
    level: Level = "cell"
    term: int = 0
    stop: int = 0

    @property
    def told(self) -> tuple[int, int]:
        """What stands at the place of a stop in the script."""
        return self.position, self.stop

    def levelled(self, direction: int) -> Bookmark:
        """With a finer (1) or coarser (-1) level; the same where there is none."""
        i = min(max(LEVELS.index(self.level) + direction, 0), len(LEVELS) - 1)
        return self if LEVELS[i] == self.level else replace(self, level=LEVELS[i], term=0)

    def at(self, position: int) -> Bookmark:
        """At a position, come to whole, the level kept; whoever stays there goes on being told the same."""
        return Bookmark(position, self.level, stop=self.stop if position == self.position else 0)

    def moved(self, lesson: Lesson, direction: int, count: int = 1, level: Level | None = None) -> Bookmark:
        """`count` steps of a level (its own where none is given) forward (1) or back (-1), as far as there are any."""
        level = level or self.level
        if level == "cell":
            return self.at(min(max(self.position + count * direction, 0), lesson.timeline.steps))
        here = self
        for _ in range(min(count, FARTHEST)):
            last = here
            here = here._term(lesson, direction) if level == "term" else here._boundary(lesson, direction, level)
            if here == last:
                break
        return here

    def told_on(self, lesson: Lesson) -> Bookmark:
        """What a play goes on to: the next of several stops that are told here, else the next step."""
        more = lesson.stop_at(self.position, self.stop + 1)
        is_here = more is not None and more.place == (self.position, self.stop + 1)
        return replace(self, stop=self.stop + 1) if is_here else self.moved(lesson, 1)

    def gone(self, lesson: Lesson, text: str) -> Bookmark:
        """At an address or step number; one with a term, `out[0,0]#3`, goes to the level of terms."""
        iteration = lesson.timeline.place(self.position - 1).iteration if self.position else 0
        if "#" not in text:
            return self.at(position(lesson.timeline, text, iteration))
        address = Address.parse(text)
        at = self.at(position(lesson.timeline, str(replace(address, term=None)), iteration))
        k, terms = address.term or 0, lesson.step(at.position - 1).terms
        if k >= terms:
            raise AddressError(f"{text}: the cell has terms 0 to {terms - 1}")
        return replace(at, level="term", term=k + 1)

    def address(self, lesson: Lesson) -> str:
        """What `gone` takes to come back here; `0` before anything is written."""
        if not self.position:
            return "0"
        place = lesson.timeline.place(self.position - 1)
        term = self.term - 1 if self.level == "term" and self.term else None
        many = lesson.timeline.iterations > 1
        address = replace(place.address, term=term, iteration=place.iteration if many else None)
        return str(short(address, place.node.spec.shape))

    def _boundary(self, lesson: Lesson, direction: int, level: Level) -> Bookmark:
        return self.at(lesson.timeline.move(self.position, level, direction))

    def _term(self, lesson: Lesson, direction: int) -> Bookmark:
        at, term = self.position, self.term
        if direction > 0:
            if at and term < lesson.step(at - 1).terms:
                return replace(self, term=term + 1)
            return Bookmark(at + 1, "term", min(1, lesson.step(at).terms)) if at < lesson.timeline.steps else self
        if term > 1:
            return replace(self, term=term - 1)
        return Bookmark(at - 1, "term", lesson.step(at - 2).terms) if at > 1 else replace(self.at(0), level="term")
