"""One iteration, executed: every tensor of a graph, vectorised, and the trace of any cell of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stepgrad.engine.backend import NUMPY, Backend
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.graph import Graph, Node
from stepgrad.engine.number import Cells, Index, Number, lift
from stepgrad.engine.op import Array
from stepgrad.engine.scratch import keeping
from stepgrad.engine.sweep import SweptCells

BUFFER = 1024
"""Cells: NumPy copies a broadcast operand (a bias, a channel's mean) into a buffer unless a row is longer than that.
At its own 8192 adding a channel's number to a 24x24 map takes twice as long. `errstate` puts it back.
"""


class Run:
    """All tensors of one iteration. `sources` are the inputs, parameters and state it starts from."""

    def __init__(
        self, graph: Graph, sources: Mapping[str, Array], backend: Backend = NUMPY, *, scratch: bool = True
    ) -> None:
        self.graph = graph
        self.backend = backend
        self.tensors: dict[str, Array] = dict(sources)
        self._host: dict[str, np.ndarray[Any, Any]] = {}
        self._execute(scratch)

    def _execute(self, scratch: bool) -> None:
        tensors, xp = self.tensors, self.backend.xp
        with np.errstate(all="ignore"), keeping(scratch):
            np.setbufsize(BUFFER)
            for node in self.graph.nodes:
                inputs = [None if name is None else tensors[name] for name in node.inputs]
                try:
                    # NumPy gives a number, not an array, where arithmetic on scalars ends.
                    tensors[node.name] = xp.asarray(node.op.compute(xp, *inputs))
                except StepgradError as fault:
                    raise type(fault)(f"{node.name}: {fault}") from fault
                except MemoryError:
                    raise StepgradError(f"{node.name}: there is not enough memory to compute {node.spec}") from None

    def host(self, name: str) -> np.ndarray[Any, Any]:
        """A tensor as a NumPy array in row order, fetched whole and once: what looks at parts of it copies none."""
        found = self._host.get(name)
        if found is None:
            found = self._host[name] = np.asarray(self.backend.to_host(self.tensors[name]), order="C")
        return found

    def cells(self, name: str) -> Cells:
        """A tensor as traced cells."""
        return SweptCells(name, self.graph.spec(name).shape, lambda: self.host(name))

    def trace(self, node: Node, index: Index) -> Number:
        """The arithmetic of one cell. Nothing in it is computed before it is asked for."""
        inputs = [None if name is None else self.cells(name) for name in node.inputs]
        return lift(node.op.cell(index, *inputs))

    def value(self, name: str, index: Index) -> float:
        """What `compute` wrote in a cell."""
        return float(self.host(name)[index])
