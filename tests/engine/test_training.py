"""Whole training steps against the golden files: forward, loss, gradients, and the parameters after each update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from golden_file import Golden, golden
from network import Network

from stepgrad.engine.op import Op
from stepgrad.engine.ops.add import Add
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.mse_loss import MSELoss
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.update import Optimizer

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def neuron(network: Network, file: Golden) -> None:
    network.input("x", [file.inputs["x"]])
    network.input("target", [[file.inputs["target"]]])
    network.parameter("w", [file.inputs["w"]])
    network.add("y_hat", Linear(), "x", "w")
    network.loss(MSELoss(), "y_hat", "target")


def loop(network: Network, file: Golden) -> None:
    for name in ("x", "y"):
        network.input(name, file.inputs[name])
    for name in ("w1", "b1", "w2", "b2"):
        network.parameter(name, file.inputs[name])
    network.add("z1", Linear(), "x", "w1", "b1")
    network.add("a1", ReLU(), "z1")
    network.add("y_pred", Linear(), "a1", "w2", "b2")
    network.loss(MSELoss("sum"), "y_pred", "y")


def residual(network: Network, file: Golden, *, skip: bool = True) -> None:
    for name in ("x", "target"):
        network.input(name, file.inputs[name])
    for name in ("w1", "w2"):
        network.parameter(name, file.inputs[name])
    network.add("z", Linear(), "x", "w1")
    network.add("hidden", ReLU(), "z")
    network.add("branch", Linear(), "hidden", "w2")
    network.add("sum", Add(), *(["branch", "x"] if skip else ["branch"]))
    network.add("y", ReLU(), "sum")
    network.loss(MSELoss("sum"), "y", "target", wanted=["x"])


def perceptron(unit: str) -> Callable[[Network, Golden], None]:
    """One hidden layer of three units, each of the three kinds."""

    def build(network: Network, file: Golden) -> None:
        network.input("x", file.inputs["x"])
        network.input("target", [file.inputs["target"]])
        for name in ("w1", "b1", "b2"):
            network.parameter(name, file.inputs[name])
        network.parameter("w2", [file.inputs["w2"]])
        network.add("z", Linear(), "x", "w1", "b1")
        network.add("a", Op.registry[unit](), "z")
        network.add("y", Linear(), "a", "w2", "b2")
        network.loss(MSELoss(), "y", "target")

    return build


def flow(network: Network, file: Golden) -> None:
    """Convolution, ReLU, BatchNorm, max pooling, a linear layer and cross-entropy."""
    ops = Op.registry
    network.input("x", file.inputs["x"])
    network.input("target", np.array(file.inputs["target"]))
    for name in ("w", "b", "gamma", "beta", "w_fc", "b_fc"):
        network.parameter(name, file.inputs[name])
    network.add("conv", ops["conv2d"](), "x", "w", "b")
    network.add("relu", ops["relu"](), "conv")
    network.input("running_mean", [0.0, 0.0], "buffer")
    network.input("running_var", [1.0, 1.0], "buffer")
    network.add("bn", ops["batch_norm2d"](), "relu", "running_mean", "running_var", "gamma", "beta")
    network.add("pool", ops["max_pool2d"](), "bn")
    network.add("flat", ops["flatten"](), "pool")
    network.add("logits", Linear(), "flat", "w_fc", "b_fc")
    network.loss(ops["cross_entropy"](), "logits", "target")


def optimizer(rule: dict[str, Any]) -> Optimizer:
    """A golden rule as an optimizer: beta1 and beta2 are one setting."""
    settings = {key: value for key, value in rule.items() if key not in ("name", "beta1", "beta2")}
    if "beta1" in rule:
        settings["betas"] = (rule["beta1"], rule["beta2"])
    return Optimizer.registry[rule["name"]](**settings)


BUILDS: dict[str, tuple[str, str, Callable[[Network, Golden], None]]] = {
    "neuron": ("neuron-forward-loss-update", "", neuron),
    "loop": ("pytorch-training-loop", "", loop),
    "residual": ("residual-block", "", residual),
    "flow": ("cnn-flow", "", flow),
    **{f"mlp-{unit}": ("mlp-forward", f"{unit}_", perceptron(unit)) for unit in ("sigmoid", "tanh", "relu")},
}


def rules() -> list[tuple[str, str]]:
    return [(name, rule) for name, (file, *_) in BUILDS.items() for rule in golden(file).attributes["rules"]]


def built(name: str) -> tuple[Network, Golden, str]:
    file, prefix, build = BUILDS[name]
    network = Network()
    build(network, golden(file))
    return network, golden(file), prefix


def close(found: Any, wanted: Any) -> None:
    """The same numbers; the golden files leave out axes of one."""
    np.testing.assert_allclose(np.squeeze(found), np.squeeze(np.array(wanted)), **CLOSE)


@pytest.mark.parametrize(("name", "rule"), rules())
def test_losses_and_parameters_after_every_update(name: str, rule: str) -> None:
    network, file, prefix = built(name)
    network.update(optimizer(file.attributes["rules"][rule]))
    steps = file.attributes["steps"]
    history = network.history(steps + 1)
    losses = [history.run(i).host("loss").item() for i in range(steps + 1)]
    close(losses, file.expected[f"{prefix}{rule}_losses"])
    for step in range(1, steps + 1):
        for parameter in network.parameters:
            wanted = file.expected[f"{prefix}{rule}_{parameter}_step{step}"]
            close(history.run(step - 1).host(f"{parameter}.new"), wanted)
            close(history.run(step).host(parameter), wanted)


@pytest.mark.parametrize("name", sorted(BUILDS.keys() - {"residual"}))
def test_every_tensor_and_gradient(name: str) -> None:
    network, file, prefix = built(name)
    run = network.run()
    compared = set()
    for key, wanted in file.expected.items():
        tensor = key.removeprefix(prefix)
        tensor = f"{tensor.removeprefix('grad_')}.grad" if tensor.startswith("grad_") else tensor
        if tensor in run.tensors:
            close(run.host(tensor), wanted)
            compared.add(tensor)
    assert {"loss", *(f"{parameter}.grad" for parameter in network.parameters)} < compared


@pytest.mark.parametrize("skip", [True, False], ids=["skip", "plain"])
def test_a_residual_block_with_and_without_its_skip(skip: bool) -> None:
    file, label = golden("residual-block"), "skip" if skip else "plain"
    network = Network()
    residual(network, file, skip=skip)
    run = network.run()
    for tensor in ("hidden", "branch"):
        close(run.host(tensor), file.expected[tensor])
    for tensor in ("sum", "y", "loss"):
        close(run.host(tensor), file.expected[f"{label}_{tensor}"])
    for tensor in ("x", "w1", "w2"):
        close(run.host(f"{tensor}.grad"), file.expected[f"{label}_grad_{tensor}"])


def test_the_neuron_with_its_printed_numbers() -> None:
    """0.38, 6.8644, -3.144 and -4.192 as the lecture prints them."""
    run = built("neuron")[0].run()
    assert run.host("y_hat").item() == pytest.approx(0.38)
    assert run.host("loss").item() == pytest.approx(6.8644)
    assert run.host("w.grad")[0].tolist() == pytest.approx([-3.144, -4.192])
