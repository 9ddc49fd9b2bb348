"""An arrow key that a slow line breaks into Esc, `[` and a letter is put together again."""

from __future__ import annotations

from collections.abc import Callable

WAIT = 0.5
"""Seconds from one piece to the next."""
ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end"}


class BrokenKeys:
    """The pieces that have come."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pieces = ""
        self._last = 0.0

    def mended(self, character: str) -> str | None:
        """The key that a character completes; "" where it is a piece of one, None where it stands for itself."""
        now = self._clock()
        pieces, self._pieces = self._pieces if now - self._last <= WAIT else "", ""
        self._last = now
        if character == "\x1b":
            self._pieces = character
            return ""
        if pieces == "\x1b" and character in ("[", "O"):
            self._pieces = pieces + character
            return ""
        return ARROWS.get(character) if len(pieces) == 2 else None
