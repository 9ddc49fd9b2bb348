"""Convolution and its three gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from backward import backward
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.number import Padding
from stepgrad.engine.op import Op
from stepgrad.engine.ops.conv import Conv1d, Conv2d, Conv3d
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Place

Shape = tuple[int, ...]


def agree(found: dict[str, np.ndarray], **expected: Any) -> None:
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], np.asarray(values).reshape(found[name].shape), rtol=1e-12, atol=1e-12)


def test_by_hand() -> None:
    """y = [1*1+2*2-1*0, ...]; dx[h] = sum dy[i] * w[h-i], dw[u] = sum dy[i] * x[i+u]."""
    found = backward(Conv1d(), [[[1.0, 10]]], x=[[[1, 2, 0, 3]]], weight=[[[1, 2, -1]]], bias=[0.5])
    assert found["y"].tolist() == [[[1 + 4 - 0 + 0.5, 2 + 0 - 3 + 0.5]]]
    assert found["x.grad"].tolist() == [[[1, 2 + 10, -1 + 20, -10]]]
    assert found["weight.grad"].tolist() == [[[1 + 20, 2 + 0, 0 + 30]]]
    assert found["bias.grad"].tolist() == [11]


def test_golden_one_axis() -> None:
    file = golden("conv-layer-1d")
    mask = np.array(file.expected["mask"])
    found = backward(Conv1d(padding=1), mask, x=file.inputs["x"], weight=file.inputs["w"], bias=file.inputs["b"])
    expected = {name: file.expected[f"grad_{letter}"] for name, letter in (("x.grad", "x"), ("weight.grad", "w"))}
    agree(found, y=file.expected["z"], **expected, **{"bias.grad": file.expected["grad_b"]})


@pytest.mark.parametrize("case", ["kernel3", "kernel3_stride2", "kernel5", "kernel3_dilation2", "kernel3_valid"])
def test_golden_stride_and_dilation(case: str) -> None:
    file = golden("conv1d-kernel-stride-dilation")
    weight = file.inputs["w5" if case == "kernel5" else "w3"]
    found = backward(Conv1d(**file.attributes[case]), 1, x=[[file.inputs["x"]]], weight=[[weight]])
    expected = {"x.grad": file.expected[f"{case}_grad_x"], "weight.grad": file.expected[f"{case}_grad_w"]}
    agree(found, y=file.expected[case], **expected)


@pytest.mark.parametrize(("name", "padding"), [("cs231n-two-filters", 1), ("conv2d-rgb-six-kernels", 0)])
def test_golden_stride_2_and_channels(name: str, padding: int) -> None:
    file = golden(name)
    x, weight = (np.array(file.inputs[key], "float64") for key in "xw")
    found = backward(
        Conv2d(stride=2, padding=padding), 1, x=x.reshape(1, *x.shape[-3:]), weight=weight, bias=file.inputs["b"]
    )
    expected = {"x.grad": "grad_x", "weight.grad": "grad_w", "bias.grad": "grad_b"}
    agree(found, y=file.expected["out"], **{ours: file.expected[theirs] for ours, theirs in expected.items()})


@pytest.mark.parametrize(
    ("mode", "padding"), [("valid", 0), ("same", 1), ("full", 2), ("reflect", 1), ("replicate", 1)]
)
def test_golden_borders(mode: Any, padding: int) -> None:
    file = golden("padding-choices")
    op = Conv2d(padding=padding, padding_mode=mode if mode.startswith("re") else "zeros")
    found = backward(op, 1, x=[[file.inputs["x"]]], weight=[[file.inputs["w"]]])
    agree(found, y=file.expected[mode])


CONV1D = [
    ((2, 3, 9), (4, 3, 3), {}),
    ((1, 1, 5), (1, 1, 5), {}),
    ((2, 3, 9), (4, 3, 3), {"stride": 2, "padding": 2, "dilation": 2}),
    ((2, 2, 11), (2, 2, 2), {"stride": 5}),
    ((3, 4, 8), (8, 1, 3), {"groups": 4, "padding": 1}),
    ((2, 20, 8), (4, 20, 3), {"padding": 1, "dilation": 3}),
]
CONV2D = [
    ((2, 3, 5, 5), (4, 3, 3, 3), {}),
    ((2, 3, 5, 5), (4, 3, 3, 3), {"padding": 1}),
    ((1, 3, 6, 7), (2, 3, 3, 2), {"stride": (2, 1), "padding": (0, 1), "dilation": (1, 2)}),
    ((2, 1, 8, 8), (2, 1, 2, 2), {"stride": 3}),
    ((2, 6, 8, 8), (2, 6, 3, 3), {"stride": 4, "padding": 1}),
    ((3, 4, 5, 6), (6, 2, 3, 3), {"groups": 2, "padding": 2}),
    ((3, 4, 5, 6), (6, 2, 3, 3), {"groups": 2, "stride": 2, "padding": 1}),
    ((2, 4, 6, 6), (4, 1, 3, 3), {"groups": 4, "padding": 1}),
    ((2, 4, 6, 6), (8, 1, 3, 3), {"groups": 4, "dilation": 2}),
    ((2, 3, 5, 5), (4, 3, 1, 1), {}),
    ((2, 3, 5, 5), (4, 3, 1, 1), {"stride": 2}),
    ((2, 3, 5, 5), (4, 3, 1, 1), {"padding": 1}),
    ((2, 8, 7, 6), (3, 8, 3, 3), {"padding": 1, "stride": (1, 2)}),
    ((2, 8, 7, 6), (3, 8, 5, 3), {"padding": (4, 2), "dilation": (2, 1)}),
    ((1, 2, 4, 5), (3, 2, 3, 3), {"padding": 5}),
    ((2, 2, 5, 6), (3, 2, 4, 3), {"padding": "same"}),
    ((2, 2, 5, 6), (3, 2, 2, 2), {"padding": "same", "dilation": 3}),
]
CONV3D = [
    ((2, 2, 4, 5, 4), (3, 2, 2, 3, 2), {"padding": 1}),
    ((1, 4, 4, 5, 4), (2, 2, 3, 3, 2), {"stride": (1, 2, 2), "groups": 2, "dilation": (1, 2, 1)}),
]
TORCH = [(op.name, *case) for op, cases in ((Conv1d, CONV1D), (Conv2d, CONV2D), (Conv3d, CONV3D)) for case in cases]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize(("name", "x", "weight", "settings"), TORCH, ids=str)
@pytest.mark.parametrize("biased", [True, False])
def test_pytorch_gives_the_same(name: str, x: Shape, weight: Shape, settings: dict[str, Any], biased: bool) -> None:
    torch = pytest.importorskip("torch")
    rule = getattr(torch.nn.functional, name)
    against_torch(
        torch, Op.registry[name](**settings), lambda x, w, b: rule(x, w, b, **settings), x, weight, biased=biased
    )


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("sides", [(1, 0, 2, 1), (0, 3, 0, 0), (4, 1, 2, 3)])
def test_pytorch_gives_the_same_with_a_padding_for_each_side(stride: int, sides: tuple[int, int, int, int]) -> None:
    torch = pytest.importorskip("torch")
    top, bottom, left, right = sides

    def rule(x: Any, w: Any, b: Any) -> Any:
        padded = torch.nn.functional.pad(x, (left, right, top, bottom))
        return torch.nn.functional.conv2d(padded, w, b, stride=stride)

    against_torch(torch, Conv2d(stride=stride, padding=sides), rule, (2, 7, 5, 6), (4, 7, 3, 3), biased=True)


@pytest.mark.parametrize(("padding", "stride"), [(1, 1), (2, 2), ("same", 1)])
@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_pytorch_gives_the_same_with_a_padding_mode(mode: Any, padding: Any, stride: int) -> None:
    torch = pytest.importorskip("torch")
    layer = torch.nn.Conv2d(3, 4, 3, padding=padding, stride=stride, padding_mode=mode, dtype=torch.float64)

    def rule(x: Any, w: Any, b: Any) -> Any:
        return torch.func.functional_call(layer, {"weight": w, "bias": b}, x)

    op = Conv2d(padding=padding, stride=stride, padding_mode=mode)
    against_torch(torch, op, rule, (2, 3, 5, 4), (4, 3, 3, 3), biased=True)


@pytest.mark.parametrize("settings", [{}, {"padding": 2}, {"stride": 2, "dilation": 2, "padding": 1}, {"groups": 2}])
def test_pytorch_gives_the_same_with_the_kernel_turned_round(settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")

    def rule(x: Any, w: Any, b: Any) -> Any:
        return torch.nn.functional.conv2d(x, w.flip(2, 3), b, **settings)

    weight = (4, 4 // settings.get("groups", 1), 3, 2)
    against_torch(torch, Conv2d(flip=True, **settings), rule, (2, 4, 6, 7), weight, biased=True)


def against_torch(torch: Any, op: Op, rule: Any, x: Shape, weight: Shape, *, biased: bool) -> None:
    random = np.random.default_rng(3)
    given = {"x": random.standard_normal(x), "weight": random.standard_normal(weight)}
    given["bias"] = random.standard_normal(weight[0])
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in given.items()}
    y = rule(tensors["x"], tensors["weight"], tensors["bias"] if biased else None)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    wanted = {f"{name}.grad": tensor.grad for name, tensor in tensors.items() if tensor.grad is not None}
    found = backward(op, dy, **given if biased else {**given, "bias": None})
    assert found.keys() == {"y", *wanted}
    agree(found, y=y.detach(), **wanted)


def step_of(op: Op, tensor: str, index: Shape, **inputs: Any) -> Step:
    """The step of one cell of a convolution's graph, whose output is `map`."""
    network = Network()
    names = [network.input(name, np.arange(np.prod(shape)).reshape(shape) + 1.0) for name, shape in inputs.items()]
    network.add("map", op, *names)
    network.input("upstream", np.ones(network.graph.spec("map").shape))
    network.loss(Sum(), "map", "upstream", wanted=names)
    node = network.graph[tensor]
    return Step(0, Place(0, network.graph, node, node.spec.number(index)), network.run())


