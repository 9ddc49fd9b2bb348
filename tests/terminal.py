"""A command on a pseudo-terminal, with an emulator that reads what is painted."""

from __future__ import annotations

import os
import re
import select
import sys
from collections.abc import Callable

import ptyprocess
import pyte

PATIENCE = 30
"""Seconds to wait for what must come."""
KITTY = re.compile(rb"\x1b\[[<>=?]\d*u")
"""What Textual asks about the keyboard; the emulator takes it for text."""


class Terminal:
    """A command on a terminal of so many columns and lines."""

    def __init__(self, *words: str, columns: int = 80, lines: int = 24, **settings: str) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path)}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):  # the last two would stand against a resize
            environment.pop(name, None)
        environment |= settings
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        command = [sys.executable, "-m", "stepgrad", *words]
        self.process = ptyprocess.PtyProcess.spawn(command, dimensions=(lines, columns), env=environment)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, seen: Callable[[str], object]) -> str:
        """Read until the screen shows what is wanted."""
        while not seen(self.text):
            assert select.select([self.process.fd], [], [], PATIENCE)[0], (
                f"waited in vain; the screen shows\n{self.text}"
            )
            self._read()
        return self.text

    def press(self, keys: str) -> None:
        self.process.write(keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self.process.setwinsize(lines, columns)

    def end(self) -> int | None:
        """Read to the end, and return the exit code."""
        try:
            while select.select([self.process.fd], [], [], PATIENCE)[0]:
                self._read()
        except EOFError:
            pass
        self.process.wait()
        code: int | None = self.process.exitstatus
        return code

    def _read(self) -> None:
        found = self.process.read(1 << 16)
        self.written += found
        self._stream.feed(KITTY.sub(b"", found))
