"""Numbers in large letters: the font, their sizes, and boards that are drawn with them."""

from __future__ import annotations

import pytest
from handmade import edge

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.arrange import arrange
from stepgrad.tui.board import ROOMS, TIGHT
from stepgrad.tui.drawing import Drawing
from stepgrad.tui.glyphs import FONT, HIGH, WIDE, columns_of, glyphs, lines_of
from stepgrad.tui.layout import TALK
from stepgrad.tui.line import plain, width
from stepgrad.tui.page import Pages
from stepgrad.tui.scene import Scenery
from stepgrad.tui.sight import State


@pytest.mark.parametrize("letter", FONT)
def test_every_letter_is_as_high_and_no_wider_than_it_may_be(letter: str) -> None:
    rows = FONT[letter]
    assert len(rows) == HIGH
    assert len({len(row) for row in rows}) == 1
    assert len(rows[0]) <= WIDE
    assert "#" in "".join(rows)


def test_no_two_letters_look_alike() -> None:
    assert len(set(FONT.values())) == len(FONT)


def test_a_number_by_hand() -> None:
    assert glyphs("12", 1) == ["▄█  ▀▀█ ", " █  █▀▀ ", "▀▀▀ ▀▀▀ "]
    assert glyphs("-.5", 1) == ["      █▀▀ ", "▀▀▀   ▀▀█ ", "    ▀ ▀▀▀ "]
    assert glyphs("1", 2) == ["  ██    ", "████    ", "  ██    ", "  ██    ", "██████  "]
    assert glyphs("é", 1) is None


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_sizes(scale: int) -> None:
    text = "-0.25'"
    lines = glyphs(text, scale)
    assert lines is not None
    assert len(lines) == lines_of(scale)
    assert {len(line) for line in lines} == {columns_of(4, 2, scale)}
    assert lines_of(0) == 1


def test_a_board_is_large_where_that_fits_and_only_where_it_is_asked_for() -> None:
    plan = Scenery().plan(edge().step(0))
    assert arrange(plan, 160, 40, 30).room in ROOMS
    assert arrange(plan, 160, 40, 30, large=True).room.scale == 2
    assert arrange(plan, 100, 24, 20, large=True).room.scale == 1
    assert arrange(plan, 60, 20, 10, large=True).room.scale == 0
    assert arrange(plan, 60, 8, 0, large=True).room == TIGHT
    for columns in range(20, 200, 20):
        board = arrange(plan, columns, 40, 30, large=True)
        assert board.width <= columns
        assert board.height <= 40


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)])
def test_every_number_of_a_board_stands_where_its_cell_is(size: tuple[int, int]) -> None:
    """In its columns, all its lines in one style: what is drawn is cut up again."""
    pages = Pages(edge(), layout=TALK)
    sight = pages.sight(State(5), *size)
    room = sight.board.room
    lines = [plain(line) for line in Drawing().draw(sight.board, sight.views).lines]
    for view, numbers in zip(sight.views, ("11110 10000 10000 10000 00000", "100 100 100"), strict=False):
        item, pitch = view.item, view.item.slot.pitch(room)
        for y, row in enumerate(numbers.split()):
            for x, number in enumerate(row):
                left, top = item.x + x * pitch + 1, item.y + 1 + y * (1 + room.under)
                drawn = [line[left : left + pitch - 1].strip() for line in lines[top : top + room.lines]]
                assert (
                    drawn == [line.strip() for line in glyphs(number, room.scale) or [number]]
                    if room.scale
                    else [number]
                )


@pytest.mark.slow
@pytest.mark.parametrize("name", [entry.name for entry in entries()])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_nothing_is_cut_for_large_letters(name: str, size: tuple[int, int]) -> None:
    lesson = open_lesson(name)
    large, usual = Pages(lesson, layout=TALK), Pages(lesson, layout=TALK._replace(large=False))
    for stop in lesson.stops:
        page, other = (pages.page(State(stop.position, stop=stop.number), *size) for pages in (large, usual))
        assert set(page.cut) <= set(other.cut)
        assert len(page.lines) == size[1]
        assert all(width(line) <= size[0] for line in page.lines)


def test_a_number_that_was_changed_is_as_large_as_the_others() -> None:
    """Behind it stands a sign that is as narrow as the prime of padding."""
    lines = glyphs("5*", 1)
    assert lines is not None
    assert len(lines[0]) == columns_of(1, 1, 1)
