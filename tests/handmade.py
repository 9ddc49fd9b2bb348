"""Lessons made by hand from the engine: what the player is tried on apart from the catalogue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import stepgrad.engine.ops  # noqa: F401 - registers the ops
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline
from stepgrad.scenarios.catalogue import FOLDER


@dataclass(frozen=True)
class Stop:
    position: int
    template: str
    title: str = ""
    notes: str = ""
    pause: float | None = None
    erratum: str = ""
    printed: str = ""
    number: int = 0
    of: int = 1

    @property
    def place(self) -> tuple[int, int]:
        return self.position, self.number


@dataclass
class Lesson:
    """What the player asks of a lesson."""

    title: str
    history: History
    stops: tuple[Stop, ...] = ()
    name: str = "by-hand"
    path: Path = FOLDER / "by-hand.toml"
    symbols: Mapping[str, Any] = field(default_factory=dict)
    is_set: bool = False

    @property
    def timeline(self) -> Timeline:
        return self.history.timeline

    @property
    def scenario(self) -> Any:
        return SimpleNamespace(title=self.title, topics=())

    def step(self, number: int) -> Step:
        return self.history.step(number)

    def stop_at(self, position: int, number: int = 0) -> Stop | None:
        i = bisect_right([stop.position for stop in self.stops], position)
        return self.stops[i - 1] if i else None

    def told_at(self, position: int) -> tuple[Stop, ...]:
        stop = self.stop_at(position)
        return () if stop is None else (stop,)

    def say(self, stop: Stop, *, hidden: bool = False) -> str:
        return stop.template

    def tensors(self, iteration: int = 0) -> dict[str, Any]:
        run = self.history.run(iteration)
        return {name: run.host(name) for name in run.graph.names}


Layer = tuple[str, str, Sequence[str | None], dict[str, Any]]


def lesson(
    title: str,
    sources: Mapping[str, Any],
    layers: Sequence[Layer],
    stops: Sequence[Stop] = (),
    *,
    dtype: str = "float64",
    phase: Mapping[str, Any] = {},
    iterations: int = 1,
) -> Lesson:
    """A lesson from literal tensors and (name, op, inputs, settings) layers."""
    graph, arrays = Graph(), {}
    for name, values in sources.items():
        arrays[name] = np.asarray(values, dtype)
        role = "input" if name in ("x", "image", "a") else "parameter"
        graph.source(name, Spec(arrays[name].shape, dtype), role)
    for name, op, inputs, settings in layers:
        graph.add(name, Op.registry[op](**settings), *inputs, phase=phase.get(name, "forward"))
    return Lesson(title, History(Timeline(graph.check(), iterations), arrays), tuple(stops))


IMAGE = [[1, 1, 1, 1, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
KERNEL = [[1, 0, 0], [1, 0, 0], [1, 0, 0]]


def edge(padding: int = 0) -> Lesson:
    """The lecture's left-edge detector."""
    return lesson(
        "Left-edge detection on a 5x5 image",
        {"image": [[IMAGE]], "kernel": [[KERNEL]]},
        [("feature_map", "conv2d", ("image", "kernel", None), {"padding": padding})],
        [
            Stop(0, "The image has a bright bar on top and one down its left side. Press the **right arrow**."),
            Stop(1, "Multiply each pixel by the filter cell on top of it, then add the nine products: **3**."),
            Stop(9 if not padding else 25, "The map answers where the image has a left edge."),
        ],
    )


CS231N_X = [
    [[1, 2, 0, 0, 1], [2, 2, 0, 1, 0], [2, 2, 1, 2, 1], [0, 1, 1, 0, 2], [2, 1, 0, 2, 1]],
    [[0, 2, 0, 0, 1], [1, 1, 0, 2, 2], [0, 1, 1, 0, 2], [1, 2, 0, 2, 0], [0, 2, 0, 1, 0]],
    [[2, 2, 1, 0, 0], [2, 1, 0, 0, 1], [0, 2, 2, 2, 1], [1, 2, 1, 0, 2], [2, 1, 1, 1, 1]],
]
CS231N_W = [
    [[[1, -1, -1], [-1, 0, 0], [-1, -1, 0]], [[-1, 0, 1], [-1, 0, 0], [-1, -1, -1]],
     [[-1, -1, 1], [0, 0, 0], [1, -1, -1]]],
    [[[0, 0, 1], [1, 1, 0], [0, 0, 0]], [[1, 0, 0], [1, -1, 1], [-1, 0, 0]], [[-1, 1, 0], [0, -1, 1], [1, 0, -1]]],
]  # fmt: skip
CS231N_STOPS = [
    Stop(0, "Three channels, two filters, stride 2, one ring of zeros."),
    Stop(
        1,
        "One filter reads every channel: three sums, one bias, **one number**. Then it moves two cells to the right.",
    ),
    Stop(10, "The second filter writes the second map."),
]


def cs231n() -> Lesson:
    """Two filters, three channels, stride 2."""
    return lesson(
        "Two filters, three channels, stride 2",
        {"x": [CS231N_X], "out.weight": CS231N_W, "out.bias": [1, 0]},
        [("out", "conv2d", ("x", "out.weight", "out.bias"), {"stride": 2, "padding": 1})],
        CS231N_STOPS,
    )


def full() -> Lesson:
    """Full 1-D convolution."""
    return lesson(
        "Full convolution of two vectors",
        {"a": [[[1, 2, 3, 4]]], "b": [[[5, 6, 7, 8]]]},
        [("s", "conv1d", ("a", "b", None), {"padding": 3, "flip": True})],
        [Stop(0, "Slide the reversed vector.")],
    )


def square(size: int, title: str = "A large image") -> Lesson:
    """A filter over a size x size image of whole numbers, for the cost of a step."""
    values = np.random.default_rng(0).integers(0, 9, (1, 1, size, size))
    return lesson(
        title, {"image": values, "kernel": [[KERNEL]]}, [("map", "conv2d", ("image", "kernel", None), {"padding": 1})]
    )


def network(channels: int = 6, size: int = 14, dtype: str = "float64") -> Lesson:
    """Convolution, rectifier, pooling, and a second convolution over many channels, with drawn numbers."""
    draw = np.random.default_rng(1).normal
    return lesson(
        "A small network",
        {
            "x": draw(size=(1, 3, size, size)),
            "conv1.weight": draw(size=(channels, 3, 3, 3)),
            "conv1.bias": draw(size=channels),
            "conv2.weight": draw(size=(4, channels, 3, 3)),
        },
        [
            ("conv1", "conv2d", ("x", "conv1.weight", "conv1.bias"), {"padding": 1}),
            ("relu1", "relu", ("conv1",), {}),
            ("pool1", "max_pool2d", ("relu1",), {"kernel_size": 2}),
            ("conv2", "conv2d", ("pool1", "conv2.weight", None), {}),
        ],
        [Stop(0, "A small network."), Stop(channels * size * size + 1, "The rectifier.")],
        dtype=dtype,
    )
