"""A talk, by the keys of a clicker."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from staged import Clock, playing, position, shown
from textual.pilot import Pilot

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import preview
from stepgrad.tui.actions import ACTIONS
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.cli import main
from stepgrad.tui.presenting.actions import LEFT_OUT, PRESENTED, presented
from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.presenting.following import cues
from stepgrad.tui.presenting.screen import TalkScreen

NAME = "edge-detection-5x5"
STOPS = [0, 1, 2, 4, 7, 9]
"""Positions of the lesson's stops."""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPGRAD_HOME", str(tmp_path))


@asynccontextmanager
async def talking(name: str = NAME) -> AsyncIterator[tuple[TalkScreen, Pilot[int], Clock]]:
    clock = Clock()
    screen = TalkScreen(preview(name), lambda: open_lesson(name), clock=clock)
    async with StepgradApp(lambda _: screen).run_test(size=(100, 30)) as pilot:
        while screen.player is None:
            await pilot.pause()
        yield screen, pilot, clock


def run_on(screen: TalkScreen, clock: Clock, seconds: float) -> None:
    clock.now += seconds
    screen._tick()


def test_the_lesson_has_the_stops_of_these_tests() -> None:
    assert [stop.position for stop in open_lesson(NAME).stops] == STOPS


async def test_a_clicker_leads_through_the_stops() -> None:
    async with talking() as (screen, pilot, clock):
        for key in ("pagedown", "space"):
            await pilot.press(key)
            run_on(screen, clock, 0.1)
        assert position(screen) == 2
        await pilot.press("pagedown")
        run_on(screen, clock, 0.1)
        assert position(screen) == 3  # step by step
        run_on(screen, clock, 1.0)
        assert position(screen) == 4
        await pilot.press("pageup")
        assert position(screen) == 2


async def test_pressed_again_it_is_there_at_once() -> None:
    async with talking() as (screen, pilot, clock):
        screen.player.go("4")  # type: ignore[union-attr]
        await pilot.press("pagedown")
        run_on(screen, clock, 0.1)
        assert position(screen) == 5
        await pilot.press("pagedown")
        assert position(screen) == 7
        run_on(screen, clock, 60.0)
        assert position(screen) == 7
        await pilot.press("pagedown")
        run_on(screen, clock, 0.1)
        await pilot.press("pageup")
        assert position(screen) == 7


async def test_the_screen_is_blank_until_any_key() -> None:
    async with talking() as (screen, pilot, _):
        for key in ("b", "full_stop"):
            before = shown(screen)
            await pilot.press(key)
            assert not shown(screen).strip()
            await pilot.press("space")
            assert shown(screen) == before
            assert position(screen) == 0


async def test_what_a_clicker_may_send_and_a_talk_does_not_want_does_nothing() -> None:
    async with talking() as (screen, pilot, _):
        before = shown(screen)
        for key in ("f5", "escape", "B", "c", "C", "t", "p", "S"):
            await pilot.press(key)
            assert shown(screen) == before, key
            assert pilot.app.screen is screen
        assert not screen.player.debugger.breaks.all  # type: ignore[union-attr]


async def test_an_audience_asks_and_one_key_leads_back() -> None:
    async with talking() as (screen, pilot, _):
        player = screen.player
        assert player is not None
        await pilot.press("right", "right", "right")
        before = shown(screen)
        await pilot.press("e", "ctrl+u", *"kernel[0,0]", "space", "equals_sign", "space", "5", "enter")
        assert "what if kernel[0,0] = 5" in shown(screen)
        await pilot.press("right", "w", "e", "ctrl+u", *"no=1", "enter", "escape")
        await pilot.press("backspace")
        assert shown(screen) == before
        assert not player.what_if.edits.settings
        for aside in (("tab", "right"), ("w",), ("g", "9", "enter", "left", "left")):
            await pilot.press(*aside)
            assert shown(screen) != before
            await pilot.press("backspace")
            assert shown(screen) == before, aside
        await pilot.press("g", "9", "enter", "pageup", "right")
        after = shown(screen)
        await pilot.press("backspace")
        assert shown(screen) == after, "the talk itself went on from there"


