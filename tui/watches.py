"""The numbers a learner keeps an eye on: what each is here, and how it went over the iterations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stepgrad.engine.breakpoints import value
from stepgrad.engine.errors import AddressError, StepgradError
from stepgrad.engine.expression import Expression, parse
from stepgrad.engine.graph import Graph
from stepgrad.engine.timeline import Address, complete
from stepgrad.tui.charts.series import Recorder

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson


class UnwrittenError(KeyError):
    """A cell that nothing has written yet."""


@dataclass
class Watch:
    """An expression as it was typed; `fault` says why it has no value in the lesson as it is now."""

    text: str
    expression: Expression | None
    fault: str = ""


class Watches:
    """The list of what is watched."""

    def __init__(self, lesson: Lesson, recorder: Recorder) -> None:
        self.all: list[Watch] = []
        self.lesson = lesson
        self._recorder = recorder
        self.reached = 0
        """The last iteration that was looked at: no value beyond it is shown."""

    def follow(self, lesson: Lesson, recorder: Recorder) -> None:
        """The same in another lesson; what does not fit there says so, and waits."""
        self.lesson, self._recorder = lesson, recorder
        for each in self.all:
            try:
                each.expression, each.fault = self._parsed(each.text), ""
            except StepgradError as fault:
                each.expression, each.fault = None, str(fault)

    def toggle(self, text: str) -> tuple[Watch, bool]:
        """Watch an expression, or no longer. Returns it, and whether it is watched now. Raises StepgradError."""
        expression = self._parsed(text)
        for i, each in enumerate(self.all):
            if each.text == expression.text:
                return self.all.pop(i), False
        self.all.append(Watch(expression.text, expression))
        return self.all[-1], True

    def remove(self, number: int) -> None:
        del self.all[number]

    def value(self, watch: Watch, position: int) -> float | None:
        """What a watch comes to with what stands written at a position; None where something in it is not yet."""
        if watch.expression is None:
            return None
        try:
            return float(np.asarray(watch.expression.value(standing(self.lesson, position))).reshape(()))
        except (KeyError, AddressError):
            return None

    def iteration(self, position: int) -> int:
        """The iteration that a position lies in."""
        timeline = self.lesson.timeline
        return timeline.place(max(position - 1, 0)).iteration if timeline.steps else 0

    def points(self, watch: Watch) -> list[tuple[int, float | None]]:
        """The value of each iteration so far; what is not there yet is worked out meanwhile."""
        if watch.expression is None or self.lesson.timeline.iterations < 2:
            return []
        series = self._recorder.expression(watch.expression)
        return [(at, value) for at, value in series.points if at <= self.reached]

    def _parsed(self, text: str) -> Expression:
        names = {name for graph in self.lesson.timeline.distinct for name in graph.names}
        expression = parse(text.strip(), names)
        for graph in self.lesson.timeline.distinct:
            if _is_in(expression.addresses, graph):
                _check_single(expression, graph)
        return expression


def standing(lesson: Lesson, position: int) -> Callable[[Address], Any]:
    """Reads what each tensor holds at a position: what is written there last, this iteration or the one before."""
    iteration, graph, whole, cells = lesson.timeline.written(position)
    order = {node.name: i for i, node in enumerate(graph.nodes)}

    def is_written(name: str, address: Address) -> bool:
        at = order.get(name, -1)
        if at != whole:
            return at < whole
        spec = graph.spec(name)
        index = None if address.index is None else complete(address.index, spec.shape)
        return (spec.size if index is None else spec.number(index) + 1) <= cells

    def read(address: Address) -> Any:
        name = address.tensor or ""
        if address.iteration is not None and address.iteration != iteration:
            if address.iteration > iteration:
                raise UnwrittenError(name)
            return value(lesson.history, address, iteration)
        new = graph.state.get(name)
        if new is not None and is_written(new, address):
            return value(lesson.history, Address(new, address.index), iteration)
        if name in graph.sources or is_written(name, address):
            return value(lesson.history, address, iteration)
        if iteration == 0:
            raise UnwrittenError(name)
        return value(lesson.history, address, iteration - 1)

    return read


def _is_in(addresses: Iterable[Address], graph: Graph) -> bool:
    return all(address.tensor in graph for address in addresses)


def _check_single(expression: Expression, graph: Graph) -> None:
    """Raise StepgradError where an address does not fit its tensor, or all of it is more than one number."""

    def zeros(address: Address) -> Any:
        spec = graph.spec(address.tensor or "")
        if address.index is None:
            return np.broadcast_to(np.float64(1), spec.shape)
        if complete(address.index, spec.shape) is None:
            raise AddressError(f"{address} does not fit {address.tensor}, which is {list(spec.shape)}")
        return 1.0

    found = np.asarray(expression.value(zeros))
    if found.size != 1:
        text = expression.text
        raise StepgradError(
            f"{text} is {found.size} numbers; watch one cell, norm({text}), mean({text}) or max({text})"
        )
