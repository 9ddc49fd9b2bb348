"""The player, by its keys."""

from __future__ import annotations

import random
from typing import Any

import pytest
from handmade import edge, network
from staged import Clock, playing, position, shown
from textual import events
from textual.widgets import Input

from stepgrad.tui.actions import ACTIONS, CELL
from stepgrad.tui.page import Pages
from stepgrad.tui.screens.help import HelpScreen
from stepgrad.tui.screens.player import PlayerScreen

# The lecture's nine steps, with notes at 0, 1 and 9: keys pressed from position 4, and where they lead.
MOVES = {
    "forward": [("right", 5), ("l", 5), ("3 right", 7), ("1 2 l", 9)],
    "back": [("left", 3), ("h", 3), ("2 left", 2), ("9 9 h", 0)],
    "over": [("n", 9)],
    "over_back": [("N", 0)],
    "finer": [("f s right", 5)],
    "coarser": [("f right", 9), ("f left", 0), ("9 f right", 9)],
    "next_stop": [("pagedown", 9), ("2 pagedown", 9)],
    "previous_stop": [("pageup", 1), ("2 pageup", 0), ("9 pageup", 0)],
    "first": [("home", 0)],
    "last": [("end", 9), ("5 end", 9)],
    "go": [("g 7 enter", 7), ("g 0 enter", 0), ("g enter", 4), ("g escape", 4), ("g x backspace escape right", 5)],
}


DEBUGGING = {
    "retrace",
    "restart",
    "stop_here",
    "stops",
    "continue_on",
    "continue_back",
    "watch",
    "edit",
    "undo",
    "redo",
    "original",
    "flip",
    "reseed",
    "save",
}


LOOKING = {"page_down", "page_up", "digits", "map", "look", "words", "hide", "predict", "copy"}


ELSEWHERE = DEBUGGING | LOOKING | {"run_to_note", "play", "slower", "faster", "record", "letters", "help", "quit"}


def test_every_action_is_tried() -> None:
    # Those about single cells have a test, and a like one, in test_pointing_screen.
    assert {action.name for action in ACTIONS if action.group != CELL} <= MOVES.keys() | ELSEWHERE


async def test_moves() -> None:
    async with playing(edge(), at="4") as (screen, pilot):
        for keys, reached in [case for cases in MOVES.values() for case in cases]:
            assert screen.player is not None
            screen.player.go("4")
            await pilot.press(*keys.split())
            assert position(screen) == reached, keys
            assert f"step {reached} of 9" in shown(screen), keys
            while screen.player.cursor.level != "cell":
                screen.player.perform("finer", 1, 0.0)


async def test_space_runs_to_the_next_note_and_pauses() -> None:
    clock = Clock()
    async with playing(edge(), clock=clock) as (screen, pilot):
        await pilot.press("right", "space")
        clock.now = 1.6
        screen._tick()
        assert 1 < position(screen) < 9
        await pilot.press("space")
        stopped = position(screen)
        clock.now = 60.0
        await pilot.pause()
        assert position(screen) == stopped
        await pilot.press("space")
        clock.now = 120.0
        screen._tick()
        assert position(screen) == 9


async def test_space_at_the_end_says_so() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("end", "space")
        assert "that was the last note; q leaves" in shown(screen)
        await pilot.press("left", "space")
        assert "that was the last note" not in shown(screen)


async def test_play_goes_by_the_clock_and_stops_at_a_key() -> None:
    clock = Clock()
    async with playing(edge(), clock=clock) as (screen, pilot):
        await pilot.press("p")
        assert "playing, 2 steps/s" in shown(screen)
        await pilot.press("minus")
        assert "playing, 1 step/s" in shown(screen)
        await pilot.press("plus", "plus")
        assert "playing, 4 steps/s" in shown(screen)
        clock.now = 0.26
        screen._tick()
        assert position(screen) == 1
        await pilot.press("right")
        assert position(screen) == 2
        clock.now = 99.0
        await pilot.pause()
        assert position(screen) == 2
        assert "playing" not in shown(screen)
        await pilot.press("minus", "minus", "equals_sign")
        assert "2 steps/s" in shown(screen)


async def test_a_long_sum_pages() -> None:
    of = network(16, 16)
    async with playing(of, at="conv2[0,1,1]") as (screen, pilot):
        first = shown(screen)
        await pilot.press("down")
        assert shown(screen) != first
        await pilot.press("up")
        assert shown(screen) == first
        await pilot.press("9", "9", "down", "right")
        assert "1 of" in shown(screen)


async def test_all_digits_and_back() -> None:
    of = network()
    async with playing(of, at="relu1[0,0,0]") as (screen, pilot):
        first, value = shown(screen), repr(float(of.tensors()["conv1"][0, 0, 0, 0]))
        assert value not in first
        await pilot.press("x")
        assert value in shown(screen)
        await pilot.press("x")
        assert shown(screen) == first


async def test_help_lists_every_action_and_leads_back() -> None:
    async with playing(edge(), size=(80, 60)) as (screen, pilot):
        await pilot.press("question_mark")
        helping = pilot.app.screen
        assert isinstance(helping, HelpScreen)
        text = "".join(run for line in helping.stage.page.lines for run, _ in line)
        for action in ACTIONS:
            assert action.help in text
        await pilot.press("q")
        assert pilot.app.screen is screen


async def test_quit() -> None:
    async with playing(edge()) as (_, pilot):
        await pilot.press("q")
    assert pilot.app.return_value == 0