FORMULAS = [
    (Conv2d(), "map[n,m,i,j] = sum x[n,c,i+u,j+v] * weight[m,c,u,v]"),
    (Conv2d(stride=2, padding=1), "map[n,m,i,j] = sum x[n,c,2i+u-1,2j+v-1] * weight[m,c,u,v]"),
    (Conv2d(dilation=(1, 3)), "map[n,m,i,j] = sum x[n,c,i+u,j+3v] * weight[m,c,u,v]"),
    (Conv2d(padding="same", flip=True), "map[n,m,i,j] = sum x[n,c,i+u-p,j+v-p] * weight[m,c,-1-u,-1-v]"),
    (Conv2d(padding=(2, 0, 1, 3)), "map[n,m,i,j] = sum x[n,c,i+u-2,j+v-1] * weight[m,c,u,v]"),
]


@pytest.mark.parametrize(("op", "formula"), FORMULAS)
def test_the_formula_has_the_numbers_of_the_window(op: Op, formula: str) -> None:
    assert step_of(op, "map", (0, 0, 0, 0), x=(1, 1, 8, 8), weight=(1, 1, 3, 3)).formula == formula


GRADIENT_FORMULAS = [
    (Conv2d(), "x", "sum map.grad[n,m,h+u-2,g+v-2] * weight[m,c,2-u,2-v]"),
    (Conv2d(padding=1), "x", "sum map.grad[n,m,h+u-1,g+v-1] * weight[m,c,2-u,2-v]"),
    (Conv2d(padding=2), "x", "sum map.grad[n,m,h+u,g+v] * weight[m,c,2-u,2-v]"),
    (Conv2d(flip=True), "x", "sum map.grad[n,m,h+u-2,g+v-2] * weight[m,c,u,v]"),
    (Conv2d(stride=2, padding=1), "x", "sum map.grad[n,m,i,j] * weight[m,c,h+1-2i,g+1-2j]"),
    (Conv2d(stride=2, dilation=3), "x", "sum map.grad[n,m,i,j] * weight[m,c,(h-2i)/3,(g-2j)/3]"),
    (Conv2d(stride=2, flip=True), "x", "sum map.grad[n,m,i,j] * weight[m,c,2-(h-2i),2-(g-2j)]"),
    (Conv2d(stride=2, padding=1), "weight", "sum map.grad[n,m,i,j] * x[n,c,2i+u-1,2j+v-1]"),
    (Conv2d(flip=True), "weight", "sum map.grad[n,m,i,j] * x[n,c,i+2-u,j+2-v]"),
]


