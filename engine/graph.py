"""Graphs: named tensors, each written once, checked whole before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from stepgrad.engine.errors import Fault, GraphError, ShapeError, did_you_mean
from stepgrad.engine.op import Op, Ref, Spec, inputs_of

Phase = Literal["forward", "loss", "backward", "update"]
Role = Literal["input", "parameter", "buffer", "state"]
"""A buffer belongs to the network (running statistics), a state to the optimizer (momentum): stages keep the first."""
PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update")


@dataclass(frozen=True, slots=True)
class Source:
    """A tensor that is there before an iteration starts: it has cells to read, but no steps."""

    name: str
    spec: Spec
    role: Role
    start: float = 0.0
    """What every cell of a state is before the first iteration."""


@dataclass(frozen=True, slots=True)
class Node:
    """One op writing one tensor, once. An absent optional input is None."""

    name: str
    op: Op
    inputs: tuple[str | None, ...]
    spec: Spec
    layer: str
    phase: Phase

    @property
    def size(self) -> int:
        return self.spec.size

    def bound(self) -> dict[str, str]:
        """Letter of the formula -> tensor: the inputs by name, and `y` for the output."""
        names = inputs_of(type(self.op)).names
        letters = {letter: name for letter, name in zip(names, self.inputs, strict=False) if name is not None}
        return {**letters, "y": self.name}


@dataclass
class Graph:
    """Sources and nodes in order. `add` checks shapes at once and keeps every fault; `check` raises them together."""

    sources: dict[str, Source] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    loss: str | None = None
    """The scalar that the backward pass differentiates."""
    carried: dict[str, str] = field(default_factory=dict)
    """Sources whose next value is not written as `NAME.new`: source -> the node that writes it."""
    differentiates: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Gradient node -> (the node whose rule it is, the input it is the gradient of)."""
    stage: str | None = None
    """Graphs of one stage share the optimizer's state: a short last batch is a graph of its own."""
    _specs: dict[str, Spec | None] = field(default_factory=dict)
    _by_name: dict[str, Node] = field(default_factory=dict)

    def source(self, name: str, spec: Spec, role: Role, start: float = 0.0) -> Ref:
        self._claim(name)
        self.sources[name] = Source(name, spec, role, start)
        self._specs[name] = spec
        return Ref(name, spec)

    def add(
        self, name: str, op: Op, *inputs: str | Ref | None, layer: str | None = None, phase: Phase = "forward"
    ) -> Ref | None:
        """Add a node and return its output; None where a fault was found (nodes that read it are then passed over)."""
        self._claim(name)
        names = tuple(given.name if isinstance(given, Ref) else given for given in inputs)
        names += (None,) * (len(inputs_of(type(op)).names) - len(names))
        spec = self._infer(name, op, names)
        self._specs[name] = spec
        if spec is None:
            return None
        node = Node(name, op, names, spec, layer or name, phase)
        self.nodes.append(node)
        self._by_name[name] = node
        return Ref(name, spec)

    def _infer(self, name: str, op: Op, inputs: tuple[str | None, ...]) -> Spec | None:
        unknown = [given for given in inputs if given is not None and given not in self._specs]
        for given in unknown:
            near = did_you_mean(given, self._specs)
            self.faults.append(Fault(name, f"there is no tensor '{given}' to read{near}"))
        specs = [None if given is None else self._specs.get(given) for given in inputs]
        if unknown or any(spec is None and given is not None for spec, given in zip(specs, inputs, strict=True)):
            return None
        misfit = _misfit(op, inputs)
        if misfit:
            # After a fault a missing input may be what that fault left out.
            if not self.faults:
                self.faults.append(Fault(name, f"{op.name}: {misfit}"))
            return None
        try:
            return op.infer(*specs)
        except ShapeError as fault:
            self.faults.append(Fault(name, f"{op.name}: {fault}"))
            return None

    def _claim(self, name: str) -> None:
        if name in self._specs:
            self.faults.append(Fault(name, f"'{name}' is written twice; a tensor is written once"))

    def check(self) -> Graph:
        """Raise GraphError with every fault found so far."""
        faults = [*self.faults, *self._changed()]
        if faults:
            raise GraphError(faults)
        return self

    def _changed(self) -> Iterator[Fault]:
        """State whose shape or dtype an iteration would change: the next one could not be the same graph."""
        for source, written in self.state.items():
            before, after = self._specs[source], self._specs.get(written)
            if after is not None and before != after:
                yield Fault(written, f"gives {after} for {source}, which is {before}")

    def __contains__(self, name: object) -> bool:
        return name in self.sources or name in self._by_name

    def __getitem__(self, name: str) -> Node:
        return self._by_name[name]

    def node(self, name: str) -> Node | None:
        """The node that writes `name`; None for a source."""
        return self._by_name.get(name)

    def ref(self, name: str) -> Ref:
        return Ref(name, self.spec(name))

    def spec(self, name: str) -> Spec:
        found = self._specs.get(name)
        if found is None:
            raise KeyError(name)
        return found

    @property
    def names(self) -> Iterable[str]:
        """Every tensor, sources first."""
        return [*self.sources, *self._by_name]

    @property
    def state(self) -> dict[str, str]:
        """What the next iteration starts from: source -> the node that writes its new value (`NAME.new`)."""
        written = {name: f"{name}.new" for name in self.sources if f"{name}.new" in self._by_name}
        return {**written, **self.carried}

    def readers(self, name: str) -> list[Node]:
        return [node for node in self.nodes if name in node.inputs]


def _misfit(op: Op, inputs: tuple[str | None, ...]) -> str:
    """What is wrong with the number of inputs; nothing where they fit what `infer` takes."""
    signature = inputs_of(type(op))
    if signature.variadic is not None:
        return f"input {inputs.index(None)} of {len(inputs)} is missing" if None in inputs else ""
    takes = ", ".join(f"{name} (optional)" if name in signature.optional else name for name in signature.names)
    if len(inputs) > len(signature.names):
        return f"received {len(inputs)} inputs ({', '.join(map(str, inputs))}); it takes {takes}"
    given = dict(zip(signature.names, inputs, strict=False))
    missing = [name for name in signature.names if given.get(name) is None and name not in signature.optional]
    return f"{' and '.join(missing)} missing; it takes {takes}" if missing else ""
