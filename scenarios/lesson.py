"""A scenario, opened: its timeline, its numbers and its script."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import stepgrad.engine.ops
from stepgrad.engine.arithmetic import exact
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Op, Spec, inputs_of, settings_of
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address, Timeline, complete
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import read
from stepgrad.scenarios.format import Scenario


@dataclass(frozen=True)
class Stop:
    """A stop of the script. `at` names the cell just written: its position is that step's number + 1."""

    position: int
    title: str
    template: str
    notes: str
    pause: float | None
    erratum: str
    printed: str


class Lesson:
    """An opened scenario."""

    def __init__(self, name: str, scenario: Scenario, path: Path, history: History, stops: tuple[Stop, ...]) -> None:
        self.name = name
        self.scenario = scenario
        self.path = path
        self.timeline: Timeline = history.timeline
        self.history = history
        self.stops = stops
        self.symbols: Mapping[str, Any] = {}

    def step(self, number: int) -> Step:
        """Step `number`, from 0."""
        return self.history.step(number)

    def stop_at(self, position: int) -> Stop | None:
        """The last stop at or before a position."""
        i = bisect_right([stop.position for stop in self.stops], position)
        return self.stops[i - 1] if i else None

    def say(self, stop: Stop) -> str:
        """The narration of a stop, its values taken from the run."""
        return re.sub(r"\{([^{}:]*)(?::([^{}]*))?\}", lambda found: self._value(found[1], found[2]), stop.template)

    def _value(self, text: str, spec: str | None) -> str:
        address = Address.parse(text)
        assert address.tensor is not None
        host = self.history.run(address.iteration or 0).host(address.tensor)
        if address.index is None:
            return str(np.squeeze(host).tolist()).replace(".0", "")
        index = complete(address.index, host.shape)
        assert index is not None
        value = float(host[index])
        return format(value, spec) if spec else exact(value)

    def tensors(self, iteration: int = 0) -> dict[str, np.ndarray[Any, Any]]:
        """Every tensor of an iteration, sources included."""
        run = self.history.run(iteration)
        return {name: run.host(name) for name in run.graph.names}


def open_lesson(name: str, settings: Mapping[str, object] = {}) -> Lesson:  # noqa: B006 - never changed
    """Open a scenario. Raises ScenarioError with every fault."""
    path, variant = locate(name)
    document = read(path).variant(variant).set(settings)
    scenario = Scenario.model_validate(document.tables)
    graph, sources = Graph(), {}

    def source(name: str, literal: Any, rank: int, role: Any) -> str:
        array = np.asarray(literal, scenario.dtype)
        array = array.reshape((1,) * (rank - array.ndim) + array.shape)
        if name not in sources:
            sources[name] = array
            graph.source(name, Spec(array.shape, scenario.dtype), role)
        return name

    previous = next(iter(scenario.inputs), "")
    for layer in scenario.layers:
        op = Op.registry[layer["op"]]
        made = op(**{key: layer[key] for key in settings_of(op) if key in layer})
        rank = getattr(op, "rank", 2) + 2
        given: list[str | None] = []
        for letter in inputs_of(op).names:
            value = layer.get("input", previous) if letter == "x" else layer.get(letter)
            if isinstance(value, str):
                if value in scenario.inputs:
                    source(value, scenario.inputs[value], rank, "input")
                if value in scenario.parameters:
                    source(value, scenario.parameters[value], 1 if letter == "bias" else rank, "parameter")
            elif value is not None:
                value = source(f"{layer['name']}.{letter}", value, 1 if letter == "bias" else rank, "parameter")
            given.append(value)
        graph.add(layer["name"], made, *given)
        previous = layer["name"]
    timeline = Timeline(graph.check())
    stops = [
        Stop(
            position=0 if s.at is None else timeline.steps if s.at == ":end" else timeline.locate(s.at) + 1,
            title=s.title,
            template=s.say,
            notes=s.notes,
            pause=s.pause,
            erratum=s.erratum,
            printed=s.printed,
        )
        for s in scenario.script
    ]
    title = path.stem if variant is None else f"{path.stem}:{variant}"
    return Lesson(title, scenario, path, History(timeline, sources), tuple(sorted(stops, key=lambda s: s.position)))
