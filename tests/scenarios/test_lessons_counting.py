"""The lessons that count sizes, weights and fields against the golden files; and what these and their kin promise."""

from __future__ import annotations

import re

import pytest
from golden_file import golden

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.lookup import receptive
from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.overrides import value_of

LESSONS = (
    "feature-map-size",
    "parameter-counts",
    "receptive-field",
    "two-stream-shapes",
    "channel-layouts",
    "pixel-normalisation",
    "perceptron-rule",
    "space-carving",
    "fc-vs-conv-weight-matrix",
    "translation-equivariance",
    "image-classifier",
    "conv-symbolic-2x2",
    "padding-choices",
    "conv-vs-cross-correlation",
    "upsampling-downsampling",
)


NAMES = [
    name
    for entry in entries()
    if entry.name in LESSONS
    for name in (entry.name, *(f"{entry.name}:{each}" for each in entry.variants))
]


def test_every_size_of_the_documents() -> None:
    found, expected = open_lesson("feature-map-size").tensors(), golden("feature-map-sizes").expected
    where = {
        "edge_5x5": ("edge", 0),
        "edge_5x5_same": ("edge", 1),
        "cs231n_5_pad1_stride2": ("demo", 0),
        "notes_100": ("notes", 0),
        "notes_100_stride2": ("notes", 1),
        "kernel4_gives_97": ("notes", 2),
        "notes_16": ("small", 0),
        "activation_maps_32_k5": ("maps", 0),
        "pool_8_to_4": ("pools", 0),
        "pool_224_to_112": ("pools", 1),
        "mnist1d_1": ("length1", 0),
        "mnist1d_2": ("length2", 0),
        "mnist1d_3": ("length3", 0),
    }
    assert {case: found[name][i] for case, (name, i) in where.items()} == expected
    assert found["counted"] == expected["cs231n_5_pad1_stride2"]
    assert found["maps"][1] == 32


def test_a_size_reads_as_its_formula() -> None:
    lesson = open_lesson("feature-map-size")
    step = lesson.step(lesson.timeline.locate("demo[0]"))
    assert step.arithmetic() == "floor((5 - 3 + 2*1)/2) + 1 = 3"


def test_every_count_of_the_documents() -> None:
    found, expected = open_lesson("parameter-counts").tensors(), golden("parameter-counts").expected
    cases = (
        "six_kernels_3x3_rgb",
        "sixty_four_kernels_16x16x32",
        "thirty_two_kernels_rgb",
        "cs231n_two_filters",
        "thirty_two_5x5_grey",
        "kx3_ky2_cin4_cout5",
    )
    assert found["weights"].tolist() == [expected[f"{case}_weights"] for case in cases]
    assert found["filters"].tolist() == [expected[f"{case}_biases"] for case in cases]
    assert found["parameters"].tolist() == (found["weights"] + found["filters"]).tolist()
    assert found["first_weights"] == expected["channels_3_4_kernel3_1d_weights"]
    assert found["second_weights"] == expected["channels_4_10_kernel5_1d_weights"]
    assert found["first_weights_flat"] == expected["channels_3_4_kernel3_2d_weights"]
    assert found["second_weights_flat"] == expected["channels_4_10_kernel5_2d_weights"]
    assert (found["network"], found["network_flat"]) == (250, 1122)
    assert found["norm"] == expected["batchnorm_32_weights"] + expected["batchnorm_32_biases"]
    assert found["dense_weights"] == expected["fc_6_to_6_weights"]
    assert found["dense_all"] == expected["fc_6_to_6_weights"] + expected["fc_6_to_6_biases"]
    assert found["huge"] == expected["first_fc_layer_weights"]
    assert found["memory"] / 1e9 == expected["first_fc_layer_gigabytes_float32"]


