"""The absolute error."""

from __future__ import annotations

import numpy as np
import pytest
from network import differentiated

from stepgrad.engine.ops.l1_loss import L1Loss


def test_by_hand() -> None:
    """|1 - 3| + |2 - 2| + |5 - 1| = 6; the slope is the sign of the difference, 0 where there is none."""
    found = differentiated(L1Loss(), x=[1, 2, 5], target=[3, 2, 1])
    assert found["loss"] == 2
    assert found["x.grad"].tolist() == pytest.approx([-1 / 3, 0, 1 / 3])
    assert differentiated(L1Loss("sum"), x=[1, 2, 5], target=[3, 2, 1])["target.grad"].tolist() == [1, 0, -1]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_pytorch_gives_the_same(reduction: str) -> None:
    torch = pytest.importorskip("torch")
    x, target = np.random.default_rng(4).integers(-2, 3, (2, 4, 5)).astype("float64")
    assert (x == target).any(), "ties are tried"
    found = differentiated(L1Loss(reduction), x=x, target=target)  # type: ignore[arg-type]
    a, b = (torch.tensor(given, requires_grad=True) for given in (x, target))
    wanted = torch.nn.functional.l1_loss(a, b, reduction=reduction)
    wanted.backward()
    np.testing.assert_allclose(found["loss"], wanted.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["target.grad"], b.grad.numpy(), rtol=1e-12)
