"""The lessons that shift, turn, border, carve and lay out: their numbers against the golden files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_file import golden

from stepgrad.scenarios.lesson import open_lesson


def tensor(lesson: str, name: str, iteration: int = 0) -> Any:
    """A tensor of a lesson without its axes of one."""
    return np.squeeze(open_lesson(lesson).tensors(iteration)[name]).tolist()


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
