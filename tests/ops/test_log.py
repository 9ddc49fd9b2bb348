"""The logarithm, and the cross-entropy of probabilities that it makes of nll_loss."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.ops.log import Log
from stepgrad.engine.ops.nll_loss import NLLLoss
from stepgrad.engine.ops.sum import Sum


def test_by_hand() -> None:
    network = Network()
    network.input("x", [1, math.e, 0.5, 0, -1])
    network.add("y", Log(), "x")
    network.loss(Sum(), "y", wanted=["x"])
    run = network.run()
    assert run.host("y")[:3].tolist() == pytest.approx([0, 1, -math.log(2)])
    assert run.host("y")[3] == -math.inf
    assert math.isnan(run.host("y")[4])
    assert run.host("x.grad").tolist() == pytest.approx([1, 1 / math.e, 2, math.inf, -1])


def test_one_hot_cross_entropy_of_the_golden_file() -> None:
    """The label 1 picks the term that the one-hot row [0, 1, 0] leaves of the sum."""
    file = golden("loss-functions")
    network = Network()
    network.input("p", file.inputs["p"])
    network.input("label", np.asarray(file.inputs["one_hot"].index(1)))
    network.add("log_p", Log(), "p")
    network.loss(NLLLoss(), "log_p", "label", wanted=["p"])
    run = network.run()
    assert run.host("loss") == pytest.approx(file.expected["cross_entropy"], rel=1e-12)
    assert -run.host("loss") == pytest.approx(file.expected["cross_entropy_as_printed"], rel=1e-12)
    np.testing.assert_allclose(run.host("p.grad"), file.expected["cross_entropy_grad"], rtol=1e-12)
