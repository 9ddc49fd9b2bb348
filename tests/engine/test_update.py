"""Optimizers as nodes: against PyTorch over several steps, in the dtypes they keep, and at any iteration."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network import Network

from stepgrad.engine.history import History
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.mse_loss import MSELoss
from stepgrad.engine.timeline import Timeline
from stepgrad.engine.update import Optimizer

X = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 1.5], [2.0, 0.25, -1.0], [-1.0, -0.5, 0.0]])
TARGET = np.array([[1.0, 0.0], [-1.0, 2.0], [0.5, 1.0], [0.0, -2.0]])
W = np.array([[0.5, -0.25, 1.0], [-1.0, 0.75, 0.0]])
B = np.array([0.1, -0.2])

TORCH = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad"}
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("sgd", {"lr": 0.1}),
    ("sgd", {"lr": 0.1, "weight_decay": 0.2}),
    ("sgd", {"lr": 0.1, "momentum": 0.9}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "dampening": 0.4}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "dampening": 0.4, "weight_decay": 0.2}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.2}),
    ("adam", {}),
    ("adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 0.1}),
    ("adam", {"lr": 0.1, "weight_decay": 0.2}),
    ("adam", {"lr": 0.1, "betas": (0.0, 0.0)}),
    ("adamw", {}),
    ("adamw", {"lr": 0.1, "weight_decay": 0.5}),
    ("rmsprop", {}),
    ("rmsprop", {"lr": 0.1, "alpha": 0.5, "eps": 0.1, "weight_decay": 0.2}),
    ("rmsprop", {"lr": 0.1, "momentum": 0.9}),
    ("rmsprop", {"lr": 0.1, "centered": True}),
    ("rmsprop", {"lr": 0.1, "centered": True, "momentum": 0.9, "weight_decay": 0.2}),
    ("adagrad", {}),
    ("adagrad", {"lr": 0.1, "lr_decay": 0.5, "weight_decay": 0.2}),
    ("adagrad", {"lr": 0.1, "initial_accumulator_value": 2.0, "eps": 0.1}),
]
every_setting = pytest.mark.parametrize(("name", "settings"), SETTINGS)


def made(name: str, settings: dict[str, Any]) -> Optimizer:
    return Optimizer.registry[name](**settings)


def fitted(optimizer: Optimizer, dtype: str = "float64") -> Network:
    """A linear layer with a bias, fitted to four samples."""
    network = Network()
    network.input("x", X.astype(dtype))
    network.input("target", TARGET.astype(dtype))
    network.parameter("fit.weight", W.astype(dtype))
    network.parameter("fit.bias", B.astype(dtype))
    network.add("fit", Linear(), "x", "fit.weight", "fit.bias")
    network.loss(MSELoss(), "fit", "target")
    network.update(optimizer)
    return network


@every_setting
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_pytorch_makes_the_same_five_steps(name: str, settings: dict[str, Any], dtype: str) -> None:
    torch = pytest.importorskip("torch")
    history = fitted(made(name, settings), dtype).history(5)
    x, target = (torch.tensor(given.astype(dtype)) for given in (X, TARGET))
    w, b = (torch.tensor(given.astype(dtype), requires_grad=True) for given in (W, B))
    optimizer = getattr(torch.optim, TORCH[name])([w, b], **settings)
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    for iteration in range(5):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(torch.nn.functional.linear(x, w, b), target).backward()
        optimizer.step()
        run = history.run(iteration)
        for ours, theirs in (("fit.weight", w), ("fit.bias", b)):
            found, wanted = run.host(f"{ours}.new"), theirs.detach().numpy()
            assert found.dtype == wanted.dtype
            np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)
            _same_state(optimizer.state[theirs], ours, run.tensors, tolerance)


def _same_state(theirs: dict[str, Any], name: str, ours: dict[str, Any], tolerance: float) -> None:
    """What PyTorch keeps under a name we keep under the same name."""
    for key, value in theirs.items():
        if value is None:
            continue
        if key != "step":
            np.testing.assert_allclose(ours[f"{name}.{key}.new"], value.numpy(), rtol=tolerance, atol=tolerance)
        elif "optimizer.step.new" in ours:
            assert ours["optimizer.step.new"] == value


@every_setting
def test_every_cell_of_an_update_shows_numbers_that_give_it(name: str, settings: dict[str, Any]) -> None:
    history = fitted(made(name, settings)).history(3)
    last = history.run(2)
    for node in last.graph.nodes:
        if node.phase != "update":
            continue
        for number in range(node.size):
            index = node.spec.index(number)
            assert last.trace(node, index).value == pytest.approx(last.value(node.name, index), rel=1e-12)


@every_setting
def test_no_gradient_moves_nothing_and_divides_nothing_by_zero(name: str, settings: dict[str, Any]) -> None:
    network = fitted(made(name, settings | {"weight_decay": 0.0}))
    network.arrays["x"] = np.zeros_like(X)
    run = network.history(2).run(1)
    np.testing.assert_array_equal(run.host("fit.weight.new"), W)


@pytest.mark.parametrize("name", sorted(Optimizer.registry))
def test_float16_parameters_keep_their_state_in_float32(name: str) -> None:
    settings = {"lr": 0.01} | ({"momentum": 0.9} if name in ("sgd", "rmsprop") else {})
    network = fitted(made(name, settings), "float16")
    state = [source for source in network.graph.sources.values() if source.role == "state"]
    assert {source.spec.dtype for source in state} <= {"float32", "int64"}
    assert [source.name for source in state if source.spec.dtype == "float32"]
    run, exact = network.history(3).run(2), fitted(made(name, settings)).history(3).run(2)
    assert run.host("fit.weight.new").dtype == "float16"
    np.testing.assert_allclose(run.host("fit.weight.new"), exact.host("fit.weight.new"), rtol=4e-3, atol=4e-3)


def test_squares_too_small_for_float16_still_scale_the_step() -> None:
    """A gradient of 1e-5 has a square that float16 does not hold; Adam's first step is lr all the same."""
    network = Network()
    network.input("x", np.array([[1e-5]], "float16"))
    network.input("target", np.array([[-0.5]], "float16"))
    network.parameter("w", np.array([[0.0]], "float16"))
    network.add("fit", Linear(), "x", "w")
    network.loss(MSELoss(), "fit", "target")
    network.update(made("adam", {"lr": 0.25, "eps": 1e-10}))
    run = network.history(1).run(0)
    assert run.host("w.grad").item() == pytest.approx(1e-5, rel=1e-2)
    assert run.host("w.new").item() == pytest.approx(-0.25, rel=1e-3)


