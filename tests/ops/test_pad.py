"""Borders and their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backward import backward
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.number import Constant, Padding, Read
from stepgrad.engine.ops.pad import Pad, PadGrad


def test_the_golden_ring_of_zeros() -> None:
    file = golden("same-padding-5x5")
    found = backward(Pad(1), 1, x=[[file.inputs["image"]]])
    assert found["y"].tolist() == [[file.expected["padded_image"]]]
    assert found["x.grad"].tolist() == np.ones((1, 1, 5, 5)).tolist()


@pytest.mark.parametrize(
    ("mode", "padded", "gradient"),
    [
        ("constant", [9, 9, 1, 2, 3, 9], [100, 1000, 10000]),
        ("reflect", [3, 2, 1, 2, 3, 2], [100, 1000 + 10 + 100000, 10000 + 1]),
        ("replicate", [1, 1, 1, 2, 3, 3], [100 + 10 + 1, 1000, 10000 + 100000]),
        ("circular", [2, 3, 1, 2, 3, 1], [100 + 100000, 1000 + 1, 10000 + 10]),
    ],
)
def test_by_hand(mode: Any, padded: list[float], gradient: list[float]) -> None:
    """Two cells before and one after [1 2 3]; what flows back to a cell is the sum over its copies."""
    found = backward(Pad((2, 1), mode, 9), [[[10.0**k for k in range(6)]]], x=[[[1, 2, 3]]])
    assert found["y"].tolist() == [[padded]]
    assert found["x.grad"].tolist() == [[gradient]]


@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular"])
@pytest.mark.parametrize(
    ("shape", "sides"), [((2, 3, 4), (2, 1)), ((2, 3, 4, 5), (1, 0, 2, 3)), ((1, 1, 4, 5), (3, 3, 1, 1))]
)
def test_pytorch_gives_the_same(shape: tuple[int, ...], sides: tuple[int, ...], mode: Any) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(4)
    x = random.standard_normal(shape)
    a = torch.tensor(x, requires_grad=True)
    by_last_axis = [side for axis in range(len(sides) - 2, -1, -2) for side in sides[axis : axis + 2]]
    given = {"value": -1.5} if mode == "constant" else {}
    y = torch.nn.functional.pad(a, by_last_axis, mode, **given)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found = backward(Pad(sides, mode, **given), dy, x=x)
    np.testing.assert_array_equal(found["y"], y.detach().numpy())
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-13)


@pytest.mark.parametrize(("value", "kind"), [(0.0, Padding), (2.5, Constant)])
def test_zeros_are_marked_and_another_value_is_a_constant(value: float, kind: type) -> None:
    network = Network()
    network.input("x", [[[7]]])
    network.add("y", Pad(1, value=value), "x")
    run = network.run()
    traces = [run.trace(network.graph["y"], (0, 0, i)) for i in range(3)]
    assert [type(trace) for trace in traces] == [kind, Read, kind]
    assert [trace.value for trace in traces] == [value, 7, value]


def test_the_formula() -> None:
    assert Pad((1, 0, 2, 3)).formula == "y[n,c,i,j] = x[n,c,i-1,j-2]"
    assert Pad((1, 0), "reflect").formula == "y[n,c,i,j] = x[n,c,i-1,j]"
    assert Pad(2).formula == "y[n,c,i,...] = x[n,c,i-2,...]"
    assert PadGrad(Pad(1), (4, 4)).formula == "y[n,c,h,g] = sum dy[n,c,i,j]"


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (Pad(4, "reflect"), "padding is 4; reflect has at most [3, 4] cells to give where x is float64[1,1,4,5]"),
        (Pad((0, 0, 0, 6), "circular"), "circular has at most [4, 5] cells to give"),
        (Pad(-1), "padding is -1: give 0 or more"),
        (Pad((1, 2, 3)), "padding is [1, 2, 3]: give one number, 2 (one an axis) or 4 (before and after each)"),
    ],
)
def test_what_does_not_fit_is_refused(op: Pad, message: str) -> None:
    network = Network()
    network.input("x", np.ones((1, 1, 4, 5)))
    with pytest.raises(GraphError) as refused:
        network.add("y", op, "x")
    assert message in str(refused.value)
