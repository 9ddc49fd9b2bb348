"""The player's screen: a lesson on the stage, and the keys and clicks that move through it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Offset
from textual.screen import Screen

from stepgrad.engine.errors import AddressError
from stepgrad.tui import messages
from stepgrad.tui.actions import ACTIONS, COUNT_LIMIT, Action
from stepgrad.tui.broken_keys import BrokenKeys
from stepgrad.tui.first import first_page
from stepgrad.tui.footer import footer_line
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.line import Line
from stepgrad.tui.line import width as width_of
from stepgrad.tui.screens.asking import Asking
from stepgrad.tui.screens.bound import bindings, is_bound, rebound
from stepgrad.tui.screens.pulse import Pulse
from stepgrad.tui.sheet import Page
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.scenarios.preview import Preview
    from stepgrad.tui.desk import Desk
    from stepgrad.tui.player import Player
    from stepgrad.tui.recording.taping import Taping
    from stepgrad.tui.reload import Reload
    from stepgrad.tui.veil import Veil

ASIDE = 2.0
"""Seconds between two times that the place is remembered, for a window that is closed without a goodbye."""
ASKED = {"go", "watch", "edit", "save"}
"""Actions that ask a question of their name."""


class PlayerScreen(Screen[None]):
    """Shows what the file says at once, and the lesson as soon as it is opened.

    `desk` holds what is kept from run to run: the user's keys, and where each lesson was left.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(ACTIONS)
    LAYOUT: Layout = PLAYER

    DEFAULT_CSS = "PlayerScreen { layers: page field; }"

    def __init__(
        self,
        preview: Preview,
        load: Callable[[], Lesson],
        *,
        at: str | None = None,
        level: Level = "cell",
        desk: Desk | None = None,
        hidden: Veil | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.player: Player | None = None
        """None until the lesson is there; keys pressed before then are kept, and done when it is."""
        self.stage = Stage(self._page)
        self.actions: tuple[Action, ...] = ACTIONS
        """The table with the user's keys."""
        self._preview = preview
        self._load = load
        self._at = at
        self._level = level
        self._desk = desk
        self._hidden = hidden
        self._clock = clock
        self._broken = BrokenKeys(clock)
        self._early: list[tuple[str, str]] = []
        self._count = ""
        self.asking = Asking(self)
        self._greeting = ""
        self._is_leaving = False
        self._taping: Taping | None = None
        self.pulse = Pulse(self, clock, self._tick)
        self.reload: Reload | None = None
        """Looks whether the lesson's file is edited; None for the catalogue's."""

    def compose(self) -> ComposeResult:
        yield self.stage

    def on_mount(self) -> None:
        self.call_after_refresh(self._open)

    def on_unmount(self) -> None:
        for each in (self.player, self._taping):
            if each is not None:
                each.close()
        self._remember()

    def _open(self) -> None:
        from stepgrad.tui.reload import open_in_a_thread

        open_in_a_thread(self._load, self.post_message)

    def on_lesson_opened(self, message: messages.LessonOpened) -> None:
        player = self._made(message.lesson)
        try:
            if self._desk is not None:
                actions, self._greeting = self._desk.settle(player, place=self._at is None)
                self._bind(actions)
            if self._at is not None:
                player.go(self._at)
        except AddressError as fault:
            self.post_message(messages.LessonFailed(fault))
            return
        self.player = player
        self._equip(player)
        early, self._early = self._early, []
        for name, self._count in early:
            self.action_perform(name)
        self.show()

    def _equip(self, player: Player) -> None:
        """Add the parts that a player without a screen has no use for."""
        from stepgrad.tui.copying import Copying
        from stepgrad.tui.recording.taping import Taping
        from stepgrad.tui.reload import POLL, Reload, in_a_thread, is_edited
        from stepgrad.tui.screens.doors import Doors
        from stepgrad.tui.screens.look import ink

        player.ink = ink(self.app) if self.LAYOUT.pictures else None
        self._taping = Taping(self.app, player, self._clock)
        player.parts += (
            self._taping, Doors(self, player), Copying(player, self.app), self.asking.predicting(player),
        )  # fmt: skip
        if is_edited(player.lesson):
            self.reload = Reload(player.lesson, self._load, self.post_message, in_a_thread)
            self.set_interval(POLL, self.reload.poll)
        self.set_interval(ASIDE, self._remember)

    def on_lesson_edited(self, message: messages.LessonEdited) -> None:
        if self.player is not None and self.reload is not None:
            self.reload.follow(message.lesson)
            self.player.reload(message.lesson)
            self.show()

    def on_lesson_broken(self, message: messages.LessonBroken) -> None:
        if self.player is not None:
            self.player.fault, self.player.notice = message.fault, ""
            self.show()

    def _made(self, lesson: Lesson) -> Player:
        from stepgrad.tui.player import Player

        return Player(lesson, self._level, self.LAYOUT, self._hidden)

    def _bind(self, actions: tuple[Action, ...]) -> None:
        """Take keys from another table of actions."""
        self.actions = actions
        self._bindings = rebound(self._bindings, actions)

    def action_count(self, digit: str) -> None:
        """A digit of the count for the next move."""
        self._greeting = ""
        if int(self._count + digit) in range(1, COUNT_LIMIT):
            self._count += digit
            self.show()

    def action_perform(self, name: str) -> None:
        """Do what the action table calls `name`."""
        count, self._count = self._count, ""
        leaving, self._is_leaving = self._is_leaving, False
        self._greeting = ""
        if name in ASKED:
            self._ask(name)
        elif name == "quit":
            self._quit(sure=leaving)
        elif self.player is None:
            self._early.append((name, count))
        else:
            self.player.perform(name, int(count or 1), self._clock())
        self.show()

    def go(self, address: str) -> None:
        """To a place that is there, as the palette offers it."""
        if self.player is not None:
            self._greeting = ""
            self.player.autoplay.stop()
            self.player.answer("go", address)
            self.show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an open field every key is text."""
        if action not in ("perform", "count"):
            return True
        pointing = self.player is not None and self.player.pointing.is_on
        return not self.asking.is_open and is_bound(action, parameters, pointing=pointing)

    def on_key(self, event: events.Key) -> None:
        """Any key ends a search, whatever else it means. One that came in pieces is put together."""
        if self.asking.is_open:
            return
        mended = self._broken.mended("\x1b" if event.key == "escape" else event.character or "")
        if self.player is not None and self.player.debugger.is_searching:
            self.player.debugger.give_up()
            self.show()
            mended = ""
        if mended is not None:
            event.stop()
            event.prevent_default()
        if mended:
            self.app.simulate_key(mended)

    def on_clicked(self, message: messages.Clicked) -> None:
        """A click on a cell puts the cursor there."""
        if self.player is not None and not self.asking.is_open:
            self.player.click(message.x, message.y)
            self.show()

    def on_dragged(self, message: messages.Dragged) -> None:
        """A click on the timeline goes there, and drags the place along."""
        if self.player is not None and not self.asking.is_open:
            self._greeting = ""
            self.player.scrub(message.bar.position(message.x, self.player.state.ticks), first=message.first)
            self.show()

    def _page(self, width: int, height: int) -> Page:
        if self.player is None:
            return first_page(self._preview, width, height, self._footer, layout=self.LAYOUT)
        return self.player.page(width, height, self._footer)

    def _footer(self, room: int) -> Line:
        if self.player is None:
            return footer_line(room, count=self._count)
        if self._greeting:
            return ((self._greeting, "strong"),)
        player, level = self.player, self.player.cursor.level
        said, pointing = player.notice or player.pointing.caption, player.pointing.is_on
        sign = self._sign
        room -= width_of(sign)
        keys = footer_line(room, count=self._count, notice=said, level=level, actions=self.actions, pointing=pointing)
        return (*sign, *keys)

    @property
    def _sign(self) -> Line:
        """That this is being recorded."""
        return self._taping.sign if self._taping is not None else ()

    def show(self) -> None:
        """Show the player as it is now, and let it go on with what it does by itself."""
        if self.player is not None and self._taping is not None:
            self._taping.pass_by()
            self.asking.follow(self.player)
            self.pulse.follow(self.player)
        self.stage.turn()
        at = self.stage.page.cursor
        if at is not None:
            # Magnifiers and braille lines follow the terminal's own cursor.
            self.app.cursor_position = Offset(*at)

    def _tick(self) -> None:
        if self.player is not None:
            self.player.tick(self._clock())
            self.show()

    def _ask(self, question: str) -> None:
        if self.player is not None:
            self.player.autoplay.stop()
        self.asking.ask(question, self.player)

    def on_asked(self, message: messages.Asked) -> None:
        self.asking.answer(message.text, self.player)
        self.show()

    def on_dismissed(self, _: messages.Dismissed) -> None:
        self.asking.leave()
        self.show()

    def _unfinished(self) -> str:
        """What `q` would put an end to."""
        recorded = self._taping.unfinished if self._taping is not None else ""
        return recorded or (self.player.what_if.unfinished if self.player is not None else "")

    def _quit(self, *, sure: bool) -> None:
        unfinished = self._unfinished()
        if self.player is not None and unfinished and not sure:
            self._is_leaving = True
            self.player.notice = unfinished
        elif self.app.screen_stack[0] is self:
            self.app.exit(0)
        else:
            self.dismiss()

    def _remember(self) -> None:
        if self._desk is not None and self.player is not None:
            self._desk.remember(self.player)
