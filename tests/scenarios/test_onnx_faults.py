"""Files that can not be imported: one clear line each, and nothing written."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given as drawn_by
from hypothesis import strategies as st
from onnx_models import drafted, drawn, network, saved

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.external import Files
from stepgrad.scenarios.onnx.importing import imported
from stepgrad.scenarios.onnx.reading import OLDEST, ModelError, read

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
node = onnx.helper.make_node


def small(opset: int = 17) -> Any:
    nodes = [node("Conv", ["x", "w"], ["a"], name="conv"), node("Relu", ["a"], ["y"], name="act")]
    return network(nodes, {"x": [1, 1, 3, 3]}, {"w": drawn(2, 1, 2, 2)}, opset=opset)


def refused(path: Path, message: str) -> None:
    """The file is refused in one line that starts with its path."""
    with pytest.raises(ModelError, match=f"^{re.escape(str(path))}: {message}") as found:
        imported(read(path))
    assert str(found.value).isprintable()


def refuses(model: Any, folder: Path, message: str) -> None:
    refused(saved(model, folder), message)


def test_no_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.onnx", "there is no such file; give the path of an ONNX model$")


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder; give the path of an ONNX model$")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.onnx").touch()
    refused(tmp_path / "empty.onnx", "is empty; export the model again$")


@pytest.mark.parametrize("content", [b"hello, this is text\n", b"\x93NUMPY\x01\x00v\x00", b"\x00" * 50, b"\x08\x07"])
def test_a_file_that_is_no_model(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_bytes(content)
    refused(tmp_path / "text.onnx", "is no ONNX model")


def test_a_model_that_is_cut_short(tmp_path: Path) -> None:
    content = small().SerializeToString()
    (tmp_path / "cut.onnx").write_bytes(content[: len(content) // 2])
    refused(tmp_path / "cut.onnx", "is no ONNX model, or one that is cut short; export it again$")


def test_a_file_of_five_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.onnx"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 5 << 30)  # a hole: it takes no room
    refused(path, r"has 5,368,709,120 bytes; at most 536,870,912 are read$")


def test_where_onnx_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(small(), tmp_path)
    monkeypatch.setitem(sys.modules, "onnx", None)
    refused(path, r'ONNX is read by what is not installed: python -m pip install "stepgrad\[onnx\]"$')


def test_an_opset_that_is_too_old_or_too_new(tmp_path: Path) -> None:
    refuses(small(OLDEST - 1), tmp_path, "is written in opset 6; 7 is the oldest that is read: export it anew$")
    known = onnx.defs.onnx_opset_version()
    refuses(
        small(known + 1), tmp_path, rf"is written in opset {known + 1}; onnx \S+ knows up to {known}: install a newer"
    )
    for opset in (OLDEST, known):
        assert drafted(small(opset), tmp_path).outputs == ["act"]


def test_every_unknown_operator_is_named_at_once(tmp_path: Path) -> None:
    nodes = [
        node("Gelu", ["x"], ["a"], name="g0"),
        *(node("LeakyRelo", ["a"], [f"b{k}"], name=f"leak{k}") for k in range(6)),
        node("Sum", [f"b{k}" for k in range(6)], ["c"]),
        node("Inverse", ["c"], ["y"], domain="com.other"),
    ]
    message = (
        r"there is no op for Gelu 1 \(g0.*\), LeakyRelo 6 \(leak0, leak1, leak2, leak3 and 2 more; did you mean "
        r"'LeakyRelu'\?\), com.other::Inverse 1 \(the one that writes y\); supported are Abs, .*Upsample; "
        r"nothing was written$"
    )
    refuses(network(nodes, {"x": [1, 2]}), tmp_path, message)


def test_what_an_op_does_not_do_is_named_with_its_nodes(tmp_path: Path) -> None:
    nodes = [
        node("AveragePool", ["x"], ["a"], name="p", kernel_shape=[2, 2], dilations=[2, 2]),
        node("MaxPool", ["x"], ["b"], name="q", kernel_shape=[2, 2], strides=[0, 1]),
        node("Conv", ["x", "w"], ["c"], name="r"),
        node("Sum", ["a", "b", "c"], ["y"]),
    ]
    message = (
        r"AveragePool 1 \(p\): dilation, which PyTorch's average pooling has not; MaxPool 1 \(q\): stride is \[0, 1\]; "
        r"Conv 1 \(r\): .*; nothing was written$"
    )
    refuses(network(nodes, {"x": [1, 2, 5, 5]}, {"w": drawn(2, 3, 2, 2)}), tmp_path, message)


def test_a_size_that_is_left_open_is_asked_for(tmp_path: Path) -> None:
    model = network([node("Relu", ["x"], ["y"])], {"x": ["N", 3, "H", "W"]})
    refuses(
        model,
        tmp_path,
        r"the input 'x' is float32\[N,3,H,W\], and axis 2 and axis 3 may have any size; give numbers of the size you "
        r"want: --input X.npy$",
    )
    made = drafted(model, tmp_path, drawn(2, 3, 4, 5))
    assert made.draft.graph.spec(made.outputs[0]).shape == (2, 3, 4, 5)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 2, 3, 3), (9,)])
def test_an_input_of_another_shape(shape: tuple[int, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"the input 'x' is float32\[1,1,3,3\]; received \["):
        drafted(small(), tmp_path, drawn(*shape))


def test_more_inputs_than_there_are(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"received 2 inputs; it has 1$"):
        drafted(small(), tmp_path, drawn(1, 1, 3, 3), drawn(1))


def test_whole_numbers_are_no_input(tmp_path: Path) -> None:
    model = network([node("Neg", ["x"], ["y"])], {"x": [2]}, dtype="int64")
    refuses(model, tmp_path, r"the input 'x' is int64\[2\]; ours are of real numbers$")


def test_a_tensor_that_nothing_writes(tmp_path: Path) -> None:
    refuses(network([node("Relu", ["z"], ["y"])], {"x": [2]}), tmp_path, r"Relu 1 .*: reads 'z', which nothing before")
    refuses(network([node("Relu", ["x"], ["z"])], {"x": [2]}), tmp_path, "nothing writes its output 'y'$")


def test_an_output_that_ours_has_not(tmp_path: Path) -> None:
    nodes = [node("MaxPool", ["x"], ["a", "places"], kernel_shape=[2, 2], name="p"), node("Relu", ["places"], ["y"])]
    refuses(network(nodes, {"x": [1, 1, 2, 2]}), tmp_path, r"MaxPool 1 \(p\): its output 1 is none of ours")


def test_a_network_within_a_node(tmp_path: Path) -> None:
    branch = onnx.helper.make_graph([node("Relu", ["x"], ["z"])], "then", [], [])
    nodes = [node("Relu", ["x"], ["y"], name="odd", body=branch)]
    refuses(network(nodes, {"x": [2]}), tmp_path, r"Relu 1 \(odd\): has a network within it")


def test_a_claim_of_many_numbers_costs_nothing(tmp_path: Path) -> None:
    big = onnx.TensorProto(name="w", data_type=1, dims=[1 << 20, 1 << 20], raw_data=b"1234")
    model = small()
    model.graph.initializer[0].CopyFrom(big)
    refuses(model, tmp_path, r"the tensor 'w' has the shape \[1048576, 1048576\]; up to 67,108,864 numbers fit$")
    nodes = [node("ConstantOfShape", ["n"], ["a"], name="many"), node("Add", ["x", "a"], ["y"])]
    model = network(nodes, {"x": [1, 1]}, {"n": np.array([1 << 20, 1 << 20])})
    refuses(model, tmp_path, r"ConstantOfShape 1 \(many\): makes more than 67,108,864 numbers of its own")


def external(location: str, **entries: str) -> Any:
    """A model whose weight lies in another file."""
    model = small()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in {"location": location, **entries}.items():
        tensor.external_data.add(key=key, value=value)
    return model


@pytest.mark.parametrize("location", ["../secret.bin", "/etc/hostname", "", "inside/../../secret.bin", "link.bin"])
def test_numbers_outside_the_folder_are_not_read(location: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(bytes(32))
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    refuses(external(location), folder, "the numbers of 'w' are in '.*', which leads out of the folder of the model")


def test_numbers_in_a_file_that_is_missing_or_short(tmp_path: Path) -> None:
    refuses(external("w.bin"), tmp_path, "the numbers of 'w' are in 'w.bin', which is not there; put it beside")
    (tmp_path / "w.bin").write_bytes(bytes(31))
    refuses(external("w.bin"), tmp_path, "the tensor 'w' can not be read: 'w.bin' is cut short$")
    (tmp_path / "w.bin").write_bytes(bytes(32))
    assert drafted(external("w.bin"), tmp_path).outputs
    for entries in ({"offset": "1"}, {"offset": "-1"}, {"length": "31"}, {"offset": "x"}, {"length": "10000000000"}):
        refuses(external("w.bin", **entries), tmp_path, "the tensor 'w' can not be read: ")


def test_one_large_file_named_often_is_read_only_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(32))
    model = external("w.bin")
    model.graph.ClearField("node")
    for k in range(9):
        model.graph.node.append(node("Conv", ["x", f"w{k}"], [f"a{k}"]))
        model.graph.initializer.append(model.graph.initializer[0])
        model.graph.initializer[-1].name = f"w{k}"
    model.graph.node.append(node("Sum", [f"a{k}" for k in range(9)], ["y"]))
    files = Files(tmp_path / "model.onnx")
    for tensor in model.graph.initializer:
        files.array(tensor)
    monkeypatch.setattr(limits, "MODEL_BYTES", 9 * 32)
    files = Files(tmp_path / "model.onnx")
    for tensor in model.graph.initializer[:9]:
        files.array(tensor)
    with pytest.raises(StepgradError, match="'w8' can not be read: at most 288 bytes are read beside the model"):
        files.array(model.graph.initializer[9])


CONTENT = small().SerializeToString()


@drawn_by(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_model_is_imported_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(CONTENT)
    for at, byte in changes:
        content[at] = byte
    with TemporaryDirectory() as folder, suppress(StepgradError):
        path = Path(folder) / "damaged.onnx"
        path.write_bytes(content)
        imported(read(path))