@pytest.mark.parametrize("keys", ["ctrl+c", "g a ctrl+c", "question_mark ctrl+c"])
async def test_ctrl_c_ends_at_once_wherever(keys: str) -> None:
    async with playing(edge()) as (_, pilot):
        await pilot.press(*keys.split())
    assert pilot.app.return_value == 130


async def test_a_pending_count_is_shown_and_used_once() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("3")
        assert "3×" in shown(screen)
        await pilot.press("right", "right")
        assert position(screen) == 4
        await pilot.press(*"9999", "left")
        assert position(screen) == 0


async def test_an_address_that_leads_nowhere_says_so_in_place() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("2", "right", "g", *"feature_mop")
        await pilot.press("enter")
        field = screen.query_one(Input)
        assert field.value == "feature_mop"
        assert "did you mean 'feature_map'" in str(screen.query_one("Field Static").render())
        assert position(screen) == 2
        await pilot.press("backspace", "backspace", "a", "p", "enter")
        assert position(screen) == 1
        assert not screen.query(Input)


async def test_in_the_field_every_key_is_text() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("4", "right", "g", *"qpnx5", "left", "home", "up", "pagedown", "end", "tab")
        assert position(screen) == 4
        assert screen.query_one(Input).value == "qpnx5"
        await pilot.press("escape", "5", "right")
        assert position(screen) == 9


async def test_a_paste_of_ten_kilobytes_is_one_line_in_place() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("g")
        screen.query_one(Input).post_message(events.Paste("out[0,0]\n" * 1200))
        await pilot.press("enter")
        assert screen.query_one("Field").has_class("wrong")
        assert position(screen) == 0


@pytest.mark.parametrize(("columns", "lines"), [(1, 1), (20, 5), (7, 60), (200, 2), (200, 60)])
async def test_resized_at_any_moment(columns: int, lines: int) -> None:
    async with playing(network()) as (screen, pilot):
        for keys in ("right", "g", "escape n"):
            await pilot.press(*keys.split())
            await pilot.resize_terminal(columns, lines)
            await pilot.pause()
            assert len(screen.stage.page.lines) == lines
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
        assert "step" in shown(screen)


async def test_the_terminal_s_own_cursor_stands_on_the_cell_just_written() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("right")
        x, y = pilot.app.cursor_position
        assert shown(screen).split("\n")[y][x] == "3"


@pytest.mark.parametrize("seed", range(4))
async def test_any_walk_shows_what_a_fresh_player_shows_there(seed: int) -> None:
    """Keys at random; the position against a few lines of arithmetic, the page against one that was never anywhere."""
    names = {key: action.name for action in ACTIONS for key in action.keys if not action.pointing}
    draw, of = random.Random(seed), network(3, 6)
    steps, notes = of.timeline.steps, [stop.position for stop in of.stops]
    at = 0
    async with playing(of, size=(100, 30)) as (screen, pilot):
        assert screen.player is not None
        await pilot.pause()
        for turn in range(80):
            count = draw.choice([1, 1, 1, 2, 7, 40])
            key = draw.choice(["right", "left", "home", "end", "pagedown", "pageup", "x", "down", "n", "N"])
            before = at
            if key in ("right", "left"):
                at = min(max(at + (count if key == "right" else -count), 0), steps)
            elif key in ("home", "end"):
                at = 0 if key == "home" else steps
            elif key == "pagedown":
                at, count = next((note for note in notes if note > at), steps), 1
            elif key == "pageup":
                at, count = max((note for note in notes if note < at), default=0), 1
            elif key in ("n", "N"):
                at, count = of.timeline.move(at, "layer", 1 if key == "n" else -1), 1
            for digit in str(count) if count > 1 else "":
                screen.action_count(digit)
            screen.action_perform(names[key])
            assert position(screen) == at, (turn, before, count, key)
            fresh = Pages(of).page(screen.player.state, 100, 30, screen._footer)
            assert screen.stage.page == fresh, (turn, before, count, key)


async def test_only_what_changed_is_painted() -> None:
    async with playing(edge()) as (screen, pilot):
        await pilot.press("right")
        painted: list[tuple[Any, ...]] = []
        refresh = screen.stage.refresh
        screen.stage.refresh = lambda *regions, **how: painted.append(regions) or refresh(*regions, **how)  # type: ignore[method-assign, func-returns-value, assignment]
        await pilot.press("right")
        assert painted
        assert all(region.height == 1 and region.width < 80 for regions in painted for region in regions)
        assert 3 < sum(len(regions) for regions in painted) < 40


def test_the_screen_binds_nothing_to_a_lone_escape() -> None:
    assert "escape" not in {key for binding in PlayerScreen.BINDINGS for key in binding.key.split(",")}


async def test_what_is_typed_before_the_field_is_there_stands_in_it() -> None:
    """As when an address is pasted behind the key that asks for one: all of its keys come at once."""
    async with playing(edge()) as (screen, pilot):
        for character in "gfeature_map[1,1]":
            pilot.app.post_message(events.Key(character, character))
        await pilot.pause()
        await pilot.press("enter")
        assert (position(screen), screen.asking.is_open) == (5, False)
        for key, character in (("g", "g"), ("7", "7"), ("enter", "\r")):
            pilot.app.post_message(events.Key(key, character))
        await pilot.pause()
        await pilot.pause()
        assert (position(screen), screen.asking.is_open) == (7, False)
