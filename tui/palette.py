"""The command palette: what the keys do, the places of the lesson, the scenarios and the themes, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from stepgrad.scenarios.catalogue import entries
from stepgrad.tui.actions import Action, key_sign
from stepgrad.tui.screens.drill import DrillScreen
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.themes import THEMES

if TYPE_CHECKING:
    from stepgrad.tui.app import StepgradApp


class Offer(NamedTuple):
    """Something the palette can do."""

    name: str
    help: str
    call: Callable[[], object]


class Offers(Provider):
    """Offers what the screen beneath can do. What is offered at once is what the keys do; the rest is found."""

    async def discover(self) -> Hits:
        for offer in (*self._actions(), *self._themes()):
            yield DiscoveryHit(offer.name, offer.call, help=offer.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for offer in (*self._actions(), *self._places(), *self._scenarios(), *self._themes()):
            score = max(matcher.match(offer.name), 0.9 * matcher.match(offer.help))
            if score > 0:
                yield Hit(score, matcher.highlight(offer.name), offer.call, help=offer.help)

    def _actions(self) -> Iterator[Offer]:
        screen = self.screen
        if isinstance(screen, PlayerScreen):
            for action in screen.actions:
                yield Offer(_name(action), action.help, partial(screen.action_perform, action.name))
            yield Offer("copy as LaTeX", "copy this step, for a document", partial(screen.action_perform, "copy_latex"))
            yield Offer("copy as PyTorch", "copy the whole lesson", partial(screen.action_perform, "copy_torch"))
        elif isinstance(screen, DrillScreen) and screen.sitting is not None:
            for command in screen.sitting.commands:
                yield Offer(command.word, command.summary, partial(screen.action_perform, command.word))

    def _places(self) -> Iterator[Offer]:
        """Layers and the tensors they write."""
        screen = self.screen
        if not isinstance(screen, PlayerScreen) or screen.player is None:
            return
        layers: set[str] = set()
        for graph in screen.player.lesson.timeline.distinct:
            for node in graph.nodes:
                if node.size:
                    shape = "×".join(map(str, node.spec.shape)) or "scalar"
                    kind = "layer" if node.layer == node.name and node.name not in layers else "tensor"
                    layers.add(node.name)
                    what = f"{kind}, {node.op.name}, {shape}, {node.phase}"
                    yield Offer(node.name, what, partial(screen.go, node.name))

    def _scenarios(self) -> Iterator[Offer]:
        app: StepgradApp = self.app  # type: ignore[assignment]  # no other application has this palette
        for entry in entries():
            for name in (entry.name, *(f"{entry.name}:{variant}" for variant in entry.variants)):
                yield Offer(f"open {name}", entry.title, partial(app.open_scenario, name))

    def _themes(self) -> Iterator[Offer]:
        for theme in THEMES:
            yield Offer(f"{theme} theme", "the colours of everything", partial(self._dress, theme))

    def _dress(self, theme: str) -> None:
        self.app.theme = theme


def _name(action: Action) -> str:
    return f"{action.label} ({key_sign(action.keys[0])})"
