"""What the tests of the look screen look at, and a player as far as one looks on."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
from handmade import Lesson, edge, lesson, network, square
from small_network import small_history

from stepgrad.tui.charts.heat import FULL, Ink
from stepgrad.tui.charts.series import Recorder
from stepgrad.tui.line import plain
from stepgrad.tui.look import Look
from stepgrad.tui.look_keys import MOVES
from stepgrad.tui.places import position

nan, inf = math.nan, math.inf
NO_COLOUR = Ink(colour=False)
SIZES = [(80, 24), (100, 30), (120, 40), (200, 60), (40, 10), (20, 5), (1, 1)]
SECONDS = 30


class Stands:
    """A player as far as one looks on: a lesson, and a position that forward and back move."""

    def __init__(self, lesson: Any, at: str = "0") -> None:
        self.lesson = lesson
        self.recorder = Recorder(lesson.history)
        self.cursor = SimpleNamespace(position=position(lesson.timeline, at) if lesson.timeline.steps else 0)

    def perform(self, action: str, count: int, now: float) -> None:
        assert action in MOVES
        to = self.cursor.position + {"forward": count, "back": -count}[action]
        self.cursor.position = min(max(to, 0), self.lesson.timeline.steps)


def looking(lesson: Any, at: str = "0", *actions: str, ink: Ink = FULL) -> Look:
    look = Look(Stands(lesson, at), ink)
    for action in actions:
        look.perform(action)
    return look


def text(look: Look, size: tuple[int, int] = (80, 24)) -> str:
    look.page(*size)
    look.player.recorder.wait(SECONDS)
    return "\n".join(plain(line).rstrip() for line in look.page(*size).lines)


def relu(values: Any, dtype: str = "float64") -> Any:
    return lesson("By hand", {"x": values}, [("y", "relu", ("x",), {})], dtype=dtype)


def trained(lr: float = 0.1) -> Lesson:
    return Lesson("Two units", small_history(5, lr))


draw = np.random.default_rng(0).normal
LESSONS = {
    "edge": (edge(), "feature_map[1,1]"),
    "network": (network(), "conv1[3,5,6]"),
    "one-cell": (relu([2.0]), "y[0]"),
    "scalar-planes": (relu(draw(size=(2, 512, 1, 1))), "y[1,7,0,0]"),
    "row": (relu(draw(size=(1, 5000))), "y[0,4000]"),
    "column": (relu(draw(size=(700, 1))), "y[5,0]"),
    "channels": (relu(draw(size=(2, 512, 3, 3))), "y[1,200,1,1]"),
    "image-224": (square(224), "map[100,100]"),
    "five-axes": (relu(draw(size=(2, 2, 3, 4, 4))), "y[1,1,2,0,0]"),
    "all-nan": (relu([[nan, nan], [nan, nan]]), "y[1,1]"),
    "infinite": (relu([[inf, -inf]]), "y[0,1]"),
    "constant": (relu(np.full((3, 3), 0.1)), "y[1,1]"),
    "zeros": (relu(np.zeros((3, 3))), "y[1,1]"),
    "huge": (relu([[1e308, -1e308], [5e-324, 0]]), "y[1,1]"),
    "float16": (relu([[1, -65504]], "float16"), "y[0,1]"),
    "trained": (trained(), "loss@3"),
    "empty": (relu(np.zeros((2, 0))), "0"),
    "card": (lesson("A card", {}, []), "0"),
}
