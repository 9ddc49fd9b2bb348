"""Single pictures of a recording: one, or one for every stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stepgrad.tui.recording.formats import NUMBER
from stepgrad.tui.recording.recording import Recording
from stepgrad.tui.recording.replay import Terminal


@dataclass(frozen=True)
class Picture:
    """The screen, its title, and in words what stands there."""

    terminal: Terminal
    title: str
    words: str


def pictures(recording: Recording, target: Path) -> Iterator[tuple[Path, Picture]]:
    """The pictures and the files they go to: where the name has a `%d`, one for each stop, counted from 1."""
    if not NUMBER.search(target.name):
        yield target, _picture(recording)
        return
    for number, position in enumerate(recording.lecture.stops, 1):
        name = NUMBER.sub(lambda found, number=number: found[0] % number, target.name)
        yield target.with_name(name), _picture(recording.at(position))


def _picture(recording: Recording) -> Picture:
    """The first screen of a recording."""
    terminal = recording.terminal()
    for event in recording.events():
        terminal.feed(event.data)
        break
    ...