@pytest.mark.parametrize(("op", "tensor", "formula"), GRADIENT_FORMULAS)
def test_the_formula_of_a_gradient_has_the_numbers_of_the_window(op: Op, tensor: str, formula: str) -> None:
    step = step_of(op, f"{tensor}.grad", (0, 0, 0, 0), x=(1, 1, 8, 8), weight=(1, 1, 3, 3))
    assert step.formula.partition(" = ")[2] == formula


def test_with_stride_1_dx_is_the_full_correlation_with_the_flipped_kernel() -> None:
    """The corner read once: dy padded by 2, one real product, the kernel's first cell met last."""
    step = step_of(Conv2d(), "x.grad", (0, 0, 0, 0), x=(1, 1, 5, 5), weight=(1, 1, 3, 3))
    assert step.terms == 9
    assert sum(isinstance(leaf, Padding) for leaf in leaves(step.trace)) == 8
    assert step.arithmetic() == " + ".join(f"(0*{k})" for k in range(9, 1, -1)) + " + (1*1) = 1"
    assert step.node.op.note == "full correlation of dy, padded by 2, with the flipped kernel"


def test_with_a_stride_dx_sums_only_what_read_the_cell() -> None:
    step = step_of(Conv2d(stride=2), "x.grad", (0, 0, 2, 2), x=(1, 1, 5, 5), weight=(1, 1, 3, 3))
    assert step.arithmetic() == "(1*9) + (1*7) + (1*3) + (1*1) = 20"


