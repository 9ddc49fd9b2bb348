"""Multiplication cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.ops.mul import Mul
from stepgrad.engine.ops.sum import Sum


def test_by_hand() -> None:
    """The slope of a product is the other factor, times what comes from above."""
    network = Network()
    network.parameter("x", [4, 10])
    network.parameter("other", [3, -2])
    network.input("upstream", [1, 5])
    network.add("y", Mul(), "x", "other")
    network.loss(Sum(), "y", "upstream")
    run = network.run()
    assert run.host("y").tolist() == [12, -20]
    assert run.host("x.grad").tolist() == [3, -10]
    assert run.host("other.grad").tolist() == [4, 50]


def test_a_number_times_itself_has_both_parts() -> None:
    network = Network()
    network.parameter("x", [3.0])
    network.add("y", Mul(), "x", "x")
    network.loss(Sum(), "y")
    assert network.run().host("x.grad").tolist() == [6]


def test_shapes_that_differ_are_refused() -> None:
    network = Network()
    network.input("x", np.ones((2, 3)))
    network.input("other", np.ones(3))
    with pytest.raises(GraphError, match="must agree"):
        network.add("y", Mul(), "x", "other")
