"""The catalogue: courses and topics, search, choose, open, come back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.courses import courses
from stepgrad.scenarios.faults import Fault, ScenarioError
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.catalogue_page import TABS
from stepgrad.tui.line import plain, width
from stepgrad.tui.memory import Memory
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


MAIN, *DOCUMENTS = courses()


def line_of(screen: CatalogueScreen, text: str) -> int:
    """The line of the screen that holds a text."""
    return next(y for y, line in enumerate(screen.stage.page.lines) if text in plain(line))


def keep(**parts: tuple[int, int]) -> None:
    """Remember how many notes of lessons were seen; the last one named was opened last."""
    for name, (reached, of) in parts.items():
        Memory().keep(name.replace("_", "-"), notes=[reached, of], step=1, of=9)


async def test_it_opens_on_the_course_that_holds_every_lesson() -> None:
    async with browsing((100, 96)) as (screen, _):
        text = shown(screen)
        assert [row.name for row in screen.rows] == list(MAIN.lessons)
        for part in MAIN.parts:
            assert part.title in text
        for entry in entries():
            assert entry.name in text
            assert entry.title in text
        assert f"0 of {len(MAIN.lessons)}" in text
        assert screen.chosen is not None
        assert screen.chosen.name == MAIN.lessons[0]
        assert "next" in plain(screen.stage.page.lines[line_of(screen, "▶ ")])


async def test_a_course_goes_on_where_it_was_left_and_says_how_far_that_is() -> None:
    first, second, third, *_ = MAIN.lessons
    Memory().keep(first, notes=[4, 4])
    Memory().keep(third, notes=[2, 5])
    async with browsing((80, 24)) as (screen, pilot):
        assert screen.chosen is not None
        assert screen.chosen.name == second
        text = shown(screen)
        assert f"1 of {len(MAIN.lessons)}" in text
        for name, mark in ((first, "done"), (second, "next"), (third, "40%")):
            assert plain(screen.stage.page.lines[line_of(screen, f" {name} ")]).rstrip().endswith(mark)
        Memory().keep(f"{second}:variant", notes=[3, 3])
        await pilot.press("end", "enter", "q")
        assert f"2 of {len(MAIN.lessons)}" in shown(screen), "it looks again when it is come back to"


async def test_each_document_is_a_course() -> None:
    async with browsing((80, 40)) as (screen, pilot):
        for course in DOCUMENTS:
            await pilot.press("right")
            assert [row.name for row in screen.rows] == list(course.lessons)
            assert course.name in plain(screen.stage.page.lines[TABS])
            assert course.title in shown(screen)
        await pilot.press("right")
        assert screen.course == MAIN
        await pilot.press("left")
        assert screen.course == DOCUMENTS[-1]
        await pilot.press("escape")
        assert screen.course == MAIN


@pytest.mark.parametrize("columns", [80, 120])
async def test_what_to_see_before_a_lesson_and_after_it(columns: int) -> None:
    async with browsing((columns, 40)) as (screen, pilot):
        await pilot.press(*"padding-choices")
        assert "first: edge-detection-5x5," in shown(screen)
        assert ("leads to feature-map-size" in shown(screen)) == (columns == 120)
    keep(edge_detection_5x5=(1, 1), same_padding_5x5=(2, 2))
    async with browsing((columns, 40)) as (screen, pilot):
        await pilot.press(*"padding-choices")
        assert "builds on same-padding-5x5," in shown(screen)
        assert "first:" not in shown(screen)


async def test_topics_are_the_other_way_through() -> None:
    async with browsing((80, 40)) as (screen, pilot):
        await pilot.press("tab")
        assert screen.course is None
        assert len(screen.found) == len(entries())
        await pilot.press("right")
        topic = screen.topic
        assert f" {topic} " in plain(screen.stage.page.lines[TABS])
        assert [entry.name for entry in screen.found] == [entry.name for entry in entries() if topic in entry.topics]
        assert f"{len(screen.found)} of {len(entries())}" in shown(screen)
        await pilot.press(*"zzz")
        assert f"{topic}" in shown(screen)
        assert not screen.found
        await pilot.press("tab")
        assert screen.course == MAIN
        assert screen.search == ""
        await pilot.press("tab")
        assert screen.topic == topic, "each way keeps its place"


async def test_what_was_opened_lately_comes_first_among_all_topics() -> None:
    keep(cnn_flow=(1, 4), relu_mask=(3, 3))
    async with browsing((80, 40)) as (screen, pilot):
        await pilot.press("tab")
        assert [row.name for row in screen.rows[:3]] == ["relu-mask", "cnn-flow", entries()[0].name]
        lately, every = line_of(screen, "Opened lately"), line_of(screen, "All scenarios")
        assert lately < line_of(screen, "▶ relu-mask") < line_of(screen, "  cnn-flow") < every
        assert "25%" in plain(screen.stage.page.lines[line_of(screen, "  cnn-flow")])
        await pilot.press("down")
        assert screen.chosen is not None
        assert screen.chosen.name == "cnn-flow"


async def test_a_click_chooses_and_another_opens() -> None:
    async with browsing((80, 24)) as (screen, pilot):
        name = MAIN.lessons[2]
        y = line_of(screen, f" {name} ")
        await pilot.click(offset=(10, y))
        assert screen.chosen is not None
        assert screen.chosen.name == name
        assert f"▶ {name}" in plain(screen.stage.page.lines[y])
        await pilot.click(offset=(10, line_of(screen, MAIN.parts[0].title)))
        assert screen.chosen.name == name, "the name of a part is nothing to open"
        await pilot.click(offset=(10, y))
        assert isinstance(pilot.app.screen, PlayerScreen)


async def test_a_click_on_a_course_or_a_topic_goes_there() -> None:
    async with browsing((100, 24)) as (screen, pilot):
        for word in (DOCUMENTS[0].name, "topics", "padding", "courses"):
            await pilot.click(offset=(plain(screen.stage.page.lines[TABS]).index(f" {word} ") + 1, TABS))
            if word == "padding":
                assert (screen.course, screen.topic) == (None, "padding")
            elif word == "topics":
                assert screen.course is None
            else:
                assert screen.course == DOCUMENTS[0]
        await pilot.click(offset=(99, TABS))
        assert screen.course == DOCUMENTS[0], "there is nothing to click on"


async def test_the_wheel_chooses() -> None:
    async with browsing((80, 24)) as (screen, pilot):
        await pilot._post_mouse_events([MouseScrollDown], None, (10, 10))
        assert screen.chosen is not None
        assert screen.chosen.name == MAIN.lessons[3]
        await pilot._post_mouse_events([MouseScrollUp], None, (10, 10))
        assert screen.chosen.name == MAIN.lessons[0]


async def test_it_lists_what_there_is() -> None:
    async with browsing((100, 90)) as (screen, pilot):
        await pilot.press("tab")
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


async def test_a_variant_that_a_lesson_names_is_found_and_opened() -> None:
    """Its last note says: then open edge-detection-5x5:zero-sum."""
    async with browsing() as (screen, pilot):
        await pilot.press(*"edge-detection")
        assert [row.name for row in screen.rows if row.name.startswith("edge-d")] == ["edge-detection-5x5"]
        await pilot.press(*"-5x5:")
        assert [row.name for row in screen.rows] == [
            f"edge-detection-5x5:{variant}" for variant in screen.found[0].variants
        ]
        await pilot.press(*"zero")
        assert "▶ edge-detection-5x5:zero-sum" in shown(screen)
        await pilot.press("enter")
        player = pilot.app.screen
        assert isinstance(player, PlayerScreen)
        while player.player is None:
            await pilot.pause()
        assert player.player.lesson.name == "edge-detection-5x5:zero-sum"


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
        names = list(MAIN.lessons)
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
