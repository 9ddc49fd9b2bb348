"""The catalogue: what was opened lately and every scenario there is; type to search, Enter opens one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.tui.catalogue_page import Listing, catalogue_page
from stepgrad.tui.memory import Memory
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.sheet import Page
from stepgrad.tui.shelf import Row, Shelf
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from stepgrad.scenarios.catalogue import Entry

LONGEST = 60
"""Characters of a search."""


class CatalogueScreen(Screen[None]):
    """Lists scenarios. `open` shows the one of a name, and comes back here when that is left."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("pageup", "choose(-10)", show=False),
        Binding("pagedown", "choose(10)", show=False),
        Binding("home", "choose(-1000000)", show=False),
        Binding("end", "choose(1000000)", show=False),
        Binding("left", "topic(-1)", show=False),
        Binding("right", "topic(1)", show=False),
        Binding("enter", "open", show=False),
        Binding("backspace", "erase", show=False),
        Binding("escape", "clear", show=False),
    ]

    def __init__(self, open_scenario: Callable[[str], None], memory: Memory | None = None) -> None:
        super().__init__()
        self.search = ""
        self.shelf = Shelf(memory or Memory())
        self.stage = Stage(self._page)
        self._open = open_scenario
        self._topic = 0
        self._chosen = 0
        self._at: list[tuple[int, int]] = []
        """On which line of the screen each row stands."""
        self._notice = ""

    def compose(self) -> ComposeResult:
        yield self.stage

    @property
    def rows(self) -> list[Row]:
        """What is listed now."""
        return self.shelf.rows(self.search, self.topic)

    @property
    def topic(self) -> str:
        return self.shelf.topics[self._topic]

    @property
    def found(self) -> list[Entry]:
        """The scenarios that are listed now."""
        return [row.entry for row in self.rows]

    @property
    def chosen(self) -> Entry | None:
        row = self._row
        return row.entry if row is not None else None

    @property
    def _row(self) -> Row | None:
        rows = self.rows
        return rows[min(self._chosen, len(rows) - 1)] if rows else None

    def on_screen_resume(self) -> None:
        """Something may have been seen meanwhile."""
        row = self._row
        self.shelf.refresh()
        if row is not None:
            same = [i for i, each in enumerate(self.rows) if (each.name, each.part) == (row.name, row.part)]
            self._chosen = same[0] if same else self._chosen
        self.stage.turn()

    def on_key(self, event: events.Key) -> None:
        """What can be printed is searched for; a `q` before anything was typed leaves."""
        if event.character is None or not event.is_printable or len(self.search) >= LONGEST:
            return
        event.stop()
        if event.character == "q" and not self.search:
            self.app.exit(0)
            return
        self._searched(self.search + event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._searched((self.search + " ".join(event.text.split()))[:LONGEST])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click on a row chooses it, another opens it."""
        number = dict(self._at).get(event.y)
        if number is None:
            return
        if number == self._chosen:
            self.action_open()
        self._chosen = number
        self.stage.turn()

    def on_mouse_scroll_down(self) -> None:
        self.action_choose(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_choose(-3)

    def action_choose(self, by: int) -> None:
        self._chosen = min(max(self._chosen + by, 0), max(len(self.rows) - 1, 0))
        self.stage.turn()

    def action_topic(self, by: int) -> None:
        self._topic = (self._topic + by) % len(self.shelf.topics)
        self._chosen = 0
        self.stage.turn()

    def action_erase(self) -> None:
        self._searched(self.search[:-1])

    def action_clear(self) -> None:
        self._topic = 0
        self._searched("")

    def action_open(self) -> None:
        row = self._row
        if row is not None:
            self._notice = ""
            self._open(row.name)

    def on_lesson_failed(self, message: LessonFailed) -> None:
        """Say why a scenario did not open, in a line above the keys."""
        message.stop()
        self._notice = str(message.fault).partition("\n")[0]
        self.stage.turn()

    def _searched(self, text: str) -> None:
        self.search, self._chosen, self._notice = text, 0, ""
        self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        rows = self.rows
        chosen = min(self._chosen, max(len(rows) - 1, 0))
        listing = Listing(rows, chosen, self.search, self.shelf.topics, self._topic, self.shelf.count, self._notice)
        page, self._at = catalogue_page(listing, width, height)
        return page
