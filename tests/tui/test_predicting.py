"""Predict mode: what is hidden, what is asked, what is told, and that nothing tells it before."""

from __future__ import annotations

import pytest
from handmade import edge
from staged import playing, position, shown
from textual.widgets import Input, Static

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.screens.player import PlayerScreen

SIZES = ((80, 24), (120, 40))


@pytest.fixture(scope="module")
def network() -> Lesson:
    return open_lesson("cnn-flow")


def asked(screen: PlayerScreen) -> str:
    """What the field says."""
    return str(screen.query_one(Static).visual)


async def test_each_number_is_asked_for_before_it_is_shown() -> None:
    async with playing(open_lesson("edge-detection-5x5")) as (screen, pilot):
        await pilot.press("d")
        assert position(screen) == 1
        assert asked(screen) == "feature_map[0,0] = ? (a whole number); an empty line ends it"
        assert "feature_map[0,0] = ?" in shown(screen)
        assert "[  ?  ]" in shown(screen)
        assert "1×1" not in shown(screen)
        await pilot.press("3", "enter")
        await pilot.pause()
        assert position(screen) == 2
        assert asked(screen).startswith("Right: 3. feature_map[0,1] = ?")
        assert "3  [  ?  ]  .     ." in shown(screen) or "3  [  ?  ]  ." in shown(screen)


async def test_a_wrong_one_is_told_with_what_it_comes_from_and_worked_out() -> None:
    async with playing(open_lesson("edge-detection-5x5")) as (screen, pilot):
        await pilot.press("d", "1", "enter")
        assert not screen.query(Input)
        text = shown(screen)
        assert "feature_map[0,0] = 3" in text
        assert "1×1 + 1×0 + 1×0" in text
        said = " ".join(text.split())
        assert "Wrong. That is what comes out with the kernel flipped; here it is not." in said
        await pilot.press("right")
        assert asked(screen).startswith("feature_map[0,1] = ?")
        await pilot.press("1", "enter")
        await pilot.pause()
        assert position(screen) == 3


async def test_nonsense_is_refused_and_nothing_shown() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("d", "o", "enter")
        assert asked(screen) == "'o' is not a number; try 0.25 or 1/4"
        assert screen.query_one(Input).value == "o"
        assert "[0,0] = ?" in shown(screen)


@pytest.mark.parametrize("keys", [["enter"], ["escape"], ["d", "enter"], ["q", "enter"], ["7", "escape"]])
async def test_it_ends_with_an_empty_line_or_the_key_and_shows_the_number(keys: list[str]) -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("d", *keys)
        assert not screen.query(Input)
        assert "no more predicting" in shown(screen)
        assert "[0,0] = 3" in shown(screen)
        await pilot.press("right")
        assert not screen.query(Input)
        assert position(screen) == 2


async def test_the_key_ends_it_between_two_questions() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("d", "9", "enter", "d", "right")
        assert not screen.query(Input)


async def test_the_last_number_and_after_it() -> None:
    async with playing(edge(), at="8") as (screen, pilot):
        await pilot.press("d", "0", "enter")
        assert "the last one" in shown(screen)
        assert not screen.query(Input)
        await pilot.press("d")
        assert "nothing comes after this" in shown(screen)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_nothing_tells_it_before(network: Lesson, size: tuple[int, int]) -> None:
    """Neither the board, nor a map on it, a watch, the cell cursor, its origin, a check or the words."""
    step = network.timeline.locate("logits[1,0]")
    value = f"{network.step(step).value:.4f}"
    async with playing(network, size, at=str(step)) as (screen, pilot):
        assert screen.player is not None
        screen.player.answer("watch", "logits[1,0]")
        await pilot.press("m", "d")
        assert screen.query(Input)
        assert value not in shown(screen)
        for act in ("next_matrix", "cell_origin", "check_cell", "digits", "scatter"):
            screen.player.perform(act, 1, 0.0)
            assert value[:5] not in shown(screen)
            assert value[:5] not in screen.player.pointing.caption
        await pilot.press("1", "enter")
        assert value[:5] in shown(screen)


async def test_playing_stops_at_what_is_asked() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("d", "9", "enter")
        assert screen.player is not None
        screen.player.perform("play", 1, 0.0)
        screen.player.tick(60.0)
        screen.show()
        assert not screen.player.autoplay.is_running
        assert screen.query(Input) or screen.asking.is_open


async def test_a_number_that_is_not_to_be_had_from_what_is_shown_is_not_asked_for() -> None:
    lesson = open_lesson("batchnorm-channel-statistics")
    async with playing(lesson, at=str(lesson.timeline.locate("bn[0,0,0,0]"))) as (screen, pilot):
        await pilot.press("d")
        assert not screen.query(Input)
        text = " ".join(shown(screen).split())
        assert "bn[0,0,0,0] is not asked for: it takes more digits than are shown" in text
        assert "bn[0,0,0,0] = ?" not in text
        await pilot.press("right")
        assert "= ?" in asked(screen)
