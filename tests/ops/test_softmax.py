"""Softmax and its logarithm: by hand, against PyTorch, at scores of a thousand, and as a person reads a cell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from network import under_sum

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.ops.log_softmax import LogSoftmax
from stepgrad.engine.ops.softmax import Softmax
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline


def test_by_hand() -> None:
    """Scores ln 1, ln 2, ln 5 are odds of 1 : 2 : 5. With dy = [8, 0, 0], dx = p*(dy - sum dy*p) = p*(dy - 1)."""
    found = under_sum(Softmax(), np.array([8.0, 0, 0]), x=np.log([1.0, 2, 5]))
    np.testing.assert_allclose(found["y"], [1 / 8, 2 / 8, 5 / 8], rtol=1e-15)
    np.testing.assert_allclose(found["x.grad"], [7 / 8, -2 / 8, -5 / 8], rtol=1e-14)
    found = under_sum(LogSoftmax(), np.array([0.0, -1, 0]), x=np.log([1.0, 2, 5]))
    np.testing.assert_allclose(found["y"], np.log([1 / 8, 2 / 8, 5 / 8]), rtol=1e-15)
    np.testing.assert_allclose(found["x.grad"], [1 / 8, 2 / 8 - 1, 5 / 8], rtol=1e-14)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize(
    ("shape", "dim"), [((3, 5), 1), ((3, 5), 0), ((2, 3, 4), -2), ((4,), 0), ((3, 1), 1), ((0, 3), 1)]
)
def test_pytorch_gives_the_same(name: str, shape: tuple[int, ...], dim: int) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(7)
    x, upstream = 30 * random.standard_normal(shape), random.standard_normal(shape)
    found = under_sum(Op.registry[name](dim), upstream, x=x)  # type: ignore[call-arg]
    a = torch.tensor(x, requires_grad=True)
    wanted = getattr(torch.nn.functional, name)(a, dim=dim)
    (wanted * torch.tensor(upstream)).sum().backward()
    np.testing.assert_allclose(found["y"], wanted.detach().numpy(), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_scores_of_a_thousand() -> None:
    found = under_sum(Softmax(), np.ones((1, 3)), x=[[1000.0, 0.0, -1000.0]])
    assert found["y"].tolist() == [[1, 0, 0]]
    found = under_sum(LogSoftmax(), np.array([[0.0, -1, 0]]), x=[[1000.0, 0.0, -1000.0]])
    assert found["y"].tolist() == [[0, -1000, -2000]]
    assert found["x.grad"].tolist() == [[1, -1, 0]]


@pytest.mark.parametrize(
    ("x", "p", "log"),
    [
        ([-math.inf, 0.0], [0, 1], [-math.inf, 0]),
        ([math.inf, 0.0], [math.nan, math.nan], [math.nan, math.nan]),
        ([math.nan, 0.0], [math.nan, math.nan], [math.nan, math.nan]),
        ([-math.inf, -math.inf], [math.nan, math.nan], [math.nan, math.nan]),
    ],
)
def test_infinities_and_nan(x: list[float], p: list[float], log: list[float]) -> None:
    """As PyTorch."""
    np.testing.assert_array_equal(under_sum(Softmax(), np.ones(2), x=x)["y"], p)
    np.testing.assert_array_equal(under_sum(LogSoftmax(), np.ones(2), x=x)["y"], log)


def first_step(op: Op, x: Any) -> Step:
    graph = Graph()
    values = np.asarray(x, "float64")
    graph.source("x", Spec(values.shape), "input")
    graph.add("p", op, "x")
    timeline = Timeline(graph.check())
    return Step(0, timeline.place(0), Run(graph, {"x": values}))


def test_a_cell_reads_as_a_sum_whatever_the_scores() -> None:
    """The largest is taken off everywhere, as the cell that it is; the terms of the cell are those of the sum."""
    step = first_step(Softmax(), [[1.0, 3.0, 2.0]])
    assert step.arithmetic() == ("exp(1 - 3)/(exp(1 - 3) + exp(3 - 3) + exp(2 - 3)) = 0.09003057317038046")
    assert step.terms == 3
    assert [(reading.tensor, reading.index) for reading in step.reads] == [("x", (0, 0)), ("x", (0, 1)), ("x", (0, 2))]
    step = first_step(LogSoftmax(), [[-1000.0, 1000.0]])
    assert step.arithmetic() == "-1000 - 1000 - log(exp(-1000 - 1000) + exp(1000 - 1000)) = -2000"
    assert [step.term(k).partial for k in range(step.terms)] == [0, 1], "no partial result is infinite"


def test_an_axis_that_is_not_there_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"dim is 2; x is float64\[3,4\], whose axes are -2 to 1"):
        Softmax(dim=2).infer(Spec((3, 4)))
