"""The field at the bottom of a screen: what is asked of the player there, and what was typed and left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepgrad.engine.errors import StepgradError
from stepgrad.tui.messages import Asked

if TYPE_CHECKING:
    from textual.events import Key
    from textual.screen import Screen

    from stepgrad.tui.player import Player
    from stepgrad.tui.predicting import Predicting
    from stepgrad.tui.widgets.field import Field


class Asking:
    """Puts one question at a time to who sits before a screen. While it `is_open` every key is text."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._field: Field | None = None
        self._question = ""
        self._drafts: dict[str, str] = {}
        """What was typed for a question that was left."""
        self._predicting: Predicting | None = None

    @property
    def is_open(self) -> bool:
        return self._field is not None

    def predicting(self, player: Player) -> Predicting:
        """The part of a player that asks for the number to come."""
        from stepgrad.tui.predicting import Predicting

        self._predicting = Predicting(player)
        return self._predicting

    def follow(self, player: Player) -> None:
        """Ask for the number that is hidden, where one is to be predicted."""
        if self._predicting is not None and self._predicting.is_asking:
            player.autoplay.stop()
            self.ask("predict", player, self._predicting.prompt)

    def ask(self, question: str, player: Player | None, hint: str = "") -> None:
        """Open the field for a question of the table; what was typed there before stands in it still.

        `hint` takes the place of the question's own.
        """
        from stepgrad.tui.questions import QUESTIONS
        from stepgrad.tui.widgets.field import Field

        if self._field is not None:
            return
        asked = QUESTIONS[question]
        start = asked.start(player) if player is not None else ""
        words = list(asked.words(player)) if player is not None else []
        self._question = question
        self._field = Field(hint or asked.hint, asked.placeholder, self._drafts.pop(question, start), words)
        self._screen.mount(self._field)

    def type(self, key: Key) -> None:
        """Take a key that came while the field was on its way to the screen, as of an address that is pasted.

        A field that is there takes its characters itself, and Enter by a binding.
        """
        field = self._field
        if field is None:
            return
        if key.character and key.is_printable:
            field.type(key.character)
        elif key.key == "enter" and not field.has_focus_within:
            self._screen.call_after_refresh(lambda: self._screen.post_message(Asked(field.text)))

    def answer(self, text: str, player: Player | None) -> None:
        """Hand an answer on. One that will not do leaves the field open, with the reason."""
        if self._field is None:
            return
        if player is None:
            self._field.refuse("the scenario is still being opened")
            return
        try:
            player.answer(self._question, text)
        except StepgradError as fault:
            self._field.refuse(str(fault))
        else:
            self._close(self._field)

    def leave(self) -> None:
        """Close the field without an answer."""
        if self._field is None:
            return
        if self._question == "predict" and self._predicting is not None:
            self._predicting.leave()
        elif self._field.text.strip():
            self._drafts[self._question] = self._field.text
        self._close(self._field)

    def _close(self, field: Field) -> None:
        field.remove()
        self._field = None
