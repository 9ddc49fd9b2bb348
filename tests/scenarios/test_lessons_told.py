"""How the lessons on networks are told: a question to begin with, surprises, and something to try that can be tried."""

from __future__ import annotations

import re

import numpy as np
import pytest
from lessons import NAMES

from stepgrad.scenarios.catalogue import Entry, entries
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.overrides import value_of

LESSONS = (
    "edge-kernel-learning",
    "conv2d-rgb-six-kernels",
    "conv1d-kernel-stride-dilation",
    "conv-layer-1d",
    "conv-layer-2d",
    "conv-layer-3d",
    "activations",
    "relu-mask",
    "pooling-max-mean-l2",
    "batchnorm-channel-statistics",
    "learning-rate-sweep",
    "loss-functions",
    "softmax-cross-entropy",
    "mlp-forward",
    "vanishing-gradient",
    "mnist-1d",
    "rotation-pretraining",
    "rotation-pretraining-digits",
    "transfer-frozen-features",
    "hierarchy",
    "digits-cnn",
)
TOLD = [name for name in NAMES if name.partition(":")[0] in LESSONS]


LEFT_OUT: tuple[dict[str, object], ...] = (
    {"inputs.label.batch": 64},  # the second half of a pair that goes together
    {"inputs.label.fraction": 0.02},
    {"layers.conv1.stride": 1},  # asked for as an example of what is refused
)


@pytest.mark.parametrize("name", TOLD)
def test_it_begins_with_a_question_and_ends_with_something_to_try(name: str) -> None:
    lesson = open_lesson(name)
    assert "?" in lesson.stops[0].title + lesson.stops[0].template
    assert "Try this" in lesson.stops[-1].template
    assert len(lesson.stops) >= (3 if ":" in name else 4)
    places = [stop.position for stop in lesson.stops]
    assert len(set(places)) == len(places), "two stops in one place: the first is never seen"
    assert any(stop.notes for stop in open_lesson(name.partition(":")[0]).stops)


@pytest.mark.parametrize("name", TOLD)
def test_what_it_asks_to_try_can_be_tried(name: str) -> None:
    """Every `--set` of a lecture runs, together with those that come after it in the same breath."""
    for stop in open_lesson(name).stops:
        tried = re.findall(r"(?:--set|and) ([\w.]+)=(\S+?)(?=[,.?;:]?(?:\s|$))", stop.template)
        for k in range(len(tried)):
            settings = {key: value_of(text) for key, text in reversed(tried[k:])}
            if settings in LEFT_OUT:
                continue
            assert open_lesson(name, settings).tensors()


def test_the_layer_that_complains_about_a_longer_row_is_the_last() -> None:
    """Nine places after the first layer, four after the second: two channels of them are eight numbers."""
    with pytest.raises(ScenarioError, match=r"layers\.scores: .* 8 inputs need a weight \[3,8\]"):
        open_lesson("mnist-1d:step", {"layers.conv1.stride": 1})


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_what_comes_of_the_try_is_told_to_the_speaker(entry: Entry) -> None:
    last = open_lesson(entry.name).stops[-1]
    assert last.notes or "Try this" not in last.template


@pytest.mark.parametrize(
    ("name", "settings", "cell", "iteration", "told"),
    [
        ("conv1d-full:unflipped", {}, "s", 0, [8, 23, 44, 70, 56, 39, 20]),
        ("feature-map-size", {"layers.demo.stride": [4]}, "demo", 0, [2]),
        ("feature-map-size", {"layers.demo.stride": [5]}, "demo", 0, [1]),
        ("space-carving:extra-pixel", {}, "wrong", 0, 2),
        ("space-carving:lost-pixel", {}, "wrong", 0, 6),
        ("pytorch-training-loop:without-zero-grad", {}, "loss", 3, 2.4919),
        ("pytorch-training-loop:without-zero-grad", {}, "loss", 5, 3.9496),
    ],
)
def test_what_the_speaker_is_told_comes_of_it(
    name: str, settings: dict[str, object], cell: str, iteration: int, told: object
) -> None:
    found = open_lesson(name, settings).history.run(iteration).host(cell)
    assert np.squeeze(found) == pytest.approx(np.squeeze(told), abs=5e-5)


def test_both_ways_round_a_detector_s_answers_add_up_to_twice_its_bias() -> None:
    turned = {"layers.z.weight": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]}
    one, other = (open_lesson("conv-layer-2d", settings).tensors()["z"] for settings in ({}, turned))
    assert one + other == pytest.approx(np.ones_like(one))


def test_weights_that_add_up_to_three_answer_where_nothing_changes() -> None:
    edges = {
        kind: open_lesson("pixel-normalisation", {"parameters.kernel": kernel}).tensors()["edges"]
        for kind, kernel in {
            "level": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
            "bright": [[1, 0, 0], [1, 0, 0], [1, 0, 0]],
        }.items()
    }
    assert edges["level"].min() == -673
    assert edges["level"].max() < 673
    assert (edges["bright"][0, 0, 0, 0], edges["bright"].max()) == (492, 699)
