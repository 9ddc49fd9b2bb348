"""The player without its screen: what the keys do to it, and the page it shows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stepgrad.engine.errors import AddressError
from stepgrad.engine.timeline import LEVELS, Address
from stepgrad.tui.autoplay import Autoplay
from stepgrad.tui.bookmark import Bookmark
from stepgrad.tui.charts.series import Recorder
from stepgrad.tui.cursor import Cursor
from stepgrad.tui.curtain import Curtain
from stepgrad.tui.debugger import Debugger
from stepgrad.tui.footer import Footer, no_footer
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.page import Pages
from stepgrad.tui.playing import Playing
from stepgrad.tui.pointing import Pointing
from stepgrad.tui.progress import Ticks
from stepgrad.tui.sheet import Page, noticed
from stepgrad.tui.sight import State
from stepgrad.tui.stepping import Stepping
from stepgrad.tui.veil import OPEN, Veil
from stepgrad.tui.what_if import WhatIf

if TYPE_CHECKING:
    from stepgrad.engine.lookup import Cell
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.charts.heat import Ink

PLAYING = {
    "play", "run_to_note", "slower", "faster", "digits", "letters", "page_down", "page_up", "map", "stops", "record",
    "help",
}  # fmt: skip
"""What does not end a play. Whatever else is done by hand does."""


class Player:
    """A lesson, where it stands, and what of it is looked at.

    Each action of the table has the method of its name, here or in one of the parts; it is given the count.
    """

    def __init__(
        self, lesson: Lesson, level: Level = "cell", layout: Layout = PLAYER, hidden: Veil | None = None
    ) -> None:
        self.lesson = lesson
        self._layout = layout
        self.cursor = Cursor(lesson, level)
        self.recorder = Recorder(lesson.history)
        """Works out how numbers go over the iterations."""
        self.autoplay = Autoplay()
        self.debugger = Debugger(self)
        self.what_if = WhatIf(self)
        self.pointing = Pointing(self)
        self.curtain = Curtain(self, hidden or OPEN)
        self.stepping = Stepping(self)
        self.playing = Playing(self)
        self.parts: tuple[object, ...] = (
            self, self.stepping, self.playing, self.curtain, self.debugger, self.what_if, self.pointing,
            self.pointing.inquiring, self.pointing.leafing,
        )  # fmt: skip
        self.notice = ""
        """What the last key did where the page does not show it."""
        self.fault = ""
        """What is wrong with the file as it is now; the lesson is the last good one."""
        self._wanted: tuple[str, Bookmark | None] = ("", None)
        """Where the player stood when its file was edited, and where that has put it."""
        self.now = 0.0
        self.farthest = 0
        """The last step that was seen."""
        self._in_letters = True
        """Whether numbers that have letters are shown by these."""
        self.pages = self._opened()
        self._page: int | None = None
        self._shown: tuple[int, int] = (0, 1)
        """The page on screen, and of how many."""
        self._all_digits = False
        self.maps: Ink | None = None
        """What maps are drawn with; None shows the numbers alone."""
        self.ink: Ink | None = None
        """What the terminal can draw with, where there is room for pictures."""

    @property
    def state(self) -> State:
        cursor = self.cursor
        return State(
            cursor.position,
            self._page,
            self._all_digits,
            cursor.term,
            Ticks([stop.position for stop in self.lesson.stops], self.debugger.breaks.ticks(cursor.iteration)),
            self.curtain.over(self.debugger.panel),
            self.pointing.gaze,
            self.pointing.inquiring.inquiry,
            maps=None if self.curtain.veil.result else self.maps,
            pictures=None if self.curtain.veil.result else self.ink,
            veil=self.curtain.veil,
            stop=cursor.place.stop,
        )

    @property
    def cell(self) -> Address:
        """The cell that stops, watches and changes are about."""
        pointed = self.pointing.cell
        if pointed is None:
            return self.lesson.timeline.place(self.cursor.step).address
        return Address(*pointed, iteration=self.cursor.iteration)

    def page(self, width: int, height: int, footer: Footer = no_footer) -> Page:
        self.pointing.resized(width, height)
        page = self.pages.page(self.state, width, height, footer)
        self._shown = page.page, page.pages
        return noticed(noticed(page, self.notice, width), self.fault, width, "wrong")

    def perform(self, action: str, count: int, now: float) -> None:
        """Do what a key asks for. Whatever moves by hand ends the play."""
        self.now, self.notice = now, ""
        if self.debugger.is_searching:
            self.debugger.give_up()
            return
        if action not in PLAYING:
            self.autoplay.stop()
        before = self.cursor.place
        part = next(part for part in self.parts if hasattr(part, action))
        getattr(part, action)(count)
        self._moved(before)

    def answer(self, question: str, text: str) -> None:
        """Take what was typed for a question. Raises StepgradError with what fits, and then nothing has changed."""
        before = self.cursor.place
        part = next(part for part in self.parts if hasattr(part, f"answer_{question}"))
        self.notice = ""
        getattr(part, f"answer_{question}")(text)
        self._moved(before)

    def scrub(self, position: int, *, first: bool) -> None:
        """To a place on the timeline's line; the first of a drag is a jump that one can go back from."""
        before = self.cursor.place
        self.notice = ""
        self.autoplay.stop()
        self.debugger.give_up()
        (self.cursor.jump if first else self.cursor.to)(position)
        self._moved(before)

    def click(self, x: int, y: int) -> None:
        """On a column and a line of the board."""
        self.notice = ""
        if self.pointing.click(x, y):
            self.autoplay.stop()

    def to_cell(self, cell: Cell) -> None:
        """To the step that wrote a cell."""
        before = self.cursor.place
        self.notice = ""
        self.autoplay.stop()
        self.pointing.to_step_of(cell)
        self._moved(before)

    @property
    def is_busy(self) -> bool:
        """Whether there is something to be done without a key."""
        return self.autoplay.is_running or self.debugger.is_searching

    def wait(self, now: float) -> float:
        """Seconds until the next tick is due."""
        return 0.0 if self.debugger.is_searching else self.autoplay.wait(now)

    def tick(self, now: float) -> None:
        """Go on to where the play is by now, or look a little further for a stop."""
        if not self.is_busy:
            return
        before = self.cursor.place
        self.now = now
        if self.debugger.is_searching:
            self.debugger.search()
        else:
            self.playing.go_on(now)
        self._moved(before)

    def follow(self, lesson: Lesson) -> None:
        """Go on in a lesson with other numbers, at the same cell, the cell cursor where its cell still is."""
        pointed, before = self.pointing.pointed, self.cursor.place
        self.lesson = lesson
        self.recorder.stop()
        self.recorder = Recorder(lesson.history)
        self.cursor.follow(lesson)
        self.debugger.follow(lesson)
        self.pages = self._opened()
        if self.cursor.place != before:
            self._page = None
        self.pointing.follow(pointed)

    def reload(self, lesson: Lesson) -> None:
        """Go on in the lesson as its file is now, at the same cell, with the same changes where they fit."""
        self.autoplay.stop()
        kept = self.what_if.edits.rebase(lesson)
        wanted, moved_to = self._wanted
        here = wanted if self.cursor.place == moved_to else self.cursor.place.address(self.lesson)
        self.follow(self.what_if.edits.lesson)
        # A file is often saved half written: a cell that is gone for now may be back the next time.
        with suppress(AddressError):
            self.cursor.place = self.cursor.place.gone(self.lesson, here)
        self._wanted = here, self.cursor.place
        self.fault = ""
        self.notice = "as the file is now" if kept else "as the file is now; the changes no longer fit"

    def close(self) -> None:
        """Nobody looks any more."""
        self.recorder.stop()

    def left(self) -> dict[str, Any]:
        """What to remember, so that `resume` comes back here."""
        place, timeline, stops = self.cursor.place, self.what_if.edits.original.timeline, self.lesson.stops
        return {
            "at": place.address(self.lesson) if 0 < place.position < self.lesson.timeline.steps else None,
            "level": place.level if place.level != "cell" else None,
            "step": min(self.farthest, timeline.steps),
            "of": timeline.steps,
            "notes": [sum(stop.position <= self.farthest for stop in stops), len(stops)] if stops else None,
            **self.debugger.left(),
        }

    def resume(self, found: Mapping[str, Any], *, place: bool = True) -> bool:
        """Go back to what was remembered, as far as it is still there. Returns whether the player stands elsewhere."""
        self.farthest = found["step"] if isinstance(found.get("step"), int) else 0
        self.debugger.resume(found)
        at, level = found.get("at"), found.get("level")
        if not place or not isinstance(at, str):
            return False
        with suppress(AddressError):
            if level in LEVELS:
                self.cursor.place = replace(self.cursor.place, level=level)
            self.cursor.place = self.cursor.place.gone(self.lesson, at)
        return self.cursor.position > 0

    def go(self, text: str) -> None:
        """To an address. Raises AddressError, and then nothing has moved."""
        self.cursor.go(text)
        self._page = None

    answer_go = go

    def page_down(self, count: int) -> None:
        page, pages = self._shown
        self._page = min(page + count, pages - 1)

    def page_up(self, count: int) -> None:
        self._page = max(self._shown[0] - count, 0)

    def letters(self, _: int) -> None:
        if self.lesson.symbols:
            self._in_letters = not self._in_letters
            self.pages = self._opened()
        else:
            self.notice = "this lesson has no letters"

    def turn(self, page: int) -> None:
        """To a page of a long sum."""
        self._page = page

    def digits(self, _: int) -> None:
        self._all_digits = not self._all_digits

    def _opened(self) -> Pages:
        original = self.what_if.edits.original
        before = None if self.lesson is original else original
        return Pages(self.lesson, before, self._layout, in_letters=self._in_letters)

    def _moved(self, before: Bookmark) -> None:
        if self.cursor.place != before:
            self._page = None
            if replace(self.cursor.place, stop=before.stop) != before:
                self.curtain.moved()
            if before.position <= self.lesson.timeline.steps:
                self.pointing.moved(before.position)
        self.farthest = max(self.farthest, self.cursor.position)
        self.debugger.watches.reached = max(self.debugger.watches.reached, self.cursor.iteration)
