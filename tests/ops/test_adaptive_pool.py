"""Pooling to a given size, average and largest, with their gradients."""

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
from stepgrad.engine.ops.adaptive_avg_pool import AdaptiveAvgPool1d, AdaptiveAvgPool2d
from stepgrad.engine.ops.adaptive_max_pool import AdaptiveMaxPool1d, AdaptiveMaxPool2d
from stepgrad.engine.ops.adaptive_pool import readers, spans
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Place

NAN, INF = math.nan, math.inf


def test_by_hand() -> None:
    """Of 5 cells to 3: cells 0-1, 1-3 and 3-4. The windows share cells 1 and 3."""
    x = [[[1.0, 2, 6, 4, 9]]]
    mean = backward(AdaptiveAvgPool1d(3), [[[2.0, 3, 4]]], x=x)
    assert mean["y"].tolist() == [[[1.5, 4, 6.5]]]
    assert mean["x.grad"].tolist() == [[[1, 2, 1, 3, 2]]]
    best = backward(AdaptiveMaxPool1d(3), [[[2.0, 3, 4]]], x=x)
    assert best["y"].tolist() == [[[2, 6, 9]]]
    assert best["x.grad"].tolist() == [[[0, 2, 3, 0, 4]]]


def test_the_golden_global_maximum_ignores_position() -> None:
    file = golden("translation-equivariance")
    spots = np.array(file.inputs["spots"], "float64")
    found = AdaptiveMaxPool2d().compute(np, spots.reshape(len(spots), 1, *spots.shape[-2:]))
    assert found.ravel().tolist() == file.expected["global_max"]


@pytest.mark.parametrize(("size", "outputs"), [(5, 3), (6, 3), (7, 1), (3, 5), (4, 4)])
def test_a_cell_is_read_by_the_windows_that_hold_it(size: int, outputs: int) -> None:
    for h in range(size):
        holding = [i for i in range(outputs) if h in spans((i,), (size,), (outputs,))[0]]
        assert list(readers((h,), (size,), (outputs,))[0]) == holding


@pytest.mark.parametrize("values", ["distinct", "ties", "nan", "infinite"])
@pytest.mark.parametrize("rule", ["avg", "max"])
@pytest.mark.parametrize(
    ("shape", "output_size"),
    [
        ((2, 3, 7), 3),
        ((2, 3, 4), 7),
        ((2, 3, 6, 4), 1),
        ((2, 3, 6, 4), (3, 2)),
        ((1, 3, 5, 7), (3, 4)),
        ((2, 3, 2, 3), 5),
    ],
)
def test_pytorch_gives_the_same(shape: tuple[int, ...], output_size: Any, rule: str, values: str) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(3)
    x = random.standard_normal(shape) if values == "distinct" else random.integers(0, 3, shape).astype("float64")
    if values in ("nan", "infinite"):
        x[random.random(shape) < 0.4] = NAN if values == "nan" else -INF
    name = f"adaptive_{rule}_pool{len(shape) - 2}d"
    a = torch.tensor(x, requires_grad=True)
    y = getattr(torch.nn.functional, name)(a, output_size)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found = backward(Op.registry[name](output_size), dy, x=x)
    np.testing.assert_allclose(found["y"], y.detach().numpy(), rtol=1e-13)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-13, atol=1e-15)


def test_the_arithmetic_and_what_is_said_beside_it() -> None:
    network = Network()
    network.input("x", [[[[1, 2], [3, 6]]]])
    network.add("mean", AdaptiveAvgPool2d(), "x")
    network.add("best", AdaptiveMaxPool2d(), "x")
    run = network.run()
    mean, best = (Step(0, Place(0, network.graph, network.graph[name], 0), run) for name in ("mean", "best"))
    assert mean.arithmetic() == "(1 + 2 + 3 + 6)/4 = 3"
    assert mean.formula == "mean[n,c,i,j] = sum x[n,c,h,g] / count"
    assert best.arithmetic() == "max(1, 2, 3, 6) = 6"
    assert mean.node.op.note == "over the whole map: global pooling"
    assert AdaptiveAvgPool1d(3).note == "over h from floor(i*W/3) to ceil((i+1)*W/3)-1"


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (AdaptiveAvgPool2d(0), "output_size is 0; give 1 or more"),
        (AdaptiveMaxPool2d((1, 2, 3)), "output_size is [1, 2, 3]: give one number, or 2"),
        (AdaptiveMaxPool1d(1), "x is float64[1,1,4,4]; it takes [N,C,W]"),
    ],
)
def test_what_does_not_fit_is_refused(op: Op, message: str) -> None:
    network = Network()
    network.input("x", np.ones((1, 1, 4, 4)))
    with pytest.raises(GraphError) as refused:
        network.add("y", op, "x")
    assert message in str(refused.value)
