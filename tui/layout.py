"""How the page is laid out: for who sits before it, or for people at the back of a room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stepgrad.tui.line import BLANK, READABLE, Line

RAIL_FROM = 100
"""Columns of a terminal from which there is room for the rail."""
RAIL_WIDEST = 44
GUTTER = 2
"""Empty columns before the rail."""


class Layout(NamedTuple):
    """What there is beside the numbers, and how large the words and the numbers stand."""

    rail: bool = True
    """Whether the program is listed at the right where there is room."""
    progress: bool = True
    """Whether the timeline has a line of its own; else it shares the last one."""
    roomy: float = 0.5
    """The part of the terminal's height that a board may take to stand roomier than it must."""
    columns: int = READABLE
    """Columns of a line of words, however wide the terminal."""
    pictures: bool = True
    """Whether empty lines are filled with pictures of what is read and written."""
    large: bool = False
    """Whether numbers are enlarged where there is room."""
    loud: bool = False
    """Whether words stand out: bright, and their lines apart where there is room."""

    def side(self, columns: int) -> int:
        """Columns of the rail: as many for every lesson, so that nothing moves when one follows its first frame."""
        return min(columns * 3 // 10, RAIL_WIDEST) if self.rail and columns >= RAIL_FROM else 0

    def inner(self, columns: int, margin: int) -> int:
        """Columns between the margin and the rail."""
        side = self.side(columns)
        return max(columns - margin - side - (GUTTER if side else 0), 1)

    def lines(self, words: int) -> int:
        """Lines that so many of words would like to have."""
        return max(2 * words - 1, 0) if self.loud else words

    def told(self, words: Sequence[Line], room: int) -> list[Line]:
        """Words in so many lines."""
        if not self.loud:
            return list(words)
        bright = [tuple((text, style or "said") for text, style in line) for line in words]
        return list(_apart(bright))[:-1] if self.lines(len(words)) <= room else bright


PLAYER = Layout()
TALK = Layout(rail=False, progress=False, roomy=0.75, columns=64, pictures=False, large=True, loud=True)


def _apart(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        yield BLANK
