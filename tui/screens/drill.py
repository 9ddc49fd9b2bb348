"""The drill's screen: questions one after another, a field or a grid to answer in, and the keys."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen

from stepgrad.tui.broken_keys import BrokenKeys
from stepgrad.tui.drilling.commands import COMMANDS
from stepgrad.tui.line import BLANK, Line, clip, placed
from stepgrad.tui.messages import Asked, Dismissed, LessonFailed
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.scenarios.drills.question import Question
    from stepgrad.scenarios.drills.session import Asked as Asking
    from stepgrad.scenarios.drills.session import Session
    from stepgrad.tui.drilling.grid import Grid
    from stepgrad.tui.drilling.sitting import Sitting
    from stepgrad.tui.widgets.field import Field

LOW = 10
"""Lines of a terminal below which the field says nothing but what is wrong."""


class Opened(Message):
    """The questions are there."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session


def _bindings() -> list[BindingType]:
    """The keys of the table of commands, and those that scroll."""
    return [
        *(Binding(",".join(each.keys), f"perform('{each.word}')", show=False) for each in COMMANDS if each.keys),
        *(Binding(",".join(each.letters), f"spell('{each.word}')", show=False) for each in COMMANDS if each.letters),
        Binding("pagedown", "scroll(5)", show=False),
        Binding("pageup", "scroll(-5)", show=False),
    ]


