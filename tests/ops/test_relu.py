"""The rectifier at its kink and at numbers that are none: PyTorch's conventions, by literal and against PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from stepgrad.engine.ops.relu import ReLU, ReLUGrad

X = np.array([-1.0, -0.0, 0.0, 2.0, np.nan, np.inf, -np.inf])
DY = np.array([5.0, 6.0, 7.0, 8.0, 9.0, 10.0, np.inf])


@pytest.fixture(autouse=True)
def _as_in_a_run() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


def test_by_literal() -> None:
    np.testing.assert_array_equal(ReLU().compute(np, X), [0, 0, 0, 2, np.nan, np.inf, 0])
    np.testing.assert_array_equal(ReLUGrad().compute(np, X, DY), [0, 0, 0, 8, 9, 10, 0])


def test_a_gradient_that_is_not_finite_goes_where_pytorch_sends_it() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(X, requires_grad=True)
    torch.relu(x).backward(torch.tensor(DY))
    np.testing.assert_array_equal(ReLUGrad().compute(np, X, DY), x.grad.numpy())
