"""A learner's desk: where a lesson was left, and the keys as they like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from staged import playing, position, shown
from textual.binding import BindingsMap

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.desk import Desk
from stepgrad.tui.screens.player import PlayerScreen


@pytest.fixture
def lesson() -> Lesson:
    return open_lesson("edge-detection-5x5")


def notice(screen: PlayerScreen) -> str:
    assert screen.player is not None
    return screen.player.notice


async def test_a_lesson_reopens_where_it_was_left(lesson: Lesson) -> None:
    async with playing(lesson, desk=Desk()) as (screen, pilot):
        assert "New here?  → step   Space next note   ? all keys" in shown(screen)
        await pilot.press("3", "right")
        assert "New here?" not in shown(screen)
        await pilot.press("s", "5", "right", "b", "t", "enter", "q")
    async with playing(lesson, desk=Desk()) as (screen, pilot):
        assert "New here?" not in shown(screen)
        assert "where you left it" in shown(screen)
        assert screen.player is not None
        place = screen.player.cursor.place
        assert (place.position, place.level, place.term) == (3, "term", 5)
        assert [each.text for each in screen.player.debugger.breaks.all] == ["feature_map[0,2]"]
        assert [each.text for each in screen.player.debugger.watches.all] == ["feature_map[0,2]"]
        await pilot.press("end", "q")
    async with playing(lesson, desk=Desk()) as (screen, _):
        assert position(screen) == 0, "who has come to the end starts again"
    async with playing(lesson, desk=Desk(), at="feature_map[1,1]") as (screen, _):
        assert position(screen) == 5


async def test_keys_of_one_s_own(lesson: Lesson, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "keys.toml").write_text('forward = "P"\nhelp = "F1"\n', "utf-8")
    async with playing(lesson, desk=Desk()) as (screen, pilot):
        assert "P step" in shown(screen)
        assert "f1 all keys" in shown(screen)
        await pilot.press("P", "right")
        assert position(screen) == 1
        await pilot.press("f1")
        assert pilot.app.screen is not screen


async def test_keys_that_do_not_fit_are_told_in_a_line(lesson: Lesson, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "keys.toml").write_text('play = "b"\n', "utf-8")
    async with playing(lesson, desk=Desk()) as (screen, pilot):
        assert "'b' is given to play and stop_here" in notice(screen)
        await pilot.press("right")
        assert position(screen) == 1


async def test_a_key_costs_no_work_on_the_other_keys(
    lesson: Lesson, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would put its own keymap over all bindings, four times for each key pressed."""
    applied = []
    monkeypatch.setattr(BindingsMap, "apply_keymap", lambda *given: applied.append(given))
    (home / "config").mkdir(parents=True)
    (home / "config" / "keys.toml").write_text('cell_down = "j"\n', "utf-8")
    async with playing(lesson, desk=Desk()) as (screen, pilot):
        await pilot.press("right", "2", "right")
        assert position(screen) == 3
        await pilot.press("tab", "j", "j")
        assert screen.player is not None
        assert screen.player.pointing.pointer is not None
        assert screen.player.pointing.pointer.row == 2
    assert not applied
