"""Where a number comes from and where it goes: from any cell, in either direction.

Backwards, a cell's trace says what it reads. Forwards, what a cell feeds is what its gradient cell reads of dy: the
gradient rules are the only second rule an op has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from stepgrad.engine.graph import Graph, Node
from stepgrad.engine.number import Index, Number, Read
from stepgrad.engine.patterns import Pattern, patterns
from stepgrad.engine.run import Run
from stepgrad.engine.step import leaves

Cell = tuple[str, Index]
"""A cell by name: (tensor, index)."""


def why(run: Run, tensor: str, index: Index) -> list[Cell]:
    """The cells that a cell reads, in order of first use; none for a source."""
    return list(reads(run, tensor, index))


def reads(run: Run, tensor: str, index: Index) -> Iterator[Cell]:
    """As `why`, each cell found when it is asked for."""
    node = run.graph.node(tensor)
    seen: set[Cell] = set()
    for cell in _read(run.trace(node, index)) if node is not None else ():
        if cell not in seen:
            seen.add(cell)
            yield cell


def feeds(run: Run, tensor: str, index: Index) -> list[Cell]:
    """The cells that read a cell, in the order they are written."""
    return list(_feeds(run, tensor, index, None))


def met(run: Run, node: Node, tensor: str, index: Index) -> list[Cell]:
    """The cells that a cell is combined with in the arithmetic of a node: all that a weight is multiplied by."""
    found = chain.from_iterable(pattern.others for pattern in patterns(run, node, tensor, index) or ())
    return [cell for cell in dict.fromkeys(found) if cell != (tensor, index)]


def _feeds(run: Run, tensor: str, index: Index, only: Collection[str] | None) -> Iterator[Cell]:
    for node in run.graph.readers(tensor):
        if only is None or node.name in only:
            yield from ((node.name, out) for out in _fed(run, node, tensor, index))


def receptive(run: Run, tensor: str, index: Index, source: str) -> set[Index]:
    """The cells of `source` that a cell depends on, through however many layers."""
    wanted = _ancestors(run.graph, tensor)
    return _reach((tensor, index), source, lambda name, cell: why(run, name, cell), wanted)


def influence(run: Run, tensor: str, index: Index, target: str) -> set[Index]:
    """The cells of `target` that depend on a cell."""
    wanted = _ancestors(run.graph, target)
    return _reach((tensor, index), target, lambda name, cell: _feeds(run, name, cell, wanted), wanted)


def _ancestors(graph: Graph, tensor: str) -> set[str]:
    """The tensor and everything it is computed from."""
    found = {tensor}
    for node in reversed(graph.nodes):
        if node.name in found:
            found.update(name for name in node.inputs if name is not None)
    return found


def _reach(
    start: Cell, target: str, neighbours: Callable[[str, Index], Iterable[Cell]], within: Collection[str]
) -> set[Index]:
    """The cells of `target` reached from `start`, going from neighbour to neighbour."""
    seen, queue = {start}, [start]
    while queue:
        name, index = queue.pop()
        if name == target:
            continue
        fresh = [cell for cell in neighbours(name, index) if cell[0] in within and cell not in seen]
        seen.update(fresh)
        queue.extend(fresh)
    return {index for name, index in seen if name == target}


def _read(trace: Number) -> Iterator[Cell]:
    return ((leaf.cells.name, leaf.index) for leaf in leaves(trace) if isinstance(leaf, Read))


def _fed(run: Run, node: Node, tensor: str, index: Index) -> Iterator[Index]:
    """The output cells of a node that read a cell."""
    found = patterns(run, node, tensor, index)
    if found is None:
        yield from _searched(run, node, tensor, index)
        return
    fed: dict[Index, None] = {}
    for pattern in found:
        fed.update(dict.fromkeys(_reached(run, node, pattern, (tensor, index))))
    yield from sorted(fed)


def _reached(run: Run, node: Node, pattern: Pattern, start: Cell) -> Iterator[Index]:
    """The cells that a pattern finds fed."""
    return (cell for cell in pattern.cells if pattern.exact or start in _read(run.trace(node, cell)))


def _searched(run: Run, node: Node, tensor: str, index: Index) -> Iterator[Index]:
    """The cells of a node without a gradient. An update goes cell by cell; of any other they are looked through."""
    spec = run.graph.spec(tensor)
    if node.op.kind == "optimizer" and spec.shape == node.spec.shape:
        yield index
        return
    for k in range(node.size):
        cell = node.spec.index(k)
        if (tensor, index) in _read(run.trace(node, cell)):
            yield cell
