"""The key that records: what a presenter does from one press of it to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stepgrad.tui.line import Line

if TYPE_CHECKING:
    from textual.app import App

    from stepgrad.tui.player import Player
    from stepgrad.tui.recording.live import Tape


class Taping:
    """A part of the player that records its screen whenever it is asked to."""

    def __init__(self, app: App[Any], player: Player, clock: Callable[[], float]) -> None:
        self._app = app
        self._player = player
        self._clock = clock
        self._tape: Tape | None = None

    @property
    def is_on(self) -> bool:
        return self._tape is not None

    @property
    def sign(self) -> Line:
        """That this is being recorded."""
        return (("● rec", "wrong"), ("   ", "")) if self.is_on else ()

    @property
    def unfinished(self) -> str:
        """What would be lost by leaving now; "" where nothing is recorded."""
        return "this is being recorded: q again ends both, R ends the recording" if self.is_on else ""

    def record(self, _: int) -> None:
        """Begin, or end."""
        from stepgrad.tui.recording.live import Tape, file

        if self.is_on:
            self._player.notice = self._stop()
            return
        lesson = self._player.lesson
        try:
            self._tape = Tape(self._app, file(lesson.name), lesson.scenario.title, self._clock)
        except OSError as fault:
            self._player.notice = f"nothing is recorded: {fault.filename}: {fault.strerror}"

    def pass_by(self) -> None:
        """Mark the stop of the script that the player is at; say so where the recording has ended by itself."""
        if self._tape is None:
            return
        self._tape.pass_by(self._player.lesson, self._player.cursor.stop)
        if self._tape.fault:
            self._player.notice, self._tape = self._tape.fault, None

    def close(self) -> None:
        """End it."""
        self._stop()

    def _stop(self) -> str:
        """End it. Returns where the recording is."""
        tape, self._tape = self._tape, None
        if tape is None:
            return ""
        tape.stop()
        return f"recorded {tape.seconds:.0f} s: {tape.path}"
