"""The update: an optimizer adds, for every parameter, the nodes that write its next value and the state it keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Op, Ref, Spec


class Optimizer:
    """A rule for the next parameters. A subclass is a frozen dataclass: its fields are PyTorch's arguments.

    Defining a class with a `name` registers it.
    """

    registry: ClassVar[dict[str, type[Optimizer]]] = {}
    name: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            Optimizer.registry[cls.name] = cls

    def update(self, write: Writer) -> None:
        """Add the nodes of one parameter."""
        raise TypeError(f"{self.name} has no update")


class Writer:
    """Adds the update nodes of one parameter w, whose gradient is dw, and keeps the names straight."""

    def __init__(self, graph: Graph, parameter: Ref) -> None:
        self.graph = graph
        self.w = parameter
        self.dw = graph.ref(f"{parameter.name}.grad")

    def state(self, what: str) -> Ref:
        """The tensor `NAME.what` the optimizer keeps beside the parameter; zeros at first.

        The state of a float16 parameter is float32: squares of small gradients vanish in float16.
        """
        dtype = "float32" if self.w.spec.dtype == "float16" else self.w.spec.dtype
        return self.graph.source(f"{self.w.name}.{what}", Spec(self.w.shape, dtype), "state")

    def step(self) -> Ref:
        """`optimizer.step.new`: how many updates there will have been, this one counted. Shared by all parameters."""
        from stepgrad.engine.ops.counter import Counter

        if "optimizer.step" not in self.graph:
            step = self.graph.source("optimizer.step", Spec((), "int64"), "state")
            self.graph.add("optimizer.step.new", Counter(), step, layer="optimizer", phase="update")
        return self.graph.ref("optimizer.step.new")

    def write(self, of: Ref, op: Op, *inputs: Ref | None) -> Ref:
        """Add the node `NAME.new` for a parameter or a state."""
        name = f"{of.name}.new"
        self.graph.add(name, op, *inputs, layer=self.w.name.rpartition(".")[0] or self.w.name, phase="update")
        return Ref(name, of.spec)


def add_updates(graph: Graph, optimizer: Optimizer, parameters: Iterable[str]) -> None:
    """Add the update of every named parameter that has a gradient."""
    for name in parameters:
        if f"{name}.grad" in graph:
            optimizer.update(Writer(graph, graph.ref(name)))
