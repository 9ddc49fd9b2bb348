"""Cross-entropy of class labels, from scores: two nodes, stable for scores of any size."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden
from network import Network, differentiated

from stepgrad.engine.errors import GraphError, StepgradError
from stepgrad.engine.ops.cross_entropy import CrossEntropy


def test_the_golden_loss_and_gradient() -> None:
    file = golden("softmax-cross-entropy")
    found = differentiated(CrossEntropy(), x=file.inputs["logits"], target=np.array(file.inputs["target"]))
    assert found["loss"] == pytest.approx(file.expected["loss"], rel=1e-12)
    np.testing.assert_allclose(found["x.grad"], file.expected["grad_logits"], rtol=1e-12)
    total = differentiated(CrossEntropy("sum"), x=file.inputs["logits"], target=np.array(file.inputs["target"]))
    assert total["loss"] == pytest.approx(sum(file.expected["per_sample"]), rel=1e-12)


def test_it_is_two_named_nodes_of_one_layer() -> None:
    network = Network()
    network.input("scores", [[1, 2, 3]])
    network.input("label", np.array([2]))
    network.loss(CrossEntropy(), "scores", "label", wanted=["scores"])
    parts = [(node.name, node.op.name, node.layer, node.phase) for node in network.graph.nodes]
    assert parts == [
        ("loss.log_softmax", "log_softmax", "loss", "loss"),
        ("loss", "label_sum", "loss", "loss"),
        ("loss.grad", "full_like", "loss", "backward"),
        ("loss.log_softmax.grad", "label_sum_grad", "loss", "backward"),
        ("scores.grad", "log_softmax_grad", "loss", "backward"),
    ]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 3, 5), (0, 3)])
@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_pytorch_gives_the_same(shape: tuple[int, ...], reduction: str, size: float) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(6)
    axis = min(1, len(shape) - 1)
    x = size * random.standard_normal(shape)
    target = np.asarray(random.integers(0, 3, shape[:axis] + shape[axis + 1 :]))
    found = differentiated(CrossEntropy(reduction), x=x, target=target)  # type: ignore[arg-type]
    a = torch.tensor(x, requires_grad=True)
    wanted = torch.nn.functional.cross_entropy(a, torch.tensor(target), reduction=reduction)
    wanted.backward()
    np.testing.assert_allclose(found["loss"], wanted.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found["x.grad"], a.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_scores_of_a_thousand_do_not_overflow() -> None:
    """The right class is 2000 behind: exp(-2000) is 0, and its logarithm -2000 all the same."""
    found = differentiated(CrossEntropy(), x=[[1000, -1000]], target=np.array([1]))
    assert found["loss"] == 2000
    assert found["x.grad"].tolist() == [[1, -1]]


def test_bad_labels_are_refused_with_the_loss_named() -> None:
    with pytest.raises(StepgradError, match=r"^loss: target\[0\] is 3; there are 3 classes, from 0 to 2$"):
        differentiated(CrossEntropy(), x=[[1, 2, 3]], target=np.array([3]))
    with pytest.raises(GraphError, match=r"loss: label_sum: target is int64\[2\] and x is float64\[1,3\]"):
        differentiated(CrossEntropy(), x=[[1, 2, 3]], target=np.array([0, 1]))
