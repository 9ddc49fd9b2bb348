"""The law of look-ups, for every op and its gradients: what a cell feeds is every cell that reads it.

Where it is only multiplied by the zero of padding it may be left out.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from laws.cases import Case, cases, network

from stepgrad.engine.fold import Fold
from stepgrad.engine.lookup import Cell, feeds, met, origins, uses, why
from stepgrad.engine.number import Number, Padding, Read
from stepgrad.engine.region import Region, Regions, together

LOOKED_AT = 12
"""Cells of each tensor."""
MANY = 16
"""Cells of each tensor that are looked up at once."""


# Gradients are met in the networks of the ops that they are gradients of.
@pytest.mark.parametrize("case", [case for case in cases() if case.kind.kind != "gradient"], ids=str)
def test_what_a_cell_feeds_is_what_reads_it(case: Case) -> None:
    net = network(case, gradients=True)
    run = net.run()
    reads: dict[Cell, list[Cell]] = {}
    may, must = defaultdict(set), defaultdict(set)
    for node in net.graph.nodes:
        for index in np.ndindex(node.spec.shape):
            reads[node.name, index] = why(run, node.name, index)
            for cell in reads[node.name, index]:
                may[cell].add((node.name, index))
            for leaf in unpadded(run.trace(node, index)):
                if isinstance(leaf, Read):
                    must[leaf.cells.name, leaf.index].add((node.name, index))
    for name in net.graph.names:
        spec = net.graph.spec(name)
        random = np.random.default_rng(zlib.crc32(name.encode()))
        for k in random.permutation(spec.size)[:LOOKED_AT].tolist():
            cell = name, spec.index(k)
            found = feeds(run, *cell)
            assert len(set(found)) == len(found)
            assert must[cell] <= set(found) <= may[cell], cell
            for node in net.graph.readers(name):
                beside = {other for out in found if out[0] == node.name for other in reads[out]}
                assert _cells(met(run, node, *cell)) <= beside, (node.name, cell)


@pytest.mark.parametrize("case", [case for case in cases() if case.kind.kind != "gradient"], ids=str)
def test_many_cells_are_looked_up_as_one_by_one(case: Case) -> None:
    """Rules run for all indices at once find what they find index by index."""
    net = network(case, gradients=True)
    run = net.run()
    for name in net.graph.names:
        spec = net.graph.spec(name)
        random = np.random.default_rng(zlib.crc32(name.encode()))
        chosen = [spec.index(k) for k in random.permutation(spec.size)[:MANY].tolist()]
        cells = {name: Region.of(spec.shape, *chosen)}
        if net.graph.node(name) is not None:
            assert _cells(together(origins(run, cells))) == {r for c in chosen for r in why(run, name, c)}
        assert _cells(together(uses(run, cells))) == {r for c in chosen for r in feeds(run, name, c)}


def _cells(regions: Regions) -> set[Cell]:
    return {(name, index) for name, region in regions.items() for index in region}


def unpadded(number: Number) -> Iterator[Number]:
    """The leaves of a trace, without those that are multiplied by the marked zero of padding."""
    operands = number.operands
    if not operands:
        yield number
    elif not any(isinstance(operand, Padding) for operand in operands) or isinstance(number, Fold):
        for operand in operands:
            yield from unpadded(operand)
