"""Cross-entropy of yes-or-no answers, from probabilities and from scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_file import golden
from network import differentiated

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.op import Op
from stepgrad.engine.ops.binary_cross_entropy import BinaryCrossEntropy
from stepgrad.engine.ops.binary_cross_entropy_with_logits import BinaryCrossEntropyWithLogits

PROBABILITIES = [0.9, 0.2, 0.5, 1e-9, 1 - 1e-9, 0.0, 1.0, 0.0, 1.0]
SCORES = [2.0, -1.0, 0.0, 40.0, -40.0, 1000.0, -1000.0, 1000.0, -1000.0]
TARGETS = [1.0, 0.0, 0.3, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_golden_losses(reduction: str) -> None:
    file = golden("loss-functions")
    name = f"binary_cross_entropy_{reduction}"
    found = differentiated(BinaryCrossEntropy(reduction), x=file.inputs["y_hat"], target=file.inputs["y"])  # type: ignore[arg-type]
    assert found["loss"] == pytest.approx(file.expected[name], rel=1e-12)
    assert found["x.grad"] == pytest.approx(np.array(file.expected[f"{name}_grad"]), rel=1e-12)
    assert -found["loss"] == pytest.approx(file.expected.get(f"{name}_as_printed", -found["loss"]), rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(
    ("op", "values"), [(BinaryCrossEntropy, PROBABILITIES), (BinaryCrossEntropyWithLogits, SCORES)]
)
def test_pytorch_gives_the_same(op: Any, values: list[float], reduction: str) -> None:
    """At probabilities of 0 and 1 a logarithm counts -100, and the slope is divided by at least 1e-12."""
    torch = pytest.importorskip("torch")
    found = differentiated(op(reduction), x=values, target=TARGETS)
    x, target = (torch.tensor(given, dtype=torch.float64, requires_grad=True) for given in (values, TARGETS))
    wanted = getattr(torch.nn.functional, op.name)(x, target, reduction=reduction)
    wanted.backward()
    np.testing.assert_allclose(found["loss"], wanted.detach().numpy(), rtol=1e-12)
    # PyTorch keeps its 1e-12 in float32, and takes log1p(-x) for log(1 - x).
    np.testing.assert_allclose(found["x.grad"], x.grad.numpy(), rtol=1e-8)
    np.testing.assert_allclose(found["target.grad"], target.grad.numpy(), rtol=1e-8)


def test_a_sure_and_wrong_answer_costs_100() -> None:
    found = differentiated(BinaryCrossEntropy(), x=[0.0], target=[1.0])
    assert found["loss"] == 100
    assert found["x.grad"].tolist() == [-1e12]


def test_a_score_costs_what_its_probability_costs() -> None:
    scores = np.linspace(-8, 8, 9)
    target = np.linspace(0, 1, 9)
    from_scores = differentiated(BinaryCrossEntropyWithLogits(), x=scores, target=target)["loss"]
    from_probabilities = differentiated(BinaryCrossEntropy(), x=1 / (1 + np.exp(-scores)), target=target)["loss"]
    assert from_scores == pytest.approx(from_probabilities, rel=1e-12)


@pytest.mark.parametrize(("x", "said"), [([0.5, 1.5], "loss: x[1] is 1.5"), ([[0.5], [-2]], "loss: x[1,0] is -2")])
def test_what_is_no_probability_is_refused(x: Any, said: str) -> None:
    with pytest.raises(StepgradError) as refused:
        differentiated(BinaryCrossEntropy(), x=x, target=np.zeros(np.shape(x)))
    assert str(refused.value) == f"{said}; a probability lies between 0 and 1"


@pytest.mark.parametrize("op", [BinaryCrossEntropy(), BinaryCrossEntropyWithLogits()])
def test_nan_flows_through(op: Op) -> None:
    found = differentiated(op, x=[0.5, float("nan")], target=[1.0, 1.0])
    assert np.isnan(found["loss"])
    assert np.isnan(found["x.grad"]).tolist() == [False, True]
