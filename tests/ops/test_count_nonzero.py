"""Counting what is not zero."""

from __future__ import annotations

import math

import numpy as np
import pytest
from network import Network

from stepgrad.engine.ops.count_nonzero import CountNonzero


def counted(x: object) -> float:
    network = Network()
    network.input("x", x)
    network.add("y", CountNonzero(), "x")
    run = network.run()
    assert run.trace(network.graph["y"], ()).value == run.host("y")
    return run.host("y").item()


def test_by_hand() -> None:
    assert counted([[-2.0, 3, 0], [1, 0, -0.0]]) == 3
    assert counted([0.0]) == 0
    assert counted([math.nan, math.inf, 0.0]) == 2


def test_pytorch_gives_the_same() -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(1).integers(-1, 2, (3, 4)).astype("float64")
    assert counted(x) == torch.count_nonzero(torch.tensor(x)).item()
