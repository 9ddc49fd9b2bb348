"""The first line: a title, and where the player is."""

from __future__ import annotations

import pytest
from handmade import edge

from stepgrad.tui.heading import NARROWEST, heading
from stepgrad.tui.line import plain, width

TITLE = (("Left-edge detection on a picture of five by five", "title"),)


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (90, f"{TITLE[0][0]}   forward > feature_map, cell 2 of 9"),
        (80, f"{TITLE[0][0]}       feature_map, cell 2 of 9"),
        (62, f"{TITLE[0][0]}   cell 2 of 9"),
    ],
)
def test_as_many_words_as_there_is_room_for(room: int, expected: str) -> None:
    line = heading(TITLE, edge().step(1), 2, 1, room)
    assert plain(line).split() == expected.split()
    assert width(line) == room


def test_a_title_that_is_too_long_is_cut_for_the_cell_s_number() -> None:
    line = plain(heading(TITLE, edge().step(1), 2, 1, 40))
    assert line == "Left-edge detection on a p…  cell 2 of 9"
    assert len(line) == 40


@pytest.mark.parametrize("room", [1, 5, 12, NARROWEST, NARROWEST + 12])
def test_with_little_room_the_title_stands_alone(room: int) -> None:
    line = heading(TITLE, edge().step(1), 2, 1, room)
    assert plain(line) == TITLE[0][0][:room]
