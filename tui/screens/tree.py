"""The tree of a cell: what it was made of, and that again, down to inputs and parameters; or where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Offset
from textual.screen import Screen

from stepgrad.engine.lookup import Cell
from stepgrad.tui.board import origin
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, Line, clip, placed, spread
from stepgrad.tui.places import named
from stepgrad.tui.reach import Direction
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.tree import More, Tree
from stepgrad.tui.tree_rows import Rows
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.tui.player import Player

KEYS = (
    ("→", "open"), ("←", "close"), ("*", "all of it"), ("w", "comes from"), ("W", "goes to"), ("Enter", "to its step"),
    ("↑↓", "move"), ("q", "back"),
)  # fmt: skip


class TreeScreen(Screen[Cell | None]):
    """Shows a tree; leaves it with the cell to go to, or with none."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("right,l,plus", "open", show=False),
        Binding("left,h,minus", "close", show=False),
        Binding("asterisk", "all", show=False),
        Binding("w", "turn('why')", show=False),
        Binding("W", "turn('feeds')", show=False),
        Binding("enter", "go", show=False),
        Binding("q,T,escape,backspace,question_mark", "leave", show=False),
    ]

    def __init__(self, player: Player, cell: Cell, direction: Direction = "why") -> None:
        super().__init__()
        self._player = player
        self._cell = cell
        self.stage = Stage(self._page)
        self._plant(direction)

    def compose(self) -> ComposeResult:
        yield self.stage

    def _plant(self, direction: Direction) -> None:
        cursor = self._player.cursor
        self.tree_of = Tree(self._player.lesson.history.run(cursor.iteration), self._cell, direction)
        self._rows = Rows(self._player.lesson, self.tree_of, cursor.position, cursor.iteration)
        self.at = 0
        self._notice = ""

    def action_move(self, by: int) -> None:
        self.at = min(max(self.at + by, 0), len(self.tree_of.rows) - 1)
        self._show()

    def action_page(self, by: int) -> None:
        self.action_move(by * max(self.size.height - 4, 1))

    def action_open(self) -> None:
        """Open the row; one that is open leads to the first under it."""
        row = self.tree_of.rows[self.at]
        before = len(self.tree_of.rows)
        self.tree_of.open(row)
        self.action_move(int(len(self.tree_of.rows) == before and getattr(row, "is_open", False)))

    def action_close(self) -> None:
        closed = self.tree_of.close(self.tree_of.rows[self.at])
        self.at = self.tree_of.rows.index(closed)
        self._show()

    def action_all(self) -> None:
        whole = self.tree_of.open_all(self.tree_of.rows[self.at])
        self._show("" if whole else "as much as can be opened at once; open a branch further down for more of it")

    def action_turn(self, direction: Direction) -> None:
        self._plant(direction)
        self._show()

    def action_go(self) -> None:
        row = self.tree_of.rows[self.at]
        self.dismiss(row.branch.cell if isinstance(row, More) else row.cell)

    def action_leave(self) -> None:
        self.dismiss(None)

    def _show(self, notice: str = "") -> None:
        self._notice = notice
        self.stage.turn()
        at = self.stage.page.cursor
        if at is not None:
            self.app.cursor_position = Offset(*at)

    def _page(self, width: int, height: int) -> Page:
        inner, room = width - MARGIN, max(height - 3, 1)
        rows = self.tree_of.rows
        first = origin(self.at, 1, room, len(rows))
        name = named(self.tree_of.run.graph, self._cell)
        title = f"Where {name} comes from" if self.tree_of.direction == "why" else f"What {name} goes into"
        count: Line = ((f"{self.at + 1} of {len(rows)}", "faint"),)
        seen = enumerate(rows[first : first + room], first)
        shown = [self._rows.line(row, inner, chosen=i == self.at) for i, row in seen]
        lines = [spread(((title, "title"),), count, inner), *shown, *[BLANK] * (room - len(shown))]
        lines.append(((self._notice, "strong"),) if self._notice else BLANK)
        lines.append(keys_line(KEYS, inner))
        cursor = (MARGIN + 2 * min(rows[self.at].depth, inner // 4), self.at - first + 1)
        return Page(tuple(clip(placed([(MARGIN, line)]), width) for line in lines[:height]), cursor)
