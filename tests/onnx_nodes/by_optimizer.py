"""Optimizers of the domain ai.onnx.preview.training: one step, of one tensor or of several.

Inputs are R (the rate), T (how many updates there were), all tensors, all their gradients, and each kind of state for
all of them; outputs the new tensors and the new state, in the same order.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from network import Network
from onnx_nodes.adapter import adapts, given, only, real
from onnx_nodes.node_cases import NodeCase

from stepgrad.engine.ops.adagrad import Adagrad
from stepgrad.engine.ops.adam import AdamStep
from stepgrad.engine.ops.exp_avg import ExpAvg, ExpAvgSq
from stepgrad.engine.ops.sgd import SGD
from stepgrad.engine.ops.weight_decay import WeightDecay


def rate(case: NodeCase) -> float:
    return float(real(case, 0))


def updates(case: NodeCase) -> int:
    count = given(case, 1)
    assert count is not None
    return int(count)


def laid_out(case: NodeCase, network: Network, states: tuple[str, ...]) -> list[str]:
    """Give the network its tensors, their gradients and their state; returns the names of the tensors."""
    count = (len(case.inputs) - 2) // (2 + len(states))
    names = [f"x{k}" for k in range(count)]
    for group, what in enumerate(("", ".grad", *states)):
        for k, name in enumerate(names):
            array = real(case, 2 + group * count + k)
            if what and what != ".grad":
                network.arrays[f"{name}{what}"] = array
            else:
                network.input(f"{name}{what}", array, "input" if what else "parameter")
    network.arrays["optimizer.step"] = np.asarray(updates(case))
    return names


def outputs(names: list[str], states: tuple[str, ...]) -> list[str | None]:
    return [f"{name}{what}.new" for what in ("", *states) for name in names]


@adapts("Momentum")
def momentum(case: NodeCase, network: Network) -> list[str | None]:
    """ONNX's beta is 1 - dampening."""
    states = (".momentum_buffer",)
    names = laid_out(case, network, states)
    network.update(
        SGD(
            lr=rate(case),
            momentum=case.attributes["alpha"],
            dampening=1 - case.attributes["beta"],
            weight_decay=case.attributes["norm_coefficient"],
            nesterov=case.attributes["mode"] == b"nesterov",
        )
    )
    return outputs(names, states)


@adapts("Adagrad")
def adagrad(case: NodeCase, network: Network) -> list[str | None]:
    states = (".sum",)
    names = laid_out(case, network, states)
    network.update(
        Adagrad(
            lr=rate(case),
            lr_decay=case.attributes.get("decay_factor", 0.0),
            weight_decay=case.attributes.get("norm_coefficient", 0.0),
            eps=case.attributes.get("epsilon", 1e-6),
        )
    )
    return outputs(names, states)


@adapts("Adam")
def adam(case: NodeCase, network: Network) -> list[str | None]:
    """ONNX puts both bias corrections into the rate, none at T = 0, so that eps is not divided by the second one.

    Betas of 0 correct nothing: with them AdamStep is w - rate*m / (sqrt(v) + eps).
    """
    only(not case.attributes.get("norm_coefficient_post", 0.0), "a shrinking of the result")
    only(
        "epsilon" in case.attributes,
        "numbers made with an epsilon that the node does not give (older onnx)",
    )
    states = (".exp_avg", ".exp_avg_sq")
    names = laid_out(case, network, states)
    alpha, beta = case.attributes.get("alpha", 0.9), case.attributes.get("beta", 0.999)
    count = updates(case)
    lr = rate(case) * (sqrt(1 - beta**count) / (1 - alpha**count) if count else 1)
    step = network.input("step", np.asarray(1))
    for name in names:
        for what in states:
            network.input(f"{name}{what}", network.arrays[f"{name}{what}"], "state")
        decay = WeightDecay(case.attributes.get("norm_coefficient", 0.0))
        slope = network.add(f"{name}.slope", decay, f"{name}.grad", name)
        m = network.add(f"{name}.exp_avg.new", ExpAvg(alpha), f"{name}.exp_avg", slope)
        v = network.add(f"{name}.exp_avg_sq.new", ExpAvgSq(beta), f"{name}.exp_avg_sq", slope)
        eps = case.attributes["epsilon"]
        network.add(f"{name}.new", AdamStep(lr, (0.0, 0.0), eps), name, m, v, step)
    return outputs(names, states)
