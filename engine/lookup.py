"""Where a number comes from and where it goes: from any cell, in either direction.

Backwards, a cell's trace says what it reads. Forwards, what a cell feeds is what its gradient cell reads of dy: the
gradient rules are the only second rule an op has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from stepgrad.engine.graph import Graph, Node
from stepgrad.engine.number import Cells, Index, Leaf, Number, Read, lift
from stepgrad.engine.op import Ref, Spec, input_keys
from stepgrad.engine.run import Run
from stepgrad.engine.step import leaves

Cell = tuple[str, Index]
"""A cell by name: (tensor, index)."""

SEARCH = 4096
"""Cells of an op without a gradient that are searched, one by one, for what they read."""


def why(run: Run, tensor: str, index: Index) -> list[Cell]:
    """The cells that a cell reads, in order of first use; none for a source."""
    node = run.graph.node(tensor)
    return [] if node is None else list(dict.fromkeys(_read(run.trace(node, index))))


def feeds(run: Run, tensor: str, index: Index) -> list[Cell]:
    """The cells that read a cell, in the order they are written."""
    return list(_feeds(run, tensor, index, None))


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


@dataclass(frozen=True)
class Addition:
    """What one upstream cell adds to one cell of a gradient, and the sum of what has been added so far."""

    index: Index
    added: float
    so_far: float


def scatter(run: Run, node: Node, upstream: Index) -> list[Addition]:
    """What the upstream cell dy[upstream] adds to each gradient cell it reaches, the cells before it already in.

    A gradient is linear in dy, so the share of one dy cell is the gradient cell's own arithmetic with every other dy
    cell set to zero: the gather formula seen from the other side.
    """
    forward, source = run.graph.differentiates[node.name]
    dy, forward_spec = f"{forward}.grad", run.graph.spec(forward)
    last = forward_spec.number(upstream)
    additions = []
    for name, cell in why(run, forward, upstream):
        if name != source:
            continue
        trace = run.trace(node, cell)

        added = trace.evaluate(_share(dy, forward_spec, last, last))
        so_far = trace.evaluate(_share(dy, forward_spec, 0, last))
        additions.append(Addition(cell, added, so_far))
    return additions


def _share(dy: str, spec: Spec, first: int, last: int) -> Leaf:
    """Leaves as they are, but for the cells of dy outside first..last, which are 0."""

    def leaf_value(leaf: Number) -> float:
        if isinstance(leaf, Read) and leaf.cells.name == dy and not first <= spec.number(leaf.index) <= last:
            return 0.0
        return leaf.value

    return leaf_value


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
    graph = run.graph
    dy = Ref("dy", node.spec)
    refs = [None if name is None else graph.ref(name) for name in node.inputs]
    described = node.op.gradient(*refs, y=graph.ref(node.name), dy=dy)
    keys = input_keys(type(node.op), len(node.inputs))
    found: dict[Index, None] = {}
    for key, name in zip(keys, node.inputs, strict=True):
        if name != tensor:
            continue
        if key not in described:
            found.update(dict.fromkeys(_searched(run, node, tensor, index)))
            continue
        op, *inputs = described[key]
        given = [None if ref is None else _cells(run, ref) for ref in inputs]
        trace = lift(op.cell(index, *given))
        fed = (cell for name, cell in _read(trace) if name == "dy")
        if node.op.integers:  # which cells are read hangs on labels: ask the forward rule
            fed = (out for out in fed if (tensor, index) in why(run, node.name, out))
        found.update(dict.fromkeys(fed))
    return iter(found)


def _cells(run: Run, ref: Ref) -> Cells:
    return Cells("dy", ref.shape) if ref.name == "dy" else run.cells(ref.name)


def _searched(run: Run, node: Node, tensor: str, index: Index) -> Iterator[Index]:
    """The cells of an op without a gradient, looked through one by one."""
    for k in range(min(node.size, SEARCH)):
        out = node.spec.index(k)
        if (tensor, index) in _read(run.trace(node, out)):
            yield out
