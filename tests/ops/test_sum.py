"""The weighted sum: the upstream gradient of a single op's backward pass is its weights."""

from __future__ import annotations

import numpy as np
import pytest
from network import Network, differentiated

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.ops.sum import Sum


def test_by_hand() -> None:
    found = differentiated(Sum(), x=[[1, 2], [3, 4]], weights=[[1, 0], [-1, 0.5]])
    assert found["loss"] == 1 + 0 - 3 + 2
    assert found["x.grad"].tolist() == [[1, 0], [-1, 0.5]]
    assert found["weights.grad"].tolist() == [[1, 2], [3, 4]]


def test_without_weights_every_cell_counts_one() -> None:
    found = differentiated(Sum(), x=[[1, 2], [3, 4]])
    assert found["loss"] == 10
    assert found["x.grad"].tolist() == [[1, 1], [1, 1]]


def test_the_weights_are_what_comes_down_to_an_op() -> None:
    network = Network()
    network.input("x", [-1, 2, 3])
    network.input("upstream", [5, 6, 7])
    network.add("y", ReLU(), "x")
    network.loss(Sum(), "y", "upstream", wanted=["x"])
    run = network.run()
    assert run.host("y.grad").tolist() == [5, 6, 7]
    assert run.host("x.grad").tolist() == [0, 6, 7]


def test_an_empty_sum_is_zero() -> None:
    assert differentiated(Sum(), x=np.zeros((0, 2)))["loss"] == 0


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"weights is float64\[3\] and x is float64\[2,3\]; there is one weight"):
        Sum().infer(Spec((2, 3)), Spec((3,)))
