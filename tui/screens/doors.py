"""What a key of the player opens: other screens, and maps on its board. They are imported when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.tui.veil import OPEN, TOLD

if TYPE_CHECKING:
    from stepgrad.engine.lookup import Cell
    from stepgrad.tui.look import Look
    from stepgrad.tui.player import Player
    from stepgrad.tui.screens.player import PlayerScreen


class Doors:
    """A part of the player: each action of the table that leads somewhere else has the method of its name."""

    def __init__(self, screen: PlayerScreen, player: Player) -> None:
        self._screen = screen
        self._player = player
        self._look: Look | None = None
        """What was looked at last; its curves are kept."""

    def help(self, _: int) -> None:
        from stepgrad.tui.screens.help import HelpScreen

        self._screen.app.push_screen(HelpScreen(self._screen.actions))

    def stops(self, _: int) -> None:
        from stepgrad.tui.screens.stops import StopsScreen

        self._screen.app.push_screen(StopsScreen(self._player), self._back)

    def words(self, _: int) -> None:
        from stepgrad.tui.screens.words import WordsScreen

        found = WordsScreen(self._player.cursor.stop)
        if found.is_empty:
            self._player.notice = "no word of this note is in the glossary"
        else:
            self._screen.app.push_screen(found)

    def tree(self, _: int) -> None:
        from stepgrad.tui.screens.tree import TreeScreen

        player = self._player
        if player.curtain.veil != OPEN:
            player.notice = TOLD
            return
        cell = player.pointing.inquiring.asked()
        if cell is not None:
            self._screen.app.push_screen(TreeScreen(player, cell, player.pointing.inquiring.direction), self._branched)

    def map(self, _: int) -> None:
        from stepgrad.tui.screens.look import ink

        player = self._player
        if player.curtain.veil.result:
            player.notice = TOLD
        else:
            player.maps = ink(self._screen.app) if player.maps is None else None

    def look(self, _: int) -> None:
        from stepgrad.tui.look import Look
        from stepgrad.tui.screens.look import LookScreen, ink

        if self._player.curtain.veil.result:
            self._player.notice = TOLD
            return
        self._look = self._look or Look(self._player, ink(self._screen.app))
        self._screen.app.push_screen(LookScreen(self._look), self._back)

    def _back(self, _: object) -> None:
        self._screen.show()

    def _branched(self, cell: Cell | None) -> None:
        """Back from the tree, with a cell to whose step to go."""
        if cell is not None:
            self._player.to_cell(cell)
        self._screen.show()
