"""The step of a perceptron, and of a silhouette."""

from __future__ import annotations

import math

from network import Network

from stepgrad.engine.ops.step import Step
from stepgrad.engine.ops.sum import Sum


def stepped(x: list[float], op: Step) -> list[float]:
    network = Network()
    network.parameter("x", x)
    network.add("y", op, "x")
    network.loss(Sum(), "y")
    run = network.run()
    assert "x.grad" not in run.tensors, "nothing is learned through a step"
    return run.host("y").tolist()


def test_by_hand() -> None:
    """At the threshold itself the answer is 0, unless it is said to belong to what is above."""
    assert stepped([-1, 0, 0.1, math.nan, math.inf], Step()) == [0, 0, 1, 0, 1]
    assert stepped([0, 99, 100, 101], Step(threshold=100)) == [0, 0, 0, 1]
    assert stepped([0, 99, 100, 101], Step(threshold=100, inclusive=True)) == [0, 0, 1, 1]
