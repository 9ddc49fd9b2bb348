"""The screen of `stepgrad notes`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.presenting.following import cues
from stepgrad.tui.presenting.notes import notes_page
from stepgrad.tui.sheet import Page
from stepgrad.tui.widgets.stage import Stage


class NotesScreen(Screen[None]):
    """Follows the talks, one after the other. A second terminal shows it to the speaker alone."""

    BINDINGS = [Binding("q", "leave", show=False)]  # noqa: RUF012 - a class variable of Textual's

    def __init__(
        self,
        heard: Callable[[], AsyncIterator[Cue | None]] = cues,
        clock: Callable[[], float] = time.time,
        time_of_day: Callable[[], str] = lambda: time.strftime("%H:%M"),
    ) -> None:
        super().__init__()
        self.stage = Stage(self._page)
        self._heard = heard
        self._clock = clock
        self._time_of_day = time_of_day
        self._cue: Cue | None = None

    def compose(self) -> ComposeResult:
        yield self.stage

    def on_mount(self) -> None:
        self.set_interval(1.0, self.stage.turn)
        self.run_worker(self._follow())

    def action_leave(self) -> None:
        self.app.exit(0)

    async def _follow(self) -> None:
        async for cue in self._heard():
            self._cue = cue
            self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        began = self._cue.began if self._cue is not None else None
        elapsed = 0.0 if began is None else self._clock() - began
        return notes_page(self._cue, elapsed, self._time_of_day(), width, height)
