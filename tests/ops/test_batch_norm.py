"""Batch normalisation: the golden numbers, every named gradient against autograd, and PyTorch's conventions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.differences import central_difference
from stepgrad.engine.errors import ShapeError
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.ops.batch_norm import BatchNorm, BatchNorm1d, BatchNorm2d
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.mse_loss import MSELoss
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.ops.reshape import Flatten
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline

CHAIN = [
    "bn.grad", "bn.normalized.grad", "bn.weight.grad", "bn.bias.grad", "x.grad.0", "bn.mean.grad.0", "bn.var.grad",
    "x.grad.1", "bn.mean.grad.1", "bn.mean.grad", "x.grad.2", "x.grad",
]  # fmt: skip
"""The backward pass, node by node, in order."""


def normed(x: Any, upstream: Any, weight: Any, bias: Any, op: Op = BatchNorm(), **running: Any) -> Network:  # noqa: B008
    """The layer `bn` under the loss sum(bn * upstream)."""
    network, channels = Network(), np.asarray(x).shape[1]
    network.input("x", x)
    network.input("bn.running_mean", running.get("mean", np.zeros(channels)), "buffer")
    network.input("bn.running_var", running.get("var", np.ones(channels)), "buffer")
    network.parameter("bn.weight", weight)
    if bias is not None:
        network.parameter("bn.bias", bias)
    names = ["bn.running_mean", "bn.running_var", "bn.weight", None if bias is None else "bn.bias"]
    network.add("bn", op, "x", *names)
    network.input("upstream", upstream)
    network.loss(Sum(), "bn", "upstream", wanted=["x"])
    return network


def golden_network(op: Op = BatchNorm2d()) -> Network:  # noqa: B008
    file = golden("batchnorm-channel-statistics")
    given = {name: np.array(values) for name, values in file.inputs.items()}
    return normed(given["x"], given["upstream"], given["gamma"], given["beta"], op)


def test_the_golden_forward_pass_and_running_statistics() -> None:
    run, expected = golden_network().run(), golden("batchnorm-channel-statistics").expected
    names = {
        "bn.mean": "mean", "bn.var": "var", "bn.normalized": "x_hat", "bn": "y",
        "bn.running_mean.new": "running_mean", "bn.running_var.new": "running_var",
    }  # fmt: skip
    for ours, theirs in names.items():
        np.testing.assert_allclose(run.host(ours), expected[theirs], rtol=1e-14, atol=1e-15, err_msg=ours)


def test_the_golden_gradients() -> None:
    run, expected = golden_network().run(), golden("batchnorm-channel-statistics").expected
    for ours, theirs in {"x": "grad_x", "bn.weight": "grad_gamma", "bn.bias": "grad_beta"}.items():
        np.testing.assert_allclose(run.host(f"{ours}.grad"), expected[theirs], rtol=1e-9, atol=1e-15, err_msg=ours)


def test_evaluation_after_a_step_of_training() -> None:
    """The running statistics that training wrote normalise the evaluation that follows."""
    file = golden("batchnorm-channel-statistics")
    trained = golden_network().run()
    running = {name: trained.host(f"bn.running_{name}.new") for name in ("mean", "var")}
    given = {name: np.array(values) for name, values in file.inputs.items()}
    evaluated = normed(
        given["x"], given["upstream"], given["gamma"], given["beta"], BatchNorm2d(training=False), **running
    )
    run = evaluated.run()
    np.testing.assert_allclose(run.host("bn"), file.expected["eval_y"], rtol=1e-14)
    assert [node.name for node in evaluated.graph.nodes if node.layer == "bn" and node.phase == "forward"] == [
        "bn.normalized", "bn",
    ]  # fmt: skip
    assert "bn.running_mean" not in evaluated.graph.state, "evaluation moves no statistics"


def test_the_golden_scale_and_shift() -> None:
    """The printed values 0.1, 0.12, 0.3, with statistics (mean 0, variance 1) that leave them as they are."""
    file = golden("batchnorm-scale-shift")
    x = np.array(file.inputs["x"])[:, None]
    op = BatchNorm1d(eps=0.0, training=False)
    run = normed(x, np.ones_like(x), file.inputs["gamma"], file.inputs["beta"], op).run()
    np.testing.assert_allclose(run.host("bn")[:, 0], file.expected["y"], rtol=1e-15)
    np.testing.assert_allclose(run.host("x.grad")[:, 0], file.expected["grad_x"], rtol=1e-15)
    np.testing.assert_allclose(run.host("bn.weight.grad"), file.expected["grad_gamma"], rtol=1e-15)
    np.testing.assert_allclose(run.host("bn.bias.grad"), file.expected["grad_beta"], rtol=1e-15)
    run = normed(x, np.ones_like(x), file.inputs["gamma"], file.inputs["beta"], BatchNorm1d(eps=0.0)).run()
    np.testing.assert_allclose(run.host("bn.normalized")[:, 0], file.expected["x_hat_eps0"], rtol=1e-13)


def test_the_backward_pass_is_the_named_chain() -> None:
    graph = golden_network().graph
    assert [node.name for node in graph.nodes if node.phase == "backward" and node.name != "loss.grad"] == CHAIN
    cancels = graph["bn.mean.grad.1"]
    assert "add up to 0" in cancels.op.note
    run = golden_network().run()
    assert np.abs(run.host("bn.mean.grad.1")).max() == 0, "whole numbers cancel exactly"


@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 5), (2, 3, 4, 5), (2, 2, 3, 2, 2)])
@pytest.mark.parametrize("biased", [True, False])
def test_every_named_gradient_is_what_autograd_gives(shape: tuple[int, ...], biased: bool) -> None:
    """A small network, x -> bn -> relu -> flatten -> linear -> mse, written out once more with the parts as leaves."""
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(9)
    channels, features = shape[1], int(np.prod(shape[1:]))
    arrays = {
        "x": 3 + 2 * random.standard_normal(shape),
        "bn.weight": random.standard_normal(channels),
        "bn.bias": random.standard_normal(channels),
        "w": random.standard_normal((2, features)),
        "target": random.standard_normal((shape[0], 2)),
    }
    network = Network()
    for name, array in arrays.items():
        network.input(name, array, "parameter" if name in ("bn.weight", "bn.bias", "w") else "input")
    network.input("bn.running_mean", np.zeros(channels), "buffer")
    network.input("bn.running_var", np.ones(channels), "buffer")
    running = ("bn.running_mean", "bn.running_var")
    network.add("bn", BatchNorm(eps=0.1), "x", *running, "bn.weight", "bn.bias" if biased else None)
    network.add("relu", ReLU(), "bn")
    network.add("flat", Flatten(), "relu")
    network.add("out", Linear(), "flat", "w")
    network.loss(MSELoss(), "out", "target", wanted=["x"])
    run = network.run()

    given = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}
    x, over = given["x"], (0, *range(2, len(shape)))
    each = (1, -1, *(1 for _ in shape[2:]))
    parts = {"bn.mean": x.mean(over)}
    parts["bn.var"] = ((x - parts["bn.mean"].view(each)) ** 2).mean(over)
    spread = torch.sqrt(parts["bn.var"].view(each) + 0.1)
    parts["bn.normalized"] = (x - parts["bn.mean"].view(each)) / spread
    parts["bn"] = parts["bn.normalized"] * given["bn.weight"].view(each)
    if biased:
        parts["bn"] = parts["bn"] + given["bn.bias"].view(each)
    for part in parts.values():
        part.retain_grad()
    scores = torch.relu(parts["bn"]).flatten(1) @ given["w"].T
    torch.nn.functional.mse_loss(scores, given["target"]).backward()
    for name, tensor in {**given, **parts}.items():
        if f"{name}.grad" in network.graph:
            wanted = tensor.grad.numpy()
            np.testing.assert_allclose(run.host(f"{name}.grad"), wanted, rtol=1e-9, atol=1e-13, err_msg=name)
    assert ("bn.bias.grad" in network.graph) == biased

    layer = torch.nn.functional.batch_norm
    whole = torch.tensor(arrays["x"], requires_grad=True)
    statistics = torch.zeros(channels, dtype=torch.float64), torch.ones(channels, dtype=torch.float64)
    weight, bias = torch.tensor(arrays["bn.weight"]), torch.tensor(arrays["bn.bias"]) if biased else None
    y = layer(whole, *statistics, weight, bias, training=True, eps=0.1)
    (torch.relu(y).flatten(1) @ given["w"].detach().T - given["target"].detach()).square().mean().backward()
    np.testing.assert_allclose(run.host("bn"), y.detach().numpy(), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(run.host("x.grad"), whole.grad.numpy(), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(run.host("bn.running_mean.new"), statistics[0].numpy(), rtol=1e-13)
    np.testing.assert_allclose(run.host("bn.running_var.new"), statistics[1].numpy(), rtol=1e-13)


@pytest.mark.parametrize("momentum", [0.1, 0.5, 1.0])
def test_running_statistics_go_on_from_iteration_to_iteration(momentum: float) -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(2).standard_normal((3, 2, 4))
    history = normed(x, np.ones_like(x), np.ones(2), None, BatchNorm1d(momentum=momentum)).history(4)
    mean, var = torch.zeros(2, dtype=torch.float64), torch.ones(2, dtype=torch.float64)
    for iteration in range(4):
        np.testing.assert_allclose(history.run(iteration).host("bn.running_var"), var.numpy(), rtol=1e-14)
        torch.nn.functional.batch_norm(torch.tensor(x), mean, var, training=True, momentum=momentum)
        np.testing.assert_allclose(history.run(iteration).host("bn.running_mean.new"), mean.numpy(), rtol=1e-13)


def test_a_channel_of_one_value_over_and_over_is_normalised_to_zero() -> None:
    x = np.array([[[2.0, 2.0]], [[2.0, 2.0]]])
    run = normed(x, np.array([[[1.0, 0.0]], [[0.0, 0.0]]]), [4.0], [3.0]).run()
    assert run.host("bn.var").tolist() == [0]
    assert run.host("bn").tolist() == [[[3, 3]], [[3, 3]]]
    # dy = 4 * (1, 0, 0, 0), its mean taken off, over sqrt(eps): 4 * (0.75, -0.25, ...) / sqrt(1e-5)
    np.testing.assert_allclose(run.host("x.grad").ravel(), np.array([3, -1, -1, -1]) / math.sqrt(1e-5), rtol=1e-12)
    assert run.host("bn.running_var.new").tolist() == [0.9]


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_a_number_that_is_none_spoils_its_channel_and_no_other(odd: float) -> None:
    x = np.arange(12.0).reshape(3, 2, 2)
    x[0, 0, 0] = odd
    run = normed(x, np.ones_like(x), [1.0, 1.0], [0.0, 0.0]).run()
    for name in ("bn", "x.grad", "bn.normalized.grad"):
        values = run.host(name)
        assert np.isfinite(values[:, 1]).all()
        assert np.isnan(values[:, 0]).all() or name == "bn.normalized.grad"
    np.testing.assert_array_equal(run.host("bn.running_mean.new")[0], 0.1 * odd)
    assert math.isnan(run.host("bn.running_var.new")[0])


def test_float16_statistics_neither_overflow_nor_stall() -> None:
    """The sum of 70,000 ones is no float16; adding 1 to 2048 changes nothing in it."""
    x = np.ones((70, 1, 1000), np.float16)
    x[0] = 3
    given = {"mean": np.zeros(1, np.float16), "var": np.ones(1, np.float16)}
    run = normed(x, x, np.ones(1, np.float16), np.zeros(1, np.float16), **given).run()
    assert run.host("bn.mean")[0] == pytest.approx(1 + 2 / 70, rel=1e-3)
    assert run.host("bn.var")[0] == pytest.approx(4 / 70 * 69 / 70, rel=1e-2)
    assert all(run.host(name).dtype == np.float16 for name in ("bn", "x.grad", "bn.var.grad", "bn.running_var.new"))


def test_differences_agree_with_every_gradient_though_the_network_is_float32() -> None:
    """Of the mean too, which moves the variance with it."""
    file = golden("batchnorm-channel-statistics")
    x, upstream, weight, bias = (np.array(file.inputs[name], np.float32) for name in ("x", "upstream", "gamma", "beta"))
    statistics = {"mean": np.zeros(2, np.float32), "var": np.ones(2, np.float32)}
    run = normed(x, upstream, weight, bias, **statistics).run()
    for tensor in ("x", "bn.weight", "bn.bias", "bn.mean", "bn.var", "bn.normalized"):
        index = (0,) * run.host(tensor).ndim
        assert central_difference(run, f"{tensor}.grad", index).agrees, tensor


def step_at(network: Network, address: str) -> Step:
    timeline = Timeline(network.graph)
    number = timeline.locate(address)
    return Step(number, timeline.place(number), Run(network.graph, network.arrays))


def test_cells_read_as_the_lecture_writes_them() -> None:
    network = golden_network()
    lines = {
        "bn.mean[0]": "(2 + 4 + 4 + 4 + 5 + 5 + 7 + 9)/8 = 5",
        "bn.var[0]": "((2 - 5)^2 + (4 - 5)^2 + (4 - 5)^2 + (4 - 5)^2 "
        "+ (5 - 5)^2 + (5 - 5)^2 + (7 - 5)^2 + (9 - 5)^2)/8 = 4",
        "bn.normalized[0,0,0,0]": "(2 - 5)/sqrt(4 + 1e-05) = -1.4999981250035155",
        "bn.running_var.new[0]": "0.9*1 + 0.1*4*8/7 = 1.3571428571428572",
        "bn.bias.grad[0]": "1 + 0 + 0 + 2 + 0 + (-1) + 1 + 0 = 3",
    }  # fmt: skip
    for address, line in lines.items():
        assert step_at(network, address).arithmetic() == line
    formulas = {
        "bn.var[0]": "bn.var[c] = sum over n,i,j of (x[n,c,i,j] - bn.mean[c])^2 / (N*H*W)",
        "bn[0,0,0,0]": "bn[n,c,i,j] = bn.normalized[n,c,i,j] * bn.weight[c] + bn.bias[c]",
        "x.grad.2[0,0,0,0]": "x.grad.2[n,c,i,j] = bn.mean.grad[c] / (N*H*W)",
    }
    for address, formula in formulas.items():
        assert step_at(network, address).formula == formula
    assert step_at(network, "bn.var[0]").terms == 8


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1), (0, 3, 2, 2)])
def test_a_single_value_a_channel_can_not_be_trained_on(shape: tuple[int, ...]) -> None:
    specs = [Spec(shape), *[Spec((3,))] * 4]
    with pytest.raises(ShapeError, match="training needs more than one value a channel; give a larger batch"):
        BatchNorm().infer(*specs)
    assert BatchNorm(training=False).infer(*specs).shape == shape


def test_shapes_that_do_not_fit_are_refused_before_anything_is_added() -> None:
    three = Spec((3,))
    with pytest.raises(ShapeError, match=r"weight is float64\[2\]; 3 channels take \[3\]"):
        BatchNorm().infer(Spec((4, 3)), three, three, Spec((2,)))
    with pytest.raises(ShapeError, match=r"x is float64\[4,3,2\]; it takes \[N,C,H,W\]"):
        BatchNorm2d().infer(Spec((4, 3, 2)), three, three, three)
    with pytest.raises(ShapeError, match=r"it takes \[N,C\] or \[N,C,W\]"):
        BatchNorm1d().infer(Spec((4, 3, 2, 2)), three, three, three)
    network = Network()
    names = [network.input(name, [[1.0]] if name == "x" else [1.0]) for name in ("x", "mean", "var", "weight")]
    with pytest.raises(ShapeError, match="more than one value"):
        network.add("bn", BatchNorm(), *names)
    assert not network.graph.nodes


def test_what_it_owns_starts_as_in_pytorch() -> None:
    starts = BatchNorm().initial(Spec((2, 3, 4)))
    assert {name: (start.shape, start.low, start.high) for name, start in starts.items()} == {
        "weight": ((3,), 1, 1), "bias": ((3,), 0, 0), "running_mean": ((3,), 0, 0), "running_var": ((3,), 1, 1),
    }  # fmt: skip
