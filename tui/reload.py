"""A scenario opened while the screen stays alive; and anew when its file, looked at now and then, has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import FOLDER
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.tui.messages import LessonBroken, LessonEdited, LessonFailed, LessonOpened

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

POLL = 0.25
"""Seconds between two looks. A file is opened when it stayed as it is from one look to the next: it is written then."""

Stamp = tuple[int, int, int] | None
"""When a file was written, how long it is, and which it is; None where there is none."""
Tell = Callable[[LessonEdited | LessonBroken], object]


def is_edited(lesson: Lesson) -> bool:
    """Whether the lesson's file is somebody's own; those of the catalogue stay as they are."""
    return lesson.path.parent != FOLDER


class Reload:
    """Opens a lesson again when its file, or one that it reads, has changed. `tell` gets the new one, or its fault."""

    def __init__(
        self, lesson: Lesson, load: Callable[[], Lesson], tell: Tell, start: Callable[[Callable[[], None]], object]
    ) -> None:
        self._load = load
        self._tell = tell
        self._start = start
        self._path = lesson.path
        self._is_opening = False
        self._files: tuple[Path, ...] = ()
        self._opened: tuple[Stamp, ...] = ()
        self.follow(lesson)
        self._opened = self._last = self._stamps()

    def follow(self, lesson: Lesson) -> None:
        """Look at the files of the lesson as it is now."""
        self._files = tuple(dict.fromkeys(files(lesson)))

    def poll(self) -> None:
        """Look at the files."""
        now, before = self._stamps(), self._last
        self._last = now
        if now != self._opened and now == before and not self._is_opening:
            self._opened = now
            self._is_opening = True
            self._start(self._open)

    def _open(self) -> None:
        try:
            lesson = self._load()
        except Exception as fault:  # whatever an edit brings about, the last good version stays
            self._tell(LessonBroken(told(fault, self._path)))
        else:
            self._tell(LessonEdited(lesson))
        finally:
            self._is_opening = False

    def _stamps(self) -> tuple[Stamp, ...]:
        return tuple(map(stamp, self._files))


def open_in_a_thread(load: Callable[[], Lesson], tell: Callable[[LessonOpened | LessonFailed], object]) -> None:
    """Open a lesson. `tell` gets it, or why there is none."""

    def opening() -> None:
        try:
            tell(LessonOpened(load()))
        except Exception as fault:
            tell(LessonFailed(fault))

    in_a_thread(opening)


def in_a_thread(work: Callable[[], None]) -> None:
    """Nobody waits for it: leaving the player ends it."""
    threading.Thread(target=work, daemon=True).start()


def files(lesson: Lesson) -> Iterator[Path]:
    """The scenario's file, and those that its numbers come from."""
    yield lesson.path
    scenario = lesson.scenario
    given: list[object] = [*scenario.inputs.values(), *scenario.parameters.values()]
    for layer in scenario.layers:
        given += [getattr(layer, letter, None) for letter in type(layer).model_fields]
    for value in given:
        name = getattr(value, "file", None)
        if isinstance(name, str):
            yield lesson.path.parent / name


def stamp(path: Path) -> Stamp:
    """What changes when a file does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def told(fault: Exception, path: Path) -> str:
    """The first fault, with the file's name alone before its line, and how many more there are."""
    if not isinstance(fault, ScenarioError):
        return str(fault) if isinstance(fault, StepgradError) else f"{path.name} can not be opened: {fault!r}"
    first, *more = fault.faults
    text = str(first).replace(str(path), path.name, 1)
    return f"{text} (and {len(more)} more)" if more else text
