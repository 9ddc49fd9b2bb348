"""The player on a real terminal, for the benchmarks: nothing is drawn here while the clock runs."""

from __future__ import annotations

import os
import re
import select
import sys
from pathlib import Path
from time import perf_counter

import pyte
from ptyprocess import PtyProcess

LESSON = """
format_version = 1
title = "A filter over a {size}x{size} image"
topics = ["convolution"]
source = "made for a benchmark"

[inputs]
image = {{ init = "normal", shape = [{size}, {size}] }}

[parameters]
kernel = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]

[[layers]]
name = "map"
op = "conv2d"
input = "image"
weight = "kernel"
padding = 1
"""
KITTY = re.compile(rb"\x1b\[[<>=?]\d*u")
"""What Textual asks about the keyboard; the emulator takes it for text."""


def lesson(folder: Path, size: int) -> str:
    """The path of a scenario with a 3x3 filter over an image of so many rows and columns."""
    path = folder / f"square{size}.toml"
    path.write_text(LESSON.format(size=size))
    return str(path)


class Watched:
    """A program on a terminal of 80x24, and when it wrote what."""

    def __init__(self, command: list[str], folder: Path) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "STEPGRAD_HOME": str(folder)}
        self.process = PtyProcess.spawn(command, dimensions=(24, 80), env=environment)
        self.written: list[tuple[float, bytes]] = []

    def read(self, seconds: float) -> bool:
        """What it writes next, if that comes in so many seconds. Returns whether it did."""
        if not select.select([self.process.fd], [], [], seconds)[0]:
            return False
        found = os.read(self.process.fd, 1 << 16)
        self.written.append((perf_counter(), found))
        return True

    def read_for(self, seconds: float) -> None:
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            self.read(left)

    def until(self, text: str, patience: float = 30) -> None:
        """Wait for a text on the screen, and then for silence."""
        end = perf_counter() + patience
        while text not in self.screens()[-1][1]:
            if perf_counter() > end:
                raise TimeoutError(f"{text!r} did not come; the screen shows\n{self.screens()[-1][1]}")
            self.read(0.5)
        self.settle()

    def settle(self, silence: float = 0.05) -> None:
        while self.read(silence):
            pass

    def press(self, keys: str) -> None:
        self.process.write(keys.encode())

    def screens(self) -> list[tuple[float, str]]:
        """The screen after each thing written."""
        screen = pyte.Screen(80, 24)
        stream = pyte.ByteStream(screen)
        found = [(0.0, "")]
        for at, what in self.written:
            stream.feed(KITTY.sub(b"", what))
            found.append((at, "\n".join(screen.display)))
        return found

    @property
    def processor(self) -> float:
        """Seconds of the processor that it took so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.process.terminate(force=True)


def player(folder: Path, size: int) -> Watched:
    """stepgrad with an image of so many rows and columns, waiting at its first step."""
    found = Watched([sys.executable, "-m", "stepgrad", lesson(folder, size)], folder)
    found.until(f"of {size * size}")
    return found
