"""The lessons that train, against the golden files: every tensor of a step, every optimizer, several rounds."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden

from stepgrad.scenarios.lesson import Lesson, open_lesson

RULES = {"sgd": "", "momentum": ":momentum", "adam": ":adam", "adam_slow": ":adam-slow"}


def same(lesson: Lesson, tensor: str, expected: object, iteration: int = 0) -> None:
    found = np.squeeze(lesson.tensors(iteration)[tensor])
    np.testing.assert_allclose(found, np.squeeze(np.asarray(expected, float)), rtol=1e-9, atol=1e-12)


def trains(id_: str, parameters: dict[str, str], rule: str, steps: int) -> None:
    """Parameters after every step, and the loss before it."""
    lesson, expected = open_lesson(f"{id_}{RULES[rule]}"), golden(id_).expected
    for step in range(steps):
        same(lesson, "loss", expected[f"{rule}_losses"][step], step)
        for letter, tensor in parameters.items():
            same(lesson, f"{tensor}.new", expected[f"{rule}_{letter}_step{step + 1}"], step)


def test_the_neuron() -> None:
    lesson, expected = open_lesson("neuron-forward-loss-update"), golden("neuron-forward-loss-update").expected
    same(lesson, "y_hat", expected["y_hat"])
    same(lesson, "loss", expected["loss"])
    same(lesson, "y_hat.weight.grad", expected["grad_w"])
    assert [lesson.step(0).term(k).trace.value for k in range(2)] == pytest.approx(expected["terms"])
    for letter, variant in (("x1", "first-input"), ("w1", "first-weight")):
        other = open_lesson(f"neuron-forward-loss-update:{variant}")
        same(other, "y_hat", expected[f"y_hat_{letter}_0.7"])
        same(other, "loss", expected[f"loss_{letter}_0.7"])


@pytest.mark.parametrize("rate", ["0.01", "0.5", "1.0"])
def test_the_neuron_at_three_learning_rates(rate: str) -> None:
    lesson = open_lesson("neuron-forward-loss-update", {"optimizer.lr": float(rate)})
    expected = golden("neuron-forward-loss-update").expected
    for step in range(3):
        same(lesson, "loss", expected[f"sgd_lr{rate}_losses"][step], step)
        same(lesson, "y_hat.weight.new", expected[f"sgd_lr{rate}_w_step{step + 1}"], step)


@pytest.mark.parametrize("rule", ["momentum", "adam"])
def test_the_neuron_with_other_optimizers(rule: str) -> None:
    trains("neuron-forward-loss-update", {"w": "y_hat.weight"}, rule, 3)


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam", "adam_slow"])
def test_the_training_loop(rule: str) -> None:
    names = {"w1": "hidden.weight", "b1": "hidden.bias", "w2": "y_pred.weight", "b2": "y_pred.bias"}
    trains("pytorch-training-loop", names, rule, 3)


def test_the_first_pass_of_the_training_loop() -> None:
    lesson, expected = open_lesson("pytorch-training-loop"), golden("pytorch-training-loop").expected
    names = {"z1": "hidden", "a1": "relu", "y_pred": "y_pred", "loss": "loss", "grad_w1": "hidden.weight.grad"}
    names |= {"grad_b1": "hidden.bias.grad", "grad_w2": "y_pred.weight.grad", "grad_b2": "y_pred.bias.grad"}
    for letter, tensor in names.items():
        same(lesson, tensor, expected[letter])


def test_the_residual_block_and_without_its_way_around() -> None:
    expected = golden("residual-block").expected
    for kind, name in (("skip", "residual-block"), ("plain", "residual-block:plain")):
        lesson = open_lesson(name)
        for letter, tensor in {"y": "y", "loss": "loss", "grad_x": "x.grad"}.items():
            same(lesson, tensor, expected[f"{kind}_{letter}"])
        same(lesson, "hidden.weight.grad", expected[f"{kind}_grad_w1"])
        same(lesson, "branch.weight.grad", expected[f"{kind}_grad_w2"])
        same(lesson, "branch", expected["branch"])


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_the_residual_block_learns(rule: str) -> None:
    trains("residual-block", {"w1": "hidden.weight", "w2": "branch.weight"}, rule, 2)


CNN = {
    "conv": "conv", "relu": "relu", "bn": "bn", "pool": "pool", "logits": "logits", "loss": "loss",
    "grad_w": "conv.weight.grad", "grad_b": "conv.bias.grad", "grad_gamma": "bn.weight.grad",
    "grad_beta": "bn.bias.grad", "grad_w_fc": "logits.weight.grad", "grad_b_fc": "logits.bias.grad",
}  # fmt: skip


@pytest.mark.parametrize("letter", CNN)
def test_every_tensor_of_the_whole_network(letter: str) -> None:
    expected = golden("cnn-flow").expected
    if letter not in expected:
        pytest.fail(f"{letter} is not in the golden file, which has {', '.join(expected)}")
    same(open_lesson("cnn-flow"), CNN[letter], expected[letter])


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_the_whole_network_learns(rule: str) -> None:
    names = {"w": "conv.weight", "b": "conv.bias", "gamma": "bn.weight", "beta": "bn.bias"}
    trains("cnn-flow", names | {"w_fc": "logits.weight", "b_fc": "logits.bias"}, rule, 2)
