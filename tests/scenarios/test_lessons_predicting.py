"""The perceptron and the classifier: their numbers against the golden files."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden

from stepgrad.scenarios.lesson import open_lesson


@pytest.mark.parametrize("task", ["and", "xor"])
def test_the_perceptron_replays_the_trace(task: str) -> None:
    lesson = open_lesson("perceptron-rule" if task == "and" else "perceptron-rule:xor")
    trace = golden("perceptron-rule").expected[f"{task}_trace"]
    assert lesson.timeline.iterations == len(trace)
    for at, (_, *point, target, output, bias, w1, w2) in enumerate(trace):
        found = lesson.tensors(at)
        assert [*found["point"][0], *found["target"][0], *found["output"][0]] == [*point, target, output]
        assert [*found["bias.new"], *found["weight.new"][0]] == [bias, w1, w2]
    assert found["mistakes"] == (0 if task == "and" else 2)


def test_with_zero_on_the_other_side_the_bias_is_one_lower() -> None:
    found = open_lesson("perceptron-rule:at-least").tensors(23)
    assert [*found["bias.new"], *found["weight.new"][0]] == [-3, 2, 1]
    assert found["mistakes"] == 0


def test_half_the_learning_rate_takes_as_many_passes() -> None:
    whole, half = open_lesson("perceptron-rule"), open_lesson("perceptron-rule", {"optimizer.lr": 0.5})
    assert [whole.tensors(at)["mistakes"] for at in range(24)] == [half.tensors(at)["mistakes"] for at in range(24)]


def test_the_classifier_predicts() -> None:
    found, file = open_lesson("image-classifier").tensors(), golden("softmax-cross-entropy")
    assert found["scores"].tolist() == file.inputs["logits"]
    np.testing.assert_allclose(found["probabilities"], file.expected["probabilities"], rtol=1e-12)
    assert found["predicted"].tolist() == file.expected["predicted"]
    more = open_lesson("image-classifier", {"layers.scores.bias": [100, 100, 100]}).tensors()
    np.testing.assert_allclose(more["probabilities"], found["probabilities"], rtol=1e-12)
