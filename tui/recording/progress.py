"""The progress of a recording, on stderr: one line that is written over, and only on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TextIO

from stepgrad.tui.recording.text import clock
from stepgrad.tui.terminal import is_terminal

WIDTH = 30


class Progress:
    """A bar up to `total` milliseconds. Whoever makes it does so before the player takes stderr over."""

    def __init__(self, stream: TextIO | None, total: int) -> None:
        self._stream = stream if is_terminal(stream) else None
        self._total = max(total, 1)
        self._shown = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._stream is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def reach(self, time: int) -> None:
        """So much is recorded."""
        percent = min(100 * time // self._total, 100)
        if self._stream is None or percent == self._shown:
            return
        self._shown = percent
        done = percent * WIDTH // 100
        bar = "#" * done + "-" * (WIDTH - done)
        self._stream.write(f"\rrecording |{bar}| {percent:3}%  {clock(time)} of {clock(self._total)}")
        self._stream.flush()
