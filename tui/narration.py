"""What a lesson says, in lines: the narration of its script, and what its material has printed wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stepgrad.engine.step import Step
from stepgrad.tui.glossed import counted, glossed, printed
from stepgrad.tui.layout import Layout
from stepgrad.tui.line import Line, Run, headed, width
from stepgrad.tui.sight import Sight
from stepgrad.tui.veil import OPEN, Veil

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop

ORIGINAL: Run = ("written for the original numbers", "faint")
APART = 2
"""Empty lines that stay where they are."""


class Narration:
    """The words of a lesson; a stop's values are worked out once."""

    def __init__(self, lesson: Lesson, layout: Layout) -> None:
        self._lesson = lesson
        self._layout = layout
        self._said: dict[Any, str] = {}

    def lines(self, stop: Stop | None, room: int, veil: Veil = OPEN) -> list[Line]:
        """What is said at a stop."""
        if stop is None:
            return []
        key = stop.place, veil.result
        if key not in self._said:
            said = self._lesson.say(stop, hidden=True) if veil.result else self._lesson.say(stop)
            self._said[key] = counted(stop, headed(stop.title, said))
        return list(glossed(self._said[key], min(room, self._layout.columns)))

    def told(self, stop: Stop | None, sight: Sight, veil: Veil) -> list[Line]:
        """All that is said at a stop: the narration, and what is to be known of it where there is room to spare."""
        words = self._layout.told(self.lines(stop, sight.frame.inner, veil), sight.heights.narration)
        room = sight.heights.narration + max(sight.heights.blank - APART, 0)
        if self._lesson.is_set and words:
            words = _marked(words, sight.frame.inner, room)
        more = printed(stop, min(sight.frame.inner, self._layout.columns))
        return [*words, *more] if len(words) + len(more) <= room else words

    def height(self, step: Step, room: int) -> int:
        """Lines that are enough for all that is said while the step's node is written."""
        return max((len(self.lines(stop, room)) for stop in self._told(step)), default=0)

    def _told(self, step: Step) -> Iterator[Stop]:
        """What is said while a node is written; what was said before it goes on being said."""
        first = step.number - step.place.offset
        before = self._lesson.told_at(first)
        yield from before[-1:] if first else before
        yield from (stop for stop in self._lesson.stops if first < stop.position <= first + step.node.size)


def _marked(words: list[Line], room: int, lines: int) -> list[Line]:
    """Words that were written for other numbers: behind them, else beneath them, it is said where there is room."""
    behind: Line = (*words[-1], ("   ", ""), ORIGINAL)
    if width(behind) <= room:
        return [*words[:-1], behind]
    return [*words, (ORIGINAL,)] if len(words) < lines else words
