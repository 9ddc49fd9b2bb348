"""Every op of the registry with every one of its examples, and each as a small network of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np

from stepgrad.engine import ops  # noqa: F401 - importing the ops registers them
from stepgrad.engine.backend import NUMPY, Backend
from stepgrad.engine.fold import total
from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph, Node, Role
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Example, Gradient, Op, Ref, Spec, inputs_of
from stepgrad.engine.run import Run

Arrays = dict[str, np.ndarray[Any, Any]]

SAMPLED = 200
"""Cells looked at of one tensor; each is summed in full."""


@dataclass(frozen=True)
class Case:
    """An op with one of its examples."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}-{self.number}"

    @property
    def kind(self) -> type[Op]:
        return Op.registry[self.name]

    @property
    def example(self) -> Example:
        return self.kind.examples[self.number]

    @property
    def op(self) -> Op:
        settings = {field.name for field in fields(self.kind)}  # type: ignore[arg-type]  # every op is a dataclass
        return self.kind(**{key: value for key, value in self.example.arguments.items() if key in settings})

    @property
    def inputs(self) -> dict[str, Any]:
        """What the example gives for each input: a shape, a literal or None. `xs` becomes `xs.0`, `xs.1` ..."""
        signature = inputs_of(self.kind)
        given = self.example.arguments
        each = {name: given.get(name) for name in signature.names}
        if signature.variadic is not None:
            each |= {f"{signature.variadic}.{k}": value for k, value in enumerate(given[signature.variadic])}
        return each

    def is_integer(self, name: str) -> bool:
        return name.partition(".")[0] in self.kind.integers

    def floats(self) -> list[str]:
        """The inputs that are there and hold real numbers."""
        return [name for name, given in self.inputs.items() if given is not None and not self.is_integer(name)]

    @property
    def has_batch(self) -> bool:
        """Whether the first input is drawn, so that it might as well be drawn without a sample."""
        first, *_ = self.inputs.values()
        return self.kind.kind in ("layer", "loss") and isinstance(first, tuple) and len(first) > 1

    @property
    def is_smooth(self) -> bool:
        """Whether central differences tell its gradient. Where not, the op's own test says what it is."""
        return bool(self.floats()) and self.example.smooth and self.kind.kind not in ("optimizer", "gradient")

    def arrays(self, dtype: str = "float64", draw: int | None = None) -> Arrays:
        """The inputs. With `draw` the numbers are others; literals are shuffled, whole numbers stay as they are."""
        return {name: self._array(name, given, dtype, draw) for name, given in self.inputs.items() if given is not None}

    def _array(self, name: str, given: Any, dtype: str, draw: int | None) -> np.ndarray[Any, Any]:
        random = np.random.default_rng(zlib.crc32(f"{self} {name} {draw}".encode()))
        literal = not isinstance(given, tuple)
        if self.is_integer(name):
            return np.asarray(given, "int64") if literal else random.integers(0, 2, given)
        if literal:
            array = np.asarray(given, dtype)
            return array if draw is None else random.permuted(array.ravel()).reshape(array.shape)
        return np.asarray(random.standard_normal(given), dtype)


def cases() -> list[Case]:
    return [Case(name, k) for name, op in sorted(Op.registry.items()) for k in range(len(op.examples))]


@dataclass(frozen=True)
class Weighed(Op):
    """y = sum of x * weight: an end for any network, with another slope in every cell. Not in the registry."""

    def infer(self, x: Spec, weight: Spec) -> Spec:
        return x.with_shape()

    def compute(self, xp: Any, x: Array, weight: Array) -> Array:
        return xp.sum(x * weight)

    def cell(self, index: Index, x: Cells, weight: Cells) -> Number:
        return total(lambda *at: x[at] * weight[at], *x.shape)

    def gradient(self, x: Ref, weight: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Slope(), weight, dy)}


@dataclass(frozen=True)
class Slope(Op):
    """dx = weight * dy."""

    def infer(self, weight: Spec, dy: Spec) -> Spec:
        return weight

    def compute(self, xp: Any, weight: Array, dy: Array) -> Array:
        return weight * dy

    def cell(self, index: Index, weight: Cells, dy: Cells) -> Number:
        return weight[index] * dy[()]


OUT = "out"
END = "end"


@dataclass(frozen=True)
class Network:
    """An op as a network: its inputs are sources, it is the layer `out`, and `end` is a number to differentiate."""

    case: Case
    graph: Graph
    arrays: Arrays

    def run(self, backend: Backend = NUMPY, *, scratch: bool = True, instead: Mapping[str, Any] = {}) -> Run:
        """All of it, executed, with other arrays in place of some sources."""
        arrays = {**self.arrays, **instead}
        sources = {name: backend.asarray(array, str(array.dtype)) for name, array in arrays.items()}
        return Run(self.graph, sources, backend, scratch=scratch)

    @property
    def nodes(self) -> list[Node]:
        """The nodes the registry answers for: of a gradient, those of the op's own rule."""
        return [node for node in self.graph.nodes if hasattr(node.op, "name")]


def empty_batch(case: Case) -> Network:
    """The op on no samples: its first input has none, nor has any other that is not learned and had as many."""
    arrays = case.arrays()
    samples = len(next(iter(arrays.values())))
    learned = case.kind.parameters
    return _network(
        case,
        {
            name: array[:0] if array.ndim and len(array) == samples and name not in learned else array
            for name, array in arrays.items()
        },
        gradients=True,
    )


@cache
def network(case: Case, dtype: str = "float64", draw: int | None = None, *, gradients: bool = False) -> Network:
    return _network(case, case.arrays(dtype, draw), gradients=gradients)


def _network(case: Case, arrays: Arrays, *, gradients: bool) -> Network:
    graph = Graph()
    refs = {name: graph.source(name, _spec(array), _role(case, name)) for name, array in arrays.items()}
    out = case.op.expand(graph, OUT, *(refs.get(name) for name in case.inputs))
    graph.check()
    assert out is not None
    if gradients and not out.spec.is_integer:
        random = np.random.default_rng(zlib.crc32(str(case).encode()))
        arrays["weighing"] = np.asarray(random.standard_normal(out.shape), out.spec.dtype)
        graph.source("weighing", _spec(arrays["weighing"]), "input")
        graph.add(END, Weighed(), out, "weighing", phase="loss")
        add_gradients(graph, END, case.floats())
        graph.check()
    return Network(case, graph, arrays)


def _spec(array: np.ndarray[Any, Any]) -> Spec:
    return Spec(array.shape, str(array.dtype))


def _role(case: Case, name: str) -> Role:
    return "parameter" if name in case.kind.parameters else "buffer" if name in case.kind.buffers else "input"


def sampled(node: Node, most: int = SAMPLED, among: np.ndarray[Any, Any] | None = None) -> Iterator[Index]:
    """Every cell of a small tensor, or so many of a large one, drawn once and for all; of those marked, if any are."""
    numbers = np.arange(node.size) if among is None else np.flatnonzero(among)
    if len(numbers) > most:
        random = np.random.default_rng(zlib.crc32(node.name.encode()))
        numbers = np.sort(random.choice(numbers, most, replace=False))
    return (node.spec.index(k) for k in numbers.tolist())
