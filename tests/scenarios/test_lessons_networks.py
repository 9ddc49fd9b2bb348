"""The lessons on losses and small networks, against the golden files: forward, backward, and several updates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from golden_file import golden

from stepgrad.scenarios.lesson import Lesson, open_lesson


def agrees(lesson: Lesson, tensor: str, expected: Any, iteration: int = 0) -> None:
    """The same numbers; axes of one aside."""
    found = np.squeeze(lesson.tensors(iteration)[tensor])
    np.testing.assert_allclose(found, np.squeeze(np.asarray(expected, float)), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("variant", "rate"), [("", "0.01"), (":half", "0.5"), (":one", "1.0")])
def test_learning_rates(variant: str, rate: str) -> None:
    lesson, expected = open_lesson(f"learning-rate-sweep{variant}"), golden("neuron-forward-loss-update").expected
    for step in range(3):
        agrees(lesson, "loss", expected[f"sgd_lr{rate}_losses"][step], step)
        agrees(lesson, "y_hat.weight.new", expected[f"sgd_lr{rate}_w_step{step + 1}"], step)


@pytest.mark.parametrize(("variant", "rate"), [("tenth", 0.1), ("above-one", 1.1)])
def test_the_error_shrinks_or_grows_by_the_same_factor(variant: str, rate: float) -> None:
    """x.x = 1, so a step multiplies the error by 1 - 2*rate, and the loss by its square."""
    lesson = open_lesson(f"learning-rate-sweep:{variant}")
    for step in range(10):
        agrees(lesson, "loss", 2.62**2 * (1 - 2 * rate) ** (2 * step), step)


@pytest.mark.parametrize(("variant", "weight"), [("printed-one", "0.2"), ("printed-hundredth", "0.497")])
def test_the_printed_slope_makes_it_worse(variant: str, weight: str) -> None:
    lesson, expected = open_lesson(f"learning-rate-sweep:{variant}"), golden("neuron-forward-loss-update").expected
    agrees(lesson, "loss", expected[f"loss_after_printed_update_{weight}"])
    assert expected[f"loss_after_printed_update_{weight}"] > expected["loss"]


def test_five_rates_side_by_side() -> None:
    lesson, expected = open_lesson("learning-rate-sweep:side-by-side"), golden("neuron-forward-loss-update").expected
    for step in range(3):
        found = np.squeeze(lesson.tensors(step)["squared"])
        for column, rate in ((0, "0.01"), (2, "0.5"), (3, "1.0")):
            assert found[column] == pytest.approx(expected[f"sgd_lr{rate}_losses"][step], abs=1e-12)


LOSSES = {
    "": "squared_mean", ":sum": "squared_sum", ":half": "half_squared_sum", ":binary": "binary_cross_entropy_mean",
    ":binary-sum": "binary_cross_entropy_sum",
}  # fmt: skip


@pytest.mark.parametrize("variant", LOSSES)
def test_losses_and_their_slopes(variant: str) -> None:
    lesson, expected = open_lesson(f"loss-functions{variant}"), golden("loss-functions").expected
    agrees(lesson, "loss", expected[LOSSES[variant]])
    agrees(lesson, "y_hat.grad", expected[f"{LOSSES[variant]}_grad"])


def test_one_hot_and_what_was_printed() -> None:
    expected = golden("loss-functions").expected
    one_hot = open_lesson("loss-functions:one-hot")
    agrees(one_hot, "loss", expected["cross_entropy"])
    agrees(one_hot, "p.grad", expected["cross_entropy_grad"])
    agrees(open_lesson("loss-functions:as-printed"), "loss", expected["cross_entropy_as_printed"])
    binary = open_lesson("loss-functions:binary-as-printed")
    agrees(binary, "loss", expected["binary_cross_entropy_sum_as_printed"])


def test_softmax_and_cross_entropy() -> None:
    lesson, expected = open_lesson("softmax-cross-entropy"), golden("softmax-cross-entropy").expected
    for letter, name in {"probabilities": "probabilities", "predicted": "predicted", "loss": "loss"}.items():
        agrees(lesson, name, expected[letter])
    agrees(lesson, "scores.grad", expected["grad_logits"])
    right = lesson.tensors()["loss.log_softmax"][[0, 1], [2, 1]]
    np.testing.assert_allclose(-right, expected["per_sample"], rtol=1e-12)


RULES: dict[str, dict[str, object]] = {
    "sgd": {},
    "momentum": {"optimizer.momentum": 0.9},
    "adam": {"optimizer": {"op": "adam", "lr": 0.1, "iterations": 3}},
}
VARIANTS = {"sigmoid": "", "tanh": ":tanh", "relu": ":relu"}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("activation", VARIANTS)
def test_the_network_of_three_units(activation: str, rule: str) -> None:
    settings = {**RULES[rule], "optimizer.iterations": 3}
    lesson, expected = open_lesson(f"mlp-forward{VARIANTS[activation]}", settings), golden("mlp-forward").expected
    agrees(lesson, "z", expected["z"])
    for letter in ("a", "y", "loss"):
        agrees(lesson, letter, expected[f"{activation}_{letter}"])
    names = {"w1": "z.weight", "b1": "z.bias", "w2": "y.weight", "b2": "y.bias"}
    for letter, name in names.items():
        agrees(lesson, f"{name}.grad", expected[f"{activation}_grad_{letter}"])
        for step in range(2):
            agrees(lesson, f"{name}.new", expected[f"{activation}_{rule}_{letter}_step{step + 1}"], step)
    for step, loss in enumerate(expected[f"{activation}_{rule}_losses"]):
        agrees(lesson, "loss", loss, step)


@pytest.mark.parametrize("rule", ["momentum", "adam"])
def test_the_variants_are_these_optimizers(rule: str) -> None:
    agrees(open_lesson(f"mlp-forward:{rule}"), "loss", golden("mlp-forward").expected[f"sigmoid_{rule}_losses"][2], 2)


@pytest.mark.parametrize(("variant", "unit"), [("", "sigmoid"), (":tanh", "tanh"), (":relu", "relu")])
def test_a_message_through_ten_layers(variant: str, unit: str) -> None:
    _chain(open_lesson(f"vanishing-gradient{variant}"), unit)


def test_a_message_with_a_way_around() -> None:
    _chain(open_lesson("vanishing-gradient:skip"), "sigmoid_skip")


def _chain(lesson: Lesson, unit: str) -> None:
    """dh_n/dx is what arrives at x, over what has arrived at h_n."""
    tensors, expected = lesson.tensors(), golden("vanishing-gradient").expected
    for depth in range(1, 11):
        assert tensors[f"h{depth}"].item() == pytest.approx(expected[f"{unit}_values"][depth], rel=1e-12)
        slope = tensors["x.grad"].item() / tensors[f"h{depth}.grad"].item()
        assert slope == pytest.approx(expected[f"{unit}_slopes"][depth - 1], rel=1e-9)


def test_no_more_than_a_quarter_to_the_tenth_comes_back() -> None:
    lesson = open_lesson("vanishing-gradient")
    agrees(lesson, "bound10", golden("vanishing-gradient").expected["sigmoid_bound"][9])
    assert lesson.tensors()["x.grad"].item() < 0.25**10


def test_which_way_up() -> None:
    lesson, expected = open_lesson("rotation-pretraining"), golden("rotation-pretraining").expected
    agrees(lesson, "turned", expected["turned"])
    assert lesson.tensors()["turn"].tolist() == expected["labels"]
    agrees(lesson, "scores.weight.grad", np.reshape(expected["grad_w"], (4, 9)))


@pytest.mark.parametrize("rule", ["sgd", "momentum"])
def test_which_way_up_is_learned(rule: str) -> None:
    lesson = open_lesson("rotation-pretraining" + ("" if rule == "sgd" else f":{rule}"))
    expected = golden("rotation-pretraining").expected
    for step, loss in enumerate(expected[f"{rule}_losses"]):
        agrees(lesson, "loss", loss, step)
    for step in range(2):
        agrees(lesson, "scores.weight.new", expected[f"{rule}_w_step{step + 1}"], step)


@pytest.mark.parametrize(("variant", "case"), [("", "frozen"), (":both", "both")])
def test_a_head_on_features(variant: str, case: str) -> None:
    lesson, expected = open_lesson(f"transfer-frozen-features{variant}"), golden("transfer-frozen-features").expected
    agrees(lesson, "features.weight.grad", expected["grad_features"])
    agrees(lesson, "head.weight.grad", expected["grad_head"])
    for step, loss in enumerate(expected[f"{case}_losses"]):
        agrees(lesson, "loss", loss, step)
    for step in range(2):
        agrees(lesson, "head.weight.new", expected[f"{case}_head_step{step + 1}"], step)
        if case == "both":
            agrees(lesson, "features.weight.new", expected[f"both_features_step{step + 1}"], step)
    assert ("features.weight.new" in lesson.tensors()) == (case == "both")


def test_the_published_networks_for_mnist_1d_are_counted() -> None:
    tensors, expected = open_lesson("mnist-1d").tensors(), golden("mnist-1d").expected
    assert [tensors[name].item() for name in ("length", "length1", "length2", "length3")] == expected["published_sizes"]
    assert tensors["flat"] == expected["published_flat"]
    assert tensors["conv_parameters"] == expected["published_conv_parameters"]
    assert tensors["dense_parameters"] == expected["published_fc_parameters"]


@pytest.mark.parametrize("rule", RULES)
def test_one_step_along_a_line(rule: str) -> None:
    lesson, expected = open_lesson("mnist-1d:step", RULES[rule]), golden("mnist-1d").expected
    for letter, name in {"h1": "relu1", "h2": "relu2", "logits": "scores", "loss": "loss"}.items():
        agrees(lesson, name, expected[letter])
    for k, layer in enumerate(("conv1", "conv2", "scores"), start=1):
        for letter, owned in (("w", "weight"), ("b", "bias")):
            agrees(lesson, f"{layer}.{owned}.grad", expected[f"grad_{letter}{k}"])
            agrees(lesson, f"{layer}.{owned}.new", expected[f"{rule}_{letter}{k}_step1"])
    agrees(lesson, "loss", expected[f"{rule}_losses"][1], 1)


def test_chance_is_the_logarithm_of_the_classes() -> None:
    assert golden("rotation-pretraining").expected["loss"] == pytest.approx(math.log(4))
    agrees(open_lesson("transfer-frozen-features"), "loss", math.log(3))
