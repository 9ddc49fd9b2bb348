"""Imported networks give what ONNX's reference gives: written, read again and run."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx_models import Array, agrees, drafted, drawn, network, opened, reference, saved

from stepgrad.engine.breakpoints import seek, understood
from stepgrad.scenarios.check import check
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.onnx.importing import imported
from stepgrad.scenarios.onnx.reading import read
from stepgrad.scenarios.onnx.writing import write

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
node = onnx.helper.make_node


def lenet() -> Any:
    nodes = [
        node("Conv", ["input", "c1.w", "c1.b"], ["a"], name="/conv1/Conv", pads=[2, 2, 2, 2], kernel_shape=[5, 5]),
        node("Relu", ["a"], ["b"], name="/Relu"),
        node("MaxPool", ["b"], ["c"], name="/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["c", "c2.w"], ["d"], name="/conv2/Conv", strides=[1, 2], pads=[1, 0, 1, 0]),
        node("Sigmoid", ["d"], ["e"], name="/Sigmoid"),
        node("AveragePool", ["e"], ["f"], name="/pool_1/AveragePool", kernel_shape=[2, 1], pads=[1, 0, 0, 0]),
        node("Flatten", ["f"], ["g"], name="/Flatten"),
        node("Dropout", ["g"], ["h"], name="/drop/Dropout"),
        node("Gemm", ["h", "f1.w", "f1.b"], ["i"], name="/fc1/Gemm", transB=1, alpha=0.5, beta=2.0),
        node("LogSoftmax", ["i"], ["y"], name="/LogSoftmax", axis=1),
    ]
    weights = {
        "c1.w": drawn(3, 1, 5, 5, seed=1), "c1.b": drawn(3, seed=2), "c2.w": drawn(4, 3, 3, 3, seed=3),
        "f1.w": drawn(5, 48, seed=4), "f1.b": drawn(5, seed=5),
    }  # fmt: skip
    return network(nodes, {"input": ["N", 1, 12, 12]}, weights)


def residual() -> Any:
    """A depthwise and a pointwise convolution beside the way round, batch normalisation, squeeze and excitation."""
    nodes = [
        node("Conv", ["x", "depth"], ["a"], group=4, pads=[2, 2, 2, 2], dilations=[2, 2]),
        node("BatchNormalization", ["a", "scale", "shift", "mean", "var"], ["b"], epsilon=1e-3),
        node("HardSwish", ["b"], ["c"]),
        node("Conv", ["c", "point", "bias"], ["d"]),
        node("Add", ["d", "x"], ["e"]),
        node("GlobalAveragePool", ["e"], ["f"]),
        node("HardSigmoid", ["f"], ["g"]),
        node("Mul", ["e", "g"], ["h"]),
        node("Clip", ["h", "low", "high"], ["i"]),
        node("Concat", ["i", "e"], ["j"], axis=1),
        node("ReduceMean", ["j"], ["k"], axes=[2, 3], keepdims=1),
        node("Reshape", ["k", "rows"], ["l"]),
        node("Softmax", ["l"], ["y"]),
    ]
    weights = {
        "depth": drawn(4, 1, 3, 3, seed=1), "scale": drawn(4, seed=2), "shift": drawn(4, seed=3),
        "mean": drawn(4, seed=4), "var": drawn(4, seed=5) ** 2, "point": drawn(4, 4, 1, 1, seed=6) / 20,
        "bias": drawn(4, seed=7) / 4, "low": np.array(-0.5, "float32"), "high": np.array(0.75, "float32"),
        "rows": np.array([0, -1]),
    }  # fmt: skip
    return network(nodes, {"x": [2, 4, 6, 5]}, weights, outputs=["y", "c", "g", "i"])


def one_dimensional() -> Any:
    nodes = [
        node("Pad", ["x", "pads"], ["a"], mode="reflect"),
        node("Conv", ["a", "w"], ["b"], strides=[2], pads=[0, 1]),
        node("LeakyRelu", ["b"], ["c"], alpha=0.2),
        node("Mul", ["c", "channel"], ["d"]),
        node("MaxPool", ["d"], ["e"], kernel_shape=[2], strides=[1]),
        node("Transpose", ["e"], ["f"], perm=[0, 2, 1]),
        node("MatMul", ["f", "m"], ["g"]),
        node("Add", ["g", "row"], ["h"]),
        node("PRelu", ["h", "slope"], ["y"]),
    ]
    weights = {
        "pads": np.array([0, 0, 2, 0, 0, 1]), "w": drawn(4, 2, 3, seed=1), "channel": drawn(4, 1, seed=2),
        "m": drawn(4, 3, seed=3), "row": drawn(3, seed=4), "slope": drawn(1, seed=5),
    }  # fmt: skip
    return network(nodes, {"x": [1, 2, 11]}, weights)


def upwards() -> Any:
    """What enlarges a map, and arithmetic with single numbers."""
    nodes = [
        node("Sub", ["x", "half"], ["a"]),
        node("Div", ["a", "scale"], ["b"]),
        node("ConvTranspose", ["b", "w"], ["c"], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]),
        node("Resize", ["c", "", "scales"], ["d"], mode="linear"),
        node("Sub", ["one", "d"], ["e"]),
        node("Elu", ["e"], ["f"], alpha=0.5),
        node("Add", ["half", "f"], ["g"]),
        node("Mul", ["g", "one"], ["h"]),
        node("Div", ["h", "third"], ["y"]),
    ]
    weights = {
        "half": np.array(0.5, "float32"), "scale": np.array([0.2, 0.3], "float32").reshape(1, 2, 1, 1),
        "w": drawn(2, 3, 3, 3, seed=1), "scales": np.array([1, 1, 2, 2], "float32"),
        "one": np.array([1], "float32"), "third": np.array(3, "float32"),
    }  # fmt: skip
    return network(nodes, {"x": [1, 2, 4, 3]}, weights)


NETWORKS = {
    "lenet": (lenet, "input", (1, 1, 12, 12)),
    "residual": (residual, "x", (2, 4, 6, 5)),
    "1-d": (one_dimensional, "x", (1, 2, 11)),
    "upwards": (upwards, "x", (1, 2, 4, 3)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_reference_gives_the_same(name: str, tmp_path: Path) -> None:
    make, fed, shape = NETWORKS[name]
    agrees(make(), tmp_path, **{fed: drawn(*shape, seed=9)})
    assert not check(str(tmp_path / "written.toml")).faults


def test_the_sum_over_neighbouring_channels(tmp_path: Path) -> None:
    """With as many samples as channels: the reference takes one number for the other."""
    model = network([node("LRN", ["x"], ["y"], size=3, alpha=0.1, bias=2.0)], {"x": [3, 3, 2, 2]})
    agrees(model, tmp_path, x=drawn(3, 3, 2, 2))


def test_what_is_not_given_is_drawn_from_the_seed(tmp_path: Path) -> None:
    lesson, made = opened(lenet(), tmp_path)
    tensors = lesson.tensors()
    assert tensors["input"].shape == (1, 1, 12, 12), "the open batch is one sample"
    assert tensors["input"].dtype == np.float32
    [wanted] = reference(lenet(), input=tensors["input"])
    np.testing.assert_allclose(tensors[made.outputs[0]], wanted, rtol=1e-5)
    other = open_lesson(str(tmp_path / "written.toml"), {"seed": 1}).tensors()
    assert (other["input"] != tensors["input"]).any()


def test_a_batch_is_as_large_as_what_is_given(tmp_path: Path) -> None:
    agrees(lenet(), tmp_path, input=drawn(3, 1, 12, 12))


def test_layers_go_by_the_names_of_the_model(tmp_path: Path) -> None:
    made = drafted(lenet(), tmp_path)
    names = [layer.name for layer in made.draft.layers]
    assert names == ["conv1", "relu", "pool", "conv2", "sigmoid", "pool_1", "flatten", "fc1", "log_softmax"]
    assert made.left_out == {"Dropout": ["/drop/Dropout"]}


def test_a_name_that_is_but_a_number_gives_way_to_that_of_the_output(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["stem/act"], name="n7"), node("Relu", ["stem/act"], ["8"], name="7")]
    made = drafted(network(nodes, {"x": [2]}, outputs=["8"]), tmp_path)
    assert made.outputs == ["relu_8"]
    assert [layer.name for layer in made.draft.layers] == ["stem_act", "relu_8"]


def test_a_loss_added_by_hand_gives_every_gradient(tmp_path: Path) -> None:
    """As the comment at the end of the file says."""
    opened(residual(), tmp_path, drawn(2, 4, 6, 5))
    path = tmp_path / "written.toml"
    head, mark, tail = path.read_text().partition("# [loss]")
    path.write_text(head + (mark + tail).replace("\n# ", "\n").removeprefix("# "))
    tensors = open_lesson(str(path)).tensors()
    assert not check(str(path)).faults
    weights = [name for name in tensors if name.endswith((".weight", ".bias"))]
    assert len(weights) == 5
    assert all(tensors[f"{name}.grad"].shape == tensors[name].shape for name in weights)


def test_the_first_cell_that_is_not_a_number_is_found(tmp_path: Path) -> None:
    nodes = [node("Conv", ["x", "w"], ["a"]), node("Log", ["a"], ["b"], name="logarithm"), node("Relu", ["b"], ["y"])]
    x = np.array([[[[1, 2], [-3, 4]]]], "float32")
    lesson, _ = opened(network(nodes, {"x": [1, 1, 2, 2]}, {"w": np.ones((1, 1, 1, 1), "float32")}), tmp_path, x)
    position, _ = seek(lesson.history, [understood("nan", lesson.timeline)], 0, 1)
    address = lesson.timeline.place(position - 1).address
    assert (address.tensor, address.index) == ("logarithm", (0, 0, 1, 0))


def test_shapes_worked_out_by_the_model_are_worked_out_once(tmp_path: Path) -> None:
    """What exporters write for x.view(x.shape[0], -1), and weights in Constant nodes."""
    weight = onnx.numpy_helper.from_array(drawn(3, 12))
    nodes = [
        node("Constant", [], ["w"], value=weight),
        node("Constant", [], ["zero"], value_int=0),
        node("Constant", [], ["rest"], value_ints=[-1]),
        node("Shape", ["x"], ["shape"]),
        node("Gather", ["shape", "zero"], ["samples"], axis=0),
        node("Unsqueeze", ["samples", "axes"], ["row"]),
        node("Concat", ["row", "rest"], ["rows"], axis=0),
        node("Reshape", ["x", "rows"], ["flat"]),
        node("Transpose", ["w"], ["turned"], perm=[1, 0]),
        node("MatMul", ["flat", "turned"], ["y"]),
    ]
    model = network(nodes, {"x": ["N", 3, 2, 2]}, {"axes": np.array([0])})
    lesson = agrees(model, tmp_path, x=drawn(2, 3, 2, 2))
    assert [layer.op for layer in lesson.scenario.layers] == ["flatten", "linear"]


def test_what_the_outputs_do_not_need_is_left_out(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["y"]), node("Gelu", ["x"], ["unused"])]
    made = drafted(network(nodes, {"x": [1, 2], "spare": [1]}, {"never": drawn(3)}), tmp_path)
    assert [layer.op for layer in made.draft.layers] == ["relu"]
    assert list(made.fed) == ["x"]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_type_of_the_model_is_that_of_the_scenario(dtype: str, tmp_path: Path) -> None:
    model = network([node("Tanh", ["x"], ["y"])], {"x": [1, 3]}, dtype=dtype)
    lesson, made = opened(model, tmp_path, np.array([[1.0, -2.0, 1e-3]]))
    assert lesson.tensors()[made.outputs[0]].dtype == dtype


def test_two_inputs_and_two_outputs(tmp_path: Path) -> None:
    nodes = [node("Add", ["a", "b"], ["sum"]), node("Mul", ["sum", "b"], ["product"])]
    model = network(nodes, {"a": [1, 3], "b": [1, 3]}, outputs=["sum", "product"])
    agrees(model, tmp_path, a=drawn(1, 3), b=drawn(1, 3, seed=1))


def test_names_that_are_no_names_here(tmp_path: Path) -> None:
    """Numbers alone, signs, a phase, the same name in capitals, a name far too long, nothing."""
    names = ["12", "a b/ü", "forward", "Relu", "relu", "x" * 300, "", "\x1b[31m"]
    nodes = [node("Relu", [f"t{k}"], [f"t{k + 1}"], name=name) for k, name in enumerate(names)]
    model = network(nodes, {"t0": [1, 2]}, outputs=[f"t{len(names)}"])
    lesson = agrees(model, tmp_path, t0=drawn(1, 2))
    found = [layer.name for layer in lesson.scenario.layers]
    assert len({name.lower() for name in found}) == len(names)
    assert "\x1b" not in (tmp_path / "written.toml").read_text()
    assert not check(str(tmp_path / "written.toml")).faults


def pytorch(net: Any, x: Any, path: Path) -> None:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own age
        torch.onnx.export(net, (x,), str(path), dynamo=False, input_names=["x"], dynamic_axes={"x": {0: "N"}})


def test_a_network_of_pytorch_gives_what_pytorch_gives(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, stride=2, padding=1),
        torch.nn.BatchNorm2d(8),
        torch.nn.ReLU6(),
        torch.nn.Conv2d(8, 8, 3, groups=8),
        torch.nn.SiLU(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
        torch.nn.Dropout(),
        torch.nn.Linear(8, 4),
        torch.nn.Softmax(dim=1),
    ).eval()
    x = torch.randn(1, 3, 11, 11)
    pytorch(net, x, tmp_path / "net.onnx")
    made = imported(read(tmp_path / "net.onnx"), [x.numpy()])
    write(made, tmp_path / "net.toml")
    found: Array = open_lesson(str(tmp_path / "net.toml")).tensors()[made.outputs[0]]
    np.testing.assert_allclose(found, net(x).detach().numpy(), rtol=1e-5, atol=1e-7)


LIGHT = ["squeezenet", "shufflenet", "inception_v1", "resnet50", "densenet121"]


@pytest.mark.slow
@pytest.mark.parametrize("name", LIGHT)
def test_a_classic_network_gives_what_was_published_with_it(name: str, tmp_path: Path) -> None:
    """onnx carries their graphs, with weights of one number each, and what comes out."""
    folder = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
    if not (folder / f"light_{name}.onnx").exists():
        pytest.skip("this onnx carries no networks")
    made = imported(read(folder / f"light_{name}.onnx"))
    write(made, tmp_path / "net.toml")
    proto = onnx.TensorProto.FromString((folder / f"light_{name}_output_0.pb").read_bytes())
    found = open_lesson(str(tmp_path / "net.toml")).tensors()[made.outputs[0]]
    np.testing.assert_allclose(found, onnx.numpy_helper.to_array(proto), rtol=1e-3)


def test_external_numbers_are_read_from_the_folder_of_the_model(tmp_path: Path) -> None:
    model = lenet()
    onnx.save_model(model, tmp_path / "apart.onnx", save_as_external_data=True, location="apart.data", size_threshold=0)
    assert (tmp_path / "apart.data").stat().st_size > 1000
    apart, whole = imported(read(tmp_path / "apart.onnx")), imported(read(saved(lenet(), tmp_path)))
    assert apart.draft.arrays.keys() == whole.draft.arrays.keys()
    for name, array in apart.draft.arrays.items():
        np.testing.assert_array_equal(array, whole.draft.arrays[name])
