"""What if on the screen: numbers and settings changed, undone, saved, and where the player is then."""

from __future__ import annotations

from pathlib import Path

import pytest
from staged import playing, position, shown
from textual.widgets import Input, Static

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.screens.player import PlayerScreen


@pytest.fixture
def lesson() -> Lesson:
    return open_lesson("edge-detection-5x5")


@pytest.fixture
def neuron() -> Lesson:
    return open_lesson("neuron-forward-loss-update")


def notice(screen: PlayerScreen) -> str:
    assert screen.player is not None
    return screen.player.notice


def reason(screen: PlayerScreen) -> str:
    """What the open field says."""
    return str(screen.query_one("Field Static", Static).render())


async def test_what_if_in_place_with_the_old_state_kept(lesson: Lesson) -> None:
    async with playing(lesson) as (screen, pilot):
        await pilot.press("2", "right", "e", *"imgae[0,0] = 5", "enter")
        assert "did you mean 'image'?" in reason(screen)
        assert screen.query_one(Input).value == "imgae[0,0] = 5"
        await pilot.press("home", "right", "right", "delete", "delete", *"ag", "enter")
        assert not screen.query(Input)
        assert position(screen) == 2
        text = shown(screen)
        assert "* changed" in text
        assert "5*" in text
        assert "7*" in text
        await pilot.press("left")
        assert "feature_map[0,0] = 7   was 3" in shown(screen)
        await pilot.press("u")
        assert "*" not in shown(screen)
        await pilot.press("U")
        assert "7*" in shown(screen)
        await pilot.press("O")
        assert "7*" not in shown(screen)
        await pilot.press("u")
        assert "7*" in shown(screen)
        await pilot.press("5", "u", "u")
        assert "nothing to undo" in shown(screen)
        await pilot.press("9", "U", "U")
        assert "nothing to do again" in shown(screen)


async def test_the_place_is_kept_by_address_when_sizes_change(lesson: Lesson) -> None:
    async with playing(lesson) as (screen, pilot):
        await pilot.press("g", *"feature_map[1,1]", "enter", "e", *"feature_map.stride = 2", "enter")
        assert screen.player is not None
        assert str(screen.player.cell) == "feature_map[0,0,1,1]@0"
        assert position(screen) == 4
        await pilot.press("u")
        assert position(screen) == 5


async def test_the_kernel_turned_round_and_back(lesson: Lesson) -> None:
    async with playing(lesson) as (screen, pilot):
        await pilot.press("right", "k")
        assert "kernel flipped: true convolution" in shown(screen)
        await pilot.press("k")
        assert "kernel not flipped: cross-correlation" in shown(screen)


async def test_what_has_no_kernel_and_no_random_numbers_says_so(neuron: Lesson) -> None:
    async with playing(neuron) as (screen, pilot):
        await pilot.press("right", "k")
        assert "has no kernel to turn round" in shown(screen)
        await pilot.press("z")
        assert "seed 1; nothing in this lesson is drawn at random" in notice(screen)


async def test_another_seed_draws_other_numbers(tmp_path: Path) -> None:
    path = tmp_path / "drawn.toml"
    path.write_text(
        'format_version = 1\ntitle = "t"\n[inputs]\nx = { init = "normal", shape = [2, 2] }\n'
        '[[layers]]\nname = "y"\nop = "relu"\ninput = "x"\n',
        "utf-8",
    )
    async with playing(open_lesson(str(path))) as (screen, pilot):
        await pilot.press("right", "3", "z")
        assert screen.player is not None
        assert screen.player.lesson.scenario.seed == 3
        assert notice(screen) == "seed 3"
        assert "* changed" in shown(screen)


async def test_changes_are_saved_under_a_name_and_q_asks_first(lesson: Lesson, home: Path) -> None:
    async with playing(lesson) as (screen, pilot):
        await pilot.press("S", *"mine", "enter")
        assert "nothing was changed" in reason(screen)
        await pilot.press("escape", "e", *"image[0,0] = 5", "enter", "q")
        assert "the changes are not saved" in notice(screen)
        assert pilot.app.return_value is None
        await pilot.press("right", "S")
        assert screen.query_one(Input).value == "mine", "what was typed before is not lost"
        await pilot.press("enter")
        assert (home / "data" / "scenarios" / "mine.toml").exists()
        assert "saved: stepgrad run" in notice(screen)
        await pilot.press("q")
    assert pilot.app.return_value == 0


async def test_q_twice_leaves_changes_behind(lesson: Lesson) -> None:
    async with playing(lesson) as (_, pilot):
        await pilot.press("e", *"image[0,0] = 5", "enter", "q", "q")
    assert pilot.app.return_value == 0


async def test_restart_is_the_start_with_nothing_changed(lesson: Lesson) -> None:
    async with playing(lesson) as (screen, pilot):
        await pilot.press("3", "right", "f", "e", *"image[0,0] = 5", "enter", "r")
        assert position(screen) == 0
        assert "* changed" not in shown(screen)
        assert "by " not in shown(screen).split("\n")[-1]
