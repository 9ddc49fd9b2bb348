"""Strided sub-sampling and its gradient."""

from __future__ import annotations

import numpy as np
import pytest
from backward import backward
from golden_file import golden

from stepgrad.engine.ops.subsample import Subsample


def test_the_golden_windows() -> None:
    file = golden("pooling-max-mean-l2")
    found = backward(Subsample(2), [[file.inputs["upstream"]]], x=[[file.inputs["x"]]])
    assert found["y"].tolist() == [[file.expected["subsample"]]]
    assert found["x.grad"].tolist() == [[file.expected["subsample_grad_x"]]]


@pytest.mark.parametrize(("kernel", "stride"), [(2, None), (3, 2), (2, 3), ((1, 2), (2, 1))])
def test_it_is_a_convolution_that_looks_at_the_first_cell(kernel: object, stride: object) -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(1).standard_normal((2, 1, 5, 7))
    size = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    first = torch.zeros((1, 1, *size), dtype=torch.float64)
    first[..., 0, 0] = 1
    a = torch.tensor(x, requires_grad=True)
    y = torch.nn.functional.conv2d(a, first, stride=kernel if stride is None else stride)
    y.backward(torch.ones_like(y))
    found = backward(Subsample(kernel, stride), 1, x=x)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found["y"], y.detach().numpy())
    np.testing.assert_array_equal(found["x.grad"], a.grad.numpy())


def test_the_formula() -> None:
    assert Subsample(2).formula == "y[n,c,i,j] = x[n,c,2i,2j]"
    assert Subsample((3, 2), (1, 3)).formula == "y[n,c,i,j] = x[n,c,i,3j]"
