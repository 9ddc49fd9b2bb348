"""The stops a learner sets, and the search for the next of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stepgrad.engine.breakpoints import At, Breakpoint, Found, search, understood
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.history import History
from stepgrad.engine.timeline import Address, short

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

SLICE = 0.008
"""Seconds of a search between two looks at the keyboard."""
KEPT = 8
"""Iterations whose places to stop are kept."""


@dataclass
class Break:
    """A stop as it was written; `fault` says why it can not be met in the lesson as it is now."""

    text: str
    point: Breakpoint | None
    on: bool = True
    fault: str = ""


@dataclass(frozen=True)
class Diverges:
    """Where the loss stops being a number. Always looked for: what comes after is not worth walking through."""

    lesson: Lesson
    text = "the loss diverges"

    def positions(self, history: History, iteration: int) -> Iterator[int]:
        loss = self.lesson.timeline.graph(iteration).loss
        if loss is None or self.lesson.divergence(iteration) is None:
            return
        if iteration == 0 or self.lesson.divergence(iteration - 1) is None:
            yield self.lesson.timeline.number(Address(loss), iteration) + 1


class Breaks:
    """The list of stops."""

    def __init__(self, lesson: Lesson) -> None:
        self.all: list[Break] = []
        self.lesson = lesson
        self._hits: OrderedDict[int, list[tuple[int, Breakpoint]]] = OrderedDict()

    @property
    def active(self) -> list[Breakpoint]:
        """What to stop at; a training that diverges among it."""
        learns = any(graph.loss is not None for graph in self.lesson.timeline.distinct)
        return [
            *(found.point for found in self.all if found.on and found.point is not None),
            *([Diverges(self.lesson)] if learns else []),
        ]

    def follow(self, lesson: Lesson) -> None:
        """The same stops in another lesson; one that does not fit there says so, and waits."""
        self.lesson = lesson
        for each in self.all:
            try:
                each.point, each.fault = understood(each.text, lesson.timeline), ""
            except StepgradError as fault:
                each.point, each.fault = None, str(fault)
        self._hits.clear()

    def add(self, text: str) -> Break:
        """A stop as people write it. Raises StepgradError with what fits; one that is there already is turned on."""
        point = understood(text, self.lesson.timeline)
        self._hits.clear()
        for each in self.all:
            if each.text == point.text:
                each.on = True
                return each
        self.all.append(Break(point.text, point))
        return self.all[-1]

    def remove(self, number: int) -> None:
        del self.all[number]
        self._hits.clear()

    def turn(self, number: int) -> None:
        """Off where it is on, and on where it is off."""
        self.all[number].on = not self.all[number].on
        self._hits.clear()

    def toggle(self, address: Address) -> tuple[Break, bool]:
        """A stop at a cell in every iteration, where one that is given changes; gone where there was one.

        Returns it, and whether it is set now.
        """
        name = address.tensor or ""
        graph = next(graph for graph in self.lesson.timeline.distinct if name in graph)
        text = str(short(replace(address, iteration=None), graph.spec(name).shape))
        if graph.node(name) is None:
            if name not in graph.state:
                raise StepgradError(f"{text} is given and never changes: there is nothing to stop at")
            text = f"{text} changes"
        point = understood(text, self.lesson.timeline)
        for i, each in enumerate(self.all):
            if each.text == point.text or (isinstance(each.point, At) and self._is_at(each.point, address)):
                self.remove(i)
                return each, False
        return self.add(text), True

    def ticks(self, iteration: int) -> list[int]:
        """The places in an iteration at which a stop is known to be: those that need no looking."""
        if not self.lesson.timeline.steps:
            return []
        places = (each.point for each in self.all if each.on and isinstance(each.point, At))
        return [at for point in places for at in point.positions(self.lesson.history, iteration)]

    def crossed(self, before: int, after: int, late: Callable[[], bool]) -> tuple[int, Breakpoint | None]:
        """How far one may go from `before` towards `after`: to the first stop, or as far as there was time to look."""
        timeline, points = self.lesson.timeline, self.active
        if not points or after <= before:
            return after, None
        first, last = (timeline.place(at).iteration for at in (before, after - 1))
        for iteration in range(first, last + 1):
            for at, point in self._hits_of(iteration, points):
                if before < at <= after:
                    return at, point
            if late() and iteration < last:
                return timeline.start(iteration + 1), None
        return after, None

    def look(self, position: int, direction: int) -> Generator[int, None, Found]:
        """The search for the next stop (1) or the one before (-1), an iteration at a time."""
        return search(self.lesson.history, self.active, position, direction)

    def _hits_of(self, iteration: int, points: list[Breakpoint]) -> list[tuple[int, Breakpoint]]:
        if iteration not in self._hits:
            history = self.lesson.history
            found = [(at, point) for point in points for at in point.positions(history, iteration)]
            self._hits[iteration] = sorted(found, key=lambda pair: pair[0])
            while len(self._hits) > KEPT:
                self._hits.popitem(last=False)
        return self._hits[iteration]

    def _is_at(self, point: At, address: Address) -> bool:
        try:
            timeline = self.lesson.timeline
            wanted = address.iteration or 0
            return point.address.iteration in (None, wanted) and timeline.number(point.address, wanted) == (
                timeline.number(address, wanted)
            )
        except StepgradError:
            return False
