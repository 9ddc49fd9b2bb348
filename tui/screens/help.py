"""The keys, from the action table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.tui.actions import ACTIONS, Action, groups, key_sign
from stepgrad.tui.line import BLANK, Line, clip, placed
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.widgets.stage import Stage

KEYS = 7
"""Columns of the keys."""
TWO = 76
"""Columns from which the groups stand in two."""
EXTRA = (("5→", "a number first: so many times"), ("Ctrl+P", "all actions by name"), ("Ctrl+C", "leave at once"))


class HelpScreen(Screen[None]):
    """What each key does. Any of the keys that lead here leads back."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("question_mark,q,escape,enter,space,backspace", "dismiss", show=False),
        Binding("down,j,pagedown", "scroll(1)", show=False),
        Binding("up,k,pageup", "scroll(-1)", show=False),
    ]

    def __init__(self, actions: Iterable[Action] = ACTIONS) -> None:
        super().__init__()
        self._actions = tuple(actions)
        self._first = 0
        self.stage = Stage(self._page)

    def compose(self) -> ComposeResult:
        yield self.stage

    def action_scroll(self, by: int) -> None:
        self._first = max(self._first + by, 0)
        self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        lines = _columns(self._actions, width - MARGIN)
        room = max(height - 3, 1)
        self._first = min(self._first, max(len(lines) - room, 0))
        more = "   ↓ more" if self._first + room < len(lines) else ""
        shown = [(("Keys", "title"),), BLANK, *lines[self._first : self._first + room]]
        shown += [BLANK] * (height - 1 - len(shown))
        footer: Line = (("?", "key"), (" back to the lesson", "faint"), (more, "faint"))
        return Page(tuple(clip(placed([(MARGIN, line)]), width) for line in [*shown[: height - 1], footer]))


def _columns(actions: Iterable[Action], room: int) -> list[Line]:
    """The groups, in two columns where there is room."""
    blocks = [list(_block(name, found)) for name, found in groups(actions).items()]
    blocks[-1][-1:-1] = [_line(keys, text) for keys, text in EXTRA]
    if room < TWO:
        return [line for block in blocks for line in block]
    left: list[Line] = []
    right: list[Line] = []
    for block in blocks:
        (left if 2 * len(left) < sum(map(len, blocks)) - len(block) else right).extend(block)
    return [placed([(0, a), ((room + 1) // 2, b)]) for a, b in zip_longest(left, right, fillvalue=BLANK)]


def _block(name: str, actions: list[Action]) -> Iterator[Line]:
    yield ((name, "strong"),)
    for action in actions:
        yield _line(" ".join(key_sign(key) for key in action.keys), action.help)
    yield BLANK


def _line(keys: str, text: str) -> Line:
    return placed([(0, ((keys, "key"),)), (max(KEYS, len(keys) + 1), ((text, ""),))])
