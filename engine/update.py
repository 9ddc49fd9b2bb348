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

    def state(self, what: str, start: float = 0.0) -> Ref:
        """The tensor `NAME.what` the optimizer keeps beside the parameter; every cell is `start` at first.

        The state of a float16 parameter is float32: squares of small gradients vanish in float16.
        """
        dtype = "float32" if self.w.spec.dtype == "float16" else self.w.spec.dtype
        return self.graph.source(f"{self.w.name}.{what}", Spec(self.w.shape, dtype), "state", start)

    def step(self) -> Ref:
        """`optimizer.step.new`: how many updates there will have been, this one counted. Shared by all parameters."""
        from stepgrad.engine.ops.counter import Counter

        if "optimizer.step" not in self.graph:
            step = self.graph.source("optimizer.step", Spec((), "int64"), "state")
            self.graph.add("optimizer.step.new", Counter(), step, layer="optimizer", phase="update")
        return self.graph.ref("optimizer.step.new")

    def decayed(self, weight_decay: float) -> Ref:
        """The gradient with weight decay in it: `NAME.grad.decayed`, or dw itself where there is none."""
        from stepgrad.engine.ops.weight_decay import WeightDecay

        return self.add("grad.decayed", WeightDecay(weight_decay), self.dw, self.w) if weight_decay else self.dw

    def write(self, of: Ref, op: Op, *inputs: Ref | None) -> Ref:
        """Add the node `NAME.new` for a parameter or a state."""
        return self._node(f"{of.name}.new", op, *inputs)

    def add(self, what: str, op: Op, *inputs: Ref | None) -> Ref:
        """Add the node `PARAMETER.what`: a step on the way to the next value."""
        return self._node(f"{self.w.name}.{what}", op, *inputs)

    def _node(self, name: str, op: Op, *inputs: Ref | None) -> Ref:
        layer = self.w.name.rpartition(".")[0] or self.w.name
        self.graph.add(name, op, *inputs, layer=layer, phase="update")
        return self.graph.ref(name)


def add_updates(graph: Graph, optimizer: Optimizer, parameters: Iterable[str]) -> None:
    """Add the update of every named parameter that has a gradient."""
    for name in parameters:
        if f"{name}.grad" in graph:
            optimizer.update(Writer(graph, graph.ref(name)))
