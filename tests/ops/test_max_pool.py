"""Max pooling and its gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from backward import backward
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.op import Op
from stepgrad.engine.ops.max_pool import MaxPool1d, MaxPool2d, MaxPoolGrad
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Place
from stepgrad.engine.window import window

NAN, INF = math.nan, math.inf


def test_the_golden_windows() -> None:
    file = golden("pooling-max-mean-l2")
    found = backward(MaxPool2d(2), [[file.inputs["upstream"]]], x=[[file.inputs["x"]]])
    assert found["y"].tolist() == [[file.expected["max"]]]
    assert found["x.grad"].tolist() == [[file.expected["max_grad_x"]]]
    assert backward(MaxPool2d(3, 1), 1, x=[[file.inputs["x"]]])["y"].tolist() == [[file.expected["max_3x3_stride1"]]]


def routed(x: Any, kernel: int = 3, stride: int = 1, padding: int = 0) -> list[Any]:
    """Where the windows of one row of cells send 1, 10, 100 ..., by compute and by every cell."""
    op, over = MaxPool1d(kernel, stride, padding), window((len(x),), kernel, stride, padding)
    found = backward(op, [[10.0**i for i in range(over.out[0])]], x=[[x]])
    alone = Network()
    alone.input("x", [[x]])
    alone.input("dy", [[[10.0**i for i in range(over.out[0])]]])
    alone.add("dx", MaxPoolGrad(over), "x", "dy")
    run = alone.run()
    cells = [run.trace(alone.graph["dx"], (0, 0, h)).value for h in range(len(x))]
    assert found["x.grad"][0, 0].tolist() == run.host("dx")[0, 0].tolist() == cells
    return cells


def test_windows_that_overlap_add_up() -> None:
    assert routed([1, 5, 2, 0, 3]) == [0, 11, 0, 0, 100]


def test_of_equal_cells_the_first_wins() -> None:
    assert routed([2, 2, 2, 2]) == [1, 10, 0, 0]
    assert routed([0, -0.0, 0.0]) == [1, 0, 0]


def test_rows_come_before_columns() -> None:
    """The first of equal cells in row order is the upper right one, not the lower left."""
    found = backward(MaxPool2d(2), [[[[7.0]]]], x=[[[[1, 5], [5, 0]]]])
    assert found["x.grad"].tolist() == [[[[0, 7], [0, 0]]]]


def test_of_nans_the_last_wins() -> None:
    assert routed([NAN, 9, NAN, 1, 2]) == [0, 0, 111, 0, 0]
    assert routed([9, NAN, INF, 1, 2]) == [0, 11, 100, 0, 0]


def test_padding_never_wins() -> None:
    """Not even against -inf: the first real cell of the window does."""
    assert routed([-INF, -INF, -INF], padding=1) == [11, 100, 0]


def test_infinite_upstream_reaches_the_winner_alone() -> None:
    found = backward(MaxPool1d(2), [[[INF, NAN]]], x=[[[1, 2, 4, 3]]])
    np.testing.assert_equal(found["x.grad"], [[[0, INF, NAN, 0]]])


TORCH = [
    ("max_pool1d", (2, 3, 9), {"kernel_size": 2}),
    ("max_pool1d", (2, 3, 9), {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2, "ceil_mode": True}),
    ("max_pool2d", (2, 3, 8, 8), {"kernel_size": 2}),
    ("max_pool2d", (1, 3, 7, 6), {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}),
    ("max_pool2d", (2, 3, 7, 7), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ("max_pool2d", (2, 3, 8, 8), {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ("max_pool2d", (2, 3, 8, 9), {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True}),
    ("max_pool2d", (2, 3, 9, 8), {"kernel_size": 2, "stride": 5}),
    ("max_pool2d", (2, 3, 9, 8), {"kernel_size": (2, 3), "stride": 1, "dilation": (3, 2)}),
    ("max_pool2d", (2, 3, 5, 5), {"kernel_size": 1, "stride": 2}),
]


@pytest.mark.parametrize("values", ["distinct", "many ties", "some nan", "some infinite"])
@pytest.mark.parametrize(("name", "shape", "settings"), TORCH, ids=str)
def test_pytorch_gives_the_same(name: str, shape: tuple[int, ...], settings: dict[str, Any], values: str) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(2)
    x = random.standard_normal(shape) if values == "distinct" else random.integers(0, 3, shape).astype("float64")
    if values.startswith("some"):
        x[random.random(shape) < 0.4] = NAN if values == "some nan" else -INF
    a = torch.tensor(x, requires_grad=True)
    y = getattr(torch.nn.functional, name)(a, **settings)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found = backward(Op.registry[name](**settings), dy, x=x)
    np.testing.assert_array_equal(found["y"], y.detach().numpy())
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-14, atol=1e-14)


def test_the_arithmetic_says_who_won() -> None:
    network = Network()
    network.input("x", [[[[1, 3], [5, 2]]]])
    network.add("pool", MaxPool2d(2), "x")
    network.input("upstream", [[[[4]]]])
    network.loss(Sum(), "pool", "upstream", wanted=["x"])
    run = network.run()
    forward, winner, loser = (
        Step(0, Place(0, network.graph, network.graph[tensor], number), run)
        for tensor, number in (("pool", 0), ("x.grad", 2), ("x.grad", 3))
    )
    assert forward.formula == "pool[n,c,i,j] = max x[n,c,2i+u,2j+v]"
    assert forward.arithmetic() == "max(1, 3, 5, 2) = 5"
    assert winner.formula == "x.grad[n,c,h,g] = sum where(argmax x[n,c,2i+u,2j+v] is h,g, pool.grad[n,c,i,j], 0)"
    assert winner.arithmetic() == "where(argmax(1, 3, 5, 2) == 2, 4, 0) = 4"
    assert loser.arithmetic() == "where(argmax(1, 3, 5, 2) == 3, 4, 0) = 0"


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (MaxPool2d(2, padding=2), "padding is 2; it may be at most half the kernel_size 2"),
        (MaxPool2d(3, padding=(0, 2, 0, 0)), "it may be at most half the kernel_size 3"),
        (MaxPool2d(9), "a kernel of 9x9 does not fit an input of 4x4"),
        (MaxPool2d(0), "kernel_size is 0: give 1 or more"),
        (MaxPool1d(2), "x is float64[1,1,4,4]; it takes [N,C,W]"),
    ],
)
def test_what_does_not_fit_is_refused(op: Op, message: str) -> None:
    network = Network()
    network.input("x", np.ones((1, 1, 4, 4)))
    with pytest.raises(GraphError) as refused:
        network.add("y", op, "x")
    assert message in str(refused.value)
