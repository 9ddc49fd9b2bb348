"""Pictures of what a step reads and writes, in the lines that a large terminal leaves."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import edge, lesson, network, square
from staged import playing, shown

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.charts.glance import LEAST, MOST, Glances
from stepgrad.tui.charts.heat import FULL, Ink
from stepgrad.tui.layout import TALK
from stepgrad.tui.line import Line, plain, width
from stepgrad.tui.page import APART, Pages
from stepgrad.tui.sight import State


def texts(lines: list[Line]) -> list[str]:
    return [plain(line).rstrip() for line in lines]


def test_what_is_read_stands_before_what_is_written() -> None:
    step = edge().step(4)
    lines = texts(Glances().lines(step, 5, 100, 20, FULL))
    assert lines[0].split() == ["image", "1×1×5×5", "kernel", "1×1×3×3", "feature_map", "1×1×3×3"]
    assert lines[-1] == ""
    assert len(lines) <= MOST + 1


def test_the_cells_of_a_step_are_marked_and_the_rest_is_not_written_yet() -> None:
    step = edge().step(4)
    drawn = Glances().lines(step, 5, 100, 20, FULL)
    start = plain(drawn[0]).index("feature_map")
    written = [plain(line)[start:] for line in drawn[1:-1]]
    assert sum(line.count("·") for line in written) == 4, "five of nine are there"
    assert any("┌" in line or "[" in line for line in written)
    read = [plain(line)[:20] for line in drawn[1:-1]]
    assert any("┌" in line for line in read)


@pytest.mark.parametrize("lines", range(LEAST + 1))
def test_with_little_room_there_is_nothing(lines: int) -> None:
    assert Glances().lines(edge().step(4), 5, 100, lines, FULL) == []


def test_a_few_numbers_are_no_picture() -> None:
    few = lesson("Few", {"x": [[1.0, -2.0, 3.0]]}, [("y", "relu", ("x",), {})])
    assert Glances().lines(few.step(0), 1, 100, 20, FULL) == []


@pytest.mark.parametrize("columns", [10, 24, 60, 100, 300])
@pytest.mark.parametrize("ink", [FULL, Ink(colour=False), Ink(colour=False, unicode=False)])
def test_they_fit(columns: int, ink: Ink) -> None:
    for step in (edge().step(4), network().step(0), square(28).step(100)):
        drawn = Glances().lines(step, step.number + 1, columns, 30, ink)
        assert all(width(line) <= columns for line in drawn)


def test_a_coloured_picture_is_one_and_a_few_cells_of_three_channels_are_not() -> None:
    rng = np.random.default_rng(0)
    for size, labels in ((12, 0), (5, 3)):
        many = {"x": rng.uniform(size=(1, 3, size, size)), "w": rng.uniform(size=(1, 3, 3, 3))}
        drawn = lesson("RGB", many, [("y", "conv2d", ("x", "w"), {})])
        first = Glances().lines(drawn.step(0), 1, 150, 20, FULL)[1]
        assert sum(style in ("here", "label") and text.strip(" ▶") in "012" for text, style in first[:6]) == labels


def test_the_page_keeps_still_while_the_step_goes_on() -> None:
    """Every line but those of the board, the working and the pictures' cells stays where it is."""
    pages = Pages(open_lesson("edge-detection-5x5"))
    tops = set()
    for position in range(1, 10):
        lines = texts(list(pages.page(State(position, pictures=FULL), 120, 40).lines))
        assert len(lines) == 40
        tops.add(next(i for i, line in enumerate(lines) if "1×1×5×5" in line[:60]))
    assert len(tops) == 1


def test_words_keep_their_distance() -> None:
    lines = texts(list(Pages(open_lesson("edge-detection-5x5")).page(State(5, pictures=FULL), 120, 40).lines))
    top = next(i for i, line in enumerate(lines) if "1×1×5×5" in line[:60])
    assert not any(line.partition("│")[0].strip() for line in lines[top - 2 : top])
    assert APART > 2


async def test_a_large_terminal_has_them_and_a_small_one_has_not() -> None:
    async with playing(edge(), (120, 40)) as (screen, pilot):
        await pilot.press("5", "right")
        assert "kernel  1×1×3×3" in shown(screen)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "kernel  1×1×3×3" not in shown(screen)


async def test_nothing_is_given_away_while_answers_are_hidden() -> None:
    async with playing(edge(), (120, 40)) as (screen, pilot):
        await pilot.press("5", "right", "H")
        assert "kernel  1×1×3×3" not in shown(screen)


def test_before_an_audience_there_are_none() -> None:
    assert not TALK.pictures
