"""The player's screen: a lesson on the stage, and the keys and clicks that move through it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import Screen
from textual.timer import Timer

from stepgrad.engine.errors import AddressError, StepgradError
from stepgrad.tui.actions import ACTIONS, COUNT_LIMIT, Action, hint
from stepgrad.tui.broken_keys import BrokenKeys
from stepgrad.tui.first import first_page
from stepgrad.tui.footer import footer_line
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.line import Line
from stepgrad.tui.line import width as width_of
from stepgrad.tui.messages import Asked, Dismissed, LessonBroken, LessonEdited, LessonFailed, LessonOpened
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.veil import OPEN, TOLD
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.engine.lookup import Cell
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.scenarios.preview import Preview
    from stepgrad.tui.desk import Desk
    from stepgrad.tui.look import Look
    from stepgrad.tui.player import Player
    from stepgrad.tui.progress import Bar
    from stepgrad.tui.recording.live import Recorder
    from stepgrad.tui.reload import Reload
    from stepgrad.tui.veil import Veil
    from stepgrad.tui.widgets.field import Field

FRAME = 1 / 60
"""Seconds between two paints while playing."""
ASIDE = 2.0
"""Seconds after a key until the place is remembered, for a window that is closed without a goodbye."""
POINTING = {action.name for action in ACTIONS if action.pointing}
ASKED = {"go": "go", "watch": "watch", "edit": "edit", "save": "save"}
"""Actions that ask a question, and which."""


DRAWN = {"map", "look", "tree"}
"""Actions that show numbers in another form."""


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """The keys of a table of actions, and the digits of a count."""
    return [
        # Of two actions with one key that for the cell under the cursor comes first; check_action says if it is on.
        *(
            Binding(",".join(a.keys), f"perform('{a.name}')", a.label, show=False, id=a.name)
            for a in sorted(actions, key=lambda action: not action.pointing)
        ),
        *(Binding(digit, f"count('{digit}')", show=False) for digit in "0123456789"),
    ]


class PlayerScreen(Screen[None]):
    """Shows what the file says at once, and the lesson as soon as it is opened.

    `desk` holds what is kept from run to run: the user's keys, and where each lesson was left.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(ACTIONS)
    LAYOUT: ClassVar[Layout] = PLAYER

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
        self._field: Field | None = None
        self._question = ""
        self._draft: dict[str, str] = {}
        """What was typed for a question that was left."""
        self._bar: Bar | None = None
        """The bar of the timeline that the mouse drags on."""
        self._greeting = ""
        self._is_leaving = False
        self._recorder: Recorder | None = None
        self._looks: Look | None = None
        """What was looked at last; its curves are kept."""
        self._timer: Timer | None = None
        self._aside: Timer | None = None
        self.reload: Reload | None = None
        """Looks whether the lesson's file is edited; None for the catalogue's."""

    def compose(self) -> ComposeResult:
        yield self.stage

    def on_mount(self) -> None:
        self.call_after_refresh(self._open)

    def on_unmount(self) -> None:
        if self.player is not None:
            self.player.close()
        if self._recorder is not None:
            self._recorder.stop()
        if self._looks is not None:
            self._looks.curves.stop()
        self._remember()

    def _open(self) -> None:
        """Open the lesson while the screen stays alive. A daemon, so that leaving never waits for it."""
        threading.Thread(target=self._opening, daemon=True).start()

    def _opening(self) -> None:
        try:
            self.post_message(LessonOpened(self._load()))
        except Exception as fault:
            self.post_message(LessonFailed(fault))

    def on_lesson_opened(self, message: LessonOpened) -> None:
        player = self._made(message.lesson)
        try:
            if self._desk is not None:
                self._settle(player, self._desk)
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
        self._watch_file(message.lesson)

    def _watch_file(self, lesson: Lesson) -> None:
        from stepgrad.tui.reload import POLL, Reload, in_a_thread, is_edited

        if is_edited(lesson):
            self.reload = Reload(lesson, self._load, self.post_message, in_a_thread)
            self.set_interval(POLL, self.reload.poll)

    def on_lesson_edited(self, message: LessonEdited) -> None:
        if self.player is not None and self.reload is not None:
            self.reload.follow(message.lesson)
            self.player.reload(message.lesson)
            self._show()

    def on_lesson_broken(self, message: LessonBroken) -> None:
        if self.player is not None:
            self.player.fault = message.fault
            self._show()

    def _made(self, lesson: Lesson) -> Player:
        from stepgrad.tui.player import Player
        from stepgrad.tui.veil import OPEN

        return Player(lesson, self._level, self.LAYOUT, self._hidden or OPEN)

    def _settle(self, player: Player, desk: Desk) -> None:
        """The user's keys, the place where the lesson was left, and a word to who is here for the first time."""
        self.actions, player.notice = desk.keys()
        self.app.set_keymap({action.name: ",".join(action.keys) for action in self.actions})
        if desk.resume(player, place=self._at is None) and not player.notice:
            player.notice = "where you left it; Home is the start"
        self._greeting = hint(self.actions) if desk.greets() else ""

    def action_count(self, digit: str) -> None:
        """A digit of the count for the next move."""
        self._greeting = ""
        if int(self._count + digit) in range(1, COUNT_LIMIT):
            self._count += digit
            self._show()

    def action_perform(self, name: str) -> None:
        """Do what the action table calls `name`."""
        count, self._count = self._count, ""
        self._greeting = ""
        leaving, self._is_leaving = self._is_leaving, False
        if name in ASKED:
            self._ask(ASKED[name])
        elif name == "quit":
            self._quit(sure=leaving)
        elif name in DRAWN and self.player is not None and self.player.curtain.veil.values:
            from stepgrad.tui.veil import TOLD

            self.player.notice = TOLD
        elif name in ("help", "stops", "map", "look", "record", "tree", "words"):
            getattr(self, f"_{name}")()
        elif self.player is None:
            self._early.append((name, count))
        else:
            self.player.perform(name, int(count or 1), self._clock())
            self._keep_going()
            self._remember_soon()
        self._show()

    def go(self, address: str) -> None:
        """To a place that is there, as the palette offers it."""
        if self.player is not None:
            self._greeting = ""
            self.player.autoplay.stop()
            self.player.answer("go", address)
            self._remember_soon()
            self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an open field every key is text. Some keys are about the cell cursor, while that is on the board."""
        if action not in ("perform", "count"):
            return True
        pointing = self.player is not None and self.player.pointing.is_on
        return self._field is None and (pointing or not parameters or parameters[0] not in POINTING)

    def on_key(self, event: events.Key) -> None:
        """Any key ends a search, whatever else it means. One that came in pieces is put together."""
        if self._field is not None:
            return
        if self.player is not None and self.player.debugger.is_searching:
            event.stop()
            event.prevent_default()
            self.player.debugger.give_up()
            self._show()
            return
        mended = self._broken.mended("\x1b" if event.key == "escape" else event.character or "")
        if mended is not None:
            event.stop()
            event.prevent_default()
        if mended:
            self.app.simulate_key(mended)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click on the timeline goes there, and drags the place along; one on a cell puts the cursor there."""
        bars = [bar for y, bar in self.stage.page.bars if y == event.y and bar.x <= event.x < bar.x + bar.size]
        if bars and self.player is not None and self._field is None:
            self._bar = bars[0]
            self.stage.capture_mouse()
            self._scrub(event.x, first=True)
        elif self.player is not None and self._field is None:
            self.player.click(event.x - MARGIN, event.y - self.stage.page.top)
            self._show()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._bar is not None:
            self._scrub(event.x, first=False)

    def on_mouse_up(self) -> None:
        if self._bar is not None:
            self._bar = None
            self.stage.release_mouse()

    def _scrub(self, x: float, *, first: bool) -> None:
        if self.player is not None and self._bar is not None:
            self._greeting = ""
            self.player.scrub(self._bar.position(int(x), self.player.state.ticks), first=first)
            self._keep_going()
            self._remember_soon()
            self._show()

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
        room -= width_of(self._sign)
        keys = footer_line(room, count=self._count, notice=said, level=level, actions=self.actions, pointing=pointing)
        return (*self._sign, *keys)

    @property
    def _sign(self) -> Line:
        """That this is being recorded."""
        return (("● rec", "wrong"), ("   ", "")) if self._is_recording else ()

    def _show(self) -> None:
        if self._recorder is not None and self.player is not None:
            self._recorder.pass_by(self.player)
        self.stage.turn()
        at = self.stage.page.cursor
        if at is not None:
            # Magnifiers and braille lines follow the terminal's own cursor.
            self.app.cursor_position = Offset(*at)

    def _keep_going(self) -> None:
        """See to it that the next step of a play, or more of a search, is done when it is due."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.player is not None and self.player.is_busy:
            wait = self.player.wait(self._clock())
            self._timer = self.set_timer(max(wait, FRAME) if wait else 0.001, self._tick)

    def _tick(self) -> None:
        if self.player is not None:
            self.player.tick(self._clock())
            self._keep_going()
            self._show()

    def _ask(self, question: str) -> None:
        """Open the field for a question; what was typed there before stands in it still."""
        from stepgrad.tui.questions import QUESTIONS
        from stepgrad.tui.widgets.field import Field

        if self._field is not None:
            return
        asked, player = QUESTIONS[question], self.player
        start, words = "", []
        if player is not None:
            player.autoplay.stop()
            start, words = asked.start(player), list(asked.words(player))
        self._question = question
        self._field = Field(asked.hint, asked.placeholder, self._draft.pop(question, start), words)
        self.mount(self._field)

    def on_asked(self, message: Asked) -> None:
        if self._field is None:
            return
        if self.player is None:
            self._field.refuse("the scenario is still being opened")
            return
        try:
            self.player.answer(self._question, message.text)
        except StepgradError as fault:
            self._field.refuse(str(fault))
        else:
            self._close_field()
            self._remember_soon()

    def on_dismissed(self, _: Dismissed) -> None:
        if self._field is not None and self._field.text.strip():
            self._draft[self._question] = self._field.text
        self._close_field()

    def _close_field(self) -> None:
        if self._field is not None:
            self._field.remove()
            self._field = None
            self._show()

    def _help(self) -> None:
        from stepgrad.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.actions))

    def _tree(self) -> None:
        from stepgrad.tui.screens.tree import TreeScreen

        if self.player is not None and self.player.state.veil != OPEN:
            self.player.notice = TOLD
            return
        cell = self.player.pointing.asked() if self.player is not None else None
        if self.player is not None and cell is not None:
            self.app.push_screen(TreeScreen(self.player, cell, self.player.pointing.direction), self._branched)

    def _branched(self, cell: Cell | None) -> None:
        """Back from the tree, with a cell to whose step to go."""
        if cell is not None and self.player is not None:
            self.player.to_cell(cell)
            self._remember_soon()
        self._show()

    def _words(self) -> None:
        from stepgrad.tui.screens.words import WordsScreen

        if self.player is None:
            return
        self.player.autoplay.stop()
        found = WordsScreen(self.player.lesson.stop_at(self.player.cursor.position))
        if found.is_empty:
            self.player.notice = "no word of this note is in the glossary"
        else:
            self.app.push_screen(found)

    def _stops(self) -> None:
        from stepgrad.tui.screens.stops import StopsScreen

        if self.player is not None:
            self.app.push_screen(StopsScreen(self.player), lambda _: self._show())

    def _map(self) -> None:
        from stepgrad.tui.screens.look import ink

        if self.player is not None:
            self.player.maps = ink(self.app) if self.player.maps is None else None

    def _look(self) -> None:
        from stepgrad.tui.look import Look
        from stepgrad.tui.screens.look import LookScreen, ink

        if self.player is not None:
            self.player.autoplay.stop()
            self._looks = self._looks or Look(self.player, ink(self.app))
            self.app.push_screen(LookScreen(self._looks), lambda _: self._show())

    def _record(self) -> None:
        from stepgrad.tui.recording.live import Recorder

        if self.player is not None:
            self._recorder = self._recorder or Recorder(self.app, self._clock)
            self.player.notice = self._recorder.turn(self.player)

    @property
    def _is_recording(self) -> bool:
        return self._recorder is not None and self._recorder.is_on

    def _unfinished(self) -> str:
        """What `q` would put an end to."""
        if self._is_recording:
            return "this is being recorded: q again ends both, R ends the recording"
        if self.player is not None and self.player.what_if.edits.unsaved:
            return "the changes are not saved: q again leaves them, S saves them"
        return ""

    def _quit(self, *, sure: bool) -> None:
        unfinished = self._unfinished()
        if self.player is not None and unfinished and not sure:
            self._is_leaving = True
            self.player.notice = unfinished
        elif self.app.screen_stack[0] is self:
            self.app.exit(0)
        else:
            self.dismiss()

    def _remember_soon(self) -> None:
        if self._desk is not None and self._aside is None:
            self._aside = self.set_timer(ASIDE, self._remember)

    def _remember(self) -> None:
        self._aside = None
        if self._desk is not None and self.player is not None:
            self._desk.remember(self.player)
