"""Terms, jumps, stops and watches, by their keys."""

from __future__ import annotations

import pytest
from handmade import edge
from staged import Clock, playing, position, shown
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input, OptionList, Static

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.actions import ACTIONS
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.screens.stops import StopsScreen
from stepgrad.tui.widgets.field import Field


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


async def test_terms_one_by_one_and_back() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("right", "s", "right")
        assert "feature_map[0,0] so far: 1×1 = 1   term 1 of 9" in shown(screen)
        assert "[ 1×1 ]" in shown(screen).replace("[1×1]", "[ 1×1 ]")
        assert "[  ?  ]" in shown(screen), "the cell is not written yet"
        await pilot.press("8", "right")
        assert "so far" not in shown(screen)
        assert "feature_map[0,0] = 3" in shown(screen)
        await pilot.press("right", "left", "left")
        assert "so far: 3 + 0×0 = 3   term 8 of 9" in shown(screen)
        assert position(screen) == 1
        await pilot.press("f")
        assert "feature_map[0,0] = 3" in shown(screen)


async def test_back_along_the_jumps() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("3", "right", "end", "home", "g", "5", "enter", "pagedown")
        assert position(screen) == 9
        for reached in (5, 0, 9, 3, 3):
            await pilot.press("backspace")
            assert position(screen) == reached
        assert "no jump to go back from" in shown(screen)
        await pilot.press("end", "home", "2", "backspace")
        assert position(screen) == 3


async def test_a_stop_here_is_met_by_play_run_and_continue() -> None:
    clock = Clock()
    async with playing(edge(), clock=clock) as (screen, pilot):
        await pilot.press("4", "right", "b")
        assert "stops at feature_map[1,0]" in shown(screen)
        for key in ("p", "space", "c"):
            await pilot.press("home", "right", key)
            clock.now += 1000
            screen._tick()
            assert position(screen) == 4, key
            assert "stopped at feature_map[1,0]" in shown(screen)
        await pilot.press("end", "C")
        assert position(screen) == 4
        await pilot.press("c")
        assert position(screen) == 4, "a search that finds nothing leaves the player where it is"
        assert "'feature_map[1,0]' does not happen from here to the end" in shown(screen).replace("\n ", " ")
        await pilot.press("b", "c")
        assert "no stop is set" in shown(screen)


async def test_a_stop_is_a_tick_on_the_timeline() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("4", "right", "b", "home")
        assert "□" in shown(screen)
        await pilot.press("end")
        assert "■" in shown(screen)


async def test_the_list_of_stops_and_watches(neuron: Lesson) -> None:
    async with playing(neuron) as (screen, pilot):
        await pilot.press("B")
        stops = pilot.app.screen
        assert isinstance(stops, StopsScreen)
        assert "none; a adds one" in shown(stops)  # type: ignore[arg-type]
        await pilot.press("a", *"loss < ", "enter")
        assert stops.query_one(Field).has_class("wrong")
        assert stops.query_one(Input).value == "loss < "
        await pilot.press("1", "enter", "t", *["backspace"] * 40, *"loss", "enter")
        assert "▶ loss" in shown(stops)  # type: ignore[arg-type]
        await pilot.press("up", "space")
        assert "[ ] loss < 1" in shown(stops)  # type: ignore[arg-type]
        await pilot.press("space", "down", "x", "q")
        assert pilot.app.screen is screen
        assert screen.player is not None
        assert [each.text for each in screen.player.debugger.breaks.all] == ["loss < 1"]
        assert screen.player.debugger.watches.all == []


async def test_any_key_ends_a_search() -> None:
    training = open_lesson("pytorch-training-loop")
    async with playing(training) as (screen, pilot):
        assert screen.player is not None
        screen.player.answer("stop", "loss < -1")
        await pilot.press("3", "right")
        screen.pulse.follow = lambda _: None  # type: ignore[method-assign]  # the clock stands still
        await pilot.press("c")
        assert screen.player.debugger.is_searching
        assert "looking for a stop: iteration" in shown(screen)
        await pilot.press("j")
        assert not screen.player.debugger.is_searching
        assert position(screen) == 3
        assert "the search was ended" in shown(screen)


