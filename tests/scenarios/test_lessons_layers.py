"""The lessons on single layers, against the golden files: what they write, and every gradient of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_file import golden

from stepgrad.scenarios.lesson import Lesson, open_lesson


def tensor(lesson: Lesson | str, name: str, iteration: int = 0) -> Any:
    """A tensor of a lesson."""
    opened = open_lesson(lesson) if isinstance(lesson, str) else lesson
    return opened.tensors(iteration)[name]


def agrees(found: Any, expected: Any) -> None:
    """The same numbers; axes of one aside."""
    np.testing.assert_allclose(np.squeeze(found), np.squeeze(np.asarray(expected, float)), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_the_edge_filter_is_learned(rule: str) -> None:
    lesson = open_lesson("edge-kernel-learning" + ("" if rule == "sgd" else f":{rule}"))
    expected = golden("edge-kernel-learning").expected
    agrees(tensor(lesson, "out"), expected["out"])
    agrees(tensor(lesson, "kernel.grad"), expected["grad_kernel"])
    agrees(tensor(lesson, "out.bias.grad"), expected["grad_bias"])
    for step in range(3):
        agrees(tensor(lesson, "loss", step), expected[f"{rule}_losses"][step])
        agrees(tensor(lesson, "kernel.new", step), expected[f"{rule}_kernel_step{step + 1}"])
        agrees(tensor(lesson, "out.bias.new", step), expected[f"{rule}_bias_step{step + 1}"])
    agrees(tensor(lesson, "loss", 3), expected[f"{rule}_losses"][3])


def test_the_learned_filter_is_the_one_that_made_the_map() -> None:
    """The pixels the four other weights meet are all dark, so these stay where they started."""
    kernel = np.squeeze(tensor("edge-kernel-learning", "kernel.new", 199))
    assert kernel[:, 0] == pytest.approx([1, 1, 1], abs=0.1)
    assert kernel[1:, 1:].tolist() == [[0, 0], [0, 0]]


def test_six_kernels_and_what_they_cost() -> None:
    lesson, expected = open_lesson("conv2d-rgb-six-kernels"), golden("conv2d-rgb-six-kernels").expected
    for letter, name in {"out": "out", "grad_x": "x.grad", "grad_w": "out.weight.grad"}.items():
        agrees(tensor(lesson, name), expected[letter])
    agrees(tensor(lesson, "out.bias.grad"), expected["grad_b"])
    assert tensor(lesson, "weights") == expected["weights"]
    assert tensor(lesson, "parameters") == expected["weights"] + expected["biases"]
    assert list(tensor(lesson, "out.weight").shape[1:]) == expected["kernel_shape"]


@pytest.mark.parametrize(
    ("variant", "case"),
    [
        ("", "kernel3"),
        (":valid", "kernel3_valid"),
        (":stride-2", "kernel3_stride2"),
        (":dilation-2", "kernel3_dilation2"),
        (":kernel-5", "kernel5"),
    ],
)
def test_stride_dilation_and_borders_in_one_dimension(variant: str, case: str) -> None:
    lesson = open_lesson(f"conv1d-kernel-stride-dilation{variant}")
    expected = golden("conv1d-kernel-stride-dilation").expected
    agrees(tensor(lesson, "z"), expected[case])
    agrees(tensor(lesson, "x.grad"), expected[f"{case}_grad_x"])
    agrees(tensor(lesson, "w.grad"), expected[f"{case}_grad_w"])


@pytest.mark.parametrize("name", ["conv-layer-1d", "conv-layer-2d"])
def test_a_layer_with_its_activation(name: str) -> None:
    lesson, expected = open_lesson(name), golden(name).expected
    names = {"z": "z", "h": "h", "grad_x": "x.grad", "grad_w": "z.weight.grad", "grad_b": "z.bias.grad"}
    for letter, found in names.items():
        agrees(tensor(lesson, found), expected[letter])
    agrees(tensor(lesson, "z.grad"), expected["mask"])


def test_a_film_and_what_moves_in_it() -> None:
    """By hand: the point is in every window of the middle frame, in one of the first and in one of the last."""
    lesson = open_lesson("conv-layer-3d")
    assert np.squeeze(tensor(lesson, "motion")).tolist() == [[[0, 1], [1, 1]], [[-1, -1], [-1, 0]]]
    assert tensor(lesson, "film.grad")[0, 0, :, 1, 1].tolist() == [-4, 0, 4]
    assert tensor(lesson, "weights") == 8


def test_pytorch_sees_the_same_movement() -> None:
    torch = pytest.importorskip("torch")
    lesson = open_lesson("conv-layer-3d")
    film = torch.tensor(tensor(lesson, "film"), requires_grad=True)
    weight = torch.tensor(tensor(lesson, "motion.weight"), requires_grad=True)
    out = torch.nn.functional.conv3d(film, weight)
    out.sum().backward()
    agrees(tensor(lesson, "motion"), out.detach().numpy())
    agrees(tensor(lesson, "film.grad"), film.grad.numpy())
    agrees(tensor(lesson, "motion.weight.grad"), weight.grad.numpy())


ROWS = {
    "relu": "relu", "absolute": "absolute", "sigmoid": "sigmoid", "tanh": "tanh", "leaky_relu": "leaky",
}  # fmt: skip


@pytest.mark.parametrize("activation", ROWS)
def test_every_activation_and_its_slope(activation: str) -> None:
    expected, row = golden("activations").expected, ROWS[activation]
    lesson = open_lesson("activations" if row == "relu" else f"activations:{row}")
    agrees(tensor(lesson, row), expected[activation])
    agrees(tensor(lesson, "z.grad"), expected[f"{activation}_slope"])


def test_the_leak_that_learns_and_the_one_that_mirrors() -> None:
    lesson, expected = open_lesson("activations:learned"), golden("activations").expected
    agrees(tensor(lesson, "learned.weight.grad"), expected["prelu_grad_alpha"])
    agrees(tensor(lesson, "learned"), expected["leaky_relu"])
    agrees(tensor(lesson, "z.grad"), expected["leaky_relu_slope"])
    agrees(tensor(lesson, "mirrored"), expected["absolute"])


def test_pytorch_gives_the_same_elu() -> None:
    torch = pytest.importorskip("torch")
    lesson = open_lesson("activations:elu")
    z = torch.tensor(tensor(lesson, "z"), requires_grad=True)
    value = torch.nn.functional.elu(z)
    value.sum().backward()
    agrees(tensor(lesson, "elu"), value.detach().numpy())
    agrees(tensor(lesson, "z.grad"), z.grad.numpy())


def test_the_gate() -> None:
    lesson, expected = open_lesson("relu-mask"), golden("relu-mask").expected
    for letter, name in {"a": "a", "mask": "mask", "grad_z": "z.grad"}.items():
        agrees(tensor(lesson, name), expected[letter])


@pytest.mark.parametrize("pooling", ["max", "mean", "l2", "subsample"])
def test_each_pooling_and_its_way_back(pooling: str) -> None:
    expected = golden("pooling-max-mean-l2").expected
    row = {"l2": "norm", "subsample": "first"}.get(pooling, pooling)
    lesson = open_lesson("pooling-max-mean-l2" if row == "max" else f"pooling-max-mean-l2:{row}")
    agrees(tensor(lesson, row), expected[pooling])
    agrees(tensor(lesson, "x.grad"), expected[f"{pooling}_grad_x"])


def test_windows_that_overlap() -> None:
    """The 8 wins all four windows, so what they were sent, 1 + 2 + 3 + 4, is its own."""
    lesson = open_lesson("pooling-max-mean-l2:overlapping")
    agrees(tensor(lesson, "max"), golden("pooling-max-mean-l2").expected["max_3x3_stride1"])
    assert tensor(lesson, "x.grad")[0, 0].tolist() == [[0, 0, 0, 0], [0, 0, 10, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_batch_norm_in_training() -> None:
    lesson, expected = open_lesson("batchnorm-channel-statistics"), golden("batchnorm-channel-statistics").expected
    names = {
        "mean": "bn.mean", "var": "bn.var", "x_hat": "bn.normalized", "y": "bn", "grad_x": "x.grad",
        "grad_gamma": "bn.weight.grad", "grad_beta": "bn.bias.grad", "running_mean": "bn.running_mean.new",
        "running_var": "bn.running_var.new",
    }  # fmt: skip
    for letter, name in names.items():
        agrees(tensor(lesson, name), expected[letter])
    assert tensor(lesson, "together") == 10 * 98 * 98 == 96_040


def test_batch_norm_in_the_exam() -> None:
    lesson, expected = open_lesson("batchnorm-channel-statistics:eval"), golden("batchnorm-channel-statistics").expected
    agrees(tensor(lesson, "bn.running_mean"), expected["running_mean"])
    agrees(tensor(lesson, "bn.running_var"), expected["running_var"])
    agrees(tensor(lesson, "bn"), expected["eval_y"])


def test_scale_and_shift_as_in_the_notes() -> None:
    lesson, expected = open_lesson("batchnorm-channel-statistics:scale-shift"), golden("batchnorm-scale-shift").expected
    agrees(tensor(lesson, "bn"), expected["y"])
    agrees(tensor(lesson, "x.grad"), expected["grad_x"])
    agrees(tensor(lesson, "bn.weight.grad"), expected["grad_gamma"])
    agrees(tensor(lesson, "bn.bias.grad"), expected["grad_beta"])
    agrees(tensor(lesson, "bn") - 3, expected["scaled"][:1] + expected["scaled"][1:])


def test_a_box_is_edges_that_make_corners() -> None:
    """By hand: the top edge of a box at row 1, columns 1 to 3, and what becomes of it."""
    lesson = open_lesson("hierarchy")
    assert tensor(lesson, "edges")[0, 0, 0].tolist() == [1, 2, 2, 1, 0, 0]
    assert np.argwhere(tensor(lesson, "corners")[0, 0]).tolist() == [[0, 0]]
    assert np.argwhere(tensor(lesson, "corners")[0, 1]).tolist() == [[2, 2]]
    assert tensor(lesson, "near")[0].tolist() == [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]
    assert tensor(lesson, "box").item() == 1


@pytest.mark.parametrize(("variant", "box"), [("moved", 1), ("parts", 0)])
def test_a_box_is_a_box_where_its_corners_are_in_their_places(variant: str, box: int) -> None:
    lesson = open_lesson(f"hierarchy:{variant}")
    assert tensor(lesson, "corners").sum(axis=(2, 3)).tolist() == [[1, 1]]
    assert tensor(lesson, "box").item() == box
    if variant == "moved":
        assert np.array_equal(tensor(lesson, "near"), tensor("hierarchy", "near"))
