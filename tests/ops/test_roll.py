"""Shifting round."""

from __future__ import annotations

import numpy as np
import pytest
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.ops.roll import Roll
from stepgrad.engine.ops.sum import Sum


def rolled(x: object, op: Roll, upstream: object) -> tuple[np.ndarray, np.ndarray]:
    network = Network()
    network.parameter("x", x)
    network.input("upstream", upstream)
    network.add("y", op, "x")
    network.loss(Sum(), "y", "upstream")
    run = network.run()
    return run.host("y"), run.host("x.grad")


def test_by_hand() -> None:
    """What leaves at the end comes back at the front; the gradient goes the other way."""
    y, slope = rolled([1, 2, 3, 4], Roll((1,)), [10, 20, 30, 40])
    assert y.tolist() == [4, 1, 2, 3]
    assert slope.tolist() == [20, 30, 40, 10]


@pytest.mark.parametrize(("shifts", "dims"), [((1, 2), None), ((-7,), (0,)), ((2, -1), (2, 0)), ((0,), None)])
def test_pytorch_gives_the_same(shifts: tuple[int, ...], dims: tuple[int, ...] | None) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(3)
    x, upstream = random.standard_normal((2, 3, 4, 5))
    y, slope = rolled(x, Roll(shifts, dims), upstream)
    a = torch.tensor(x, requires_grad=True)
    axes = dims if dims is not None else tuple(range(-len(shifts), 0))
    wanted = torch.roll(a, shifts, axes)
    (wanted * torch.tensor(upstream)).sum().backward()
    np.testing.assert_array_equal(y, wanted.detach().numpy())
    np.testing.assert_array_equal(slope, a.grad.numpy())


def test_a_shift_too_many_is_refused() -> None:
    with pytest.raises(GraphError, match="give one shift for every axis"):
        rolled([[1.0]], Roll((1, 1), (0,)), [[1.0]])
