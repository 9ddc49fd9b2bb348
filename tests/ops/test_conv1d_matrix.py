"""The weight matrix of a 1-D convolution: its cells, and that linear with it is the convolution."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.number import Padding
from stepgrad.engine.ops.conv import Conv1d
from stepgrad.engine.ops.conv1d_matrix import Conv1dMatrix
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.sum import Sum


def network(x: object, kernel: object, op: Conv1dMatrix, upstream: object) -> Network:
    """z = matrix of the kernel times x."""
    made = Network()
    made.parameter("x", x)
    made.parameter("kernel", kernel)
    made.input("upstream", upstream)
    made.add("matrix", op, "kernel")
    made.add("z", Linear(), "x", "matrix")
    made.loss(Sum(), "z", "upstream")
    return made


@pytest.mark.parametrize("stride", [1, 2])
def test_the_golden_matrices(stride: int) -> None:
    file = golden("fc-vs-conv-weight-matrix")
    expected = {key.removesuffix(f"_stride{stride}"): value for key, value in file.expected.items()}
    op = Conv1dMatrix(6, stride=stride, padding=file.attributes["padding"])
    made = network([file.inputs["x"]], file.inputs["w"], op, np.ones((1, len(expected["z"]))))
    run = made.run()
    assert run.host("matrix").tolist() == expected["matrix"]
    assert run.host("z")[0].tolist() == expected["z"]
    assert run.host("x.grad")[0].tolist() == expected["grad_x"]
    assert np.count_nonzero(run.host("matrix")) == expected["nonzero"]


def test_a_cell_without_a_weight_is_marked() -> None:
    run = network([[1.0, 2, 3]], [5.0, 7], Conv1dMatrix(3), [[1.0, 1]]).run()
    traces = [run.trace(run.graph["matrix"], (0, h)) for h in range(3)]
    assert [trace.value for trace in traces] == [5, 7, 0]
    assert [isinstance(trace, Padding) for trace in traces] == [False, False, True]


@pytest.mark.parametrize(
    "settings",
    [
        {"padding": 1},
        {"stride": 2, "padding": 2},
        {"dilation": 2, "padding": 3},
        {"stride": 3, "dilation": 2},
        {"padding": "same"},
    ],
)
def test_it_is_the_convolution_and_so_are_its_gradients(settings: dict) -> None:
    """PyTorch would take its kernel through a matrix too; here both ways are ours, and agree to the last bit or so."""
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(9)
    x, kernel = random.standard_normal((1, 9)), random.standard_normal(3)
    op = Conv1dMatrix(9, **settings)
    upstream = random.standard_normal((1, op.window((3,)).out[0]))
    run = network(x, kernel, op, upstream).run()
    a, w = (torch.tensor(v[None] if v.ndim == 2 else v[None, None], requires_grad=True) for v in (x, kernel))
    z = torch.nn.functional.conv1d(a, w, **settings)
    (z[0] * torch.tensor(upstream)).sum().backward()
    np.testing.assert_allclose(run.host("z"), z.detach().numpy()[0], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(run.host("x.grad"), a.grad.numpy()[0], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(run.host("kernel.grad"), w.grad.numpy()[0, 0], rtol=1e-12, atol=1e-14)
    made = Conv1d(**settings).compute(np, x[None], kernel[None, None])
    np.testing.assert_allclose(run.host("z"), made[0], rtol=1e-12, atol=1e-14)
