"""Single pictures of a recording: one, or one for every stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stepgrad.tui.recording.formats import NUMBER
from stepgrad.tui.recording.lecture import Chapter
from stepgrad.tui.recording.recording import Recording
from stepgrad.tui.recording.replay import Terminal


@dataclass(frozen=True)
class Picture:
    """The screen, its title, and in words what stands there."""

    terminal: Terminal
    title: str
    words: str


def pictures(recording: Recording, target: Path) -> Iterator[tuple[Path, Picture]]:
    """The files and the pictures that go there: where the name has a `%d`, one for each stop, counted from 1."""
    if not re.search(NUMBER, target.name):
        yield target, _picture(recording)
        return
    told = [(position, stop) for position, stops in sorted(recording.lecture.stops.items()) for stop in stops]
    for number, (position, stop) in enumerate(told, 1):
        name = re.sub(NUMBER, lambda found, number=number: found[0] % number, target.name)  # type: ignore[misc] # a default
        yield target.with_name(name), _picture(recording.at(position, stop))


def _picture(recording: Recording) -> Picture:
    """The first screen of a recording."""
    terminal = recording.terminal()
    with closing(recording.events()) as events:
        terminal.feed(next(events).data)
    chapters: list[Chapter] = recording.lecture.chapters()
    title = recording.header.title
    if not chapters:
        return Picture(terminal, title, "")
    return Picture(terminal, f"{title}: {chapters[0].title}", chapters[0].words)
