"""The player without its screen: what the keys do to it, and the page it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.tui.autoplay import Autoplay
from stepgrad.tui.cursor import Cursor
from stepgrad.tui.footer import Footer, no_footer
from stepgrad.tui.page import Pages, State
from stepgrad.tui.sheet import Page

if TYPE_CHECKING:
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson


class Player:
    """A lesson, where it stands, and what of it is looked at. Each action of the table has the method of its name."""

    def __init__(self, lesson: Lesson, level: Level = "cell") -> None:
        self.lesson = lesson
        self.cursor = Cursor(lesson.timeline, [stop.position for stop in lesson.stops], level)
        self.autoplay = Autoplay()
        self.notice = ""
        """What the last key did where the page does not show it."""
        self._pages = Pages(lesson)
        self._page = 0
        self._last_page = 0
        self._all_digits = False

    @property
    def state(self) -> State:
        return State(self.cursor.position, self._page, self._all_digits)

    def page(self, width: int, height: int, footer: Footer = no_footer) -> Page:
        page = self._pages.page(self.state, width, height, footer)
        self._last_page = page.pages - 1
        self._page = min(self._page, self._last_page)
        return page

    def perform(self, action: str, count: int, now: float) -> None:
        """Do what a key asks for. Whatever moves by hand ends the play."""
        before = self.cursor.position
        self.notice = ""
        if action not in ("play", "run_to_note", "slower", "faster", "digits", "page_down", "page_up"):
            self.autoplay.stop()
        getattr(self, action)(*((now,) if action in ("play", "run_to_note", "slower", "faster") else (count,)))
        if self.cursor.position != before:
            self._page = 0

    def tick(self, now: float) -> None:
        """Go on to where the play is by now."""
        before = self.cursor.position
        self.cursor.to(self.autoplay.advance(now, before))
        if self.cursor.position != before:
            self._page = 0
        if not self.autoplay.is_running:
            self.notice = ""

    def go(self, text: str) -> None:
        """To an address. Raises AddressError, and then nothing has moved."""
        self.cursor.go(text)
        self._page = 0

    def forward(self, count: int) -> None:
        self.cursor.move(count)

    def back(self, count: int) -> None:
        self.cursor.move(-count)

    def over(self, count: int) -> None:
        self.cursor.move(count, "layer")

    def over_back(self, count: int) -> None:
        self.cursor.move(-count, "layer")

    def finer(self, count: int) -> None:
        self.cursor.finer(count)

    def coarser(self, count: int) -> None:
        self.cursor.finer(-count)

    def next_stop(self, count: int) -> None:
        self.cursor.to_stop(count)

    def previous_stop(self, count: int) -> None:
        self.cursor.to_stop(-count)

    def first(self, _: int) -> None:
        self.cursor.to(0)

    def last(self, _: int) -> None:
        self.cursor.to(self.lesson.timeline.steps)

    def page_down(self, count: int) -> None:
        self._page = min(self._page + count, self._last_page)

    def page_up(self, count: int) -> None:
        self._page = max(self._page - count, 0)

    def digits(self, _: int) -> None:
        self._all_digits = not self._all_digits

    def play(self, now: float) -> None:
        if self.autoplay.is_running:
            self.autoplay.stop()
        elif self.cursor.position < self.lesson.timeline.steps:
            pauses = {stop.position: stop.pause for stop in self.lesson.stops}
            self.autoplay.play(now, self.lesson.timeline.steps, pauses)
            self.notice = f"playing, {self.autoplay.pace}"

    def run_to_note(self, now: float) -> None:
        if self.autoplay.is_running:
            self.autoplay.stop()
        elif self.cursor.position < self.lesson.timeline.steps:
            self.autoplay.run(now, self.cursor.position, self.cursor.next_stop())

    def slower(self, now: float) -> None:
        self._paced(now, -1)

    def faster(self, now: float) -> None:
        self._paced(now, 1)

    def _paced(self, now: float, by: int) -> None:
        self.autoplay.faster(now, by)
        self.notice = f"playing, {self.autoplay.pace}" if self.autoplay.is_running else self.autoplay.pace
