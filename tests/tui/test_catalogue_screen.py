"""The catalogue: search, choose, open, come back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.faults import Fault, ScenarioError
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.line import plain, width
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.screens.catalogue import CatalogueScreen
from stepgrad.tui.screens.player import PlayerScreen


@asynccontextmanager
async def browsing(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[CatalogueScreen, Pilot[int]]]:
    app = StepgradApp(lambda app: CatalogueScreen(app.open_scenario))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, CatalogueScreen)
        yield screen, pilot


def shown(screen: CatalogueScreen) -> str:
    return "\n".join(plain(line) for line in screen.stage.page.lines)


async def test_it_lists_what_there_is() -> None:
    async with browsing((100, 90)) as (screen, _):
        for entry in entries():
            assert entry.name in shown(screen)
            assert entry.title in shown(screen)


async def test_typing_searches_names_titles_topics_and_summaries() -> None:
    async with browsing() as (screen, pilot):
        await pilot.press(*"edge det")
        assert screen.chosen is not None
        assert screen.chosen.name == "edge-detection-5x5"
        assert "search: edge det" in shown(screen)
        await pilot.press(*"zzz")
        assert "nothing holds 'edge detzzz'" in shown(screen)
        await pilot.press("escape")
        assert len(screen.found) == len(entries())


async def test_enter_opens_and_q_comes_back() -> None:
    async with browsing() as (screen, pilot):
        await pilot.press(*"cs231n", "enter")
        player = pilot.app.screen
        assert isinstance(player, PlayerScreen)
        while player.player is None:
            await pilot.pause()
        await pilot.press("right", "q")
        assert pilot.app.screen is screen
        assert screen.search == "cs231n"
        await pilot.press(*["backspace"] * 6, "q")
    assert pilot.app.return_value == 0


async def test_q_is_a_letter_once_something_was_typed() -> None:
    async with browsing() as (screen, pilot):
        await pilot.press("s", "q", "u")
        assert screen.search == "squ"


async def test_choosing_stays_within_the_list() -> None:
    async with browsing() as (screen, pilot):
        names = [entry.name for entry in entries()]
        await pilot.press("up")
        assert screen.chosen is not None
        assert screen.chosen.name == names[0]
        await pilot.press("down", "end", "down")
        assert screen.chosen.name == names[-1]
        assert names[-1] in shown(screen)
        await pilot.press("home", "pagedown")
        assert screen.chosen.name == names[min(10, len(names) - 1)]


async def test_a_scenario_that_does_not_open_says_why_in_place() -> None:
    async with browsing() as (screen, pilot):
        await pilot.press("enter")
        pilot.app.post_message(LessonFailed(ScenarioError([Fault("s.toml", "layers", "there is something wrong")])))
        await pilot.pause()
        await pilot.pause()
        assert pilot.app.screen is screen
        assert "there is something wrong" in shown(screen)


@pytest.mark.parametrize(("columns", "lines"), [(1, 1), (20, 5), (80, 8), (200, 60)])
async def test_any_size(columns: int, lines: int) -> None:
    async with browsing((columns, lines)) as (screen, pilot):
        await pilot.press("down", "x")
        assert len(screen.stage.page.lines) <= lines
        assert all(width(line) <= columns for line in screen.stage.page.lines)
