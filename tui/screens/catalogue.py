"""The catalogue: courses, what was opened lately and every scenario there is; type to search, Enter opens one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.tui.catalogue_page import COURSES, TABS, TOPICS, WAYS, Listing, catalogue_page
from stepgrad.tui.memory import Memory
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.sheet import Page
from stepgrad.tui.shelf import Row, Shelf
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from stepgrad.scenarios.catalogue import Entry
    from stepgrad.scenarios.courses import Course

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
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("tab,shift+tab", "way", show=False),
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
        self._way = COURSES
        self._tab = dict.fromkeys(WAYS, 0)
        """Which course, and which topic."""
        self._chosen = 0
        self._to_next()
        self._at: list[tuple[int, int]] = []
        """On which line of the screen each row stands."""
        self._notice = ""

    def compose(self) -> ComposeResult:
        yield self.stage

    @property
    def rows(self) -> list[Row]:
        """What is listed now."""
        course = self.course
        return self.shelf.rows(self.search, self.topic) if course is None else self.shelf.course(course)

    @property
    def course(self) -> Course | None:
        """The course that is listed; None while it is scenarios by topic."""
        return self.shelf.courses[self._tab[COURSES]] if self._way == COURSES else None

    @property
    def topic(self) -> str:
        return self.shelf.topics[self._tab[TOPICS]]

    @property
    def tabs(self) -> list[str]:
        """The names of the courses, or the topics."""
        return [course.name for course in self.shelf.courses] if self._way == COURSES else self.shelf.topics

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
        """A click on a row chooses it, another opens it; one on a name in the line of courses or topics goes there."""
        number = dict(self._at).get(event.y)
        if number is None:
            if event.y == TABS:
                self._go_to(_word(self.stage.page, event.x))
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

    def action_turn(self, by: int) -> None:
        """On in the courses, or in the topics."""
        self._show((self._tab[self._way] + by) % len(self.tabs))

    def action_way(self) -> None:
        """From the courses to the topics, and back."""
        self._way = TOPICS if self._way == COURSES else COURSES
        self.search = ""
        self._show(self._tab[self._way])

    def _go_to(self, word: str) -> None:
        if word in WAYS and word != self._way:
            self.action_way()
        elif word in self.tabs:
            self._show(self.tabs.index(word))

    def _show(self, tab: int) -> None:
        self._tab[self._way] = tab
        self._to_next()
        self.stage.turn()

    def _to_next(self) -> None:
        """Choose what the course goes on with, or what is listed first."""
        self._chosen = next((i for i, row in enumerate(self.rows) if row.is_next), 0)

    def action_erase(self) -> None:
        self._searched(self.search[:-1])

    def action_clear(self) -> None:
        """Back to how the catalogue opens."""
        self._way, self._tab, self.search, self._notice = COURSES, dict.fromkeys(WAYS, 0), "", ""
        self._show(0)

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
        """Search a topic, or from a course all there is."""
        if self._way == COURSES:
            self._way, self._tab[TOPICS] = TOPICS, 0
        self.search, self._chosen, self._notice = text, 0, ""
        self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        rows = self.rows
        chosen = min(self._chosen, max(len(rows) - 1, 0))
        first = self.shelf.first(rows[chosen].entry) if rows else ()
        listing = Listing(
            rows, chosen, self.search, self._way, self.tabs, self._tab[self._way],
            self.shelf.count, len(self.shelf.ended), self.course, first, self._notice,
        )  # fmt: skip
        page, self._at = catalogue_page(listing, width, height)
        return page


def _word(page: Page, x: int) -> str:
    """The words of the line of tabs at a column."""
    for text, _ in page.lines[TABS] if len(page.lines) > TABS else ():
        x -= len(text)
        if x < 0:
            return text.strip()
    return ""
