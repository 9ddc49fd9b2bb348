"""The negative log-likelihood of class labels."""

from __future__ import annotations

import math

import numpy as np
import pytest
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


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("ignored", [None, 1, -7])
@pytest.mark.parametrize("weighted", [True, False])
def test_pytorch_gives_the_same_with_class_weights_and_ignored_labels(
    reduction: str, ignored: int | None, weighted: bool
) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(7)
    x, target = random.standard_normal((4, 3, 5)), random.integers(0, 3, (4, 5))
    target[0, :3] = 0 if ignored is None else ignored
    given = {"weight": np.array([0.5, 2.0, 1.25])} if weighted else {}
    found = differentiated(NLLLoss(reduction, ignored), x=x, target=target, **given)  # type: ignore[arg-type]
    a = torch.tensor(x, requires_grad=True)
    others = {key: torch.tensor(value) for key, value in given.items()}
    wanted = torch.nn.functional.nll_loss(
        a, torch.tensor(target), reduction=reduction, **others, ignore_index=-100 if ignored is None else ignored
    )
    wanted.backward()
    np.testing.assert_allclose(found["loss"], wanted.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-12)
    assert "weight.grad" not in found


def test_ignored_labels_by_hand() -> None:
    """One of two labels is ignored, whatever stands there: the mean is over the other. Of none, it is NaN."""
    x = np.array([[-2, -0.5], [math.nan, -3]])
    found = differentiated(NLLLoss(ignore_index=-1), x=x, target=np.array([0, -1]))
    assert found["loss"] == 2
    assert found["x.grad"].tolist() == [[-1, 0], [0, 0]]
    assert math.isnan(differentiated(NLLLoss(ignore_index=-1), x=x, target=np.array([-1, -1]))["loss"])
    assert differentiated(NLLLoss("sum", ignore_index=-1), x=x, target=np.array([-1, -1]))["loss"] == 0


def test_weights_are_a_node_of_their_own() -> None:
    network = Network()
    network.input("scores", [[-2, -0.5], [-0.25, -3], [-1, -1]])
    network.input("label", np.array([0, 1, 1]))
    network.input("importance", [2, 1])
    network.loss(NLLLoss(), "scores", "label", "importance", wanted=["scores"])
    run = network.run()
    assert run.host("loss.weights").tolist() == [0.5, 0.25, 0.25]
    assert run.host("loss") == (2 * 2 + 3 + 1) / 4


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
    with pytest.raises(GraphError, match=r"loss: label_sum: target is float64\[2\].*whole numbers, int64\[2\]"):
        differentiated(NLLLoss(), x=[[-2, -0.5], [-0.25, -3]], target=[0.0, 1.0])


def test_class_weights_of_another_count_are_refused() -> None:
    with pytest.raises(GraphError, match=r"loss.weights: label_weights: weight is float64\[3\]; there are 2 classes"):
        differentiated(NLLLoss(), x=[[-2, -0.5]], target=np.array([0]), weight=[1, 1, 1])


def test_the_mean_over_no_samples_is_nan() -> None:
    assert math.isnan(differentiated(NLLLoss(), x=np.zeros((0, 3)), target=np.zeros(0, int))["loss"])
