"""The perceptron: gradient descent on its criterion is the learning rule of 1957."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden
from network import Network, differentiated

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.perceptron_loss import PerceptronLoss
from stepgrad.engine.ops.sgd import SGD


def test_by_hand() -> None:
    """Right, wrong, wrong, and undecided: a score of 0 says 0, which is a mistake where the target is 1."""
    found = differentiated(PerceptronLoss(), x=[2, 3, -1, 0], target=[1, 0, 1, 1])
    assert found["loss"] == 0 + 3 + 1 + 0
    assert found["x.grad"].tolist() == [0, 1, -1, -1]


@pytest.mark.parametrize("task", ["and", "xor"])
def test_the_rule_replays_the_golden_trace(task: str) -> None:
    """One sample an iteration: w += lr*(target - output)*x, the bias among them."""
    file = golden("perceptron-rule")
    points, targets, trace = np.array(file.inputs["points"], float), file.inputs[task], file.expected[f"{task}_trace"]
    network = Network()
    network.input("point", points[:1])
    network.input("target", [[0.0]])
    network.parameter("w", [[0.0, 0.0]])
    network.parameter("b", [0.0])
    network.add("score", Linear(), "point", "w", "b")
    network.loss(PerceptronLoss(), "score", "target")
    network.update(SGD(lr=file.attributes["lr"]))

    def feed(at: int) -> dict[str, np.ndarray]:
        return {"point": points[at % 4][None], "target": np.array([[targets[at % 4]]], float)}

    history = network.history(len(trace), feed)
    for at, (_, *point, target, output, b, w1, w2) in enumerate(trace):
        run = history.run(at)
        assert [*run.host("point")[0], *run.host("target")[0]] == [*point, target]
        assert (run.host("score") > 0).item() == output
        assert [*run.host("b.new"), *run.host("w.new")[0]] == [b, w1, w2]
        assert run.host("loss") == abs(run.host("score").item()) * (output != target)
    last = history.run(len(trace) - 1)
    wanted = file.expected.get(f"{task}_weights", file.expected["xor_weights_after_8_epochs"])
    assert [*last.host("b.new"), *last.host("w.new")[0]] == wanted


def test_targets_of_minus_one_are_refused() -> None:
    with pytest.raises(StepgradError, match=r"^loss: target\[1\] is -1; the perceptron's targets are 0 and 1$"):
        differentiated(PerceptronLoss(), x=[1, 2], target=[1, -1])
