"""The catalogue: every scenario that comes with stepgrad; type to search, Enter opens one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.scenarios.catalogue import Entry, entries
from stepgrad.tui.board import origin
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, Line, clip, placed, wrapped
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from textual.app import ComposeResult

KEYS = (("↑↓", "choose"), ("Enter", "open"), ("letters", "search"), ("q", "quit"))
DETAILS = 5
"""Lines about the chosen scenario."""
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
        Binding("enter", "open", show=False),
        Binding("backspace", "erase", show=False),
        Binding("escape", "clear", show=False),
    ]

    def __init__(self, open_scenario: Callable[[str], None]) -> None:
        super().__init__()
        self.search = ""
        self.entries = entries()
        self.stage = Stage(self._page)
        self._open = open_scenario
        self._chosen = 0
        self._notice = ""

    def compose(self) -> ComposeResult:
        yield self.stage

    @property
    def found(self) -> list[Entry]:
        """The scenarios that hold every word of the search, in their name, title, topics or summary."""
        words = self.search.lower().split()
        return [entry for entry in self.entries if all(word in _text(entry) for word in words)]

    @property
    def chosen(self) -> Entry | None:
        found = self.found
        return found[min(self._chosen, len(found) - 1)] if found else None

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

    def action_choose(self, by: int) -> None:
        self._chosen = min(max(self._chosen + by, 0), max(len(self.found) - 1, 0))
        self.stage.turn()

    def action_erase(self) -> None:
        self._searched(self.search[:-1])

    def action_clear(self) -> None:
        self._searched("")

    def action_open(self) -> None:
        if self.chosen is not None:
            self._open(self.chosen.name)

    def on_lesson_failed(self, message: LessonFailed) -> None:
        """Say why a scenario did not open, in a line above the keys."""
        message.stop()
        self._notice = str(message.fault).partition("\n")[0]
        self.stage.turn()

    def _searched(self, text: str) -> None:
        self.search, self._chosen, self._notice = text, 0, ""
        self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        room = width - MARGIN
        found, chosen = self.found, self.chosen
        size = max(height - DETAILS - 6, 1)
        first = origin(min(self._chosen, max(len(found) - 1, 0)), 1, size, len(found))
        names = max((len(entry.name) for entry in self.entries), default=0) + 2
        rows = [_row(entry, entry is chosen, names, room) for entry in found[first : first + size]]
        if not rows:
            rows = [((f"nothing holds '{self.search}'", "faint"),)]
        search: Line = (("search: ", "faint"), (self.search, "strong"), ("▏", "here"))
        lines: list[Line] = [
            (("stepgrad", "title"), ("   a time-travel debugger for neural networks", "faint")),
            search if self.search else ((f"{len(self.entries)} scenarios; type to search", "faint"),),
            BLANK,
            *rows,
            *[BLANK] * (size - len(rows)),
            BLANK,
            *_details(chosen, min(room, 100)),
            ((self._notice, "wrong"),) if self._notice else BLANK,
            keys_line(KEYS, room),
        ]
        return Page(tuple(clip(placed([(MARGIN, line)]) if line else line, width) for line in lines[:height]))


def _row(entry: Entry, chosen: bool, names: int, room: int) -> Line:
    mark, style = ("▶ ", "chosen") if chosen else ("  ", "")
    text = f"{mark}{entry.name:<{names}}{entry.title}"
    return clip(((f"{text:<{room}}" if chosen else text, style),), room)


def _details(entry: Entry | None, room: int) -> list[Line]:
    if entry is None:
        return [BLANK] * DETAILS
    topics = ", ".join(entry.topics)
    variants = f"variants: {', '.join(f'{entry.name}:{name}' for name in entry.variants)}" if entry.variants else ""
    lines = [*wrapped(entry.summary, room)[: DETAILS - 2], ((topics, "hue0"),), ((variants, "faint"),)]
    return [*lines, *[BLANK] * (DETAILS - len(lines))][:DETAILS]


def _text(entry: Entry) -> str:
    return " ".join((entry.name, entry.title, entry.summary, *entry.topics)).lower()
