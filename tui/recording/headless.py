"""The player without a terminal: what it would have written to one, paint by paint."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from textual import events
from textual.app import ComposeResult
from textual.driver import Driver
from textual.geometry import Size
from textual.screen import Screen

from stepgrad.tui.app import StepgradApp
from stepgrad.tui.line import Line
from stepgrad.tui.player import Player
from stepgrad.tui.recording.changes import Changes
from stepgrad.tui.recording.lecture import Lecture, titled
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from textual.message import Message

CLEARED = "\x1b[?25l\x1b[2J"
"""Before the first paint: no cursor, an empty screen."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happens at `time` (milliseconds since the start): output `o`, or a marker `m` with its title."""

    time: int
    code: Literal["o", "m"]
    data: str


def performed(lecture: Lecture, size: tuple[int, int], theme: str = "dark") -> Generator[Event, None, None]:
    """The lecture, performed as it is asked for: nothing is kept."""
    with asyncio.Runner() as runner:
        player = Player(lecture.lesson, lecture.level)
        player.cursor.to(*next(lecture.moments()).told)
        performance = Performance(player, size, theme)
        try:
            runner.run(performance.start())
            for moment in lecture.moments():
                painted = runner.run(performance.show(*moment.told, words=moment.words))
                yield Event(moment.time, "o", CLEARED + painted if moment.time == 0 else painted)
                if moment.stop is not None:
                    yield Event(moment.time, "m", titled(lecture.lesson, moment.stop))
        finally:
            runner.run(performance.end())


class Performance:
    """A player that shows positions when told to, and returns what it wrote for each."""

    def __init__(self, player: Player, size: tuple[int, int], theme: str) -> None:
        self._player = player
        self._size = size
        self._screen = LectureScreen(player)
        self._app = _app(self._screen, theme)
        self._changes = Changes(*size)
        self._task: asyncio.Task[Any] | None = None
        self._opened = False

    async def start(self) -> None:
        self._task = asyncio.create_task(self._app.run_async(size=self._size, mouse=False))
        await self._paint()

    async def show(self, position: int, stop: int = 0, words: str = "") -> str:
        """Go to a position, with some words in the last line. What was written is empty where it looks the same."""
        stage, before = self._screen.stage, self._screen.stage.page.lines
        self._player.cursor.to(position, stop)
        self._screen.words = words
        stage.turn()
        if not self._opened:
            # All of it once more, without what a program says to its terminal when it starts.
            self._opened = True
            self._screen.refresh()
        elif stage.page.lines == before:
            return ""
        self._app.written.clear()
        await self._paint()
        return self._changes.of("".join(self._app.written))

    async def end(self) -> None:
        if self._task is not None:
            self._app.exit()
            await self._task

    async def _paint(self) -> None:
        """Wait until the screen has been painted, or the app has failed."""
        assert self._task is not None
        self._app.painted.clear()
        painted = asyncio.ensure_future(self._app.painted.wait())
        await asyncio.wait({self._task, painted}, return_when=asyncio.FIRST_COMPLETED)
        if not painted.done():
            painted.cancel()
            self._task.result()
            raise RuntimeError("the player ended before it was told to") from self._app._exception


class LectureScreen(Screen[None]):
    """The player's pages alone: no keys, for nobody is there to press them."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.words = ""
        self.stage = Stage(lambda columns, rows: player.page(columns, rows, self._foot))

    def compose(self) -> ComposeResult:
        yield self.stage

    def _foot(self, _: int) -> Line:
        return ((self.words, "strong"),) if self.words else ()


class Recorded(StepgradApp):
    """The app with a terminal in memory, the same on every machine."""

    def __init__(self, screen: Screen[Any], theme: str) -> None:
        super().__init__(lambda _: screen, theme)
        self.console = Console(
            file=StringIO(), force_terminal=True, color_system="truecolor", no_color=False, legacy_windows=False,
            markup=True, highlight=False, emoji=False, safe_box=False,
        )  # fmt: skip
        self.written: list[str] = []
        self.painted = asyncio.Event()

    def on_load(self, event: events.Load) -> None:  # type: ignore[override]  # Textual gives it to those who take it
        """There is no terminal to be left as it was found: a kill is not for the player."""
        event.prevent_default()

    def get_driver_class(self) -> type[Driver]:
        return MemoryDriver

    def post_display_hook(self) -> None:
        self.painted.set()


class MemoryDriver(Driver):
    """A terminal of a fixed size that keeps what is written to it."""

    def write(self, data: str) -> None:
        assert isinstance(self._app, Recorded)
        self._app.written.append(data)

    def start_application_mode(self) -> None:
        assert self._size is not None
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """There is nothing to restore."""

    def send_message(self, message: Message) -> None:
        self._app.post_message(message)


def _app(screen: Screen[Any], theme: str) -> Recorded:
    with _no_colour_wish():
        return Recorded(screen, theme)


@contextmanager
def _no_colour_wish() -> Iterator[None]:
    """Without NO_COLOR, which is a wish about a terminal, and none is here."""
    wish = os.environ.pop("NO_COLOR", None)
    try:
        yield
    finally:
        if wish is not None:
            os.environ["NO_COLOR"] = wish
