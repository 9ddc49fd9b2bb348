"""The cell cursor and what is asked of it, by the keys."""

from __future__ import annotations

import pytest
from handmade import edge
from staged import Clock, playing, position, shown
from textual import events

from stepgrad.engine.lookup import Cell
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.actions import ACTIONS, CELL
from stepgrad.tui.screens.player import PlayerScreen

# From step 5 of the lecture (its middle cell): keys pressed, and the cell that is under the cursor then.
KEYS: dict[str, tuple[str, Cell | None]] = {
    "next_matrix": ("tab", ("image", (0, 0, 1, 1))),
    "previous_matrix": ("shift+tab shift+tab", ("kernel", (0, 0, 0, 0))),
    "cell_right": ("tab right right", ("image", (0, 0, 1, 3))),
    "cell_left": ("tab left", ("image", (0, 0, 1, 0))),
    "cell_down": ("tab 2 down", ("image", (0, 0, 3, 1))),
    "cell_up": ("tab 9 up", ("image", (0, 0, 0, 1))),
    "leave_cell": ("tab backspace", None),
    "cell_origin": ("w", ("feature_map", (0, 0, 1, 1))),
    "cell_uses": ("tab W", ("image", (0, 0, 1, 1))),
}
ELSEWHERE = {
    "tree",
    "check_cell",
    "scatter",
    "to_writer",
    "next_channel",
    "previous_channel",
    "next_sample",
    "previous_sample",
}


def under(screen: PlayerScreen) -> Cell | None:
    assert screen.player is not None
    return screen.player.pointing.cell if screen.player.pointing.pointer is not None else None


def test_every_action_on_cells_is_tried() -> None:
    assert {action.name for action in ACTIONS if action.group == CELL} <= KEYS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", KEYS)
async def test_keys(name: str) -> None:
    keys, cell = KEYS[name]
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press(*keys.split())
        assert under(screen) == cell
        assert position(screen) == 5


async def test_tab_goes_through_the_matrices_and_falls_out() -> None:
    async with playing(edge(), at="5") as (screen, pilot):
        tensors = []
        for _ in range(3):
            await pilot.press("tab")
            cell = under(screen)
            tensors.append(cell[0] if cell else "")
        assert tensors == ["image", "kernel", "feature_map"]
        await pilot.press("tab")
        assert under(screen) is None
        await pilot.press("right")
        assert position(screen) == 6, "outside the matrices the arrows step again"


async def test_letters_step_while_the_cursor_is_on_a_cell() -> None:
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("tab", "l")
        assert position(screen) == 6
        assert under(screen) == ("image", (0, 0, 1, 1)), "the cursor stays where it is"
        await pilot.press("right")
        assert position(screen) == 6
        await pilot.press("h")
        assert position(screen) == 5


async def test_the_terminals_cursor_is_on_the_cell() -> None:
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("tab", "right")
        x, y = screen.app.cursor_position
        line = shown(screen).splitlines()[y]
        assert line[x] == "0"
        assert line[:x].rstrip().endswith(">")
        assert line[x + 1 :].lstrip().startswith("<")


async def test_a_click_puts_the_cursor_on_a_cell() -> None:
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("tab")
        x, y = screen.app.cursor_position
        await pilot.press("backspace")
        assert under(screen) is None
        await pilot.click(screen.stage, offset=(x, y))
        assert under(screen) == ("image", (0, 0, 1, 1))
        await pilot.click(screen.stage, offset=(70, 20))
        assert under(screen) == ("image", (0, 0, 1, 1)), "beside the matrices a click does nothing"


async def test_enter_goes_to_the_step_that_wrote_the_cell() -> None:
    lesson = open_lesson("pytorch-training-loop")
    async with playing(lesson, at="relu[1,1]@2") as (screen, pilot):
        await pilot.press("tab")
        assert under(screen) == ("hidden", (1, 1))
        await pilot.press("enter")
        assert position(screen) == lesson.timeline.locate("hidden[1,1]@2") + 1
        await pilot.press("2", "tab")
        cell = under(screen)
        assert cell is not None
        assert cell[0] == "hidden.weight"
        await pilot.press("enter")
        index = ",".join(map(str, cell[1]))
        assert position(screen) == lesson.timeline.locate(f"hidden.weight.new[{index}]@1") + 1
        assert under(screen) is None


async def test_what_is_given_was_written_by_no_step() -> None:
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("tab", "enter")
        assert position(screen) == 5
        assert "image[1,1] is given: no step writes it" in shown(screen)


async def test_an_arrow_in_pieces_is_one_arrow() -> None:
    clock = Clock()
    async with playing(edge(), at="5", clock=clock) as (screen, pilot):
        await pilot.press("escape", "left_square_bracket", "C")
        await pilot.pause()
        assert position(screen) == 6
        await pilot.press("escape")
        clock.now = 2.0
        await pilot.press("l")
        assert position(screen) == 7, "a lone Esc is nothing, and swallows nothing"


