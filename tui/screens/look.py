"""The screen that shows a tensor instead of its numbers; the player moves on beneath it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.screen import Screen

from stepgrad.engine.errors import StepgradError
from stepgrad.tui.charts.heat import Ink
from stepgrad.tui.look_keys import LOOKING
from stepgrad.tui.messages import Asked, Dismissed
from stepgrad.tui.sheet import Page
from stepgrad.tui.widgets.field import Field
from stepgrad.tui.widgets.stage import Stage, has_signs

if TYPE_CHECKING:
    from stepgrad.tui.look import Look


def ink(app: App[Any]) -> Ink:
    """What the terminal at hand can draw with."""
    return Ink(colour=not app.no_color, unicode=has_signs(app))


class CurvesGrew(Message):
    """More of a curve has been worked out."""


HINT = "an expression: loss, norm(conv1.weight.grad), abs(w[0,1] - w[0,1]@0); Enter draws it, Esc leaves"


class LookScreen(Screen[None]):
    """Shows what `look` makes. The keys of its table act on it, or on the player behind it."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding(",".join(a.keys), f"perform('{a.name}')", a.label, show=False, id=f"look.{a.name}") for a in LOOKING
    ]
    DEFAULT_CSS = "LookScreen { layers: page field; }"

    def __init__(self, look: Look, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.look = look
        self.stage = Stage(self._page)
        self._clock = clock
        self._field: Field | None = None

    def on_mount(self) -> None:
        self.look.changed = lambda: self.post_message(CurvesGrew())

    def compose(self) -> ComposeResult:
        yield self.stage

    def action_perform(self, name: str) -> None:
        """Do what the table of the look screen calls `name`."""
        if name in ("close", "help", "ask"):
            getattr(self, f"_{name}")()
        else:
            self.look.perform(name, 1, self._clock())
            self.stage.turn()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an open field every key is text."""
        return self._field is None if action == "perform" else True

    def on_curves_grew(self) -> None:
        if self.look.name == "curve":
            self.stage.turn()

    def _page(self, width: int, height: int) -> Page:
        return self.look.page(width, height)

    def _close(self) -> None:
        self.dismiss()

    def _help(self) -> None:
        from stepgrad.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(LOOKING))

    def _ask(self) -> None:
        self._field = Field(HINT, "draw over the iterations", words=self.look.curves.known)
        self.mount(self._field)

    def on_asked(self, message: Asked) -> None:
        if self._field is None:
            return
        try:
            self.look.watch(message.text)
        except StepgradError as fault:
            self._field.refuse(str(fault))
        else:
            self._leave_field()

    def on_dismissed(self, _: Dismissed) -> None:
        self._leave_field()

    def _leave_field(self) -> None:
        if self._field is not None:
            self._field.remove()
            self._field = None
            self.stage.turn()
