"""The mean over axes."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.ops.mean import Mean
from stepgrad.engine.ops.sum import Sum


def network(x: object, op: Mean, upstream: object | None = None) -> Network:
    made = Network()
    made.parameter("x", x)
    made.add("y", op, "x")
    if upstream is not None:
        made.input("upstream", upstream)
    made.loss(Sum(), "y", None if upstream is None else "upstream")
    return made


def test_grey_from_colours() -> None:
    file = golden("channel-layouts")
    run = network(file.inputs["nchw"], Mean((1,))).run()
    assert run.host("y").tolist() == file.expected["grey_mean"]
    assert run.host("x.grad")[0, 0, 0, 0] == pytest.approx(1 / 3)


@pytest.mark.parametrize("dim", [(0,), (1, 2), (-1, 0), None])
def test_pytorch_gives_the_same(dim: tuple[int, ...] | None) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(8)
    x = random.standard_normal((2, 3, 4))
    a = torch.tensor(x, requires_grad=True)
    wanted = torch.mean(a, dim)
    upstream = random.standard_normal(tuple(wanted.shape))
    (wanted * torch.tensor(upstream)).sum().backward()
    run = network(x, Mean(dim), upstream).run()
    np.testing.assert_allclose(run.host("y"), wanted.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(run.host("x.grad"), a.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("dim", [(2,), (0, 0), (0, -2)])
def test_axes_that_are_not_there_or_named_twice_are_refused(dim: tuple[int, ...]) -> None:
    with pytest.raises(GraphError, match="dim is"):
        network([[1.0]], Mean(dim))