def test_a_parameter_that_is_one_number_is_updated_too() -> None:
    for name in Optimizer.registry:
        network = Network()
        network.parameter("w", 3.0)
        network.input("target", 1.0)
        network.loss(MSELoss(), "w", "target")
        network.update(made(name, {"lr": 0.5, "weight_decay": 0.5}))
        run = network.history(2).run(1)
        assert run.host("w.new").shape == ()
        assert run.host("w.new") < 3


def test_state_starts_by_itself_and_what_is_given_comes_first() -> None:
    network = fitted(made("adagrad", {"initial_accumulator_value": 2.0}))
    run = network.history(1).run(0)
    assert (run.host("fit.weight.sum") == 2).all()
    network.arrays["fit.weight.sum"] = np.full_like(W, 7.0)
    run = network.history(1).run(0)
    assert (run.host("fit.weight.sum") == 7).all()
    assert (run.host("fit.bias.sum") == 2).all()


def test_a_new_stage_starts_its_state_afresh() -> None:
    network = fitted(made("adam", {}))
    other = fitted(made("adam", {}))
    history = History(Timeline([(network.graph, 3), (other.graph, 2)]), network.arrays)
    assert [history.run(i).host("optimizer.step").item() for i in range(5)] == [0, 1, 2, 0, 1]
    assert not history.run(3).host("fit.weight.exp_avg").any()
    np.testing.assert_array_equal(history.run(3).host("fit.weight"), history.run(2).host("fit.weight.new"))


def test_gradients_that_pile_up_start_from_nothing() -> None:
    from stepgrad.engine.gradient import add_gradients

    network = Network()
    network.input("x", X)
    network.input("target", TARGET)
    network.parameter("w", W)
    network.add("fit", Linear(), "x", "w")
    network.add("loss", MSELoss(), "fit", "target", phase="loss")
    add_gradients(network.graph, "loss", ["w"], zero_grad=False)
    history = network.history(3)
    one = history.run(0).host("w.grad")
    np.testing.assert_allclose(history.run(2).host("w.grad"), 3 * one)


WALKED = ("sgd", {"lr": 0.05}), ("sgd", {"lr": 0.05, "momentum": 0.9, "dampening": 0.1}), ("adam", {"lr": 0.05})
LENGTH = 150


@pytest.fixture(scope="module")
def fresh() -> dict[str, list[dict[str, bytes]]]:
    """Every tensor of every iteration of one run from the start, for each optimizer."""
    return {str(k): [_bits(history, i) for i in range(LENGTH)] for k, history in enumerate(_histories())}


def _histories() -> list[History]:
    return [fitted(made(name, settings)).history(LENGTH) for name, settings in WALKED]


def _bits(history: History, iteration: int) -> dict[str, bytes]:
    run = history.run(iteration)
    return {name: run.host(name).tobytes() for name in run.tensors}


@given(walk=st.lists(st.integers(0, LENGTH - 1), min_size=1, max_size=8))
def test_any_walk_over_the_iterations_lands_on_the_same_bits(
    fresh: dict[str, list[dict[str, bytes]]], walk: list[int]
) -> None:
    for (k, history), iteration in product(enumerate(_histories()), walk):
        assert _bits(history, iteration) == fresh[str(k)][iteration]


def test_settings_that_do_not_fit_are_refused() -> None:
    from stepgrad.engine.errors import ShapeError

    with pytest.raises(
        ShapeError, match=r"nesterov is on with momentum 0 and dampening 0; it needs a momentum above 0"
    ):
        made("sgd", {"nesterov": True})
    with pytest.raises(ShapeError, match=r"nesterov is on with momentum 0.9 and dampening 0.5"):
        made("sgd", {"nesterov": True, "momentum": 0.9, "dampening": 0.5})
    for betas in ((0.9,), (0.9, 1.0), (-0.1, 0.9)):
        with pytest.raises(ShapeError, match=r"betas is \[.*\]; give two numbers, from 0 to less than 1"):
            made("adam", {"betas": betas})


def test_weight_decay_is_a_node_of_its_own() -> None:
    network = fitted(made("sgd", {"lr": 0.1, "weight_decay": 0.5}))
    node = network.graph["fit.weight.grad.decayed"]
    assert (node.phase, node.layer, node.spec) == ("update", "fit", Spec((2, 3)))
    run = network.run()
    np.testing.assert_array_equal(run.host(node.name), run.host("fit.weight.grad") + 0.5 * W)
