"""The player's screen: a lesson on the stage, and the keys that move through it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Offset
from textual.screen import Screen
from textual.timer import Timer

from stepgrad.engine.errors import AddressError
from stepgrad.tui.actions import ACTIONS, COUNT_LIMIT
from stepgrad.tui.first import first_page
from stepgrad.tui.footer import footer_line
from stepgrad.tui.line import Line
from stepgrad.tui.messages import Asked, Dismissed, LessonFailed, LessonOpened
from stepgrad.tui.sheet import Page
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.scenarios.preview import Preview
    from stepgrad.tui.player import Player
    from stepgrad.tui.widgets.goto import Goto

FRAME = 1 / 60
"""Seconds between two paints while playing."""


class PlayerScreen(Screen[None]):
    """Shows what the file says at once, and the lesson as soon as it is opened."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        *(Binding(",".join(a.keys), f"perform('{a.name}')", a.label, show=False, id=a.name) for a in ACTIONS),
        *(Binding(digit, f"count('{digit}')", show=False) for digit in "0123456789"),
    ]

    DEFAULT_CSS = "PlayerScreen { layers: page field; }"

    def __init__(
        self,
        preview: Preview,
        load: Callable[[], Lesson],
        *,
        at: str | None = None,
        level: Level = "cell",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.player: Player | None = None
        """None until the lesson is there; keys pressed before then are kept, and done when it is."""
        self.stage = Stage(self._page)
        self._preview = preview
        self._load = load
        self._at = at
        self._level = level
        self._clock = clock
        self._early: list[tuple[str, str]] = []
        self._count = ""
        self._field: Goto | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self.stage

    def on_mount(self) -> None:
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        """Open the lesson while the screen stays alive. A daemon, so that leaving never waits for it."""
        threading.Thread(target=self._opening, daemon=True).start()

    def _opening(self) -> None:
        try:
            self.post_message(LessonOpened(self._load()))
        except Exception as fault:
            self.post_message(LessonFailed(fault))

    def on_lesson_opened(self, message: LessonOpened) -> None:
        from stepgrad.tui.player import Player

        player = Player(message.lesson, self._level)
        try:
            if self._at is not None:
                player.go(self._at)
        except AddressError as fault:
            self.post_message(LessonFailed(fault))
            return
        self.player = player
        early, self._early = self._early, []
        for name, self._count in early:
            self.action_perform(name)
        self._show()

    def action_count(self, digit: str) -> None:
        """A digit of the count for the next move."""
        if int(self._count + digit) in range(1, COUNT_LIMIT):
            self._count += digit
            self._show()

    def action_perform(self, name: str) -> None:
        """Do what the action table calls `name`."""
        count, self._count = self._count, ""
        if name in ("help", "quit", "go"):
            getattr(self, f"_{name}")()
        elif self.player is None:
            self._early.append((name, count))
        else:
            self.player.perform(name, int(count or 1), self._clock())
            self._keep_playing()
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an open field every key is text."""
        return self._field is None if action in ("perform", "count") else True

    def _page(self, width: int, height: int) -> Page:
        if self.player is None:
            return first_page(self._preview, width, height, self._footer)
        return self.player.page(width, height, self._footer)

    def _footer(self, room: int) -> Line:
        if self.player is None:
            return footer_line(room, count=self._count)
        level = self.player.cursor.level
        return footer_line(room, count=self._count, notice=self.player.notice, level=level)

    def _show(self) -> None:
        self.stage.turn()
        at = self.stage.page.cursor
        if at is not None:
            # Magnifiers and braille lines follow the terminal's own cursor.
            self.app.cursor_position = Offset(*at)

    def _keep_playing(self) -> None:
        """See to it that the next step of a play is painted when it is due."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.player is not None and self.player.autoplay.is_running:
            wait = max(self.player.autoplay.wait(self._clock()), FRAME)
            self._timer = self.set_timer(wait, self._tick)

    def _tick(self) -> None:
        if self.player is not None:
            self.player.tick(self._clock())
            self._keep_playing()
            self._show()

    def _go(self) -> None:
        from stepgrad.tui.widgets.goto import Goto

        if self.player is not None:
            self.player.autoplay.stop()
        if self._field is None:
            self._field = Goto()
            self.mount(self._field)

    def on_asked(self, message: Asked) -> None:
        if self._field is None:
            return
        if self.player is None:
            self._field.refuse("the scenario is still being opened")
            return
        try:
            self.player.go(message.text)
        except AddressError as fault:
            self._field.refuse(str(fault))
        else:
            self._close_field()

    def on_dismissed(self, _: Dismissed) -> None:
        self._close_field()

    def _close_field(self) -> None:
        if self._field is not None:
            self._field.remove()
            self._field = None
            self._show()

    def _help(self) -> None:
        from stepgrad.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def _quit(self) -> None:
        if self.app.screen_stack[0] is self:
            self.app.exit(0)
        else:
            self.dismiss()
