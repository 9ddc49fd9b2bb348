"""A play stays at a note for as long as the note takes to read."""

from __future__ import annotations

import pytest

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.flat import said
from stepgrad.tui.player import Player
from stepgrad.tui.reading import LETTER, LOOK

STEP = 0.5
"""Seconds of a step at the usual speed."""


@pytest.mark.parametrize("pause", [None, 1.5])
def test_a_play_stays_as_long_as_a_note_takes_to_read(pause: float | None) -> None:
    settings = {} if pause is None else {"script.1.pause": pause}
    player = Player(open_lesson("edge-detection-5x5", settings))
    text = " ".join(said(player.lesson, player.lesson.stops[1]))
    assert len(text) > 200
    rest = (LOOK + LETTER * len(text)) / 1000 if pause is None else pause
    player.perform("play", 1, 0.0)
    player.tick(STEP)
    assert player.cursor.position == 1
    player.tick(2 * STEP + rest - 0.01)
    assert player.cursor.position == 1
    player.tick(2 * STEP + rest + 0.01)
    assert player.cursor.position == 2
