"""Look-ups on the network of `small_network`, worked out by hand, and against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from small_network import small_history

from stepgrad.engine.graph import Graph
from stepgrad.engine.lookup import Cell, feeds, influence, met, receptive, why
from stepgrad.engine.number import Index
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.conv import Conv2d
from stepgrad.engine.ops.sgd import SGDStep
from stepgrad.engine.run import Run


def _met(run: Run, node: str, tensor: str, index: Index) -> set[Cell]:
    found = met(run, run.graph[node], tensor, index)
    return {(name, cell) for name, region in found.items() for cell in region}


@pytest.fixture
def run() -> Run:
    return small_history().run(0)


def test_why_names_the_cells_read_in_order_of_first_use(run: Run) -> None:
    assert why(run, "a", (0, 1)) == [("x", (0, 0)), ("w", (1, 0)), ("x", (0, 1)), ("w", (1, 1))]
    assert why(run, "x", (0, 0)) == []


def test_feeds_names_every_reader_of_a_cell(run: Run) -> None:
    assert set(feeds(run, "w", (0, 1))) == {("a", (0, 0)), ("x.grad.1", (0, 1)), ("w.new", (0, 1))}
    assert set(feeds(run, "x", (0, 0))) == {
        ("a", (0, 0)), ("a", (0, 1)), ("s", (0, 0)), ("w.grad", (0, 0)), ("w.grad", (1, 0)),
    }  # fmt: skip


def test_feeds_is_why_turned_round(run: Run) -> None:
    for node in run.graph.nodes:
        for out in np.ndindex(node.spec.shape):
            for name, cell in why(run, node.name, out):
                assert (node.name, out) in feeds(run, name, cell)


def test_a_weight_meets_everything_it_multiplies(run: Run) -> None:
    """w[0,1] is multiplied by x[1] on the way to a[0], and by the slope of a[0] on the way back to x."""
    assert _met(run, "a", "w", (0, 1)) == {("x", (0, 1))}
    assert _met(run, "x.grad.1", "w", (0, 1)) == {("a.grad", (0, 0))}
    assert _met(run, "a", "x", (0, 0)) == {("w", (0, 0)), ("w", (1, 0))}
    assert _met(run, "s", "x", (0, 0)) == set()


def test_a_kernel_weight_meets_a_shifted_picture() -> None:
    """3x3 input, 2x2 kernel: the weight at [0,1] meets the upper right 2x2 cells, and every output."""
    graph = Graph()
    graph.source("x", Spec((1, 1, 3, 3)), "input")
    graph.source("k", Spec((1, 1, 2, 2)), "parameter")
    graph.add("y", Conv2d(), "x", "k")
    run = Run(graph.check(), {"x": np.ones((1, 1, 3, 3)), "k": np.ones((1, 1, 2, 2))})
    cells = _met(run, "y", "k", (0, 0, 0, 1))
    assert cells == {("x", (0, 0, i, j)) for i, j in ((0, 1), (0, 2), (1, 1), (1, 2))}
    assert len(feeds(run, "k", (0, 0, 0, 1))) == 4


def test_an_update_is_found_however_large_the_tensor_is() -> None:
    graph = Graph()
    graph.source("w", Spec((100, 100)), "parameter")
    graph.source("w.grad", Spec((100, 100)), "input")
    graph.add("w.new", SGDStep(lr=0.1), "w", "w.grad")
    run = Run(graph.check(), {"w": np.ones((100, 100)), "w.grad": np.ones((100, 100))})
    assert feeds(run, "w.grad", (99, 98)) == [("w.new", (99, 98))]


def test_a_receptive_field_goes_through_every_layer(run: Run) -> None:
    assert receptive(run, "r", (0, 1), "w") == {(1, 0), (1, 1)}
    assert influence(run, "w", (1, 0), "loss") == {(0, 0)}
    assert influence(run, "w", (1, 0), "s") == {(0, 1)}


@pytest.mark.parametrize(("kernel", "stride", "expected"), [(3, 1, 7), (3, 2, 15)])
def test_three_convolutions_see_as_far_as_the_formula_says(kernel: int, stride: int, expected: int) -> None:
    """r += (k - 1) * j, j *= s: three 3x3 layers see 7 cells, with stride 2 they see 15."""
    graph = Graph()
    graph.source("x", Spec((1, 1, 31, 1)), "input")
    graph.source("k", Spec((1, 1, kernel, 1)), "parameter")
    for name, below in itertools.pairwise(["x", "one", "two", "three"]):
        graph.add(below, Conv2d(stride=(stride, 1)), name, "k")
    run = Run(graph.check(), {"x": np.ones((1, 1, 31, 1)), "k": np.ones((1, 1, kernel, 1))})
    assert len(receptive(run, "three", (0, 0, 0, 0), "x")) == expected
