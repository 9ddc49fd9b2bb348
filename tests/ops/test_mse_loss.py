"""The squared error: against the golden numbers, and against PyTorch."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_file import golden
from network import differentiated

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.mse_loss import MSELoss

REDUCTIONS = {"mean": "squared_mean", "sum": "squared_sum", "half_sum": "half_squared_sum"}


@pytest.mark.parametrize(("reduction", "name"), REDUCTIONS.items())
def test_the_golden_losses(reduction: str, name: str) -> None:
    file = golden("loss-functions")
    found = differentiated(MSELoss(reduction), x=file.inputs["y_hat"], target=file.inputs["y"])  # type: ignore[arg-type]
    assert found["loss"] == pytest.approx(file.expected[name], rel=1e-12)
    assert found["x.grad"] == pytest.approx(np.array(file.expected[f"{name}_grad"]), rel=1e-12)
    assert found["target.grad"] == pytest.approx(-np.array(file.expected[f"{name}_grad"]), rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 3, 2, 2), (0, 3)])
def test_pytorch_gives_the_same(reduction: str, shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    x, target = np.random.default_rng(3).standard_normal((2, *shape))
    x, target = np.asarray(x), np.asarray(target)
    found = differentiated(MSELoss(reduction), x=x, target=target)  # type: ignore[arg-type]
    a, b = (torch.tensor(given, requires_grad=True) for given in (x, target))
    wanted = torch.nn.functional.mse_loss(a, b, reduction=reduction)
    wanted.backward()
    np.testing.assert_allclose(found["loss"], wanted.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["target.grad"], b.grad.numpy(), rtol=1e-12)


def test_the_mean_over_no_samples_is_nan_and_the_sum_is_zero() -> None:
    empty = np.zeros((0, 3))
    assert math.isnan(differentiated(MSELoss(), x=empty, target=empty)["loss"])
    assert differentiated(MSELoss("sum"), x=empty, target=empty)["loss"] == 0


def test_shapes_that_differ_are_refused_and_not_broadcast() -> None:
    with pytest.raises(ShapeError, match=r"target is float64\[4\] and x is float64\[4,1\].*all axes of x"):
        MSELoss().infer(Spec((4, 1)), Spec((4,)))
