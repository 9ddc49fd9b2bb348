"""The tensors of an iteration in a list, beside what is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.engine.graph import Graph
from stepgrad.engine.step import Step
from stepgrad.tui.board import origin
from stepgrad.tui.layout import RAIL_FROM, RAIL_WIDEST
from stepgrad.tui.line import BLANK, Line
from stepgrad.tui.rail import DONE, EDGE, HERE

NARROWEST = 22
"""Columns of the list."""


def list_width(graph: Graph, room: int) -> int:
    """Columns of the list; 0 where there is no room for it."""
    if room < RAIL_FROM:
        return 0
    longest = max((len(name) + len(_shape(graph, name)) for name in graph.names), default=0)
    return min(max(longest + 6, NARROWEST), RAIL_WIDEST, room // 3)


def list_lines(step: Step, position: int, chosen: str, room: int, height: int) -> list[Line]:
    """The names with their shapes; a long list is shown by pages."""
    entries = list(_entries(step, position, chosen, max(room - len(EDGE[0]), 1)))
    here = next((i for i, (name, _) in enumerate(entries) if name == chosen), 0)
    first = origin(here, 1, height, len(entries))
    shown = [line for _, line in entries[first : first + height]]
    return [(EDGE, *line) for line in [*shown, *[BLANK] * (height - len(shown))]]


def _entries(step: Step, position: int, chosen: str, room: int) -> Iterator[tuple[str, Line]]:
    graph = step.graph
    yield "", (("given", "faint"),)
    for name in graph.sources:
        yield name, _entry(graph, name, chosen, room, " ", "")
    phase, passed = "", True
    for node in graph.nodes:
        if node.phase != phase:
            phase = node.phase
            yield "", BLANK
            yield "", ((phase, "faint"),)
        here = node is step.node
        done = passed and (not here or step.place.offset + (position > step.number) == node.size)
        passed = passed and not here
        yield node.name, _entry(graph, node.name, chosen, room, DONE if done else " ", "" if done or here else "faint")


def _entry(graph: Graph, name: str, chosen: str, room: int, mark: str, style: str) -> Line:
    size = _shape(graph, name)
    left = max(room - len(size) - 3, 1)
    cut = name if len(name) <= left else f"{name[: left - 1]}…"
    mark, style = (HERE, "chosen") if name == chosen else (mark, style)
    return ((f"{mark} {cut:<{left}} {size}", style),)


def _shape(graph: Graph, name: str) -> str:
    return "×".join(map(str, graph.spec(name).shape)) or "scalar"
