"""The words of a note: what each means, and the lesson that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.scenarios.glossary import Word
from stepgrad.tui.board import origin
from stepgrad.tui.flat import quoted
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, READABLE, Line, clip, filled, placed
from stepgrad.tui.messages import LessonChosen
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.telling_words import words_of
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Stop

KEYS = (("↑↓", "choose"), ("Enter", "its lesson"), ("q", "back"))
MARK, INDENT = "▶ ", 2


class WordsScreen(Screen[None]):
    """Lists words; Enter opens the lesson of the chosen one, and `q` there leads back here."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("up,k", "choose(-1)", show=False),
        Binding("down,j", "choose(1)", show=False),
        Binding("enter", "open", show=False),
        Binding("q,escape,G,backspace,space", "leave", show=False),
    ]

    def __init__(self, stop: Stop | None) -> None:
        super().__init__()
        self.words = words_of(stop)
        self._quoted = "" if stop is None else quoted(stop)
        self._chosen = 0
        self.stage = Stage(self._page)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.words and not self._quoted

    def compose(self) -> ComposeResult:
        yield self.stage

    def action_choose(self, by: int) -> None:
        self._chosen = min(max(self._chosen + by, 0), max(len(self.words) - 1, 0))
        self.stage.turn()

    def action_open(self) -> None:
        if self.words and self.words[self._chosen].lesson:
            self.post_message(LessonChosen(self.words[self._chosen].lesson))

    def action_leave(self) -> None:
        self.dismiss()

    def _page(self, width: int, height: int) -> Page:
        room = width - MARGIN
        lines = [*filled([(self._quoted, "")], min(room, READABLE)), *([BLANK] if self._quoted else [])]
        first = last = 0
        for i, word in enumerate(self.words):
            block = self._block(word, min(room, READABLE), chosen=i == self._chosen)
            if i == self._chosen:
                first, last = len(lines), len(lines) + len(block)
            lines += [*block, BLANK]
        size = max(height - 3, 1)
        top = origin(first, min(last - first, size), size, len(lines))
        shown = [(("Words of this note", "title"),), BLANK, *lines[top : top + size]]
        shown = [*shown, *[BLANK] * max(height - 1 - len(shown), 0)][: height - 1]
        return Page(tuple(clip(placed([(MARGIN, line)]), width) for line in [*shown, keys_line(KEYS, room)]))

    def _block(self, word: Word, room: int, *, chosen: bool) -> list[Line]:
        """A word, its text beneath, and where to go on."""
        head: Line = ((f"{MARK if chosen else '  '}{word.term}", "chosen" if chosen else "strong"),)
        if word.lesson:
            head = (*head, (f"   -> {word.lesson}", "faint"))
        return [head, *(placed([(INDENT, line)]) for line in filled([(word.text, "")], max(room - INDENT, 1)))]
