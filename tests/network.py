"""A network put together in a test: its sources with their numbers, its layers, a loss and an update."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph, Role
from stepgrad.engine.history import Feed, History
from stepgrad.engine.op import Op, Spec, inputs_of
from stepgrad.engine.run import Run
from stepgrad.engine.timeline import Timeline
from stepgrad.engine.update import Optimizer, add_updates

Array = np.ndarray[Any, Any]


class Network:
    """Every method adds to the graph; tensors are given and named by their names."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.arrays: dict[str, Array] = {}

    def input(self, name: str, values: Any, role: Role = "input") -> str:
        """A source. Whole numbers stay whole only where they are given as an integer array."""
        array = np.asarray(values)
        if not isinstance(values, np.ndarray):
            array = array.astype("float64")
        self.arrays[name] = array
        return self.graph.source(name, Spec(array.shape, str(array.dtype)), role).name

    def parameter(self, name: str, values: Any) -> str:
        return self.input(name, values, "parameter")

    def add(self, name: str, op: Op, *inputs: str | None, phase: Any = "forward") -> str:
        """A layer; the optional inputs that are not named are left out."""
        refs = [None if given is None else self.graph.ref(given) for given in inputs]
        refs += [None] * (len(inputs_of(type(op)).names) - len(refs))
        made = op.expand(self.graph, name, *refs, phase=phase)
        self.graph.check()
        assert made is not None
        return name

    def loss(self, op: Op, *inputs: str | None, wanted: Collection[str] = ()) -> None:
        """End in `loss`, and go back to every parameter and whatever else is wanted."""
        self.add("loss", op, *inputs, phase="loss")
        add_gradients(self.graph, "loss", {*self.parameters, *wanted})
        self.graph.check()

    def update(self, optimizer: Optimizer) -> None:
        add_updates(self.graph, optimizer, self.parameters)
        self.graph.check()

    @property
    def parameters(self) -> list[str]:
        return [name for name, source in self.graph.sources.items() if source.role == "parameter"]

    def run(self) -> Run:
        return Run(self.graph, self.arrays)

    def history(self, iterations: int, feed: Feed | None = None) -> History:
        return History(Timeline(self.graph, iterations), self.arrays, feed=feed)


def differentiated(op: Op, **inputs: Any) -> dict[str, Array]:
    """A loss op alone: `loss`, and `NAME.grad` for every input that has a gradient."""
    network = Network()
    names = [network.input(name, values) for name, values in inputs.items()]
    network.loss(op, *names, wanted=[name for name in names if network.arrays[name].dtype.kind == "f"])
    run = network.run()
    return {name: run.host(name) for name in ["loss", *(f"{name}.grad" for name in names)] if name in run.tensors}


def under_sum(op: Op, upstream: Any, *names: str, **inputs: Any) -> dict[str, Array]:
    """A layer `y` alone, under the loss sum(y * upstream): every tensor, gradients of its inputs and of `names` too."""
    network = Network()
    given = [None if values is None else network.input(name, values) for name, values in inputs.items()]
    network.add("y", op, *given)
    network.input("upstream", np.asarray(upstream))
    real = [name for name in given if name is not None and network.arrays[name].dtype.kind == "f"]
    network.loss(Op.registry["sum"](), "y", "upstream", wanted=[*real, *names])
    run = network.run()
    return {name: run.host(name) for name in run.tensors}
