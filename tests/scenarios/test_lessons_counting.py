"""The lessons that count, shift, carve and predict: their numbers against the golden files, and what they promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden_file import golden

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.lookup import receptive
from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.check import check
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.glossary import used, words
from stepgrad.scenarios.lesson import Lesson, open_lesson
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


def tensor(lesson: str, name: str, iteration: int = 0) -> Any:
    """A tensor of a lesson without its axes of one."""
    return np.squeeze(open_lesson(lesson).tensors(iteration)[name]).tolist()


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


def test_two_orders_of_a_batch() -> None:
    found, expected = open_lesson("channel-layouts").tensors(), golden("channel-layouts").expected
    assert found["nhwc"].tolist() == expected["nhwc"]
    assert found["last_memory"].tolist() == expected["nhwc_flat"]
    assert found["grey"].tolist() == expected["grey_mean"]
    assert found["first_memory"].tolist() == list(range(36))


def test_a_picture_normalised() -> None:
    found, expected = open_lesson("pixel-normalisation").tensors(), golden("pixel-normalisation").expected
    assert found["image"][0, 0].tolist() == golden("pixel-normalisation").inputs["image"]
    np.testing.assert_allclose(found["scaled"][0, 0], expected["scaled"], rtol=1e-15)
    assert found["standard.mean"][0] == pytest.approx(expected["mean"], rel=1e-12)
    assert found["standard.var"][0] ** 0.5 == pytest.approx(expected["std"], rel=1e-12)
    np.testing.assert_allclose(found["standard"][0, 0, 0], expected["standardised_first_row"], rtol=1e-12)
    assert found["edges"][0, 0].tolist() == expected["edges"]


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


def test_the_carved_block() -> None:
    found, file = open_lesson("space-carving").tensors(), golden("space-carving")
    silhouettes = [found[f"{view}_silhouette"].tolist() for view in ("front", "side", "top")]
    assert silhouettes == file.inputs["silhouettes"]
    assert [found[f"left{k}"] for k in (1, 2, 3)] == file.expected["kept_after_each_view"]
    assert found["view3"].tolist() == file.expected["hull"]
    assert found["too_much"].tolist() == file.expected["hull_minus_solid"]
    assert found["voxels"] == file.expected["solid_voxels"]
    assert tensor("space-carving:lost-pixel", "left3") == file.expected["kept_with_one_lost_pixel"]
    assert tensor("space-carving:extra-pixel", "left3") == file.expected["kept_with_one_extra_pixel"]
    assert tensor("space-carving:fewer-views", "left1") == file.expected["kept_after_each_view"][0]


def test_carving_coarsely_first_finds_the_same_block() -> None:
    found = open_lesson("space-carving:coarse-first").tensors()
    assert found["fine3"].tolist() == golden("space-carving").expected["hull"]
    assert found["bounds"].tolist() == [[1, 2], [2, 3], [0, 1]]
    assert found["coarse3"].size == found["fine3"].size


def test_carving_through_a_camera() -> None:
    found, file = open_lesson("space-carving:camera").tensors(), golden("space-carving-camera")
    assert found["camera"].tolist() == file.inputs["camera"]
    assert found["silhouette"].tolist() == file.inputs["silhouette"]
    np.testing.assert_allclose(found["point"][:, 0], file.expected["u"], rtol=1e-12)
    np.testing.assert_allclose(found["point"][:, 1], file.expected["v"], rtol=1e-12)
    assert found["in_frame"].tolist() == file.expected["inside"]
    assert found["in_frame_count"] == file.expected["inside_count"]
    assert found["kept"].tolist() == file.expected["kept"]
    assert found["left"] == file.expected["kept_count"]


@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_is_a_matrix(stride: int) -> None:
    found = open_lesson("fc-vs-conv-weight-matrix" + (":stride-2" if stride == 2 else "")).tensors()
    expected = golden("fc-vs-conv-weight-matrix").expected
    assert found["matrix"].tolist() == expected[f"matrix_stride{stride}"]
    assert found["z"][0, 0].tolist() == found["slid"][0, 0].tolist() == expected[f"z_stride{stride}"]
    assert found["connections"] == expected[f"nonzero_stride{stride}"]
    assert found["x.grad"][0, 0].tolist() == expected[f"grad_x_stride{stride}"]
    assert found["weights"] == expected["conv_weights"]
    assert found["disagreements"] == 0
    if stride == 1:
        assert found["dense_weights"] == expected["fc_weights"]


def test_shift_and_convolution_change_places() -> None:
    expected = golden("translation-equivariance").expected
    for name, wanted in {
        "map": "conv_x",
        "moved_map": "shifted_conv_x",
        "map_of_moved": "conv_shifted_x",
        "coarse": "stride2_conv_x",
        "coarse_of_one_down": "stride2_conv_x_down_one_row",
        "pooled": "pooled_spots",
        "anywhere": "global_max",
    }.items():
        assert tensor("translation-equivariance", name) == expected[wanted]
    assert tensor("translation-equivariance", "disagreements") == 0
    assert tensor("translation-equivariance:zero-border", "disagreements") == 2


def test_the_classifier_predicts() -> None:
    found, file = open_lesson("image-classifier").tensors(), golden("softmax-cross-entropy")
    assert found["scores"].tolist() == file.inputs["logits"]
    np.testing.assert_allclose(found["probabilities"], file.expected["probabilities"], rtol=1e-12)
    assert found["predicted"].tolist() == file.expected["predicted"]
    more = open_lesson("image-classifier", {"layers.scores.bias": [100, 100, 100]}).tensors()
    np.testing.assert_allclose(more["probabilities"], found["probabilities"], rtol=1e-12)


def test_the_letters_of_a_convolution() -> None:
    lesson, file = open_lesson("conv-symbolic-2x2"), golden("conv-symbolic-2x2")
    assert lesson.symbols["x"][0, 0].tolist() == file.inputs["letters"]
    assert lesson.symbols["kernel"][0, 0].tolist() == file.inputs["kernel_letters"]
    assert tensor("conv-symbolic-2x2", "map") == file.expected["numeric"]
    for number, cell in enumerate(np.ravel(file.expected["symbolic"])):
        step = lesson.step(number)
        pairs = [[lesson.symbols[read.cells.name][read.index] for read in term.operands] for term in step.fold]
        assert "+".join("".join(pair) for pair in pairs) == cell
    told = " ".join(stop.template for stop in lesson.stops).replace(" + ", "+")
    for cell in ("aw+bx+ey+fz", "bw+cx+fy+gz", "ew+fx+iy+jz", "gw+hx+ky+lz"):
        assert cell in told
        assert cell in np.ravel(file.expected["symbolic"])


def test_five_borders() -> None:
    for name in ("valid", "same", "full", "reflect", "replicate"):
        assert tensor("padding-choices", name) == golden("padding-choices").expected[name]


def test_flipped_and_unflipped() -> None:
    expected = golden("conv-vs-cross-correlation").expected
    for name, wanted in {
        "correlation": "cross_correlation_valid",
        "turned": "flipped_kernel",
        "convolution": "convolution_valid",
        "full": "convolution_full_x_w",
        "full_swapped": "convolution_full_w_x",
        "wide": "cross_correlation_full_x_w",
        "wide_swapped": "cross_correlation_full_w_x",
    }.items():
        assert tensor("conv-vs-cross-correlation", name) == expected[wanted]


def test_larger_and_smaller_maps() -> None:
    expected = golden("upsampling-downsampling").expected
    for name, wanted in {
        "nearest": "nearest",
        "bilinear": "bilinear",
        "transposed": "transposed_convolution",
        "means": "mean_of_nearest",
    }.items():
        assert tensor("upsampling-downsampling", name) == expected[wanted]


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


def test_a_card_is_a_list_of_entries() -> None:
    for name in ("glossary", "timeline", "applications", "inductive-deductive"):
        lesson: Lesson = open_lesson(name)
        assert lesson.timeline.steps == 0
        assert lesson.scenario.entries
        terms = [entry.term for entry in lesson.scenario.entries]
        assert len(set(terms)) == len(terms)


def test_the_words_of_a_text_are_found() -> None:
    found = [word.term for word in used("Two kernels and a max pooling, then pooling; ReLUs share no weight sharing.")]
    assert found == ["kernel, filter", "max pooling", "pooling", "ReLU", "weight sharing"]
    assert used("nothing of the kind") == ()
    assert words()["filter"] is words()["kernel"]


def test_an_entry_that_leads_nowhere_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    head = 'format_version = 1\ntitle = "card"\n[[entries]]\nterm = "edge"\ntext = "a jump"\n'
    path.write_text(head + 'lesson = "edge-detektion"\n')
    (fault,) = check(str(path)).faults
    assert "there is no scenario 'edge-detektion'" in fault.message
    assert fault.key == "entries.0.lesson"
    path.write_text(head + 'lesson = "edge-detection-5x5:flipped"\n')
    assert check(str(path)).faults == ()
    path.write_text(head.replace('text = "a jump"\n', ""))
    with pytest.raises(ScenarioError, match=r"entries.0.text"):
        open_lesson(str(path))
