"""Of every op with windows: what a cell feeds, by the gradient's rule, is what reads it, by the op's own."""

from __future__ import annotations

import numpy as np
import pytest
from laws.cases import Case, cases, network

from stepgrad.engine.lookup import Cell, feeds, why
from stepgrad.engine.op import Op

NAMES = {name for name in Op.registry if any(part in name for part in ("conv", "pool", "subsample", "pad"))}
WINDOWED = [case for case in cases() if case.name in NAMES and case.kind.kind == "layer" and case.kind.examples]


@pytest.mark.parametrize("case", WINDOWED, ids=str)
def test_what_a_cell_feeds_is_what_reads_it(case: Case) -> None:
    net = network(case)
    run = net.run()
    readers: dict[Cell, list[Cell]] = {}
    for node in net.graph.nodes:
        for index in np.ndindex(node.spec.shape):
            for cell in why(run, node.name, index):
                readers.setdefault(cell, []).append((node.name, index))
    for name, source in net.graph.sources.items():
        for number in sorted({*range(0, source.spec.size, 7), source.spec.size - 1}):
            cell = source.spec.index(number)
            assert feeds(run, name, cell) == readers.get((name, cell), []), f"{name}{list(cell)}"