def test_the_fields_of_six_stacks() -> None:
    found, expected = open_lesson("receptive-field").tensors(), golden("receptive-field").expected
    stacks = ("three_3x3", "two_5x5", "conv_pool_conv", "strided", "dilated_1_2_4", "one_7x7")
    for column, stack in enumerate(stacks):
        fields = [found[f"field{k}"][column] for k in (1, 2, 3)]
        wanted = expected[f"{stack}_fields"]
        # A stack with fewer layers goes on with kernels of one, which see nothing new.
        assert fields == wanted + wanted[-1:] * (3 - len(wanted))
        assert found["jump3"][column] == expected[f"{stack}_jump"]
    assert found["three_small"] == expected["weights_per_channel_pair_three_3x3"]
    assert found["one_large"] == expected["weights_per_channel_pair_one_7x7"]


@pytest.mark.parametrize("variant", ["", ":strided", ":dilated"])
def test_the_picture_is_just_as_large_as_the_field(variant: str) -> None:
    lesson = open_lesson(f"receptive-field{variant}")
    run = lesson.history.run(0)
    side = lesson.tensors()["image"].shape[2]
    seen = receptive(run, "map3", (0, 0, 0, 0), "image")
    assert len(seen) == side * side
    assert (lesson.tensors()["image.grad"] > 0).all()
    column = {"": 0, ":strided": 3, ":dilated": 4}[variant]
    assert lesson.tensors()["field3"][column] == side


def test_the_sizes_of_two_streams() -> None:
    found, expected = open_lesson("two-stream-shapes").tensors(), golden("two-stream-shapes").expected
    layers = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5")
    for column, reading in enumerate(("none", "conv2_to_5_pad1", "half_kernel")):
        assert [found[layer][column] for layer in layers] == expected[f"{reading}_sizes"]
        assert found["flat"][column] == expected[f"{reading}_flat"]
        assert found["full6"][column] == expected[f"{reading}_full6_weights"]
    assert found["full7"] == golden("two-stream-shapes").attributes["full7_weights"]
    spatial, temporal = expected["spatial_conv_weights"], expected["temporal_10_flow_frames_conv_weights"]
    assert found["first_weights"].tolist() == [spatial[0], temporal[0]]
    assert found["weights"].tolist() == spatial[1:] == temporal[1:]


@pytest.mark.parametrize("name", NAMES)
def test_a_lecture_has_a_hook_surprises_and_something_to_try(name: str) -> None:
    lesson = open_lesson(name)
    opening = lesson.stops[0]
    assert "?" in opening.title + lesson.say(opening), "it opens with a question"
    assert "Try this" in "".join(stop.title + stop.template for stop in lesson.stops[-1:])
    places = [stop.position for stop in lesson.stops]
    assert len(set(places)) == len(places), "two stops in one place: the first is never seen"
    assert len(places) >= 4
    assert any(stop.notes for stop in open_lesson(name.partition(":")[0]).stops)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_lecture_asks_to_try_can_be_tried(name: str) -> None:
    """Every `--set` of a lecture runs, together with those that come after it in the same breath."""
    for stop in open_lesson(name).stops:
        tried = re.findall(r"--set ([\w.]+)=(\S+?)(?=[,.?;:]?(?:\s|$))", stop.template)
        for k in range(len(tried)):
            settings = {key: value_of(text) for key, text in reversed(tried[k:])}
            if (name, settings.get("layers.demo.kernel")) == ("feature-map-size", [8]):
                continue  # asked for as an example of what is refused
            assert open_lesson(name, settings).tensors()


def test_a_kernel_that_does_not_fit_says_so() -> None:
    lesson = open_lesson("feature-map-size", {"layers.demo.kernel": [8]})
    with pytest.raises(StepgradError, match=r"^demo: kernel\[0\] is 8; more than the size with its padding"):
        lesson.tensors()


def test_every_erratum_of_these_lessons_is_named() -> None:
    named = {stop.erratum for name in NAMES for stop in open_lesson(name).stops}
    cards = {entry.erratum for card in ("timeline",) for entry in open_lesson(card).scenario.entries}
    wanted = {2, 4, 7, 8, 9, 10, 17, 19, 21, 22, 23, 24, 27, 28, 30, 39, 40, 41, 42, 43, 44}
    assert {f"E{number:02}" for number in wanted} <= named | cards
