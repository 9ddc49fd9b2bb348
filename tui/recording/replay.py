"""A recording played into a terminal in memory: every picture is made from what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pyte

from stepgrad.tui.recording.cast import Header
from stepgrad.tui.recording.headless import Event

_UNKNOWN = re.compile(r"\x1b\[[<>=?]\d*u|\x1b\]22;[^\x07]*\x07")
"""Keyboard and pointer sequences, of which the emulator would show the last letter."""


class Style(NamedTuple):
    """How a cell looks; the colours are `#rrggbb`."""

    foreground: str
    background: str
    bold: bool = False
    underlined: bool = False


class Terminal:
    """The cells of a screen."""

    def __init__(self, header: Header) -> None:
        self.columns, self.rows = header.columns, header.rows
        self.style = Style(header.colours["fg"], header.colours["bg"])
        """That of a cell nothing was written to."""
        self._screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.Stream(self._screen)

    def feed(self, data: str) -> list[int]:
        """Write to the screen, and return the rows that may have changed."""
        self._screen.dirty.clear()
        self._stream.feed(_UNKNOWN.sub("", data))
        return sorted(self._screen.dirty)

    def text(self) -> list[str]:
        """The lines, without the space at their ends."""
        return [line.rstrip() for line in self._screen.display]

    def cells(self, row: int) -> list[tuple[str, Style]]:
        """The characters of a row; the second half of a wide one is empty."""
        line = self._screen.buffer[row]
        return [(line[x].data, self._style(line[x])) for x in range(self.columns)]

    def runs(self, row: int) -> Iterator[tuple[int, str, Style]]:
        """(column, text, style) of every stretch of one style."""
        start, text, style = 0, "", self.style
        for x, (character, look) in enumerate(self.cells(row)):
            if look != style:
                if text:
                    yield start, text, style
                start, text, style = x, "", look
            text += character
        if text:
            yield start, text, style

    def _style(self, cell: pyte.screens.Char) -> Style:
        foreground, background = self._colour(cell.fg, 0), self._colour(cell.bg, 1)
        if cell.reverse:
            foreground, background = background, foreground
        return Style(foreground, background, cell.bold, cell.underscore)

    def _colour(self, name: str, which: int) -> str:
        return self.style[which] if name == "default" else f"#{name}"  # type: ignore[return-value] # 0 and 1 are colours


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture: which rows are new in it, and from when to when it is shown (milliseconds)."""

    rows: list[int]
    start: int
    end: int


def frames(terminal: Terminal, events: Iterable[Event]) -> Iterator[Frame]:
    """The pictures of a recording, one after another: while one is at hand the terminal shows it."""
    shown: Frame | None = None
    for event in events:
        if event.code != "o":
            continue
        if shown is not None and event.time > shown.start:
            yield Frame(shown.rows, shown.start, event.time)
            shown = None
        rows = terminal.feed(event.data)
        before = shown.rows if shown is not None else []
        shown = Frame(sorted({*before, *rows}), event.time, event.time)
