"""The backward pass of a single op, from a given upstream gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from network import Array, Network

from stepgrad.engine.op import Op
from stepgrad.engine.ops.sum import Sum


def backward(op: Op, dy: Any, **inputs: Any) -> dict[str, Array]:
    """`y`, and `NAME.grad` of every input, where `dy` is dL/dy; an absent input is None."""
    network = Network()
    given = {name: None if values is None else network.input(name, values) for name, values in inputs.items()}
    network.add("y", op, *given.values())
    network.input("upstream", np.broadcast_to(np.asarray(dy, "float64"), network.graph.spec("y").shape))
    names = [name for name in given.values() if name is not None]
    network.loss(Sum(), "y", "upstream", wanted=names)
    run = network.run()
    return {name: run.host(name) for name in ["y", *(f"{name}.grad" for name in names)]}
