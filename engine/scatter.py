"""A gradient seen from the other side: what each upstream cell adds to the cells it reaches, and the sums so far.

A gradient is linear in dy, so the share of one cell of dy is the gradient with every other cell of dy set to zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepgrad.engine.graph import Node
from stepgrad.engine.lookup import why
from stepgrad.engine.number import Index, Leaf, Number, Read
from stepgrad.engine.op import Spec
from stepgrad.engine.run import Run
from stepgrad.engine.scratch import keeping


@dataclass(frozen=True)
class Addition:
    """What one upstream cell adds to one cell of a gradient, and the sum of what has been added so far."""

    index: Index
    added: float
    so_far: float


def reached(run: Run, node: Node, upstream: Index) -> list[Index]:
    """The gradient cells that dy[upstream] adds to."""
    forward, source = run.graph.differentiates[node.name]
    return [cell for name, cell in why(run, forward, upstream) if name == source]


def scatter(run: Run, node: Node, upstream: Index) -> Iterator[Addition]:
    """What dy[upstream] adds to each gradient cell it reaches, the cells before it already in: each cell's own
    arithmetic, the gather formula, with the other cells of dy set to zero."""
    dy, spec = _upstream(run, node)
    last = spec.number(upstream)
    for cell in reached(run, node, upstream):
        trace = run.trace(node, cell)
        added = trace.evaluate(_share(dy, spec, last, last))
        yield Addition(cell, added, trace.evaluate(_share(dy, spec, 0, last)))


def so_far(run: Run, node: Node, upstream: Index) -> np.ndarray[Any, Any]:
    """The whole gradient with the cells of dy up to `upstream` in, and those after it zero."""
    dy, spec = _upstream(run, node)
    left = run.host(dy).copy()
    left.reshape(-1)[spec.number(upstream) + 1 :] = 0
    inputs = [None if name is None else run.tensors[name] for name in node.inputs]
    known = run.backend.asarray(left, spec.dtype)
    given = [known if name == dy else array for name, array in zip(node.inputs, inputs, strict=True)]
    with np.errstate(all="ignore"), keeping(False):
        return run.backend.to_host(run.backend.xp.asarray(node.op.compute(run.backend.xp, *given)))


def _upstream(run: Run, node: Node) -> tuple[str, Spec]:
    forward, _ = run.graph.differentiates[node.name]
    return f"{forward}.grad", run.graph.spec(forward)


def _share(dy: str, spec: Spec, first: int, last: int) -> Leaf:
    """Leaves as they are, but for the cells of dy outside first..last, which are 0."""

    def leaf_value(leaf: Number) -> float:
        if isinstance(leaf, Read) and leaf.cells.name == dy and not first <= spec.number(leaf.index) <= last:
            return 0.0
        return leaf.value

    return leaf_value
