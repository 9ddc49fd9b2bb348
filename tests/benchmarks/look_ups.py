"""What the debugger's keys cost beside a plain step: look-ups in LeNet, the planes of a long sum, a change.

    python tests/benchmarks/look_ups.py

Must: why and feeds of any cell of LeNet 50 ms, a plane of 512 on 30 ms, a change in cnn-flow 100 ms, each until the
page is made (processor time). Beside each stands how many plain steps of the same lesson that is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from handmade import Lesson, lesson
from training_step import lenet

from stepgrad.engine.history import History
from stepgrad.engine.timeline import Address, Timeline, short
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.player import Player
from stepgrad.tui.pointer import found

SIZE = (120, 40)
LOOK_UP, PLANE, CHANGE = 0.050, 0.030, 0.100
CELLS = 3
"""Cells of each tensor that are looked up."""


def seconds(player: Player, action: Callable[[], object]) -> float:
    """Processor seconds until the page is made."""
    started = process_time()
    action()
    player.page(*SIZE)
    return process_time() - started


def key(player: Player, name: str) -> float:
    return seconds(player, lambda: player.perform(name, 1, 0.0))


def step(player: Player) -> float:
    """A plain step, forward or back."""
    return median(key(player, name) for _ in range(10) for name in ("forward", "back"))


def look_ups(batch: int) -> bool:
    """Why and feeds of cells of every tensor, those that are given too."""
    graph, sources = lenet(batch)
    player = Player(Lesson("LeNet", History(Timeline(graph, 1), sources)))  # type: ignore[arg-type]
    draw = np.random.default_rng(0)
    taken: dict[str, list[tuple[float, str]]] = {"why": [], "feeds": []}
    for name in graph.names:
        spec = graph.spec(name)
        shown = name if name not in graph.sources else graph.readers(name)[0].name
        for number in draw.integers(0, spec.size, CELLS).tolist():
            index = spec.index(number)
            at = Address(shown, index if shown == name else (0,) * len(graph.spec(shown).shape))
            player.go(str(short(at, graph.spec(shown).shape)))
            player.page(*SIZE)
            for what, action in (("why", "cell_origin"), ("feeds", "cell_uses")):
                player.pointing.leave()
                if shown != name:
                    sight = player.pages.sight(player.state, *SIZE)
                    player.pointing.pointer = found(sight.views, name, index)
                taken[what].append((key(player, action), name))
    player.pointing.leave()
    plain = step(player)
    for what, each in taken.items():
        worst, where = max(each)
        middle = median(time for time, _ in each)
        told = (
            f"LeNet, batch {batch:>2}: {what:5} median {1000 * middle:5.1f} ms, worst {1000 * worst:5.1f} ms ({where})"
        )
        print(f"{told}, {worst / plain:.1f}x a step (must: {1000 * LOOK_UP:.0f} ms)")
    return max(max(each)[0] for each in taken.values()) <= LOOK_UP


def planes() -> bool:
    """The next plane of a sum over 512 channels."""
    draw = np.random.default_rng(0).normal
    sources = {"x": draw(size=(1, 512, 14, 14)), "w": draw(size=(4, 512, 3, 3))}
    player = Player(lesson("wide", sources, [("y", "conv2d", ["x", "w"], {"padding": 1})]))  # type: ignore[arg-type]
    player.go("y[0,2,7,7]")
    player.page(*SIZE)
    taken, plain = max(key(player, "next_channel") for _ in range(30)), step(player)
    print(
        f"512 channels: the next plane {1000 * taken:.1f} ms, {taken / plain:.1f}x a step (must: {1000 * PLANE:.0f} ms)"
    )
    return taken <= PLANE


def change() -> bool:
    """Another number in a lesson, and everything that follows from it."""
    player = Player(open_lesson("cnn-flow"))
    player.perform("forward", 1, 0.0)
    player.page(*SIZE)
    name = next(iter(player.lesson.timeline.graph(0).sources))
    index = ",".join("0" * len(player.lesson.timeline.graph(0).spec(name).shape))
    edits = [lambda k=k: player.answer("edit", f"{name}[{index}] = {k}") for k in range(9)]
    taken, plain = max(seconds(player, edit) for edit in edits), step(player)
    print(f"cnn-flow: a change {1000 * taken:.1f} ms, {taken / plain:.1f}x a step (must: {1000 * CHANGE:.0f} ms)")
    return taken <= CHANGE


if __name__ == "__main__":
    raise SystemExit(not all([look_ups(1), look_ups(64), planes(), change()]))
