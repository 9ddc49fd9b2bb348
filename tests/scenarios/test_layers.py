"""Layer tables as nodes: who reads what, the axes that literals leave out, dtypes, and what belongs to whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from written import EDGE, HEAD, faults, opened

from stepgrad.engine.graph import Graph


def graph(folder: Path, text: str) -> Graph:
    return opened(folder, text).timeline.graph(0)


def test_a_layer_reads_the_one_before_it_and_the_first_the_first_input(tmp_path: Path) -> None:
    text = HEAD + "inputs.x = [-1, 2]\ninputs.z = [5, 5]\n"
    text += '[[layers]]\nname = "a"\nop = "relu"\n[[layers]]\nname = "b"\nop = "relu"\n'
    text += '[[layers]]\nname = "c"\nop = "add"\ninput = ["b", "z", "x"]\n'
    made = graph(tmp_path, text)
    assert [(node.name, node.inputs) for node in made.nodes] == [
        ("a", ("x",)),
        ("b", ("a",)),
        ("c", ("b", "z", "x")),
    ]
    assert opened(tmp_path, text).tensors()["c"].tolist() == [4, 9]


def test_what_a_layer_owns_has_its_name_and_what_is_named_keeps_its_own(tmp_path: Path) -> None:
    text = HEAD + "inputs.x = [[1, 2], [3, 4]]\nparameters.shared = [[1]]\n"
    text += '[[layers]]\nname = "a"\nop = "conv2d"\nweight = "shared"\nbias = [3]\n'
    text += '[[layers]]\nname = "b"\nop = "conv2d"\nweight = "shared"\n'
    made = graph(tmp_path, text)
    assert {name: source.role for name, source in made.sources.items()} == {
        "x": "input",
        "shared": "parameter",
        "a.bias": "parameter",
    }
    assert made["a"].inputs == ("x", "shared", "a.bias")
    assert made["b"].inputs == ("a", "shared", None)


def test_running_statistics_belong_to_the_layer_and_are_not_learned(tmp_path: Path) -> None:
    text = HEAD + "inputs.x = { init = 'normal', shape = [4, 3, 2, 2] }\n"
    text += '[[layers]]\nname = "bn"\nop = "batch_norm2d"\nbias = true\n'
    lesson = opened(tmp_path, text)
    roles = {name: source.role for name, source in lesson.timeline.graph(0).sources.items()}
    assert roles == {
        "x": "input",
        "bn.running_mean": "buffer",
        "bn.running_var": "buffer",
        "bn.weight": "parameter",
        "bn.bias": "parameter",
    }
    tensors = lesson.tensors()
    assert tensors["bn.weight"].tolist() == tensors["bn.running_var"].tolist() == [1, 1, 1]
    assert tensors["bn.bias"].tolist() == tensors["bn.running_mean"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("op", "x", "weight", "full_x", "full_weight"),
    [
        ("conv1d", "[1, 2, 3]", "[1, 1]", (1, 1, 3), (1, 1, 2)),
        ("conv1d", "[[1, 2, 3]]", "[[[1, 1]]]", (1, 1, 3), (1, 1, 2)),
        ("conv2d", "[[1, 2], [3, 4]]", "[[1, 1]]", (1, 1, 2, 2), (1, 1, 1, 2)),
        ("conv2d", "[[[1, 2], [3, 4]]]", "[[[[1, 1]]]]", (1, 1, 2, 2), (1, 1, 1, 2)),
        ("linear", "[1, 2]", "[3, 4]", (2,), (1, 2)),
    ],
)
def test_literals_take_leading_axes(
    tmp_path: Path, op: str, x: str, weight: str, full_x: tuple[int, ...], full_weight: tuple[int, ...]
) -> None:
    text = HEAD + f'inputs.x = {x}\n[[layers]]\nname = "y"\nop = "{op}"\nweight = {weight}\nbias = 1\n'
    made = graph(tmp_path, text)
    assert made.spec("x").shape == full_x
    assert made.spec("y.weight").shape == full_weight
    assert made.spec("y.bias").shape == (1,)


def test_the_first_reader_that_wants_a_rank_decides(tmp_path: Path) -> None:
    text = EDGE.replace("[[layers]]", '[[layers]]\nname = "first"\nop = "relu"\ninput = "image"\n[[layers]]', 1)
    assert graph(tmp_path, text).spec("first").shape == (1, 1, 3, 3)


def test_a_weight_with_one_channel_axis_is_a_guess(tmp_path: Path) -> None:
    for weight in ("[[[1]]]", "1"):
        (fault,) = faults(
            tmp_path, EDGE.replace('"kernel"', weight).replace("parameters.kernel = [[1, 0], [0, 1]]\n", "")
        )
        assert "would be a guess" in fault


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_every_tensor_has_the_dtype_but_class_labels(tmp_path: Path, dtype: str) -> None:
    text = HEAD + f'dtype = "{dtype}"\n[inputs]\nscores = [[1, 2, 3]]\nlabel = [2]\n'
    text += '[loss]\nop = "cross_entropy"\ninput = "scores"\ntarget = "label"\n'
    tensors = opened(tmp_path, text).tensors()
    assert tensors["label"].dtype == np.dtype("int64")
    assert tensors["scores"].dtype == tensors["loss"].dtype == np.dtype(dtype)


def test_one_tensor_is_not_both_a_label_and_a_number(tmp_path: Path) -> None:
    text = HEAD + 'inputs.x = [[1, 2]]\ninputs.t = [1]\n[[layers]]\nname = "y"\nop = "relu"\ninput = "t"\n'
    text += '[loss]\nop = "cross_entropy"\ninput = "x"\ntarget = "t"\n'
    assert faults(tmp_path, text) == [
        "4:8: inputs.t: 'loss' reads whole numbers from it and 'y' does not; give each its own"
    ]


def test_one_reader_does_not_take_it_as_both(tmp_path: Path) -> None:
    """Found by the fuzzer."""
    text = HEAD + 'inputs.t = [1]\n[loss]\nop = "cross_entropy"\ninput = "t"\ntarget = "t"\n'
    assert faults(tmp_path, text) == [
        "3:8: inputs.t: 'loss' reads whole numbers from it as target and any as x; give each its own"
    ]


def test_what_a_layer_draws_follows_the_scenarios_seed(tmp_path: Path) -> None:
    def mask(seed: int, own: str = "") -> list[float]:
        text = HEAD + f"seed = {seed}\ninputs.x = {{ init = 'ones', shape = [64] }}\n"
        text += f'[[layers]]\nname = "d"\nop = "dropout"\n{own}'
        return list(opened(tmp_path, text).tensors()["d"].tolist())

    assert mask(1) == mask(1)
    assert mask(1) != mask(2)
    assert mask(1, "seed = 5\n") == mask(2, "seed = 5\n")


def test_a_padding_mode_is_a_node_of_its_own(tmp_path: Path) -> None:
    text = EDGE + 'padding = 1\npadding_mode = "replicate"\n'
    tensors = opened(tmp_path, text).tensors()
    assert tensors["map.padded"][0, 0, 0].tolist() == [1, 1, 2, 3, 3]


def test_a_scenario_without_layers_is_a_card(tmp_path: Path) -> None:
    lesson = opened(tmp_path, HEAD + '[[script]]\nsay = "a"\n[[script]]\nat = ":end"\nsay = "b"\n')
    assert lesson.timeline.steps == 0
    assert [stop.position for stop in lesson.stops] == [0, 0]


def test_letters_take_the_shape_of_their_tensor(tmp_path: Path) -> None:
    text = EDGE + '[symbols]\nimage = "abcdefghi"\nkernel = [["w", "x"], ["y", "z"]]\nmap = "m1 m2 m3 m4"\n'
    symbols = opened(tmp_path, text).symbols
    assert symbols["image"].tolist() == [[[["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]]]]
    assert symbols["kernel"].shape == (1, 1, 2, 2)
    assert symbols["map"].reshape(-1).tolist() == ["m1", "m2", "m3", "m4"]
