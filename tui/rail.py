"""The program rail: every tensor in the order it is written, its shape, and where the player is."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.engine.graph import Graph
from stepgrad.engine.number import Index
from stepgrad.engine.step import Step
from stepgrad.tui.board import origin
from stepgrad.tui.line import BLANK, Line, Run, plain

HERE, DONE = "▶", "✓"
MANY = 1000
EDGE: Run = ("│ ", "todo")


def _counted(graph: Graph) -> int:
    """Columns of how far the player is, and one before."""
    return 1 + max((len(_done(node.size, node.size)) for node in graph.nodes), default=0)


def _done(done: int, size: int) -> str:
    """`12/576`, or `69%` of many cells, which leaves the names their room: the heading counts them."""
    return f"{done}/{size}" if size < MANY else f"{100 * done // size}%"


def rail(step: Step, position: int, room: int, height: int) -> list[Line]:
    """The lines of the rail; a long program is shown by pages."""
    inner = room - len(EDGE[0]) - 1
    entries = list(_entries(step, position, inner))
    here = next(i for i, line in enumerate(entries) if plain(line).startswith(HERE))
    first = origin(here, 1, height, len(entries))
    shown = entries[first : first + height]
    return [(EDGE, *line) for line in [*shown, *[BLANK] * (height - len(shown))]]


def _entries(step: Step, position: int, room: int) -> Iterator[Line]:
    graph, counted = step.graph, _counted(step.graph)

    def entry(mark: str, name: str, done: str, style: str) -> Line:
        """A tensor: its name, its shape, and how far it is written where the player stands in it."""
        size = _shape(graph.spec(name).shape)
        left = max(room - len(mark) - len(size) - counted - 2, 1)
        cut = name if len(name) <= left else f"{name[: left - 1]}…"
        return ((f"{mark} {cut:<{left}} {size}", style), (f"{done:>{counted}}", style))

    yield (("given", "faint"),)
    for name in graph.sources:
        yield entry(" ", name, "", "faint")
    phase, passed = "", True
    for node in graph.nodes:
        if node.phase != phase:
            phase = node.phase
            yield BLANK
            yield ((phase, "faint"),)
        if node is step.node:
            passed = False
            done = step.place.offset + (position > step.number)
            yield entry(HERE, node.name, _done(done, node.size), "rail-here")
        else:
            yield entry(DONE if passed else " ", node.name, "", "" if passed else "faint")


def _shape(shape: Index) -> str:
    return "×".join(map(str, shape)) if shape else "scalar"
