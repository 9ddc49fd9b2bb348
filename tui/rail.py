"""The program rail: every tensor in the order it is written, its shape, and where the player is."""

from __future__ import annotations

from stepgrad.engine.graph import Graph
from stepgrad.engine.number import Index
from stepgrad.engine.step import Step
from stepgrad.tui.board import origin
from stepgrad.tui.line import BLANK, Line, clip, spread

NARROWEST, WIDEST = 22, 36
FROM = 100
"""Columns of a terminal from which there is room for the rail."""


def rail_width(graph: Graph, room: int) -> int:
    """Columns of the rail, its margin included; 0 where there is no room for it."""
    if room < FROM:
        return 0
    longest = max((len(name) + len(_shape(graph.spec(name).shape)) for name in graph.names), default=0)
    return min(max(longest + 12, NARROWEST), WIDEST, room // 4)


def rail(step: Step, position: int, room: int, height: int) -> list[Line]:
    """The lines of the rail; a long program is shown by pages."""
    graph = step.graph
    lines: list[Line] = [(("given", "faint"),)]
    lines += [_entry(" ", name, source.spec.shape, "", "faint", room) for name, source in graph.sources.items()]
    here, phase = 0, ""
    passed = True
    for node in graph.nodes:
        if node.phase != phase:
            phase = node.phase
            lines += [BLANK, ((phase, "faint"),)]
        if node is step.node:
            here, passed = len(lines), False
            done = step.place.offset + (position > step.number)
            lines.append(_entry("▶", node.name, node.spec.shape, f"{done}/{node.size}", "rail-here", room))
        else:
            lines.append(
                _entry("✓" if passed else " ", node.name, node.spec.shape, "", "" if passed else "faint", room)
            )
    first = origin(here, 1, height, len(lines))
    return lines[first : first + height]


def _entry(mark: str, name: str, shape: Index, done: str, style: str, room: int) -> Line:
    right = f"{_shape(shape)} {done:>5}" if done else f"{_shape(shape)}      "
    return (
        spread(((f"{mark} {name}", style),), ((right, "faint" if not done else style),), room)
        if room > 0
        else clip((), 0)
    )


def _shape(shape: Index) -> str:
    return "×".join(map(str, shape)) if shape else "scalar"
