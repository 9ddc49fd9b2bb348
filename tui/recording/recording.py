"""One recording to be made: what of a lesson, in which size and colours."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stepgrad.tui.recording.cast import Header, Version
from stepgrad.tui.recording.headless import Event, performed
from stepgrad.tui.recording.lecture import Lecture

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Stop
    from stepgrad.tui.recording.replay import Terminal


def unwatched(_: int) -> None:
    """Nobody looks at the progress."""


@dataclass(frozen=True)
class Recording:
    """What is recorded, and how it looks. `watch` is told the time (milliseconds) that has been reached."""

    lecture: Lecture
    size: tuple[int, int] = (100, 30)
    theme: str = "dark"
    version: Version = 2
    watch: Callable[[int], None] = unwatched

    @property
    def header(self) -> Header:
        idle = self.lecture.idle
        title = self.lecture.lesson.scenario.title
        return Header(title, *self.size, self.theme, None if idle is None else idle / 1000)

    def terminal(self) -> Terminal:
        """An empty one of the right size."""
        from stepgrad.tui.recording.replay import Terminal

        return Terminal(self.header)

    def events(self) -> Generator[Event, None, None]:
        for event in performed(self.lecture, self.size, self.theme):
            self.watch(event.time)
            yield event

    def at(self, position: int, only: Stop | None = None) -> Recording:
        """The recording of one picture."""
        return replace(self, lecture=self.lecture.at(position, only))
