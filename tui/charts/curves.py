"""The curves of a lesson: its loss and other single numbers, and what was asked to be watched."""

from __future__ import annotations

from contextlib import suppress

from stepgrad.engine.expression import Expression, ExpressionError, parse
from stepgrad.engine.graph import Graph
from stepgrad.engine.timeline import Timeline
from stepgrad.tui.charts.series import Recorder, Series

MOST = 6
"""Single numbers of the lesson's own that are drawn without being asked for."""


class Curves:
    """Curves by name, one of them chosen. Their values are worked out once they are looked at."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        timeline = recorder.history.timeline
        self._known = {name for graph, _ in timeline.graphs for name in graph.names}
        self._expressions = {name: self.parsed(name) for name in _numbers(timeline)}
        self._chosen = 0

    @property
    def known(self) -> list[str]:
        """The tensors an expression may be about."""
        return sorted(self._known)

    def of(self, recorder: Recorder) -> Curves:
        """The same curves of another history, those that it still has."""
        found = Curves(recorder)
        for text in self._expressions:
            with suppress(ExpressionError):
                found.watch(text)
        found._chosen = found.names.index(self.chosen) if self.chosen in found.names else 0
        return found

    def parsed(self, text: str) -> Expression:
        """An expression over the tensors of the lesson. Raises ExpressionError."""
        return parse(text, self._known)

    @property
    def names(self) -> list[str]:
        return list(self._expressions)

    @property
    def chosen(self) -> str:
        return self.names[self._chosen] if self._expressions else ""

    def choose(self, by: int) -> None:
        self._chosen = min(max(self._chosen + by, 0), max(len(self._expressions) - 1, 0))

    def watch(self, text: str) -> None:
        """Add the curve of an expression, and choose it. Raises ExpressionError, and then nothing has changed."""
        expression = self.parsed(text)
        self._expressions.setdefault(expression.text, expression)
        self._chosen = self.names.index(expression.text)

    def series(self, name: str) -> Series:
        """The values of a curve, as far as they have been worked out; the first call begins with it."""
        return self.recorder.expression(self._expressions[name])


def _numbers(timeline: Timeline) -> list[str]:
    """The losses, and the other single numbers that are computed before anything is differentiated."""
    graphs = list({id(graph): graph for graph, _ in timeline.graphs}.values())
    losses = [graph.loss for graph in graphs if graph.loss is not None]
    found = [*losses, *(name for graph in graphs for name in _scalars(graph))]
    return list(dict.fromkeys(found))[:MOST]


def _scalars(graph: Graph) -> list[str]:
    return [node.name for node in graph.nodes if node.spec.shape == () and node.phase in ("forward", "loss")]
