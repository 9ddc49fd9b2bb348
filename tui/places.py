"""Where an address leads: the steps it names, and the position that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.engine.errors import AddressError
from stepgrad.engine.timeline import Address, Timeline, short

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph
    from stepgrad.engine.lookup import Cell

END = ":end"
"""The end of the timeline, where a phase of that name would stand."""

LONGEST = 200
"""Characters of an address."""


def steps(timeline: Timeline, text: str, iteration: int = 0) -> range:
    """The steps (from 0) that an address names: a cell's one, or all of a tensor, a phase or an iteration.

    A bare number is a step as the screen counts them, from 1. `iteration` stands where the address names none.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise AddressError(f"'{text}...' is no address: it has {len(text)} characters")
    if text == END:
        return range(max(timeline.steps - 1, 0), timeline.steps)
    if text.isdecimal():
        return _numbered(timeline, text)
    address = Address.parse(text)
    start = timeline.number(address, iteration)
    if address.index is not None:
        return range(start, start + 1)
    if address.tensor is not None:
        return range(start, start + timeline.place(start).node.size)
    return range(start, timeline.move(start, "phase" if address.phase else "iteration", 1))


def named(graph: Graph, cell: Cell) -> str:
    """A cell's name as a person writes it."""
    tensor, index = cell
    return str(short(Address(tensor, index), graph.spec(tensor).shape)).removesuffix("[]")


def position(timeline: Timeline, text: str, iteration: int = 0) -> int:
    """The position at which the first cell of an address has just been written; `0` is before everything."""
    if text.strip() == "0":
        return 0
    return min(steps(timeline, text, iteration).start + 1, timeline.steps)


def filled(timeline: Timeline, position: int, name: str, iteration: int) -> int:
    """How many cells of a tensor of an iteration stand written at a position; those of a source always do."""
    at, graph, whole, cells = timeline.written(position)
    size = timeline.graph(iteration).spec(name).size
    if iteration != at:
        return size if iteration < at else 0
    order = next((i for i, node in enumerate(graph.nodes) if node.name == name), -1)
    return size if order < whole else cells if order == whole else 0


def _numbered(timeline: Timeline, text: str) -> range:
    if not 1 <= int(text) <= timeline.steps:
        run = f"steps run from 1 to {timeline.steps}" if timeline.steps else "this scenario has none"
        raise AddressError(f"there is no step {text}; {run}")
    return range(int(text) - 1, int(text))