async def test_a_training_that_diverges_stops_the_search_and_says_why() -> None:
    training = open_lesson("neuron-forward-loss-update", {"optimizer.lr": 1e60, "optimizer.iterations": 12})
    async with playing(training) as (screen, pilot):
        await pilot.press("c")
        for _ in range(20):
            screen._tick()
        assert "the training has diverged; try a smaller learning rate" in notice(screen)
        assert "diverged" in shown(screen)
        assert 0 < position(screen) < training.timeline.steps


async def test_a_watch_shows_value_and_course(neuron: Lesson) -> None:
    async with playing(neuron) as (screen, pilot):
        await pilot.press("t", *["backspace"] * 40, *"loss", "enter")
        assert "loss           ." in shown(screen)
        await pilot.press("end")
        assert screen.player is not None
        assert screen.player.recorder.wait(30)
        screen.show()
        line = next(line for line in shown(screen).split("\n") if line.startswith(" loss   "))
        assert f"{neuron.tensors(2)['loss'].item():.6g}"[:6] in line
        assert set("▁▂▃▄▅▆▇█") & set(line)
        await pilot.press("t", *["backspace"] * 40, *"loss", "enter")
        assert "loss is not watched any more" in shown(screen)


async def test_a_watch_starts_with_the_cell_on_screen() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("4", "right", "t")
        assert screen.query_one(Input).value == "feature_map[1,0]"
        await pilot.press("enter")
        assert " feature_map[1,0]           3" in shown(screen)


@pytest.mark.parametrize("key", ["g", "t", "e", "S"])
@pytest.mark.parametrize("size", [(80, 24), (20, 5), (1, 1)])
async def test_a_paste_of_ten_kilobytes_is_cut_and_answered_in_place(
    lesson: Lesson, key: str, size: tuple[int, int]
) -> None:
    async with playing(lesson, size=size) as (screen, pilot):
        await pilot.press("2", "right", key)
        screen.query_one(Input).post_message(events.Paste("out[0,0] < 3 =\n" * 700))
        await pilot.press("enter")
        assert screen.query_one(Field).has_class("wrong")
        assert position(screen) == 2
        await pilot.press("escape", "right")
        assert position(screen) == 3


async def test_a_click_on_the_timeline_goes_there_and_a_drag_takes_it_along() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("x")
        [(y, bar)] = screen.stage.page.bars
        await pilot.mouse_down(offset=(bar.x + bar.size - 1, y))
        assert position(screen) == 9
        await pilot.hover(offset=(bar.x, y - 3))
        assert position(screen) == 0
        await pilot.mouse_up(offset=(bar.x, y - 3))
        await pilot.hover(offset=(bar.x + bar.size - 1, y))
        assert position(screen) == 0, "let go"
        await pilot.press("backspace")
        assert position(screen) == 0
        [(y, bar)] = screen.stage.page.bars
        await pilot.click(offset=(bar.x + bar.column(1), y))
        assert position(screen) == 1, "the note's own place"


async def test_the_palette_goes_to_places_and_does_what_keys_do(lesson: Lesson) -> None:
    before = 0
    async with playing(lesson) as (screen, pilot):
        for opens, typed, reached in (("colon", "feature_map", 1), ("ctrl+p", "end (end", 9)):
            await pilot.press(opens)
            while not isinstance(pilot.app.screen, CommandPalette):
                await pilot.pause()
            await pilot.press(*typed)
            offers = pilot.app.screen.query_one(OptionList)
            while not offers.option_count or typed not in str(offers.options[0].prompt).lower():
                await pilot.pause()
            await pilot.press("enter")
            while pilot.app.screen is not screen or position(screen) == before:
                await pilot.pause()
            before = reached
            assert position(screen) == reached


def test_every_key_here_is_of_the_table() -> None:
    assert {key for action in ACTIONS for key in action.keys} >= set("sfgbcCBteuUOkzSr")
