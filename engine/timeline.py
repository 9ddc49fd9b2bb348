"""The timeline: every cell written, in order, as a number from 0; found by bisecting cumulative sizes.

Positions are 0..N. Position 0 is before anything is written; step k writes one cell and moves from k to k + 1.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Literal

from stepgrad.engine.errors import AddressError, did_you_mean
from stepgrad.engine.graph import PHASES, Graph, Node
from stepgrad.engine.number import Index
from stepgrad.engine.op import Spec

Level = Literal["iteration", "phase", "layer", "tensor", "cell", "term"]
LEVELS: tuple[Level, ...] = ("iteration", "phase", "layer", "tensor", "cell", "term")

_GROUPS: dict[str, Callable[[Node], object]] = {
    "tensor": lambda node: node.name,
    "layer": lambda node: (node.phase, node.layer),
    "phase": lambda node: node.phase,
}


@dataclass(frozen=True, slots=True)
class Address:
    """A place on the timeline, written `tensor[i,j]#term@iteration`; parts that are None were left out."""

    tensor: str | None = None
    index: Index | None = None
    term: int | None = None
    iteration: int | None = None
    phase: str | None = None

    def __str__(self) -> str:
        name = f":{self.phase}" if self.phase else self.tensor or ""
        index = "" if self.index is None else f"[{','.join(map(str, self.index))}]"
        term = "" if self.term is None else f"#{self.term}"
        return f"{name}{index}{term}" + ("" if self.iteration is None else f"@{self.iteration}")

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address. The grammar is all it knows: whether the tensor exists is the timeline's to say."""
        found = _ADDRESS.fullmatch(text.strip())
        if found is None or not text.strip():
            raise AddressError(f"{text!r} is no address; write tensor[i,j]#term@iteration, each part optional")
        index = found["index"]
        return cls(
            tensor=found["tensor"],
            index=None if index is None else tuple(int(i) for i in index.split(",")) if index.strip() else (),
            term=None if found["term"] is None else int(found["term"]),
            iteration=None if found["iteration"] is None else int(found["iteration"]),
            phase=found["phase"],
        )


