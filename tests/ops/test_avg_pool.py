"""Average pooling and its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backward import backward
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.op import Op
from stepgrad.engine.ops.avg_pool import AvgPool1d, AvgPool2d
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Place


def test_the_golden_windows() -> None:
    file = golden("pooling-max-mean-l2")
    found = backward(AvgPool2d(2), [[file.inputs["upstream"]]], x=[[file.inputs["x"]]])
    assert found["y"].tolist() == [[file.expected["mean"]]]
    assert found["x.grad"].tolist() == [[file.expected["mean_grad_x"]]]


def test_by_hand_what_is_counted_at_the_border() -> None:
    """Windows of 3, two apart, over 0 [1 2 4 8] 0; in ceil_mode a last one holds 8, a zero, and nothing beyond."""
    x = np.array([[[1.0, 2, 4, 8]]])
    border: dict[str, Any] = {"kernel_size": 3, "stride": 2, "padding": 1}
    assert AvgPool1d(**border).compute(np, x).tolist() == [[[3 / 3, 14 / 3]]]
    assert AvgPool1d(**border, count_include_pad=False).compute(np, x).tolist() == [[[3 / 2, 14 / 3]]]
    assert AvgPool1d(**border, divisor_override=2).compute(np, x).tolist() == [[[3 / 2, 14 / 2]]]
    assert AvgPool1d(**border, ceil_mode=True).compute(np, x).tolist() == [[[3 / 3, 14 / 3, 8 / 2]]]


TORCH = [
    ("avg_pool1d", (2, 3, 9), {"kernel_size": 2}),
    ("avg_pool1d", (2, 3, 9), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("avg_pool1d", (2, 3, 9), {"kernel_size": 4, "stride": 3, "padding": 2, "count_include_pad": False}),
    ("avg_pool2d", (2, 3, 8, 8), {"kernel_size": 2}),
    ("avg_pool2d", (1, 3, 7, 6), {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}),
    ("avg_pool2d", (2, 3, 8, 8), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ("avg_pool2d", (2, 3, 8, 8), {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    ("avg_pool2d", (2, 3, 8, 8), {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ("avg_pool2d", (2, 3, 8, 9), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("avg_pool2d", (2, 3, 8, 9), {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True}),
    (
        "avg_pool2d",
        (2, 3, 8, 9),
        {"kernel_size": (2, 3), "stride": 3, "padding": 1, "ceil_mode": True, "count_include_pad": False},
    ),
    ("avg_pool2d", (2, 3, 8, 9), {"kernel_size": 3, "stride": 2, "padding": 1, "divisor_override": 5}),
    ("avg_pool2d", (2, 3, 9, 8), {"kernel_size": 2, "stride": 5}),
]


@pytest.mark.parametrize(("name", "shape", "settings"), TORCH, ids=str)
def test_pytorch_gives_the_same(name: str, shape: tuple[int, ...], settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(2)
    x = random.standard_normal(shape)
    a = torch.tensor(x, requires_grad=True)
    y = getattr(torch.nn.functional, name)(a, **settings)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found = backward(Op.registry[name](**settings), dy, x=x)
    np.testing.assert_allclose(found["y"], y.detach().numpy(), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-13, atol=1e-15)


def arithmetic(op: Op, number: int, x: Any) -> str:
    network = Network()
    network.input("x", x)
    network.add("pool", op, "x")
    return Step(0, Place(0, network.graph, network.graph["pool"], number), network.run()).arithmetic()


def test_the_divisor_is_shown_and_padding_is_counted_or_not() -> None:
    x = [[[1, 2, 4, 9]]]
    assert arithmetic(AvgPool1d(2), 1, x) == "(4 + 9)/2 = 6.5"
    assert arithmetic(AvgPool1d(3, 2, 1), 0, x) == "(0 + 1 + 2)/3 = 1"
    assert arithmetic(AvgPool1d(3, 2, 1, count_include_pad=False), 0, x) == "(1 + 2)/2 = 1.5"
    assert arithmetic(AvgPool1d(3, 2, 1, ceil_mode=True), 2, x) == "(9 + 0)/2 = 4.5"


@pytest.mark.parametrize(
    ("op", "formula"),
    [
        (AvgPool2d(2), "y[n,c,i,j] = sum x[n,c,2i+u,2j+v] / 4"),
        (AvgPool2d((3, 2), 1, (1, 0)), "y[n,c,i,j] = sum x[n,c,i+u-1,j+v] / (3*2)"),
        (AvgPool1d(3, divisor_override=4), "y[n,c,i] = sum x[n,c,3i+u] / 4"),
    ],
)
def test_the_formula_has_the_numbers_of_the_window(op: Op, formula: str) -> None:
    assert op.formula == formula


def test_half_precision_is_summed_in_single() -> None:
    """The sum of 4,096 cells of 32 is beyond what float16 holds; their mean is not."""
    x = np.full((1, 1, 64, 64), 32, "float16")
    assert AvgPool2d(64).compute(np, x).tolist() == [[[[32]]]]


def test_a_divisor_of_0_is_refused() -> None:
    network = Network()
    network.input("x", np.ones((1, 1, 4, 4)))
    with pytest.raises(GraphError, match="divisor_override is 0; give another number"):
        network.add("y", AvgPool2d(2, divisor_override=0), "x")