async def test_planes_are_leafed_through() -> None:
    lesson = open_lesson("cnn-flow")
    async with playing(lesson, at="relu[0,0,1,1]") as (screen, pilot):
        await pilot.press("tab")
        assert under(screen) == ("conv", (0, 0, 1, 1))
        for key, lead in (
            ("right_square_bracket", (0, 1)),
            ("right_parenthesis", (1, 1)),
            ("less_than_sign", (1, 0)),
            ("left_parenthesis", (0, 0)),
            ("greater_than_sign", (0, 1)),
        ):
            await pilot.press(key)
            assert under(screen) == ("conv", (*lead, 1, 1)), key
        await pilot.press("l")
        assert under(screen) == ("conv", (0, 0, 1, 1)), "a step shows its own planes again"


async def test_a_cell_is_checked_and_a_gradient_against_the_loss() -> None:
    """The network's first loss is half of (1*2 + 2*-1 + 0*0)... by hand: see neuron-forward-loss-update."""
    lesson = open_lesson("neuron-forward-loss-update")
    gradient = next(node.name for node in lesson.timeline.graph(0).nodes if node.name.endswith("weight.grad"))
    async with playing(lesson, at=f"{gradient}[0,0]", size=(100, 30)) as (screen, pilot):
        await pilot.press("v")
        assert "adds up" in shown(screen)
        assert "(plus - minus)/(2h) = -3.144" in shown(screen), "the slope worked out by hand"
        assert "they agree" in shown(screen)
        await pilot.press("v")
        assert "they agree" not in shown(screen)
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("tab", "v")
        assert "image[1,1] is given: there is nothing to check" in shown(screen)


async def test_a_gradient_is_scattered_cell_by_cell_up_to_what_is_gathered() -> None:
    lesson = open_lesson("cnn-flow")
    async with playing(lesson, at="conv.weight.grad[1,0,1,1]", size=(100, 34)) as (screen, pilot):
        gathered = shown(screen)
        at = position(screen)
        await pilot.press("a")
        assert under(screen) == ("conv.grad", (0, 0, 0, 0))
        await pilot.press("2", "l", "h", "right")
        assert under(screen) == ("conv.grad", (0, 0, 0, 2)), "a step is an upstream cell, and so is an arrow"
        assert "upstream cell 3 of 64" in shown(screen)
        await pilot.press(*"99", "l")
        assert "upstream cell 64 of 64" in shown(screen)
        assert "the sums are the gradient, as gathering gives it" in shown(screen)
        await pilot.press("a")
        assert (shown(screen), position(screen)) == (gathered, at)
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("a")
        assert "only the gradient of a layer is scattered" in shown(screen)


async def test_the_gradient_of_a_convolutions_input_is_a_full_correlation() -> None:
    lesson = open_lesson("conv-layer-2d")
    node = next(n for n in lesson.timeline.graph(0).nodes if n.op.name == "conv_input_grad")
    async with playing(lesson, at=f"{node.name}", size=(120, 40)) as (screen, pilot):
        assert "full correlation of dy" in shown(screen)
        await pilot.press("a")
        assert "full correlation of dy" in shown(screen)


async def test_letters_and_numbers() -> None:
    async with playing(open_lesson("conv-symbolic-2x2"), at="map[0,1]") as (screen, pilot):
        assert "b×w + c×x" in shown(screen)
        await pilot.press("tab")
        assert "x[0,1] = b = 2" in shown(screen)
        await pilot.press("i")
        assert "b×w" not in shown(screen)
        assert "3×2" in shown(screen)
        await pilot.press("i")
        assert "f×y + g×z" in shown(screen)
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("i")
        assert "this lesson has no letters" in shown(screen)


async def test_what_is_hidden_is_told_by_no_look_up() -> None:
    async with playing(edge(), at="5") as (screen, pilot):
        await pilot.press("shift+tab")
        assert "feature_map[1,1] = " in shown(screen)
        await pilot.press("H")
        assert "feature_map[1,1] = " not in shown(screen).splitlines()[-1]
        await pilot.press("T")
        assert pilot.app.screen is screen
        assert "this would tell what is hidden" in shown(screen)


async def test_a_paste_or_key_on_a_card_does_no_harm() -> None:
    async with playing(open_lesson("glossary")) as (screen, pilot):
        keys = ["tab", "shift+tab", "w", "W", "v", "a", "right_square_bracket", "left_parenthesis"]
        await pilot.press(*keys)
        screen.post_message(events.Paste("x" * 10_000))
        await pilot.pause()
        assert under(screen) is None
