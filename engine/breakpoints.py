"""Where a debugger stops: at a place, when a value changes, when a condition becomes true, at the first NaN."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from stepgrad.engine.errors import AddressError, did_you_mean
from stepgrad.engine.expression import Expression, ExpressionError, parse
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.timeline import Address, Timeline, complete

_NOT_FINITE: dict[str, Callable[[Any], Any]] = {
    "nan": np.isnan,
    "inf": np.isinf,
    "nan or inf": lambda x: ~np.isfinite(x),
}


class Breakpoint(Protocol):
    """Something to stop at. Positions are those at which the step that matters has just been taken."""

    @property
    def text(self) -> str:
        """How a person writes it."""

    def positions(self, history: History, iteration: int) -> Iterator[int]:
        """The positions of one iteration to stop at, in order."""


@dataclass(frozen=True)
class At:
    """A cell, a tensor, a layer or a phase, in every iteration or in the one it names: stops at its first step."""

    address: Address

    @property
    def text(self) -> str:
        return str(self.address)

    def positions(self, history: History, iteration: int) -> Iterator[int]:
        if self.address.iteration not in (None, iteration):
            return
        try:
            yield history.timeline.number(self.address, iteration) + 1
        except AddressError:
            return  # a stage of the training may not have this tensor


@dataclass(frozen=True)
class Changes:
    """A cell whose value is written anew: stops where it differs from what it was."""

    address: Address

    @property
    def text(self) -> str:
        return f"{self.address} changes"

    def positions(self, history: History, iteration: int) -> Iterator[int]:
        graph = history.timeline.graph(iteration)
        name, index = _cell(graph, self.address)
        if name is None:
            return
        written = graph.state.get(name, name)
        if graph.node(written) is None:
            return
        now = history.run(iteration).value(written, index)
        before = now
        if written != name:
            before = history.run(iteration).value(name, index)
        elif iteration > 0 and name in history.timeline.graph(iteration - 1):
            before = history.run(iteration - 1).value(name, index)
        if now != before and not (now != now and before != before):
            yield history.timeline.number(Address(written, index), iteration) + 1


@dataclass(frozen=True)
class When:
    """A condition: stops where it becomes true, once the tensors in it have been written.

    A parameter has its value from the first step of an iteration on.
    """

    condition: Expression

    @property
    def text(self) -> str:
        return self.condition.text

    def positions(self, history: History, iteration: int) -> Iterator[int]:
        written = [at for name in self._tensors if (at := _end(history, name, iteration)) is not None]
        holds = self.holds(history, iteration)
        if written and holds and not (iteration > 0 and self.holds(history, iteration - 1)):
            yield max(written)

    @property
    def _tensors(self) -> list[str]:
        return [address.tensor for address in self.condition.addresses if address.tensor]

    def holds(self, history: History, iteration: int) -> bool:
        """Whether the condition is true once an iteration has run."""

        def read(address: Address) -> Any:
            return value(history, address, iteration)

        try:
            return self.condition.holds(read)
        except (KeyError, AddressError):
            return False


@dataclass(frozen=True)
class NotFinite:
    """The first NaN or Inf that each tensor holds."""

    kind: Literal["nan", "inf", "nan or inf"] = "nan or inf"

    @property
    def text(self) -> str:
        return self.kind

    def positions(self, history: History, iteration: int) -> Iterator[int]:
        run = history.run(iteration)
        for node in run.graph.nodes:
            host = run.host(node.name)
            found = _NOT_FINITE[self.kind](host)
            if found.any():
                yield history.timeline.number(Address(node.name), iteration) + int(found.argmax()) + 1


def value(history: History, address: Address, iteration: int) -> Any:
    """A cell, or a whole tensor, in the iteration the address names or the one given. Raises AddressError, KeyError."""
    at = iteration if address.iteration is None else address.iteration
    run = history.run(at)
    if address.tensor is None or address.tensor not in run.graph:
        raise KeyError(address.tensor)
    host = run.host(address.tensor)
    if address.index is None:
        return host
    index = complete(address.index, host.shape)
    if index is None:
        raise AddressError(f"{address} does not fit {address.tensor}, which is {list(host.shape)}")
    return host[index]


Found = tuple[int, Breakpoint | None]
"""Where to stop, and why; no breakpoint at an end of the timeline."""


def search(
    history: History, breakpoints: Sequence[Breakpoint], position: int, direction: int
) -> Generator[int, None, Found]:
    """Look for the next (direction 1) or previous (-1) place to stop, an iteration at a time.

    Yields each iteration before it is looked through, so that whoever waits can paint, or give up.
    """
    timeline = history.timeline
    iteration = timeline.place(min(max(position - (direction < 0), 0), timeline.steps - 1)).iteration
    while 0 <= iteration < timeline.iterations and breakpoints:
        yield iteration
        found = [(at, point) for point in breakpoints for at in point.positions(history, iteration)]
        ahead = [(at, point) for at, point in found if (at - position) * direction > 0]
        if ahead:
            return min(ahead, key=lambda pair: pair[0] * direction)
        iteration += direction
    return (timeline.steps if direction > 0 else 0), None


def seek(history: History, breakpoints: Sequence[Breakpoint], position: int, direction: int) -> Found:
    """The next or previous place to stop, however long it takes to find."""
    looking = search(history, breakpoints, position, direction)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            found: Found = end.value
            return found


def understood(text: str, timeline: Timeline) -> Breakpoint:
    """A breakpoint as people write it. Raises StepgradError with what fits.

    An address (`conv[0,0]`, `:backward`, `@7`), `X changes`, `nan`, `inf`, or a condition (`loss < 0.1`).
    """
    text = text.strip()
    if (kind := text.lower()) in _NOT_FINITE:
        return NotFinite(kind)  # type: ignore[arg-type]  # one of the three, as just asked
    names = [name for graph in timeline.distinct for name in graph.names]
    if text.endswith(" changes"):
        address = Address.parse(text.removesuffix(" changes"))
        if address.tensor not in names:
            raise AddressError(f"there is no tensor '{address.tensor}'{did_you_mean(address.tensor or '', names)}")
        fits = [graph for graph in timeline.distinct if address.tensor in graph and _cell(graph, address)[0]]
        if not fits:
            raise AddressError(
                f"{address} is not one cell of {address.tensor}; write its place, as in {address.tensor}[0]"
            )
        return Changes(address)
    try:
        address = Address.parse(text)
    except AddressError:
        return When(_possible(parse(text, names), timeline))
    if address.iteration is not None:
        timeline.number(address)
    faults: list[AddressError] = []
    for graph in timeline.distinct:
        try:
            Timeline(graph).number(replace(address, iteration=None))
            return At(address)
        except AddressError as fault:
            faults.append(fault)
    raise faults[0]


def _possible(condition: Expression, timeline: Timeline) -> Expression:
    """A condition that can become true. Raises StepgradError where no iteration has what it reads."""
    if not condition.addresses:
        raise ExpressionError(f"'{condition.text}' names no tensor, so it never changes; write one, as in loss < 0.1")
    for address in condition.addresses:
        if address.iteration is not None:
            timeline.number(Address(iteration=address.iteration))
        name = address.tensor or ""
        shapes = [graph.spec(name).shape for graph in timeline.distinct if name in graph]
        if address.index is not None and all(complete(address.index, shape) is None for shape in shapes):
            raise AddressError(f"{address} does not fit {name}, which is {list(shapes[0])}")
    return condition


def _cell(graph: Graph, address: Address) -> tuple[str | None, tuple[int, ...]]:
    if address.tensor is None or address.tensor not in graph:
        return None, ()
    index = complete(address.index or (), graph.spec(address.tensor).shape)
    return (None, ()) if index is None else (address.tensor, index)


def _end(history: History, tensor: str, iteration: int) -> int | None:
    """The position at which a tensor has its value: written whole, or the iteration's first where it is given."""
    graph, timeline = history.timeline.graph(iteration), history.timeline
    node = graph.node(tensor)
    if node is None:
        return timeline.start(iteration) + 1 if tensor in graph else None
    return timeline.number(Address(tensor), iteration) + node.size