def test_a_cell_that_nothing_read_has_no_terms() -> None:
    step = step_of(Conv2d(stride=3), "x.grad", (0, 0, 2, 0), x=(1, 1, 5, 5), weight=(1, 1, 2, 2))
    assert (step.terms, step.value, step.arithmetic()) == (0, 0, "0 = 0")


def test_a_bias_is_the_last_term_and_padding_is_marked() -> None:
    network = Network()
    network.input("x", [[[1, 2]]])
    network.input("w", [[[3, 4, 5]]])
    network.input("b", [7])
    network.add("y", Conv1d(padding=1), "x", "w", "b")
    step = Step(0, Place(0, network.graph, network.graph["y"], 0), network.run())
    assert step.arithmetic() == "(0*3) + (1*4) + (2*5) + 7 = 21"
    assert [reading.tensor for reading in step.reads] == ["padding", "w", "x", "w", "x", "w", "b"]


def test_the_border_of_a_padding_mode_is_a_node() -> None:
    network = Network()
    network.input("x", [[[1, 2, 4]]])
    network.input("w", [[[1, 10]]])
    network.add("y", Conv1d(padding=(2, 0), padding_mode="circular"), "x", "w")
    run = network.run()
    assert [(node.name, node.layer) for node in network.graph.nodes] == [("y.padded", "y"), ("y", "y")]
    assert run.host("y.padded").tolist() == [[[2, 4, 1, 2, 4]]]
    assert run.host("y").tolist() == [[[42, 14, 21, 42]]]


def test_nan_goes_where_it_is_read() -> None:
    found = backward(Conv1d(), [[[1.0, 1, 1]]], x=[[[1, math.nan, 2, 3]]], weight=[[[1, 1]]])
    np.testing.assert_equal(found["y"], [[[math.nan, math.nan, 5]]])
    np.testing.assert_equal(found["weight.grad"], [[[math.nan, math.nan]]])
    assert found["x.grad"].tolist() == [[[1, 2, 2, 1]]]


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_half_precision_is_summed_in_single(dtype: str) -> None:
    """4,096 products of 1: float16 alone would stop at 2,048."""
    x, weight = np.ones((1, 4096, 1), dtype), np.ones((1, 4096, 1), dtype)
    y = Conv1d().compute(np, x, weight)
    assert (y.dtype, y.tolist()) == (np.dtype(dtype), [[[4096]]])


REFUSED = [
    (Conv2d(), (1, 2, 4, 4), (3, 1, 3, 3), "a kernel needs 2 channels, so a weight [3,2,3,3]"),
    (Conv2d(), (2, 4, 4), (3, 2, 3, 3), "x is float64[2,4,4]; it takes [N,C,H,W]"),
    (Conv2d(), (1, 2, 4, 4), (2, 3, 3), "weight is float64[2,3,3]; it takes [M,C,U,V]"),
    (Conv2d(groups=3), (1, 4, 4, 4), (3, 1, 3, 3), "groups is 3; it must divide both 4 input and 3 output channels"),
    (Conv2d(), (1, 1, 4, 4), (1, 1, 5, 5), "a kernel of 5x5 does not fit an input of 4x4 with padding 0"),
    (Conv2d(padding=(1, 2, 3)), (1, 1, 4, 4), (1, 1, 3, 3), "padding is [1, 2, 3]"),
    (Conv2d(padding_mode="reflect", padding=4), (1, 1, 4, 4), (1, 1, 3, 3), "reflect has at most [3, 3] cells"),
]


@pytest.mark.parametrize(("op", "x", "weight", "message"), REFUSED)
def test_what_does_not_fit_is_refused(op: Op, x: Shape, weight: Shape, message: str) -> None:
    network = Network()
    network.input("x", np.ones(x))
    network.input("weight", np.ones(weight))
    with pytest.raises(GraphError) as refused:
        network.add("y", op, "x", "weight")
    assert message in str(refused.value)
    assert str(refused.value).count("\n") == 0
