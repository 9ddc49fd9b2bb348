"""The last steps, a line each, where a large terminal has room and there is nothing to see."""

from __future__ import annotations

import pytest
from handmade import Lesson, full, lesson
from small_network import small_history
from staged import playing, shown

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.charts.heat import FULL
from stepgrad.tui.line import Line, plain, width
from stepgrad.tui.page import Pages
from stepgrad.tui.sight import State
from stepgrad.tui.tape import LEAST, MOST, Tape
from stepgrad.tui.veil import Veil


def few() -> Lesson:
    return lesson("Few", {"x": [[1.0, -2.0, 0.125]]}, [("y", "relu", ("x",), {}), ("z", "sigmoid", ("y",), {})])


def texts(lines: list[Line]) -> list[str]:
    return [plain(line).rstrip() for line in lines]


def test_a_line_for_every_step_up_to_here() -> None:
    """sigmoid(1) = 0.731058..., which is written with five digits."""
    assert texts(Tape(few()).lines(4, 80, 12)) == [
        "so far",
        "1  y[0] = 1 = max(1, 0)",
        "2  y[1] = 0 = max(-2, 0)",
        "3  y[2] = 0.125 = max(0.125, 0)",
        "4  z[0] = 0.73106 ~ 1/(1 + exp(-1))",
        *[""] * 7,
    ]


def test_a_step_adds_a_line_and_moves_none() -> None:
    """Until the page is full; then the next one begins."""
    tape, rows = Tape(full()), 5
    pages = [texts(tape.lines(position, 80, rows + 2))[1:-1] for position in range(1, 8)]
    for number, page in enumerate(pages):
        filled = number % rows + 1
        assert [line.split()[0] for line in page[:filled]] == [str(number + 1 - filled + i + 1) for i in range(filled)]
        assert page[filled:] == [""] * (rows - filled)


def test_an_iteration_begins_a_page() -> None:
    trained = Lesson("Two units", small_history(5))
    start = trained.timeline.start(3)
    assert texts(Tape(trained).lines(start + 1, 80, 12))[1].startswith(f"{start + 1:>3}  ")


@pytest.mark.parametrize(("position", "lines"), [(0, 20), (3, LEAST - 1), (3, 0)])
def test_there_is_none_at_the_start_and_without_room(position: int, lines: int) -> None:
    assert Tape(few()).lines(position, 80, lines) == []


@pytest.mark.parametrize("columns", [1, 10, 40])
def test_it_fits(columns: int) -> None:
    found = Tape(full()).lines(7, columns, 60)
    assert len(found) == MOST
    assert all(width(line) <= columns for line in found)


async def test_a_large_terminal_has_it_where_there_is_nothing_to_see() -> None:
    async with playing(few(), (120, 40)) as (screen, pilot):
        await pilot.press("right", "right")
        assert "2  y[1] = 0 = max(-2, 0)" in shown(screen)
        await pilot.press("H")
        assert "so far" not in shown(screen), "it would give the answer away"
        await pilot.press("H")
        await pilot.resize_terminal(80, 14)
        await pilot.pause()
        assert "so far" not in shown(screen)


@pytest.mark.parametrize("hidden", [Veil(arithmetic=True), Veil(answers=True), Veil(values=True)])
async def test_nothing_that_is_hidden_stands_in_it(hidden: Veil) -> None:
    async with playing(few(), (120, 40), hidden=hidden) as (screen, pilot):
        await pilot.press("right", "right")
        assert "so far" not in shown(screen)


def test_letters_stay_letters() -> None:
    pages = Pages(open_lesson("conv-symbolic-2x2"), in_letters=True)
    text = "\n".join(texts(list(pages.page(State(3, pictures=FULL), 120, 50).lines)))
    assert "so far" not in text
    assert "x  1×1×3×4" not in text.partition("│")[0]
