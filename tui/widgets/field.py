"""The field for a question of the player, with the line that says what is wrong with the answer."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from stepgrad.tui.messages import Asked, Dismissed

LONGEST = 500
"""Characters it takes; a paste of more is cut."""


class Field(Vertical):
    """Asks for a line of text. What was typed stays until it is an answer.

    `words` are completed as they are typed; the right arrow takes what is offered.
    """

    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        Binding("escape", "dismiss", show=False),
        Binding("up,down,tab,shift+tab", "nothing", show=False),
    ]
    DEFAULT_CSS = """
    Field { layer: field; dock: bottom; height: auto; max-height: 4; background: $surface; }
    Field Input { height: 1; border: none; padding: 0 1; background: $surface; }
    Field Input:focus { border: none; }
    Field Static { height: auto; max-height: 3; padding: 0 1; color: $faint; }
    Field.wrong Static { color: $hue1; text-style: bold; }
    """

    def __init__(self, hint: str, placeholder: str, text: str = "", words: Sequence[str] = ()) -> None:
        super().__init__()
        self._hint = hint
        self._said = Static(hint, markup=False)
        self._early = len(text)
        """Where text that was typed before the field was there goes on."""
        self._input = Input(
            text,
            placeholder=placeholder,
            max_length=LONGEST,
            select_on_focus=False,
            suggester=SuggestFromList(words) if words else None,
        )

    def compose(self) -> ComposeResult:
        yield self._said
        yield self._input

    def on_mount(self) -> None:
        self._input.focus()
        self._input.cursor_position = len(self._input.value)

    @property
    def text(self) -> str:
        """What was typed so far."""
        return self._input.value

    def type(self, character: str) -> None:
        """Take a character that was typed before the field was there: it stands before those that came after."""
        at, text = self._early, self._input.value
        self._input.value = (text[:at] + character + text[at:])[:LONGEST]
        self._early += 1
        self._input.cursor_position = len(self._input.value)

    def clear(self) -> None:
        """Forget what was typed."""
        self._input.value = ""

    def select(self) -> None:
        """Let the next key take the place of what was typed."""
        self._input.action_select_all()

    def refuse(self, reason: str) -> None:
        """Say what is wrong, and keep what was typed."""
        self.add_class("wrong")
        self._said.update(reason)

    @on(Input.Submitted)
    def _ask(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Asked(event.value) if event.value.strip() else Dismissed())

    @on(Input.Changed)
    def _forgive(self) -> None:
        if self.has_class("wrong"):
            self.remove_class("wrong")
            self._said.update(self._hint)

    def action_dismiss(self) -> None:
        self.post_message(Dismissed())

    def action_nothing(self) -> None:
        """Keys that would move the player behind the field."""
