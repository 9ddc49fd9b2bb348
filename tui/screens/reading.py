"""Lines to read, as many as there are; any of the usual keys leads back."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, Line, clip, filled, placed
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.widgets.stage import Stage

APART = 2
"""Columns between what stands before a tab and what follows it."""


class ReadingScreen(Screen[None]):
    """Shows lines of text under a title. A line that is too long is broken between words."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("q,escape,enter,space,backspace,question_mark,f1", "dismiss", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, title: str, lines: Iterable[str], back: str) -> None:
        """`back` is what the key that leads out does."""
        super().__init__()
        self._title = title
        self._lines = tuple(lines)
        self._back = back
        self._first = 0
        self.stage = Stage(self._page)

    def compose(self) -> ComposeResult:
        yield self.stage

    def action_scroll(self, by: int) -> None:
        self._first = max(self._first + by, 0)
        self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        inner = max(width - MARGIN, 1)
        lead = APART + max((len(text.partition("\t")[0]) for text in self._lines if "\t" in text), default=0)
        lines = [line for text in self._lines for line in _fitted(text, min(lead, inner // 2), inner)]
        room = max(height - 3, 1)
        self._first = min(self._first, max(len(lines) - room, 0))
        more = [("↓", "more")] if self._first + room < len(lines) else []
        shown = [((self._title, "title"),), BLANK, *lines[self._first : self._first + room]]
        shown += [BLANK] * (height - 1 - len(shown))
        footer = keys_line([*more, ("↑↓", "scroll"), ("q", self._back)], inner)
        return Page(tuple(clip(placed([(MARGIN, line)]), width) for line in [*shown[: height - 1], footer]))


def _fitted(text: str, lead: int, room: int) -> list[Line]:
    """A line as it stands, columns and all, where it fits; what follows a tab has a column of its own."""
    head, tab, rest = text.partition("\t")
    if not tab:
        return [((text, ""),)] if len(text) <= room else filled([(text, "")], room)
    first, *others = filled([(rest, "")], room - lead)
    return [placed([(0, ((head, "key"),)), (lead, first)]), *(placed([(lead, line)]) for line in others)]
