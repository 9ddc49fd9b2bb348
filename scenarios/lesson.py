"""A scenario, opened: its timeline, its numbers and its script."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np

from stepgrad.engine.backend import NUMPY, Backend
from stepgrad.engine.step import Step
from stepgrad.scenarios.build import Built, Stop, build
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import Document, read
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.narration import Slot, pieces, shown
from stepgrad.scenarios.saving import with_variant

__all__ = ["Lesson", "Stop", "open_lesson"]


class Lesson:
    """An opened scenario."""

    def __init__(self, name: str, document: Document, built: Built) -> None:
        self.name = name
        """The catalogue name or the file's stem, with `:variant`."""
        self.path = document.path
        self._document = document
        self.scenario = built.scenario
        self.timeline = built.timeline
        self.history = built.history
        self._told = [key for key, _ in built.stops]
        self.stops: tuple[Stop, ...] = tuple(_ordered(stop for _, stop in built.stops))
        """The script, by position; at the same one, as the file has them."""
        self.symbols: Mapping[str, np.ndarray[Any, Any]] = MappingProxyType(built.symbols)
        """The letters of tensors, in arrays of their shape."""

    @property
    def is_set(self) -> bool:
        """Whether something was set from outside the file: its words were written for other numbers."""
        return self._document.is_set

    def step(self, number: int) -> Step:
        """Step `number`, from 0."""
        return self.history.step(number)

    def told_at(self, position: int) -> tuple[Stop, ...]:
        """What is said at a position: every stop there; where there is none, the last one before it."""
        first, end = (bisect(self.stops, position, key=_position) for bisect in (bisect_left, bisect_right))
        return self.stops[max(min(first, end - 1), 0) : end]

    def stop_at(self, position: int, number: int = 0) -> Stop | None:
        """Of what is said at a position the stop of that number, the last one where there are fewer."""
        told = self.told_at(position)
        return told[min(number, len(told) - 1)] if told else None

    def say(self, stop: Stop, *, hidden: bool = False) -> str:
        """What is said at a stop, its values taken from the run; `hidden` leaves out what is worked out."""
        return self.spoken(stop.template, stop.iteration, hidden=hidden)

    def notes(self, stop: Stop) -> str:
        """The speaker's notes of a stop, values likewise."""
        return self.spoken(stop.notes, stop.iteration)

    def spoken(self, template: str, iteration: int = 0, *, hidden: bool = False) -> str:
        """A text whose `{addresses}` are replaced by values of the run; by `?` what is worked out, where `hidden`."""

        def text(part: str | Slot) -> str:
            if isinstance(part, str):
                return part
            is_hidden = hidden and part.is_computed(self.timeline, iteration)
            return "?" if is_hidden else shown(part, self.history, iteration)

        return "".join(map(text, pieces(template)))

    def edited(self, settings: Mapping[str, object]) -> Lesson:
        """The same scenario with values replaced, as `--set` does: the question "what if".

        Raises ScenarioError where they do not fit; this lesson is not touched.
        """
        document = self._document.set(settings)
        built = build(document, self.history.backend)
        if built.faults:
            raise ScenarioError(built.faults)
        return Lesson(self.name, document, built)

    def saved(self, variant: str) -> str:
        """The text of a scenario file in which what was set from outside is a variant."""
        return with_variant(self._document, variant, self._told)

    def divergence(self, iteration: int) -> str | None:
        """What there is to say where the loss of an iteration is no number any more; None where it still is one."""
        run = self.history.run(iteration)
        if run.graph.loss is None or math.isfinite(value := run.host(run.graph.loss).item()):
            return None
        return f"the loss is {value} in iteration {iteration}: the training has diverged; try a smaller learning rate"

    def tensors(self, iteration: int = 0) -> dict[str, np.ndarray[Any, Any]]:
        """Every tensor of an iteration, sources included."""
        run = self.history.run(iteration)
        return {name: run.host(name) for name in run.graph.names}


def open_lesson(
    name: str, settings: Mapping[str, object] = MappingProxyType({}), *, backend: Backend = NUMPY
) -> Lesson:
    """Open a scenario: a catalogue name, `NAME:variant`, or a file. `settings` replace values, as `--set` does.

    Raises ScenarioError with every fault, each as `file:line:column: key: what is wrong`.
    """
    path, variant = locate(name)
    document = read(path).variant(variant).set(settings)
    built = build(document, backend)
    if built.faults:
        raise ScenarioError(built.faults)
    return Lesson(path.stem if variant is None else f"{path.stem}:{variant}", document, built)


def _ordered(stops: Iterable[Stop]) -> Iterator[Stop]:
    """By position, each with its number among those at the same one."""
    for _, there in groupby(sorted(stops, key=_position), key=_position):
        told = list(there)
        yield from (replace(stop, number=i, of=len(told)) for i, stop in enumerate(told))


def _position(stop: Stop) -> int:
    return stop.position
