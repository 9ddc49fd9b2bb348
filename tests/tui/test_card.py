"""Cards: every entry whole, on one page or another, at any size of terminal."""

from __future__ import annotations

import pytest
from staged import playing, shown

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.actions import ACTIONS
from stepgrad.tui.card import paged, written
from stepgrad.tui.line import plain
from stepgrad.tui.page import Pages
from stepgrad.tui.sight import State

CARDS = ("glossary", "timeline", "applications", "inductive-deductive")


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (200, 60)])
def test_every_entry_is_on_a_page_and_nothing_is_cut(name: str, width: int, height: int) -> None:
    lesson = open_lesson(name)
    pages = Pages(lesson)
    first = pages.page(State(0), width, height)
    shown = []
    for k in range(first.pages):
        page = pages.page(State(0, k), width, height)
        assert page.cut == ()
        assert len(page.lines) == height
        shown += [plain(line).strip() for line in page.lines]
    for entry in lesson.scenario.entries:
        assert shown.count(plain(written(entry, min(width - 1, 100))[0]).strip()) == 1
    assert pages.page(State(0, first.pages + 5), width, height).lines == page.lines, "past the end is the end"


ELSEWHERE = {"record", "copy", "quit"}
"""What writes a file, or the clipboard, or ends everything."""


async def test_no_key_on_a_card_does_harm() -> None:
    async with playing(open_lesson("glossary")) as (screen, pilot):
        for key in (key for each in ACTIONS if each.name not in ELSEWHERE for key in each.keys):
            await pilot.press(key, "escape")
            assert pilot.app.screen is screen, key
            assert "Words" in shown(screen), key


def test_an_entry_stays_whole_where_it_can() -> None:
    one, two, four = ([((letter, ""),)] * size for letter, size in (("a", 1), ("b", 2), ("c", 4)))
    assert [len(page) for page in paged([one, two, one], 4)] == [4, 1]
    assert [len(page) for page in paged([four, one], 3)] == [4, 1]
    assert paged([], 3) == [[]]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 3), (40, 8)])
def test_a_small_terminal_still_shows_something(width: int, height: int) -> None:
    page = Pages(open_lesson("glossary")).page(State(0), width, height)
    assert len(page.lines) == height
    assert all(len(plain(line)) <= width for line in page.lines)
