"""The look screen and the map on the board, by keys, from the player and back."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from handmade import Lesson, edge, lesson, network, square
from small_network import small_history
from staged import playing, position, shown
from textual.pilot import Pilot

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.line import plain, width
from stepgrad.tui.look_keys import LOOKING
from stepgrad.tui.screens.help import HelpScreen
from stepgrad.tui.screens.look import LookScreen
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.themes import THEMES

SECONDS = 30


def looked(pilot: Pilot[int]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, LookScreen)
    return "\n".join(plain(line).rstrip() for line in screen.stage.page.lines)


def trained() -> Lesson:
    return Lesson("Two units", small_history(5))


async def test_there_and_back() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("5", "right", "o")
        assert "5 of 9 written" in looked(pilot)
        for key, cells in (("escape", 6), ("o", 7), ("q", 8)):
            await pilot.press("right", "right", "left", key)
            assert pilot.app.screen is screen
            assert position(screen) == cells, "the player has moved on beneath it"
            assert f"cell {cells} of 9" in shown(screen)
            await pilot.press("o")


async def test_tab_goes_round_the_views() -> None:
    async with playing(edge()) as (_, pilot):
        await pilot.press("right", "o")
        seen = []
        for _ in range(5):
            await pilot.press("tab")
            screen = pilot.app.screen
            assert isinstance(screen, LookScreen)
            seen.append(screen.look.name)
        assert seen == ["planes", "histogram", "curve", "norms", "map"]
        await pilot.press("shift+tab")
        assert screen.look.name == "norms"


async def test_every_key_of_the_table_does_something() -> None:
    async with playing(network()) as (screen, pilot):
        await pilot.press("9", "right", "o")
        for action in LOOKING:
            for key in action.keys:
                await pilot.press(key)
                here = pilot.app.screen
                leads = {"close": PlayerScreen, "help": HelpScreen}.get(action.name, LookScreen)
                assert isinstance(here, leads), key
                if action.name == "close":
                    await pilot.press("o")
                elif action.name in ("help", "ask"):
                    await pilot.press("escape")
        assert screen.player is not None
        assert position(screen) == screen.player.lesson.timeline.steps, "End was the last that moved"


async def test_a_curve_of_an_expression() -> None:
    async with playing(trained()) as (_, pilot):
        await pilot.press("right", "o", "shift+tab", "shift+tab", "enter")
        for key in "w0":
            await pilot.press(key)
        await pilot.press("enter")
        assert "there is no tensor 'w0'" in str(pilot.app.screen.query_one("Field Static").render())
        await pilot.press("backspace", "left_square_bracket", "0", "comma", "1", "right_square_bracket", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, LookScreen)
        assert screen.look.player.recorder.wait(SECONDS)
        await pilot.pause()
        assert "w[0,1]   2 at iteration 0, from 2 to 1.2, least 1.2" in looked(pilot)


async def test_the_field_is_left_without_an_answer() -> None:
    async with playing(trained()) as (_, pilot):
        await pilot.press("right", "o", "t", "o", "q", "escape")
        assert "map" in looked(pilot)
        assert not pilot.app.screen.query("Field")
        await pilot.press("q")
        assert isinstance(pilot.app.screen, PlayerScreen)


async def test_more_of_a_curve_is_shown_as_it_is_worked_out() -> None:
    async with playing(trained()) as (_, pilot):
        await pilot.press("right", "o", "shift+tab", "shift+tab")
        for _ in range(1000):
            if "from 8 to 6" in looked(pilot):
                break
            await asyncio.sleep(0)
            await pilot.pause()
        assert "loss   8 at iteration 0, from 8 to 6, least 6" in looked(pilot)


async def test_any_size_at_any_moment() -> None:
    async with playing(network()) as (_, pilot):
        await pilot.press("9", "right", "o")
        for size in ((20, 5), (200, 60), (80, 24), (1, 1), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.press("tab")
            screen = pilot.app.screen
            assert isinstance(screen, LookScreen)
            lines = screen.stage.page.lines
            assert len(lines) == size[1]
            assert all(width(line) <= size[0] for line in lines)


async def test_every_style_has_a_look_in_every_theme() -> None:
    picture = np.random.default_rng(0).uniform(size=(1, 3, 6, 6))
    odd = lesson("Odd", {"x": [[np.nan, np.inf], [-1, 1]], "image": picture}, [("y", "relu", ("x",), {})])
    async with playing(odd) as (_, pilot):
        await pilot.press("right", "o")
        for theme in THEMES:
            pilot.app.theme = theme
            for _ in range(5):
                await pilot.press("tab")
                screen = pilot.app.screen
                assert isinstance(screen, LookScreen)
                for y in range(24):
                    screen.stage.render_line(y)
            await pilot.press("up")


async def test_without_colour_there_are_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing(lesson("Signs", {"x": [[-4.0, 4.0]]}, [("y", "relu", ("x",), {})])) as (_, pilot):
        await pilot.press("right", "o", "up")
        assert "-█" in looked(pilot)
        assert "+█" in looked(pilot)
        assert "▀" not in looked(pilot)


async def test_a_map_stands_beside_the_numbers_where_there_is_room() -> None:
    async with playing(edge(), (120, 40)) as (screen, pilot):
        await pilot.press("5", "right")
        before = shown(screen)
        await pilot.press("m")
        styles = {style for line in screen.stage.page.lines for _, style in line}
        assert {"ink/s32", "ink/s11", "ink/s0"} <= styles, "3, 1 and 0 of 3"
        for old, new in zip(before.splitlines(), shown(screen).splitlines(), strict=False):
            assert new.startswith(old[: len(old.split("   ")[0])]), "the board has not moved"
        await pilot.press("right")
        assert "cell 6 of 9" in shown(screen)
        await pilot.press("m", "left")
        assert shown(screen) == before


async def test_a_map_stands_in_place_of_the_numbers_where_there_is_none() -> None:
    async with playing(square(28), (80, 24)) as (screen, pilot):
        await pilot.press(*"100", "right")
        assert screen.player is not None
        numbers = screen.stage.page
        await pilot.press("m")
        mapped = screen.stage.page
        assert numbers.lines != mapped.lines
        assert any("/" in style for line in mapped.lines for _, style in line)
        assert all(width(line) <= 80 for line in mapped.lines)
        assert mapped.cursor == numbers.cursor


async def test_a_map_of_a_huge_plane_costs_its_window() -> None:
    async with playing(square(224), (80, 24)) as (screen, pilot):
        await pilot.press(*"30000", "right", "m", "right", "o")
        assert "30,001 of 50,176 written" in looked(pilot)
        await pilot.press("z", "z", "z", "L", "J", "escape")
        assert position(screen) == 30001


async def test_a_card_has_nothing_to_look_at() -> None:
    async with playing(open_lesson("glossary")) as (_, pilot):
        await pilot.press("m", "o")
        assert "computes nothing" in looked(pilot)
        await pilot.press("tab", "down", "right", "z", "e", "y", "o")
        assert isinstance(pilot.app.screen, PlayerScreen)
