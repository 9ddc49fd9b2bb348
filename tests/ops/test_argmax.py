"""The index of the largest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.ops.argmax import ArgMax


def argmax(x: object, op: ArgMax) -> np.ndarray:
    """What compute wrote, which every cell has to agree with, even where there are several NaNs."""
    network = Network()
    network.input("x", x)
    network.add("y", op, "x")
    run = network.run()
    node, found = network.graph["y"], run.host("y")
    assert [run.trace(node, index).value for index in np.ndindex(found.shape)] == found.ravel().tolist()
    return found


def test_the_golden_predictions() -> None:
    file = golden("softmax-cross-entropy")
    assert argmax(file.inputs["logits"], ArgMax()).tolist() == file.expected["predicted"]


def test_of_equal_ones_the_first_and_of_nans_too() -> None:
    nan = math.nan
    assert argmax([[1, 3, 3], [1, nan, nan], [-math.inf, -math.inf, -math.inf]], ArgMax()).tolist() == [1, 1, 0]


@pytest.mark.parametrize(("dim", "keepdim"), [(0, False), (1, True), (-1, False)])
def test_pytorch_gives_the_same(dim: int, keepdim: bool) -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(2).integers(0, 3, (3, 4, 5)).astype("float64")
    x[0, 1, 2] = x[2, 1, 2] = math.nan
    found = argmax(x, ArgMax(dim, keepdim))
    assert found.tolist() == torch.argmax(torch.tensor(x), dim=dim, keepdim=keepdim).tolist()


def test_an_axis_that_is_not_there_is_refused() -> None:
    with pytest.raises(GraphError, match="dim is 2; x is"):
        argmax([[1.0]], ArgMax(dim=2))
