"""A player on a terminal that is not there, for tests that press keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from stepgrad.scenarios.preview import Preview
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.line import plain
from stepgrad.tui.screens.player import PlayerScreen

BARE = Preview("A lesson", (), "")


class Clock:
    """A clock that the test winds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def playing(
    lesson: Any,
    size: tuple[int, int] = (80, 24),
    *,
    preview: Preview = BARE,
    load: Callable[[], Any] | None = None,
    wait: bool = True,
    **options: Any,
) -> AsyncIterator[tuple[PlayerScreen, Pilot[int]]]:
    """The player's screen on a lesson, and what presses its keys."""
    app = StepgradApp(lambda _: PlayerScreen(preview, load or (lambda: lesson), **options))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, PlayerScreen)
        while wait and screen.player is None and app.fault is None:
            await pilot.pause()
        yield screen, pilot


def shown(screen: PlayerScreen) -> str:
    """The text on the stage."""
    return "\n".join(plain(line).rstrip() for line in screen.stage.page.lines)


def position(screen: PlayerScreen) -> int:
    assert screen.player is not None
    return screen.player.cursor.position
