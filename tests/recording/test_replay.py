"""A recording, replayed in a terminal emulator, shows the player's own screen, in text and in colour."""

from __future__ import annotations

import pytest
from recorded import SMALL, lecture
from textual.color import Color

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import preview
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.line import columns, plain
from stepgrad.tui.player import Player
from stepgrad.tui.recording.recording import Recording
from stepgrad.tui.recording.replay import Terminal
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.themes import LOOKS, THEMES

LESSONS = ("edge-detection-5x5", "cs231n-two-filters", "residual-block", "glossary")


def replayed(recording: Recording) -> dict[int, tuple[list[str], list[list[tuple[str, str]]]]]:
    """The text and the colours of the terminal at each position."""
    terminal = recording.terminal()
    moments = recording.lecture.moments()
    found = {}
    for event in recording.events():
        if event.code == "o":
            terminal.feed(event.data)
            position = next(moments).position
            found[position] = text_and_colours(terminal)
    return found


def text_and_colours(terminal: Terminal) -> tuple[list[str], list[list[tuple[str, str]]]]:
    looks = [[(style.foreground, style.background) for _, style in terminal.cells(y)] for y in range(terminal.rows)]
    return terminal.text(), looks


@pytest.mark.parametrize(
    ("name", "theme"), [*((name, "dark") for name in LESSONS), *((LESSONS[0], theme) for theme in THEMES)]
)
def test_every_picture_is_the_page_of_the_player(name: str, theme: str) -> None:
    shown = lecture(name)
    player = Player(shown.lesson)
    for position, (text, looks) in replayed(Recording(shown, SMALL, theme)).items():
        player.cursor.to(position)
        page = player.page(*SMALL)
        assert text == [plain(line).rstrip() for line in page.lines]
        for y, line in enumerate(page.lines):
            x = 0
            for run, style in line:
                # Charts have shades of their own.
                if run.strip() and "/" not in style:
                    assert tuple(map(Color.parse, looks[y][x])) == colours(style, theme), (position, y, run)
                x += columns(run)


def colours(style: str, theme: str) -> tuple[Color, Color]:
    """The foreground and the background that the theme gives a style."""
    made = THEMES[theme]
    variables = {"foreground": made.foreground, "background": made.background, **made.variables}
    foreground, background, _ = LOOKS[style]
    return Color.parse(variables[foreground]), Color.parse(variables[background or "background"])


@pytest.mark.parametrize("name", LESSONS[:2])
async def test_every_stop_is_the_screen_of_the_app(name: str) -> None:
    """But for its last line, which names the keys: a recording has none."""
    found = {position: text for position, (text, _) in replayed_in_thread(name).items()}
    lesson = open_lesson(name)
    screen = PlayerScreen(preview(name), lambda: lesson)
    async with StepgradApp(lambda _: screen).run_test(size=SMALL) as pilot:
        while screen.player is None:
            await pilot.pause()
        for stop in lesson.stops:
            screen.player.cursor.to(stop.position)
            screen.stage.turn()
            await pilot.pause()
            strips = screen._compositor.render_strips()
            assert found[stop.position][:-1] == [strip.text.rstrip() for strip in strips][:-1]


def replayed_in_thread(name: str) -> dict[int, tuple[list[str], list[list[tuple[str, str]]]]]:
    """A recording has an event loop of its own, which a test with one can not be asked to run."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: replayed(Recording(lecture(name), SMALL))).result()
