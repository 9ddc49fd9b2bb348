"""The field for an address, with the line that says what is wrong with it."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from stepgrad.tui.messages import Asked, Dismissed

LONGEST = 200
"""Characters it takes; a paste of more is cut."""


class Goto(Vertical):
    """Asks for an address. What was typed stays until it leads somewhere."""

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("escape", "dismiss", show=False),
        Binding("up,down,pageup,pagedown,tab,shift+tab", "nothing", show=False),
    ]
    DEFAULT_CSS = """
    Goto { layer: field; dock: bottom; height: 2; background: $surface; }
    Goto Input { height: 1; border: none; padding: 0 1; background: $surface; }
    Goto Input:focus { border: none; }
    Goto Static { height: 1; padding: 0 1; color: $faint; }
    Goto.wrong Static { color: $hue1; text-style: bold; }
    """
    HINT = "an address (out[0,1]), a layer, :backward, @7 or a step number; Enter goes there, Esc leaves"

    def compose(self) -> ComposeResult:
        yield Static(self.HINT, markup=False)
        yield Input(placeholder="go to", max_length=LONGEST, select_on_focus=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def refuse(self, reason: str) -> None:
        """Say what is wrong, and keep what was typed."""
        self.add_class("wrong")
        self.query_one(Static).update(reason, layout=False)

    @on(Input.Submitted)
    def _ask(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Asked(event.value) if event.value.strip() else Dismissed())

    @on(Input.Changed)
    def _forgive(self) -> None:
        if self.has_class("wrong"):
            self.remove_class("wrong")
            self.query_one(Static).update(self.HINT, layout=False)

    def action_dismiss(self) -> None:
        self.post_message(Dismissed())

    def action_nothing(self) -> None:
        """Keys that would move the player behind the field."""
