"""The curtain over what a teacher hides: drawn by `--hide` or by a key, lifted for the step on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stepgrad.tui.panel import Panel
from stepgrad.tui.veil import OPEN, Veil

if TYPE_CHECKING:
    from stepgrad.tui.player import Player


class Cover(Protocol):
    """Something that hides more, for a reason of its own."""

    @property
    def veil(self) -> Veil: ...


class Curtain:
    """What is hidden from who looks at a player."""

    def __init__(self, player: Player, hidden: Veil) -> None:
        self.player = player
        self._asked = hidden
        self._drawn = hidden
        self._is_lifted = False
        self.cover: Cover | None = None
        """What else hides something."""

    @property
    def veil(self) -> Veil:
        """What is hidden now."""
        drawn = OPEN if self._is_lifted else self._drawn
        return drawn if self.cover is None else drawn.under(self.cover.veil)

    def hide(self, _: int) -> None:
        """Show this step, or hide it again. Where nothing was to be hidden, the answers are from now on, or no more."""
        if self._asked != OPEN:
            self._is_lifted = not self._is_lifted
        else:
            self._drawn = OPEN if self._drawn.answers else Veil(answers=True)
            self.player.notice = "answers are hidden" if self._drawn.answers else "answers are shown"

    def moved(self) -> None:
        """Another step is another question."""
        self._is_lifted = False

    def over(self, panel: Panel) -> Panel:
        """What is watched, as far as it may be seen: before the step, or before all of them."""
        if self.veil.values:
            return panel._replace(position=0)
        return panel._replace(position=max(panel.position - 1, 0)) if self.veil.answers else panel
