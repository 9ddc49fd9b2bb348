"""Local response normalisation: by hand, and against PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
from network import under_sum

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.local_response_norm import LocalResponseNorm


def test_by_hand() -> None:
    """Channels 3, 4, 0; size 3, alpha 3, beta 1, k 0: the divisors are sums of neighbours' squares, 25, 25, 16."""
    found = under_sum(LocalResponseNorm(3, 3.0, 1.0, 0.0), np.ones((1, 3, 1)), x=[[[3.0], [4.0], [0.0]]])
    assert found["y.divisor"].ravel().tolist() == [25, 25, 16]
    np.testing.assert_allclose(found["y"].ravel(), [3 / 25, 4 / 25, 0])
    # y0 = 3/25: dy0/dx1 = -3*2*4/25^2; y1 = 4/25: 1/25 - 4*2*4/25^2; y2 = 0
    np.testing.assert_allclose(found["x.grad"][0, 1, 0], -24 / 625 + 1 / 25 - 32 / 625)


@pytest.mark.parametrize(
    ("shape", "settings"),
    [
        ((2, 6, 3, 4), {}),
        ((2, 6, 3, 4), {"size": 4, "alpha": 0.5, "beta": 0.6, "k": 2.0}),
        ((3, 4, 5), {"size": 1, "alpha": 1.0}),
        ((1, 2, 2, 2), {"size": 7, "alpha": 2.0}),
        ((1, 3, 2, 2, 2), {"size": 2, "alpha": 2.0, "beta": 0.5}),
    ],
)
def test_pytorch_gives_the_same(shape: tuple[int, ...], settings: dict[str, float]) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(4)
    x, upstream = random.standard_normal(shape), random.standard_normal(shape)
    found = under_sum(LocalResponseNorm(**settings), upstream, x=x)  # type: ignore[arg-type]
    a = torch.tensor(x, requires_grad=True)
    wanted = torch.nn.functional.local_response_norm(a, **{"size": 5, **settings})
    (wanted * torch.tensor(upstream)).sum().backward()
    np.testing.assert_allclose(found["y"], wanted.detach().numpy(), rtol=1e-13)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-11, atol=1e-14)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"x is float64\[2,3\]; it takes \[N,C,...\]"):
        LocalResponseNorm().infer(Spec((2, 3)))
    with pytest.raises(ShapeError, match="size is 0"):
        LocalResponseNorm(size=0).infer(Spec((2, 3, 4)))
