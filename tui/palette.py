"""The command palette: every action of the table by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from stepgrad.tui.actions import ACTIONS, Action, key_sign
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.themes import THEMES


class Actions(Provider):
    """Offers what the keys do, and the themes."""

    async def discover(self) -> Hits:
        for name, help_text, call in self._offers():
            yield DiscoveryHit(name, call, help=help_text)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, help_text, call in self._offers():
            score = max(matcher.match(name), matcher.match(help_text))
            if score > 0:
                yield Hit(score, matcher.highlight(name), call, help=help_text)

    def _offers(self) -> list[tuple[str, str, partial[None]]]:
        screen = self.screen
        found = []
        if isinstance(screen, PlayerScreen):
            found = [(_name(action), action.help, partial(screen.action_perform, action.name)) for action in ACTIONS]
        for theme in THEMES:
            found.append((f"{theme} theme", f"light and dark: show everything {theme}", partial(self._dress, theme)))
        return found

    def _dress(self, theme: str) -> None:
        self.app.theme = theme


def _name(action: Action) -> str:
    return f"{action.label} ({key_sign(action.keys[0])})"
