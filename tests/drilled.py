"""A drill on a terminal that is not there, and its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from stepgrad.scenarios.drills.path import asked
from stepgrad.scenarios.drills.queue import Queue
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.drilling.sitting import Sitting
from stepgrad.tui.line import plain
from stepgrad.tui.screens.drill import DrillScreen

EDGE = "edge-detection-5x5"
D08 = "1 1 0 0 0 0 0 0 0"
"""The drill D08 of the lesson, worked out by hand: the filter half round."""
NAMES = {" ": "space", "?": "question_mark", "-": "minus", ".": "full_stop", ";": "semicolon", ",": "comma"}


class Drilled:
    """A drill on a terminal that is not there."""

    def __init__(self, app: StepgradApp, screen: DrillScreen, pilot: Pilot[int]) -> None:
        self.app, self.screen, self.pilot = app, screen, pilot

    @property
    def sitting(self) -> Sitting:
        assert self.screen.sitting is not None
        return self.screen.sitting

    @property
    def text(self) -> str:
        stage: Any = self.app.screen
        return "\n".join(plain(line).rstrip() for line in stage.stage.page.lines)

    @property
    def line(self) -> Input:
        """Where a line is typed."""
        return self.screen.query_one(Input)

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.text

    async def type(self, text: str) -> str:
        return await self.press(*(NAMES.get(character, character) for character in text), "enter")


@asynccontextmanager
async def drilling(
    store: Store, size: tuple[int, int] = (80, 24), *, exam: int | None = None, seed: int | None = None
) -> AsyncIterator[Drilled]:
    def load() -> Session:
        return Session(store, Queue(store, [EDGE], chosen=True, seed=seed), is_exam=exam is not None, length=exam)

    async with running(load, size) as drilled:
        yield drilled


@asynccontextmanager
async def running(load: Callable[[], Session], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Drilled]:
    app = StepgradApp(lambda app: DrillScreen(load, EDGE, app.fail))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, DrillScreen)
        while screen.sitting is None and app.fault is None:
            await pilot.pause()
        await pilot.pause()
        yield Drilled(app, screen, pilot)


async def ask(drilled: Drilled, key: str, seed: int = 3) -> str:
    """Let a certain question be the next one."""
    queue = drilled.sitting.session.queue
    queue._ready = [asked(key, seed)]
    drilled.sitting.skip()
    drilled.screen.show()
    return await drilled.press()
