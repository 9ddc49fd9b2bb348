"""What a presenter does, recorded as it happens. Each paint is on the disk before the next: a crash keeps them all."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepgrad.scenarios import folders
from stepgrad.tui.recording.cast import Header, event_line
from stepgrad.tui.recording.headless import CLEARED
from stepgrad.tui.recording.lecture import titled

if TYPE_CHECKING:
    from textual.app import App

    from stepgrad.scenarios.lesson import Lesson, Stop

FOLDER = "recordings"
PAUSE = 10.0
"""Seconds that nothing happens at most: a longer pause is cut."""

COMMAND = "\x1b]"
"""What is for the terminal and not for the screen, such as a text for its clipboard, starts so."""


def file(name: str) -> Path:
    """Where a recording of a lesson is to be: named after it, and after the time."""
    known = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    return folders.data() / FOLDER / f"{known}-{time.strftime('%Y-%m-%d-%H%M%S')}.cast"


class Tape:
    """Takes down what an app writes to its terminal. Raises OSError where the file can not be made.

    `fault` is what went wrong later, at which it ended: a talk must not end with its recording.
    """

    def __init__(self, app: App[Any], path: Path, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self.fault = ""
        self.seconds = 0.0
        """How long it is by now."""
        self._app = app
        self._clock = clock
        self._last = clock()
        self._size = app.size
        self._mark = ""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("x", encoding="utf-8", newline="\n")
        assert app._driver is not None
        self._driver, self._write = app._driver, app._driver.write
        self._driver.write = self._written  # type: ignore[method-assign]  # nothing else tells what is written
        self._put(Header(title, *app.size, app.theme).line(2))
        self._event("o", CLEARED)
        app.screen.refresh()

    @property
    def is_on(self) -> bool:
        return not self._file.closed

    def pass_by(self, lesson: Lesson, stop: Stop | None) -> None:
        """Mark the stop of the script that is told, unless it is the one of the last mark."""
        title = titled(lesson, stop) if stop is not None else ""
        if title and title != self._mark:
            self._mark = title
            self._event("m", title)

    def stop(self) -> None:
        if self.is_on:
            self._driver.write = self._write  # type: ignore[method-assign]  # as it was
            with suppress(OSError):  # a full disk: what it could hold is there
                self._file.close()

    def _written(self, data: str) -> None:
        self._write(data)
        if self._app.size != self._size:
            self._size = self._app.size
            self._event("r", f"{self._size.width}x{self._size.height}")
        if not data.startswith(COMMAND):
            self._event("o", data)

    def _event(self, code: str, data: str) -> None:
        now = self._clock()
        self.seconds += min(now - self._last, PAUSE)
        self._last = now
        self._put(event_line(self.seconds, code, data))

    def _put(self, line: str) -> None:
        if not self.is_on:
            return
        try:
            self._file.write(f"{line}\n")
            self._file.flush()
        except OSError as fault:
            self.fault = f"the recording has ended: {self.path}: {fault.strerror}"
            self.stop()