class DrillScreen(Screen[None]):
    """Shows a title at once, and questions as soon as `load` has opened them."""

    BINDINGS: ClassVar[list[BindingType]] = _bindings()
    DEFAULT_CSS = """
    DrillScreen Field { layer: default; }
    DrillScreen.low Field { max-height: 2; }
    """

    def __init__(
        self,
        load: Callable[[], Session],
        about: str,
        fail: Callable[[BaseException], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`about` is what was asked for; `fail` ends everything where `load` raises."""
        super().__init__()
        self.sitting: Sitting | None = None
        """None until the questions are there."""
        self.stage = Stage(self._page)
        self._load = load
        self._about = about
        self._fail = fail
        self._broken = BrokenKeys(clock)
        self._field: Field | None = None
        self._asked: Asking | None = None
        """What the field is for."""
        self._is_ending = False

    def compose(self) -> ComposeResult:
        yield self.stage

    def on_mount(self) -> None:
        self.call_after_refresh(threading.Thread(target=self._opening, daemon=True).start)

    def _opening(self) -> None:
        try:
            self.post_message(Opened(self._load()))
        except Exception as fault:
            self.post_message(LessonFailed(fault))

    def on_opened(self, message: Opened) -> None:
        from stepgrad.tui.drilling.sitting import Sitting

        self.sitting = Sitting(message.session)
        self.show()

    def on_lesson_failed(self, message: LessonFailed) -> None:
        """A worked solution that cannot be played is no reason to end; without questions there is nothing to show."""
        message.stop()
        if self.sitting is None:
            self._fail(message.fault)
        else:
            self.sitting.told.append((str(message.fault), "wrong"))
            self.show()

    def on_screen_resume(self) -> None:
        self.show()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < LOW, "low")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters and digits are text while there is something to answer."""
        return action != "spell" or (self.sitting is not None and not self.sitting.is_asking)

    def action_spell(self, word: str) -> None:
        self.action_perform(word)

    def action_perform(self, word: str) -> None:
        """Do what the table of commands calls `word`, where there is such a thing now."""
        sitting = self.sitting
        if sitting is None or word not in (command.word for command in sitting.commands):
            return
        if word == "quit":
            self._end()
        elif word in ("help", "stats"):
            getattr(self, f"_{word}")(sitting)
        else:
            getattr(sitting, word)()
            self.show()
            if word == "why" and sitting.is_solved and sitting.question is not None:
                self._play(sitting.question)

    def action_scroll(self, by: int) -> None:
        if self.sitting is not None:
            self.sitting.scroll(by)
            self.stage.turn()

    def on_asked(self, message: Asked) -> None:
        """A line was typed: a command by its word, or an answer."""
        if self.sitting is None or self._field is None:
            return
        named = self.sitting.named(message.text)
        if named is not None:
            self._field.clear()
            self.action_perform(named.word)
        else:
            self._answer(message.text)

    def on_dismissed(self, _: Dismissed) -> None:
        """An empty line is no answer."""

    def _answer(self, text: str) -> None:
        assert self.sitting is not None
        verdict = self.sitting.answer(text)
        if not verdict.counts:
            self._refuse(f"{verdict.say}; that is no mark against you")
        elif self._field is not None and self.sitting.is_asking:
            self._field.select()
        self.show()

    def _refuse(self, reason: str) -> None:
        assert self.sitting is not None
        if self._field is not None:
            self._field.refuse(reason)
        else:
            self.sitting.told = [(reason, "wrong")]

    def on_key(self, event: events.Key) -> None:
        """Keys that write into a grid; letters that mean a command are such only where nothing is to be answered."""
        sitting = self.sitting
        if sitting is None or not sitting.is_asking or sitting.grid is None:
            return
        mended = self._broken.mended("\x1b" if event.key == "escape" else event.character or "")
        key, character = mended or event.key, None if mended is not None or not event.is_printable else event.character
        if key == "enter":
            self._submit(sitting, sitting.grid)
        elif mended != "" and not sitting.grid.press(key, character):
            return
        event.stop()
        event.prevent_default()
        sitting.is_typing = True
        self.show()

    def _submit(self, sitting: Sitting, grid: Grid) -> None:
        """Grade a grid; a command may be typed in a cell as well."""
        named = sitting.named(grid.cells[grid.at])
        if named is None:
            self._answer(grid.text)
        else:
            grid.clear()
            self.action_perform(named.word)

    def on_paste(self, event: events.Paste) -> None:
        if self.sitting is not None and self.sitting.is_asking and self.sitting.grid is not None:
            self.sitting.grid.paste(event.text)
            self.sitting.is_typing = True
            self.show()

    def show(self) -> None:
        """Show the sitting as it is now, and make the next question once it is on the screen."""
        sitting = self.sitting
        if sitting is None or self._is_ending:
            return
        if sitting.is_over:
            self._end()
            return
        self._lay(sitting)
        self.stage.turn()
        at = self.stage.page.cursor
        if at is not None:
            # Magnifiers and braille lines follow the terminal's own cursor.
            self.app.cursor_position = Offset(*at)
        self.call_after_refresh(sitting.session.prepare)

    def _lay(self, sitting: Sitting) -> None:
        """A field for a question that is answered in a line."""
        wanted = sitting.session.current if sitting.is_asking and sitting.grid is None else None
        if wanted is self._asked:
            return
        if self._field is not None:
            self._field.remove()
            self._field = None
        self._asked = wanted
        if wanted is not None:
            from stepgrad.tui.widgets.field import Field

            self._field = Field(wanted.question.answer.asks, "answer")
            self.mount(self._field)

    def _play(self, question: Question) -> None:
        from stepgrad.tui.drilling.solution import solution

        player = solution(question)
        if player is not None:
            self.app.push_screen(player)

    def _help(self, sitting: Sitting) -> None:
        from stepgrad.tui.drilling.commands import described
        from stepgrad.tui.screens.reading import ReadingScreen

        self.app.push_screen(ReadingScreen("Keys, and words to type", described(sitting.commands), "back"))

    def _stats(self, sitting: Sitting) -> None:
        from stepgrad.tui.drilling.standing import standing
        from stepgrad.tui.screens.reading import ReadingScreen

        self.app.push_screen(ReadingScreen("What is known", [*standing(sitting.session.store)], "back"))

    def _end(self) -> None:
        """How it went, then the end."""
        from stepgrad.tui.drilling.standing import standing
        from stepgrad.tui.drilling.words import closing
        from stepgrad.tui.screens.reading import ReadingScreen

        assert self.sitting is not None
        self._is_ending = True
        session = self.sitting.session
        told = [*closing(session)] or ["Nothing was asked."]
        known = [] if session.is_exam else ["", *standing(session.store)]
        self.app.push_screen(ReadingScreen("How it went", [*told, *known], "leave"), self._leave)

    def _leave(self, _: None) -> None:
        assert self.sitting is not None
        self.app.exit(0 if self.sitting.session.is_perfect else 1)

    def _page(self, width: int, height: int) -> Page:
        if self.sitting is None:
            return opening_page(self._about, width, height)
        # Not before the first frame: it needs NumPy.
        from stepgrad.tui.drilling.page import drill_page

        return drill_page(self.sitting, width, height)


def opening_page(about: str, width: int, height: int) -> Page:
    """The first frame: the questions are still being opened."""
    lines: list[Line] = [((f"Drill{f': {about}' if about else ''}", "title"),), BLANK, (("one moment ...", "faint"),)]
    return Page(tuple(clip(placed([(MARGIN, line)]), width) for line in lines)[:height])


def settled(load: Callable[[], Session]) -> Session:
    """Open the questions. What was imported stays: to look through it for garbage takes longer than a question may."""
    session = load()
    gc.freeze()
    return session


def play(load: Callable[[], Session], about: str) -> int:
    """Drill until it is left, and return the exit code. Raises what is wrong, the terminal restored."""
    from stepgrad.tui.app import show

    return show(lambda app: DrillScreen(partial(settled, load), about, app.fail))
