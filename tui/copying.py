"""The step on screen for the clipboard, to be pasted into notes and slides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.timeline import short

if TYPE_CHECKING:
    from textual.app import App

    from stepgrad.tui.handout import Section
    from stepgrad.tui.player import Player

LIMIT = 74_000
"""Bytes that every terminal takes: in the code they are sent in, xterm reads a hundred thousand letters."""


class Copying:
    """A part of the player. The clipboard is that of the terminal, which may be far from the program."""

    def __init__(self, player: Player, app: App[Any]) -> None:
        self._player = player
        self._app = app

    def copy(self, _: int) -> None:
        """As Markdown."""
        from stepgrad.tui.handout_markdown import body

        self._copied("Markdown", "md", body(self._sections()))

    def copy_latex(self, _: int) -> None:
        """As LaTeX: what stands between the beginning and the end of a document."""
        from stepgrad.tui.handout_latex import body

        self._copied("LaTeX", "latex", body(self._sections()))

    def copy_torch(self, _: int) -> None:
        """The whole lesson as a PyTorch script, with the numbers that are given, and none that is worked out."""
        from stepgrad.tui.handout_torch import lines

        try:
            self._copied("PyTorch", "torch", lines(self._player.lesson))
        except StepgradError as fault:
            self._player.notice = str(fault)

    def _sections(self) -> Iterator[Section]:
        from stepgrad.tui.handout import Handout

        player = self._player
        return Handout(player.lesson, player.curtain.veil).of_position(player.cursor.written)

    def _copied(self, form: str, option: str, lines: Iterable[str]) -> None:
        text = "\n".join([*lines, ""]).lstrip("\n")
        if len(text.encode()) > LIMIT:
            print_it = f"stepgrad print {self._player.lesson.name} --format {option}"
            self._player.notice = f"too long for a clipboard, {len(text):,} letters; {print_it} writes it"
            return
        self._app.copy_to_clipboard(text)
        self._player.notice = f"copied as {form}: {self._name(option)}"

    def _name(self, option: str) -> str:
        position = self._player.cursor.written
        if option == "torch" or not position:
            return "the lesson" if option == "torch" else "the opening"
        place = self._player.lesson.timeline.place(position - 1)
        return str(short(place.address, place.node.spec.shape))