_COUNT = r"\d{1,18}"
_ADDRESS = re.compile(
    r"(?::(?P<phase>\w+)|(?P<tensor>[A-Za-z_][\w\-]*(?:\.[\w\-]+)*))?"
    rf"(?:\[(?P<index>\s*|\s*{_COUNT}(?:\s*,\s*{_COUNT})*\s*)\])?(?:#(?P<term>{_COUNT}))?(?:@(?P<iteration>{_COUNT}))?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a step number stands for: cell `offset` of the tensor that `node` writes, in `iteration`."""

    iteration: int
    graph: Graph
    node: Node
    offset: int

    @property
    def index(self) -> Index:
        return self.node.spec.index(self.offset)

    @property
    def address(self) -> Address:
        return Address(self.node.name, self.index, iteration=self.iteration)


class _Layout:
    """The steps of one iteration of a graph: `ends[i]` counts the cells written by its first i nodes."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.ends = [0, *accumulate(node.size for node in graph.nodes)]
        self.steps = self.ends[-1]
        self.order = {node.name: i for i, node in enumerate(graph.nodes)}
        self.bounds: dict[str, list[int]] = {level: list(self._bounds(key)) for level, key in _GROUPS.items()} | {
            "iteration": [0, self.steps]
        }

    def _bounds(self, key: Callable[[Node], object]) -> Iterator[int]:
        """Where groups of nodes meet. A tensor without cells is no step, so it parts nothing."""
        end = 0
        yield end
        for _, group in groupby((node for node in self.graph.nodes if node.size), key):
            end += sum(node.size for node in group)
            yield end


class Timeline:
    """All steps of `iterations` runs of a graph, or of several graphs one after another: [(graph, count), ...]."""

    def __init__(self, graphs: Graph | Sequence[tuple[Graph, int]], iterations: int = 1) -> None:
        pairs = [(graphs, iterations)] if isinstance(graphs, Graph) else list(graphs)
        # An epoch with a short last batch repeats the same two graphs many times.
        distinct = {id(graph): graph for graph, _ in pairs}
        layouts = {key: _Layout(graph) for key, graph in distinct.items()}
        self._stages = [layouts[id(graph)] for graph, _ in pairs]
        self._counts = [count for _, count in pairs]
        self._first = [0, *accumulate(self._counts)]
        self._starts = [0, *accumulate(layouts[id(graph)].steps * count for graph, count in pairs)]

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def steps(self) -> int:
        """How many steps there are (`len` stops at the machine's word; this does not)."""
        return self._starts[-1]

    @property
    def iterations(self) -> int:
        return self._first[-1]

    @property
    def distinct(self) -> list[Graph]:
        """Every graph once, in the order of first use."""
        return list({id(stage.graph): stage.graph for stage in self._stages}.values())

    @property
    def graphs(self) -> list[tuple[Graph, int]]:
        return [(stage.graph, count) for stage, count in zip(self._stages, self._counts, strict=True)]

    def graph(self, iteration: int) -> Graph:
        return self._stage_of(iteration).graph

    def start(self, iteration: int) -> int:
        """The position at which an iteration starts."""
        i = min(bisect_right(self._first, iteration) - 1, len(self._stages) - 1)
        return self._starts[i] + (iteration - self._first[i]) * self._stages[i].steps

    def place(self, step: int) -> Place:
        """The cell that step `step` (from 0) writes."""
        if not 0 <= step < self.steps:
            raise AddressError(f"there is no step {step}; {_counted('steps', self.steps)}")
        stage, iteration, within = self._split(step)
        i = bisect_right(stage.ends, within) - 1
        return Place(iteration, stage.graph, stage.graph.nodes[i], within - stage.ends[i])

    def number(self, address: Address, iteration: int = 0) -> int:
        """The step that writes the address (a tensor's or phase's first step); `iteration` where it names none."""
        at = iteration if address.iteration is None else address.iteration
        stage, start = self._stage_of(at), self.start(at)
        if address.tensor is None:
            if address.index is not None:
                raise AddressError(f"{address} names no tensor; write tensor{address}")
            return start + self._first_of(stage, address.phase, at)
        i = stage.order.get(address.tensor)
        if i is None:
            raise AddressError(self._unknown(stage.graph, address.tensor, at))
        node = stage.graph.nodes[i]
        if not node.size:
            raise AddressError(f"'{node.name}' has no cells, and so no steps: it is {node.spec}")
        offset = 0 if address.index is None else ravel(address.index, node.spec, address)
        return start + stage.ends[i] + offset

    def locate(self, text: str, iteration: int = 0) -> int:
        """The step number of an address given as text."""
        return self.number(Address.parse(text), iteration)

    def move(self, position: int, level: Level, direction: int) -> int:
        """The next (direction 1) or previous (-1) boundary of a level, as a position."""
        if level in ("cell", "term"):
            return min(max(position + direction, 0), self.steps)
        if direction > 0:
            if position >= self.steps:
                return self.steps
            stage, _, within = self._split(position)
            bounds = stage.bounds[level]
            return position - within + bounds[bisect_right(bounds, within)]
        if position <= 0:
            return 0
        stage, _, within = self._split(position - 1)
        bounds = stage.bounds[level]
        return position - 1 - within + bounds[bisect_left(bounds, within + 1) - 1]

    def written(self, position: int) -> tuple[int, Graph, int, int]:
        """What stands written at a position: (iteration, graph, nodes whole, cells of the next node)."""
        if position >= self.steps:
            last = self._stages[-1]
            return self.iterations - 1, last.graph, len(last.graph.nodes), 0
        place = self.place(position)
        return place.iteration, place.graph, self._stage_of(place.iteration).order[place.node.name], place.offset

    def _split(self, step: int) -> tuple[_Layout, int, int]:
        i = bisect_right(self._starts, step) - 1
        stage = self._stages[i]
        iteration, within = divmod(step - self._starts[i], stage.steps)
        return stage, self._first[i] + iteration, within

    def _stage_of(self, iteration: int) -> _Layout:
        if not 0 <= iteration < self.iterations:
            raise AddressError(f"there is no iteration {iteration}; {_counted('iterations', self.iterations)}")
        return self._stages[bisect_right(self._first, iteration) - 1]

    @staticmethod
    def _first_of(stage: _Layout, phase: str | None, iteration: int) -> int:
        """The first cell of an iteration, or of a phase of it."""
        written = [(node.phase, stage.ends[i]) for i, node in enumerate(stage.graph.nodes) if node.size]
        for found, first in written:
            if phase in (None, found):
                return first
        if phase is None:
            raise AddressError(f"iteration {iteration} has no steps")
        present = ", ".join(name for name in PHASES if any(name == found for found, _ in written))
        raise AddressError(f"there is no phase ':{phase}'; iteration {iteration} has {present or 'no steps'}")

    def _unknown(self, graph: Graph, name: str, iteration: int) -> str:
        if name in graph.sources:
            return f"'{name}' is given, not computed: it has cells to read but no steps"
        for i, stage in enumerate(self._stages):
            if name in stage.order and self._counts[i]:
                return f"there is no tensor '{name}' in iteration {iteration}; the first is {name}@{self._first[i]}"
        return f"there is no tensor '{name}'{did_you_mean(name, [*graph.names, *_NOT_TENSORS])}"


_NOT_TENSORS = [f":{place}" for place in (*PHASES, "end")]
"""Places that are easily written without their colon; `:end` is one of scenarios and of the player."""


def _counted(what: str, count: int) -> str:
    return f"{what} run from 0 to {count - 1}" if count else f"there are no {what}"


def ravel(index: Index, spec: Spec, address: Address) -> int:
    """The cell number of an index; leading axes of size 1 may be left out."""
    full = complete(index, spec.shape)
    if full is None:
        raise AddressError(f"{address} does not fit {address.tensor}, which is {list(spec.shape)}")
    return spec.number(full)


def complete(index: Index, shape: Index) -> Index | None:
    """The index with leading 1-sized axes filled in; None where it does not fit the shape."""
    missing = len(shape) - len(index)
    if missing < 0 or any(size != 1 for size in shape[:missing]):
        return None
    full = (0,) * missing + index
    return full if all(0 <= i < size for i, size in zip(full, shape, strict=True)) else None


def short(address: Address, shape: Index) -> Address:
    """The address as a person writes it: leading axes of size 1 left out, one axis kept; a single number has none."""
    index = address.index or ()
    while len(index) > 1 and shape[len(shape) - len(index)] == 1:
        index = index[1:]
    return replace(address, index=index or None)
