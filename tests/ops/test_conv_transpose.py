"""Transposed convolution and its three gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backward import backward
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError
from stepgrad.engine.ops.conv_transpose import ConvTranspose2d
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Place


def test_the_golden_kernels_laid_over_each_other() -> None:
    file = golden("upsampling-downsampling")
    found = backward(ConvTranspose2d(), 1, x=[[file.inputs["x"]]], weight=[[file.inputs["w"]]])
    assert found["y"].tolist() == [[file.expected["transposed_convolution"]]]


def test_by_hand() -> None:
    """Stride 2 lays the kernel [1 2] beside itself, times 3 and times 5, and 10 on top of it all."""
    found = backward(
        ConvTranspose2d((1, 2)), [[[[1.0, 10, 100, 1000]]]], x=[[[[3, 5]]]], weight=[[[[1, 2]]]], bias=[10]
    )
    assert found["y"].tolist() == [[[[3 + 10, 6 + 10, 5 + 10, 10 + 10]]]]
    assert found["x.grad"].tolist() == [[[[1 + 20, 100 + 2000]]]]
    assert found["weight.grad"].tolist() == [[[[3 + 500, 30 + 5000]]]]
    assert found["bias.grad"].tolist() == [1111]


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize(
    ("x", "weight", "settings"),
    [
        ((2, 3, 4, 5), (3, 2, 3, 3), {}),
        ((2, 3, 4, 5), (3, 2, 3, 2), {"padding": (2, 1)}),
        ((1, 3, 4, 5), (3, 2, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
        ((2, 3, 4, 5), (3, 2, 2, 2), {"stride": 3}),
        ((2, 3, 4, 5), (3, 2, 2, 2), {"stride": 3, "output_padding": (2, 1)}),
        ((2, 3, 4, 5), (3, 2, 3, 2), {"stride": (1, 2), "dilation": (2, 3), "padding": (1, 0)}),
        ((2, 3, 4, 5), (3, 2, 3, 2), {"dilation": 3, "output_padding": 2}),
        ((2, 3, 4, 5), (3, 2, 3, 2), {"dilation": 3, "output_padding": 2, "padding": 1}),
        ((2, 4, 4, 5), (4, 3, 3, 3), {"groups": 2, "padding": 1}),
        ((2, 4, 4, 5), (4, 1, 3, 3), {"groups": 4, "stride": 2}),
        ((2, 20, 4, 5), (20, 18, 3, 3), {"padding": 1}),
        ((2, 3, 4, 5), (3, 2, 1, 1), {}),
    ],
)
def test_pytorch_gives_the_same(
    x: tuple[int, ...], weight: tuple[int, ...], settings: dict[str, Any], biased: bool
) -> None:
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(5)
    features = weight[1] * settings.get("groups", 1)
    shapes = {"x": x, "weight": weight, "bias": (features,)}
    given: dict[str, Any] = {name: random.standard_normal(shape) for name, shape in shapes.items()}
    if not biased:
        given["bias"] = None
    tensors = {name: None if a is None else torch.tensor(a, requires_grad=True) for name, a in given.items()}
    y = torch.nn.functional.conv_transpose2d(tensors["x"], tensors["weight"], tensors["bias"], **settings)
    dy = random.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    found = backward(ConvTranspose2d(**settings), dy, **given)
    np.testing.assert_allclose(found["y"], y.detach().numpy(), rtol=1e-12, atol=1e-12)
    for name, tensor in tensors.items():
        if tensor is not None:
            np.testing.assert_allclose(found[f"{name}.grad"], tensor.grad.numpy(), rtol=1e-12, atol=1e-12)


def step_of(op: ConvTranspose2d, tensor: str, number: int) -> Step:
    network = Network()
    network.input("x", [[[[3, 5]]]])
    network.input("weight", [[[[1, 2, 4]]]])
    network.input("bias", [10])
    network.add("up", op, "x", "weight", "bias")
    network.input("upstream", np.ones(network.graph.spec("up").shape))
    network.loss(Sum(), "up", "upstream", wanted=["x", "weight"])
    return Step(0, Place(0, network.graph, network.graph[tensor], number), network.run())


def test_the_arithmetic_of_the_cell_where_two_kernels_overlap() -> None:
    step = step_of(ConvTranspose2d((1, 2)), "up", 2)
    assert step.arithmetic() == "(3*4) + (5*1) + 10 = 27"
    assert step.formula == "up[n,m,i,j] = sum x[n,c,h,g] * weight[c,m,i-h,j-2g] + bias[m]"
    assert step_of(ConvTranspose2d(), "up", 0).arithmetic() == "(3*1) + 10 = 13"


def test_the_gradients_are_those_of_a_convolution() -> None:
    back = step_of(ConvTranspose2d((1, 2)), "x.grad", 1)
    assert back.formula == "x.grad[n,m,i,j] = sum up.grad[n,c,i+u,2j+v] * weight[m,c,u,v]"
    assert back.arithmetic() == "(1*1) + (1*2) + (1*4) = 7"
    shared = step_of(ConvTranspose2d((1, 2)), "weight.grad", 1)
    assert shared.formula == "weight.grad[m,c,u,v] = sum x[n,m,i,j] * up.grad[n,c,i,2j+v]"
    assert shared.arithmetic() == "(3*1) + (5*1) = 8"


@pytest.mark.parametrize(
    ("op", "weight", "message"),
    [
        (ConvTranspose2d(output_padding=1), (2, 1, 3, 3), "output_padding is 1; it must be smaller than the stride"),
        (ConvTranspose2d(padding=4), (2, 1, 3, 3), "padding 4 leaves nothing of the output; use less"),
        (ConvTranspose2d(), (1, 2, 3, 3), "it needs a kernel for each of the 2 input channels first"),
        (ConvTranspose2d(groups=3), (2, 1, 3, 3), "groups is 3; it must divide the 2 input channels"),
        (ConvTranspose2d(stride=0), (2, 1, 3, 3), "stride is 0 and dilation 1: give 1 or more"),
    ],
)
def test_what_does_not_fit_is_refused(op: ConvTranspose2d, weight: tuple[int, ...], message: str) -> None:
    network = Network()
    network.input("x", np.ones((1, 2, 4, 4)))
    network.input("weight", np.ones(weight))
    with pytest.raises(GraphError) as refused:
        network.add("y", op, "x", "weight")
    assert message in str(refused.value)
