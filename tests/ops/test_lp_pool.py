"""Pooling by a norm, and its gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from backward import backward
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.ops.lp_pool import LPPool2d
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Place


def test_the_golden_windows() -> None:
    file = golden("pooling-max-mean-l2")
    found = backward(LPPool2d(2), [[file.inputs["upstream"]]], x=[[file.inputs["x"]]])
    np.testing.assert_allclose(found["y"][0, 0], file.expected["l2"], rtol=1e-15)
    np.testing.assert_allclose(found["x.grad"][0, 0], file.expected["l2_grad_x"], rtol=1e-15)


def test_by_hand() -> None:
    """The length of (3, 4, 0, 0) is 5, and its slope (3/5, 4/5, 0, 0)."""
    found = backward(LPPool2d(2), 10, x=[[[[3, 4], [0, 0]]]])
    assert found["y"].tolist() == [[[[5]]]]
    assert found["x.grad"].tolist() == [[[[6, 8], [0, 0]]]]


@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0])
def test_a_window_of_zeros_sends_nothing(norm_type: float) -> None:
    found = backward(LPPool2d(2, norm_type=norm_type), 10, x=np.zeros((1, 1, 2, 2)))
    assert found["y"].tolist() == [[[[0]]]]
    assert found["x.grad"].tolist() == [[[[0, 0], [0, 0]]]]


@pytest.mark.parametrize("values", ["positive", "of both signs", "with zeros"])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, 2.5])
@pytest.mark.parametrize(
    "settings",
    [
        {"kernel_size": 2},
        {"kernel_size": (3, 2), "stride": (1, 2)},
        {"kernel_size": 3, "stride": 2, "ceil_mode": True},
        {"kernel_size": 2, "stride": 4},
    ],
)
def test_pytorch_gives_the_same(settings: dict[str, Any], norm_type: float, values: str) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(2)
    x = random.standard_normal((2, 3, 6, 8))
    if values != "of both signs":
        x = np.abs(x)
    if values == "with zeros":
        x[:, 0] = 0
        x[:, 1] *= random.random((2, 6, 8)) < 0.5
    a = torch.tensor(x, requires_grad=True)
    y = torch.nn.functional.lp_pool2d(a, norm_type, **settings)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found = backward(LPPool2d(norm_type=norm_type, **settings), dy, x=x)
    np.testing.assert_allclose(found["y"], y.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(
    ("norm_type", "forward", "backward"),
    [
        (2.0, "sqrt(3^2 + 4^2 + 0^2 + 0^2) = 5", "where(5 == 0, 0, 10*4/5) = 8"),
        (1.0, "3 + 4 + 0 + 0 = 7", "where(7 == 0, 0, 10) = 10"),
    ],
)
def test_the_arithmetic(norm_type: float, forward: str, backward: str) -> None:
    network = Network()
    network.input("x", [[[[3, 4], [0, 0]]]])
    network.add("pool", LPPool2d(2, norm_type=norm_type), "x")
    network.input("upstream", [[[[10]]]])
    network.loss(Sum(), "pool", "upstream", wanted=["x"])
    run = network.run()
    steps = [Step(0, Place(0, network.graph, network.graph[at], k), run) for at, k in (("pool", 0), ("x.grad", 1))]
    assert [step.arithmetic() for step in steps] == [forward, backward]


@pytest.mark.parametrize(
    ("norm_type", "formula"),
    [
        (2.0, "y[n,c,i,j] = sqrt(sum x[n,c,2i+u,2j+v]^2)"),
        (3.0, "y[n,c,i,j] = (sum x[n,c,2i+u,2j+v]^3)^(1/3)"),
        (1.0, "y[n,c,i,j] = sum x[n,c,2i+u,2j+v]"),
    ],
)
def test_the_formula(norm_type: float, formula: str) -> None:
    assert LPPool2d(2, norm_type=norm_type).formula == formula


@pytest.mark.parametrize("norm_type", [0.0, 0.5, -1.0, math.inf, math.nan])
def test_what_is_no_norm_is_refused(norm_type: float) -> None:
    network = Network()
    network.input("x", np.ones((1, 1, 4, 4)))
    with pytest.raises(GraphError, match="give 1 or more"):
        network.add("y", LPPool2d(2, norm_type=norm_type), "x")
