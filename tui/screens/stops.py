"""The list of stops and watches: turned on and off, taken away, added to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.tui.board import origin
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, Line, clip, placed
from stepgrad.tui.messages import Asked
from stepgrad.tui.numbers import significant
from stepgrad.tui.screens.asking import Asking
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.widgets.stage import Stage

if TYPE_CHECKING:
    from stepgrad.tui.player import Player

KEYS = (
    ("↑↓", "choose"), ("a", "add a stop"), ("t", "watch"), ("Space", "on, off"), ("x", "remove"), ("?", "keys"),
    ("q", "back"),
)  # fmt: skip
EMPTY = "none; a adds one, as in conv[0,0], :backward, w[0] changes, loss < 0.1, nan"


class StopsScreen(Screen[None]):
    """Lists what the player stops at, and under it what is watched."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("up,k", "choose(-1)", show=False),
        Binding("down,j", "choose(1)", show=False),
        Binding("a", "ask('stop')", show=False),
        Binding("t", "ask('watch')", show=False),
        Binding("space", "turn", show=False),
        Binding("x,delete,backspace", "remove", show=False),
        Binding("q,escape,B,enter", "leave", show=False),
    ]
    DEFAULT_CSS = "StopsScreen { layers: page field; }"

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.player = player
        self.stage = Stage(self._page)
        self._chosen = 0
        self._asking = Asking(self)

    def compose(self) -> ComposeResult:
        yield self.stage

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an open field every key is text."""
        return not self._asking.is_open or action not in ("choose", "ask", "turn", "remove", "leave")

    def action_choose(self, by: int) -> None:
        self._chosen = min(max(self._chosen + by, 0), max(self._count - 1, 0))
        self.stage.turn()

    def action_turn(self) -> None:
        if self._chosen < len(self.player.debugger.breaks.all):
            self.player.debugger.breaks.turn(self._chosen)
            self.stage.turn()

    def action_remove(self) -> None:
        breaks, watches = self.player.debugger.breaks, self.player.debugger.watches
        if self._chosen < len(breaks.all):
            breaks.remove(self._chosen)
        elif self._count:
            watches.remove(self._chosen - len(breaks.all))
        self.action_choose(0)

    def action_leave(self) -> None:
        self.dismiss()

    def action_ask(self, question: str) -> None:
        self._asking.ask(question, self.player)

    def on_asked(self, message: Asked) -> None:
        stops = len(self.player.debugger.breaks.all)
        self._asking.answer(message.text, self.player)
        if not self._asking.is_open:
            more = len(self.player.debugger.breaks.all)
            self._chosen = more - 1 if more > stops else self._count - 1
            self.action_choose(0)

    def on_dismissed(self) -> None:
        self._asking.leave()
        self.action_choose(0)

    @property
    def _count(self) -> int:
        return len(self.player.debugger.breaks.all) + len(self.player.debugger.watches.all)

    def _page(self, width: int, height: int) -> Page:
        room = width - MARGIN
        stops = [*self._stops(room)] or [((EMPTY, "faint"),)]
        watches = [*self._watches(room)] or [(("none; t adds one, as in loss, norm(w.grad)", "faint"),)]
        lines = [(("Stops", "strong"),), *stops, BLANK, (("Watched", "strong"),), *watches]
        here = 1 + self._chosen if self._chosen < len(self.player.debugger.breaks.all) else 3 + self._chosen
        size = max(height - 3, 1)
        first = origin(min(here, len(lines) - 1), 1, size, len(lines))
        shown = [(("Stops and watches", "title"),), BLANK, *lines[first : first + size]]
        shown = [*shown, *[BLANK] * max(height - 1 - len(shown), 0)][: height - 1]
        return Page(tuple(clip(placed([(MARGIN, line)]), width) for line in [*shown, keys_line(KEYS, room)]))

    def _stops(self, room: int) -> Iterator[Line]:
        for i, each in enumerate(self.player.debugger.breaks.all):
            box = "[x]" if each.on else "[ ]"
            yield self._row(i, f"{box} {each.text}", each.fault, room)

    def _watches(self, room: int) -> Iterator[Line]:
        first, debugger = len(self.player.debugger.breaks.all), self.player.debugger
        for i, each in enumerate(debugger.watches.all):
            value = debugger.watches.value(each, self.player.curtain.over(debugger.panel).position)
            text = "not written yet" if value is None else significant(value, 6)
            yield self._row(first + i, f"{each.text}   {text}", each.fault, room)

    def _row(self, number: int, text: str, fault: str, room: int) -> Line:
        mark, style = ("▶ ", "chosen") if number == self._chosen else ("  ", "")
        line: Line = ((f"{mark}{text}", style),)
        return clip((*line, (f"   {fault}", "wrong")) if fault else line, room)
