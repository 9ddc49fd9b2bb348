"""A gradient seen from the other side: what each upstream cell adds to the cells it reaches, and the sums so far.

A gradient is linear in dy, so the share of one cell of dy is the gradient with every other cell of dy set to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stepgrad.engine.graph import Node
from stepgrad.engine.lookup import why
from stepgrad.engine.number import Index
from stepgrad.engine.op import Spec
from stepgrad.engine.run import Run
from stepgrad.engine.scratch import keeping

Array = np.ndarray[Any, Any]


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


def scatter(run: Run, node: Node, upstream: Index) -> list[Addition]:
    """What dy[upstream] adds to each gradient cell that it reaches, the cells before it already in."""
    number = _upstream(run, node)[1].number(upstream)
    added, sums = _share(run, node, number, number), so_far(run, node, upstream)
    return [Addition(cell, float(added[cell]), float(sums[cell])) for cell in reached(run, node, upstream)]


def so_far(run: Run, node: Node, upstream: Index) -> Array:
    """The whole gradient with the cells of dy up to `upstream` in, and those after it zero."""
    return _share(run, node, 0, _upstream(run, node)[1].number(upstream))


def _share(run: Run, node: Node, first: int, last: int) -> Array:
    """The whole gradient, computed from the cells first..last of dy alone."""
    (dy, spec), backend = _upstream(run, node), run.backend
    kept = np.zeros_like(run.host(dy))
    kept.reshape(-1)[first : last + 1] = run.host(dy).reshape(-1)[first : last + 1]
    known = backend.asarray(kept, spec.dtype)
    given = [known if name == dy else None if name is None else run.tensors[name] for name in node.inputs]
    with np.errstate(all="ignore"), keeping(False):
        return backend.to_host(backend.xp.asarray(node.op.compute(backend.xp, *given)))


def _upstream(run: Run, node: Node) -> tuple[str, Spec]:
    forward, _ = run.graph.differentiates[node.name]
    return f"{forward}.grad", run.graph.spec(forward)
