"""How often predictions are right, and what they are taken for."""

from __future__ import annotations

import numpy as np
import pytest
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.op import Op
from stepgrad.engine.ops.accuracy import Accuracy
from stepgrad.engine.ops.confusion_matrix import ConfusionMatrix


def measured(op: Op, x: list[int], target: list[int]) -> np.ndarray:
    """What compute wrote, which every cell has to agree with."""
    network = Network()
    network.input("x", np.asarray(x))
    network.input("target", np.asarray(target))
    network.add("y", op, "x", "target")
    run = network.run()
    node, found = network.graph["y"], run.host("y")
    assert [run.trace(node, index).value for index in np.ndindex(found.shape)] == found.ravel().tolist()
    return found


def test_three_of_five_are_right() -> None:
    """Right are the first, the third and the last."""
    assert measured(Accuracy(), [2, 0, 1, 1, 2], [2, 1, 1, 0, 2]) == 3 / 5


def test_a_row_is_the_right_class_and_a_column_the_prediction() -> None:
    """Of three ones, one is taken for a 0; both twos are right. Turned over, it would be another matrix."""
    found = measured(ConfusionMatrix(3), [2, 0, 1, 1, 2], [2, 1, 1, 1, 2])
    assert found.tolist() == [[0, 0, 0], [1, 2, 0], [0, 0, 2]]


def test_the_diagonal_is_what_is_right() -> None:
    random = np.random.default_rng(0)
    x, target = random.integers(0, 4, (2, 50)).tolist()
    diagonal = np.trace(measured(ConfusionMatrix(4), x, target))
    assert diagonal / 50 == measured(Accuracy(), x, target) == np.mean(np.equal(x, target))


def test_what_is_no_class_is_not_counted() -> None:
    assert measured(ConfusionMatrix(2), [0, 5, 1], [1, 0, -1]).tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize("op", [Accuracy(), ConfusionMatrix(3)])
def test_predictions_and_labels_have_to_fit(op: Op) -> None:
    with pytest.raises(GraphError, match=r"x is int64\[2\] and target is int64\[3\]"):
        measured(op, [1, 2], [1, 2, 0])
    with pytest.raises(GraphError, match="whole numbers"):
        measured(op, [0.5, 1.0], [0, 1])  # type: ignore[list-item]  # scores in place of classes
