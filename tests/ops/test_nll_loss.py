"""The negative log-likelihood of class labels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from golden_file import golden
from network import Network, differentiated

from stepgrad.engine.errors import GraphError, ShapeError, StepgradError
from stepgrad.engine.number import Read
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.nll_loss import NLLLoss
from stepgrad.engine.step import leaves


def test_by_hand() -> None:
    found = differentiated(NLLLoss(), x=[[-2, -0.5], [-0.25, -3]], target=np.array([0, 1]))
    assert found["loss"] == (2 + 3) / 2
    assert found["x.grad"].tolist() == [[-0.5, 0], [0, -0.5]]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("shape", [(3,), (1, 2), (4, 3), (2, 3, 5), (2, 4, 3, 2), (0, 3)])
def test_pytorch_gives_the_same(shape: tuple[int, ...], reduction: str) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(5)
    axis = min(1, len(shape) - 1)
    x = random.standard_normal(shape)
    target = np.asarray(random.integers(0, shape[axis], shape[:axis] + shape[axis + 1 :]))
    found = differentiated(NLLLoss(reduction), x=x, target=target)  # type: ignore[arg-type]
    a = torch.tensor(x, requires_grad=True)
    wanted = torch.nn.functional.nll_loss(a, torch.tensor(target), reduction=reduction)
    wanted.backward()
    np.testing.assert_allclose(found["loss"], wanted.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-12)


def test_the_label_chooses_the_cell_that_is_read() -> None:
    network = Network()
    network.input("scores", [[-2, -0.5], [-0.25, -3]])
    network.input("label", np.array([0, 1]))
    network.loss(NLLLoss(), "scores", "label")
    run = network.run()
    read = [
        (leaf.cells.name, leaf.index) for leaf in leaves(run.trace(network.graph["loss"], ())) if isinstance(leaf, Read)
    ]
    assert read == [("label", (0,)), ("scores", (0, 0)), ("label", (1,)), ("scores", (1, 1))]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (np.array([0, 2]), "loss: target[1] is 2; there are 2 classes, from 0 to 1"),
        (np.array([-100, 0]), "loss: target[0] is -100; there are 2 classes, from 0 to 1"),
    ],
)
def test_a_label_that_is_no_class_is_refused(target: np.ndarray, said: str) -> None:
    with pytest.raises(StepgradError) as refused:
        differentiated(NLLLoss(), x=[[-2, -0.5], [-0.25, -3]], target=target)
    assert str(refused.value) == said


def test_labels_of_another_shape_or_with_fractions_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"target is int64\[2,3\] and x is float64\[2,3\].*int64\[2\]"):
        NLLLoss().infer(Spec((2, 3)), Spec((2, 3), "int64"))
    with pytest.raises(GraphError, match=r"loss: nll_loss: target is float64\[2\].*whole numbers, int64\[2\]"):
        differentiated(NLLLoss(), x=[[-2, -0.5], [-0.25, -3]], target=[0.0, 1.0])


def test_the_mean_over_no_samples_is_nan() -> None:
    assert math.isnan(differentiated(NLLLoss(), x=np.zeros((0, 3)), target=np.zeros(0, int))["loss"])


def test_one_hot_cross_entropy_of_the_golden_file() -> None:
    """The label 1 picks what the one-hot row [0, 1, 0] leaves of the sum."""
    file = golden("loss-functions")
    label = np.asarray(file.inputs["one_hot"].index(1))
    found = differentiated(NLLLoss(), x=np.log(file.inputs["p"]), target=label)
    assert found["loss"] == pytest.approx(file.expected["cross_entropy"], rel=1e-12)
    assert found["x.grad"] / file.inputs["p"] == pytest.approx(np.array(file.expected["cross_entropy_grad"]))