async def test_a_click_points_at_a_cell() -> None:
    async with talking() as (screen, pilot, _):
        line = next(y for y, text in enumerate(shown(screen).split("\n")) if text.startswith(" image")) + 1
        await pilot.mouse_down(screen.stage, offset=(5, line))
        assert "image[0,0] = 1" in shown(screen)


async def test_the_time_goes_from_the_first_key_to_the_restart() -> None:
    async with talking() as (screen, pilot, clock):
        clock.now = 50.0
        screen.stage.turn()
        assert "0:00:00" in shown(screen)
        await pilot.press("right")
        clock.now += 75
        screen.stage.turn()
        assert "0:01:15" in shown(screen)
        await pilot.press("r")
        clock.now += 75
        screen.stage.turn()
        assert "0:00:00" in shown(screen)
        assert position(screen) == 0


async def test_less_stands_on_it_and_larger() -> None:
    async with talking() as (screen, _, _), playing(open_lesson(NAME), (100, 30)) as (other, _):
        text = shown(screen)
        assert "given" not in text, "the rail"
        assert "q quit" not in text, "the keys"
        # The first row of the image, 1 1 1 1 0, in a font of three pixels by five.
        assert re.search(r"^ +▄█ +▄█ +▄█ +▄█ +█▀█ ", text, re.MULTILINE)
        assert "    1    1    1    1    0" in shown(other)


@pytest.mark.parametrize("name", ["cs231n-two-filters", "glossary"])
async def test_any_size(name: str) -> None:
    async with talking(name) as (screen, pilot, _):
        for key, size in zip(
            ("right", "space", "space", "pageup", "b", "b", "end"),
            ((80, 24), (60, 20), (40, 12), (200, 60), (7, 3), (1, 1), (80, 24)),
            strict=True,
        ):
            await pilot.press(key)
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert len(screen.stage.page.lines) == size[1]


async def test_who_follows_is_told() -> None:
    async def heard(talk: AsyncIterator[Cue | None]) -> Cue:
        while (cue := await asyncio.wait_for(anext(talk), 10)) is None:
            pass
        return cue

    async with talking() as (_, pilot, _), aclosing(cues(0.01)) as talk:
        first = await heard(talk)
        assert (first.step, first.stop, first.stops, first.began) == (0, 1, 6, None)
        await pilot.press("right")
        second = await heard(talk)
        assert (second.step, second.stop, second.at) == (1, 2, "feature_map[0,0]")
        assert second.heading == first.following
        assert second.began is not None
        await pilot.press("b")
        assert (await heard(talk)).aside == "the screen is blank"
        await pilot.press("b", "e", "ctrl+u", *"kernel[0,0]=5", "enter")
        while "kernel[0,0] = 5" not in (cue := await heard(talk)).aside:
            pass
        assert "**7**" in cue.say
        await pilot.press("end")
        while (cue := await heard(talk)).step < 9:
            pass
        assert cue.following == ""
        assert cue.stop == 6


def test_every_key_of_a_talk_means_one_thing() -> None:
    keys = [key for action in PRESENTED if not action.pointing for key in action.keys]
    assert len(keys) == len(set(keys))
    assert {"f5", "escape"}.isdisjoint(keys)


def test_a_user_s_keys_give_way_to_a_clicker_s() -> None:
    mine = [action._replace(keys=("b", "j")) if action.name == "forward" else action for action in ACTIONS]
    table = {action.name: action.keys for action in presented(mine)}
    assert table["forward"] == ("j",)
    assert table["blank"] == ("b", "full_stop")
    assert {action.name for action in ACTIONS} >= LEFT_OUT


def test_a_card_and_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", NAME, "--present"]) == 0, "where there is no screen it is printed"
    assert "feature_map[2,2]" in capsys.readouterr().out
