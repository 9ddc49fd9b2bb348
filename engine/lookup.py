"""Where a number comes from and where it goes: from any cell, in either direction.

Backwards, a cell's trace says what it reads. Forwards, what a cell feeds is what its gradient cell reads of dy: the
gradient rules are the only second rule an op has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

import numpy as np

from stepgrad.engine.graph import Graph, Node
from stepgrad.engine.number import Index, Number, Read
from stepgrad.engine.patterns import patterns
from stepgrad.engine.reads import read, reading
from stepgrad.engine.region import Region, Regions, together, without
from stepgrad.engine.run import Run
from stepgrad.engine.step import leaves
from stepgrad.engine.sweep import swept

Cell = tuple[str, Index]
"""A cell by name: (tensor, index)."""

PIECE = 1 << 16
"""Cells that are looked up at once."""


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


def met(run: Run, node: Node, tensor: str, index: Index) -> Regions:
    """The cells that a cell is combined with in the arithmetic of a node: all that a weight is multiplied by."""
    found = together(pattern.others for pattern in patterns(run, node, tensor, index) or ())
    own = {tensor: Region.of(run.graph.spec(tensor).shape, index)}
    return without(found, own)


def origins(run: Run, cells: Regions) -> Iterator[Regions]:
    """What cells read, piece by piece of them. Of many each rule is run once, where it can be."""
    for name, region in cells.items():
        node = run.graph.node(name)
        if node is not None:
            yield from _found(region, partial(_origins, run, node))


def uses(run: Run, cells: Regions) -> Iterator[Regions]:
    """What reads cells, piece by piece of them."""
    for name, region in cells.items():
        for node in run.graph.readers(name):
            yield from _found(region, partial(_uses, run, node, name))


def _found(region: Region, rule: Callable[[Region], Regions]) -> Iterator[Regions]:
    """What a rule finds for the cells of a region, many at once."""
    for piece in region.pieces(PIECE):
        yield together(_along(piece, rule, len(region.shape)))


def _along(region: Region, rule: Callable[[Region], Regions], axes: int) -> Iterator[Regions]:
    """A rule that can not be run for many indices of an axis at once is run index by index, from the last axis on."""
    try:
        yield rule(region)
    except TypeError:
        if len(region) == 1:
            raise
        for part in region.apart(axes - 1):
            yield from _along(part, rule, axes - 1)


def _origins(run: Run, node: Node, region: Region) -> Regions:
    return read(_swept_trace(run, node, region), cells=len(region))


def _swept_trace(run: Run, node: Node, region: Region) -> Number:
    """The arithmetic of all cells of a region."""
    return run.trace(node, swept(region))


def _uses(run: Run, node: Node, tensor: str, region: Region) -> Regions:
    """The cells of a node that read some of a region."""
    if node.op.kind == "optimizer" and region.shape == node.spec.shape:
        return {node.name: region}  # an update goes cell by cell
    found = patterns(run, node, tensor, swept(region), len(region))
    if found is None:
        candidates = Region(node.spec.shape, np.arange(node.size))
    else:
        fed = together({node.name: cells} for cells in (pattern.cells for pattern in found) if cells)
        if node.name not in fed or all(pattern.exact for pattern in found):
            return fed
        candidates = fed[node.name]
    # Their own traces say which of them read it.
    return together(_found(candidates, partial(_reading, run, node, tensor, region)))


def _reading(run: Run, node: Node, tensor: str, wanted: Region, candidates: Region) -> Regions:
    hits = reading(_swept_trace(run, node, candidates), tensor, wanted, cells=len(candidates))
    return {node.name: Region(candidates.shape, candidates.numbers[hits])} if hits.any() else {}


def _feeds(run: Run, tensor: str, index: Index, only: Collection[str] | None) -> Iterator[Cell]:
    region = Region.of(run.graph.spec(tensor).shape, index)
    for node in run.graph.readers(tensor):
        if only is None or node.name in only:
            yield from ((node.name, out) for out in _uses(run, node, tensor, region).get(node.name, ()))


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
