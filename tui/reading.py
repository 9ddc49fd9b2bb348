"""How long a note stays: as long as its script says, else as long as it takes to look at the numbers and to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.tui.flat import said

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop

LOOK, LETTER = 2_000, 60
"""Milliseconds to look at the numbers, and to read a letter: 200 words a minute."""


def rest(lesson: Lesson, stop: Stop) -> int:
    """Milliseconds at a stop."""
    if stop.pause is not None:
        return round(stop.pause * 1000)
    return LOOK + LETTER * len(" ".join(said(lesson, stop)))
