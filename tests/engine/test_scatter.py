"""What upstream cells add to a gradient, on the network of `small_network`, and against the gathered gradient."""

from __future__ import annotations

import numpy as np
import pytest
from small_network import small_history

from stepgrad.engine.run import Run
from stepgrad.engine.scatter import scatter, so_far


@pytest.fixture
def run() -> Run:
    return small_history().run(0)


def test_scattering_cell_by_cell_ends_at_the_gathered_gradient(run: Run) -> None:
    for node in [node for node in run.graph.nodes if node.name in run.graph.differentiates]:
        forward, _ = run.graph.differentiates[node.name]
        so_far: dict[tuple[int, ...], float] = {}
        for upstream in np.ndindex(run.graph.spec(forward).shape):
            for addition in scatter(run, node, upstream):
                assert addition.so_far == pytest.approx(so_far.get(addition.index, 0.0) + addition.added)
                so_far[addition.index] = addition.so_far
        for index, total in so_far.items():
            assert total == pytest.approx(run.value(node.name, index))


def test_scatter_by_hand(run: Run) -> None:
    """a.grad is [1, 0]: the first unit adds its row of w to the gradient of x, the second, being off, adds nothing."""
    first, second = (list(scatter(run, run.graph["x.grad.1"], (0, m))) for m in (0, 1))
    assert [(a.index, a.added, a.so_far) for a in first] == [((0, 0), 1.0, 1.0), ((0, 1), 2.0, 2.0)]
    assert [(a.index, a.added, a.so_far) for a in second] == [((0, 0), 0.0, 1.0), ((0, 1), 0.0, 2.0)]


def test_the_whole_gradient_so_far_holds_the_sums_of_the_cells(run: Run) -> None:
    for node in [node for node in run.graph.nodes if node.name in run.graph.differentiates]:
        spec = run.graph.spec(run.graph.differentiates[node.name][0])
        for upstream in np.ndindex(spec.shape):
            whole = so_far(run, node, upstream)
            for addition in scatter(run, node, upstream):
                assert whole[addition.index] == pytest.approx(addition.so_far)
        np.testing.assert_allclose(whole, run.host(node.name))
