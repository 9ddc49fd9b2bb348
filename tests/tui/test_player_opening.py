"""How the player opens: its first frame, where it starts, and what is told when it can not."""

from __future__ import annotations

import threading
from typing import Any

from handmade import edge
from staged import playing, position, shown

from stepgrad.engine.errors import AddressError, StepgradError
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import preview
from stepgrad.tui.app import StepgradApp


async def test_the_first_frame_shows_the_numbers_before_the_lesson_is_there() -> None:
    gate = threading.Event()
    name = "cs231n-two-filters"

    def load() -> Any:
        assert gate.wait(30)
        return open_lesson(name)

    async with playing(None, preview=preview(name), load=load, wait=False) as (screen, pilot):
        await pilot.pause()
        first = shown(screen).split("\n")
        assert first[0] == " Two filters, three channels, stride 2"
        await pilot.press("right", "right", "left", "2", "right", "g", "escape")
        gate.set()
        while screen.player is None:
            await pilot.pause()
        assert position(screen) == 3
        await pilot.press("home")
        board = shown(screen).split("\n")[1:13]
        assert board == first[1:13]


async def test_a_lesson_that_does_not_open_ends_the_player_with_its_fault() -> None:
    def load() -> Any:
        raise StepgradError("s.toml:3:1: there is something wrong")

    async with playing(None, load=load) as (_, pilot):
        await pilot.pause()
    app = pilot.app
    assert isinstance(app, StepgradApp)
    assert app.return_value == 1
    assert str(app.fault) == "s.toml:3:1: there is something wrong"


async def test_a_start_that_leads_nowhere_ends_the_player() -> None:
    async with playing(edge(), at="feature_map[7,7]") as (_, pilot):
        await pilot.pause()
    assert isinstance(pilot.app, StepgradApp)
    assert isinstance(pilot.app.fault, AddressError)


async def test_a_start_and_a_level() -> None:
    async with playing(edge(), at="feature_map[1,1]", level="tensor") as (screen, pilot):
        assert position(screen) == 5
        assert "by tensor" in shown(screen)
        await pilot.press("right")
        assert position(screen) == 9
