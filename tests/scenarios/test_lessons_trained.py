"""The lessons that train on data: first iterations at once; in the slow tests what comes of it, over seeds."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from stepgrad.scenarios.catalogue import find
from stepgrad.scenarios.datasets import load
from stepgrad.scenarios.lesson import Lesson, open_lesson

SEEDS = range(5)
ROTATION = "rotation-pretraining-digits"
SHORT: dict[str, object] = {
    "stages.pretrain.optimizer.iterations": 2,
    "stages.transfer.optimizer.iterations": 2,
}
"""The two stages of the rotations, two iterations each."""


def last(name: str, tensor: str, seed: int) -> float:
    """A number of the last iteration."""
    lesson = open_lesson(name, {"seed": seed})
    return float(lesson.tensors(lesson.timeline.iterations - 1)[tensor])


def over_seeds(name: str, tensor: str) -> list[float]:
    found = [last(name, tensor, seed) for seed in SEEDS]
    shown = ", ".join(f"{value:.1%}" for value in found)
    print(f"{name}: {tensor} {shown}; worst {min(found):.1%}, mean {np.mean(found):.1%}")
    return found


@pytest.mark.parametrize("name", ["digits-cnn", ROTATION, "mnist-1d:conv", "mnist-1d:dense"])
def test_it_opens_without_training(name: str) -> None:
    load("mnist1d")  # made once for the whole program
    started = time.perf_counter()
    lesson = open_lesson(name)
    lesson.step(0)
    assert time.perf_counter() - started < 1
    assert lesson.timeline.iterations > 100


def test_the_exam_is_on_digits_that_are_never_trained_on() -> None:
    lesson = open_lesson("digits-cnn")
    train, held_out = load("digits"), load("digits", "test")
    tensors = lesson.tensors()
    assert np.array_equal(tensors["exam"], held_out.input)
    assert np.array_equal(tensors["exam_label"], held_out.label)
    rows = {row.tobytes() for row in train.input.astype("float32")}
    assert all(row.tobytes() in rows for row in tensors["image"])


def test_the_accuracy_is_that_of_the_predictions() -> None:
    tensors = open_lesson("digits-cnn").tensors(1)
    predicted = tensors["exam_scores"].argmax(1)
    assert tensors["accuracy"] == pytest.approx(np.mean(predicted == tensors["exam_label"]))
    assert np.trace(tensors["confusion"]) == np.sum(predicted == tensors["exam_label"])
    assert tensors["confusion"].sum(1).tolist() == np.bincount(tensors["exam_label"]).tolist()


def test_the_exam_changes_no_weight() -> None:
    """Held-out rows reach no loss: other ones leave every update as it is."""
    usual = open_lesson("digits-cnn").tensors()
    other = open_lesson("digits-cnn", {"inputs.exam.split": "train", "inputs.exam_label.split": "train"}).tensors()
    assert usual["exam"].shape != other["exam"].shape
    assert np.array_equal(usual["conv1.weight.new"], other["conv1.weight.new"])
    assert np.array_equal(usual["bn1.running_mean.new"], other["bn1.running_mean.new"])


def test_pretraining_reads_no_label_and_transfer_keeps_the_filters() -> None:
    lesson = open_lesson(ROTATION, SHORT)
    pretrain, transfer = lesson.tensors(0), lesson.tensors(2)
    assert not {"label", "labelled", "exam", "exam_label"} & set(pretrain)
    assert np.array_equal(pretrain["turned"][50:100], np.rot90(pretrain["pixels"], 1, (2, 3)))
    assert pretrain["turn"].tolist() == [k for k in range(4) for _ in range(50)]
    assert "filters1.new" in pretrain
    assert "filters1.new" not in transfer
    assert np.array_equal(transfer["filters1"], lesson.tensors(1)["filters1.new"])
    assert np.array_equal(lesson.tensors(3)["filters1"], transfer["filters1"])
    assert len(transfer["label"]) == round(0.05 * len(load("digits").label) / 10) * 10


def test_the_variants_differ_in_what_is_frozen_and_in_nothing_else() -> None:
    tuned, scratch = open_lesson(f"{ROTATION}:tuned", SHORT), open_lesson(f"{ROTATION}:from-scratch")
    random = open_lesson(f"{ROTATION}:random-features")
    assert "filters1.new" in tuned.tensors(2)
    assert "filters1.new" in scratch.tensors()
    assert "filters1.new" not in random.tensors()
    for name in ("labelled", "label", "exam", "filters1"):
        assert np.array_equal(scratch.tensors()[name], random.tensors()[name])
    assert np.array_equal(tuned.tensors(2)["labelled"], scratch.tensors()["labelled"])


def test_pictures_of_a_file_take_the_place_of_the_digits(tmp_path: Path) -> None:
    """As the notes of the lesson say for Fashion-MNIST: pictures of 28x28 with values to 255, in .npy files."""
    random = np.random.default_rng(0)
    copy = tmp_path / "fashion.toml"
    copy.write_text(find(ROTATION).read_text("utf-8"), "utf-8")
    for name, rows in (("fashion", 40), ("few", 10), ("held_out", 12)):
        np.save(tmp_path / f"{name}.npy", random.integers(0, 256, (rows, 1, 28, 28)))
        np.save(tmp_path / f"{name}_label.npy", random.integers(0, 10, rows))
    files: dict[str, object] = {
        "inputs.image": {"file": "fashion.npy", "batch": 32},
        "inputs.labelled": {"file": "few.npy"},
        "inputs.label": {"file": "few_label.npy"},
        "inputs.exam": {"file": "held_out.npy"},
        "inputs.exam_label": {"file": "held_out_label.npy"},
        **{f"layers.{layer}.divisor": 255.0 for layer in ("pixels", "labelled_pixels", "exam_pixels")},
    }
    lesson = open_lesson(str(copy), {**SHORT, **files})
    assert [lesson.tensors(i)["turned"].shape for i in range(2)] == [(128, 1, 28, 28), (32, 1, 28, 28)]
    assert lesson.tensors(0)["pixels"].max() <= 1
    assert lesson.tensors(3)["confusion"].sum() == 12


@pytest.mark.slow
def test_digits_are_read_in_every_one_of_five_seeds() -> None:
    assert min(over_seeds("digits-cnn", "accuracy")) >= 0.95


@pytest.mark.slow
def test_any_iteration_of_the_digits_is_the_one_of_a_straight_run() -> None:
    straight, jumping = open_lesson("digits-cnn"), open_lesson("digits-cnn")
    for i in range(60):
        straight.history.run(i)
    wanted = [59, 3, 31]
    found = [_state(jumping, i) for i in wanted]
    for i, tensors in zip(wanted, found, strict=True):
        assert all(np.array_equal(tensors[name], value) for name, value in _state(straight, i).items())


def _state(lesson: Lesson, iteration: int) -> dict[str, np.ndarray]:
    tensors = lesson.tensors(iteration)
    return {name: value for name, value in tensors.items() if name.endswith((".weight", ".exp_avg", "loss", "answer"))}


@pytest.mark.slow
def test_a_convolution_beats_a_dense_network_on_mnist_1d() -> None:
    sliding = over_seeds("mnist-1d:conv", "exam_accuracy")
    dense = over_seeds("mnist-1d:dense", "exam_accuracy")
    assert all(ours > theirs for ours, theirs in zip(sliding, dense, strict=True))


@pytest.mark.slow
def test_what_pretraining_is_worth() -> None:
    """What the lesson says of it, and no more: these are averages over five seeds."""
    frozen, tuned, scratch, random = (
        np.array(over_seeds(f"{ROTATION}{variant}", "accuracy"))
        for variant in ("", ":tuned", ":from-scratch", ":random-features")
    )
    assert frozen.mean() > random.mean() + 0.03
    assert frozen.mean() < scratch.mean()
    assert abs(tuned.mean() - scratch.mean()) < 0.03
    assert tuned.mean() > frozen.mean()
