"""How long it takes to find a step: by number, by address, by text, in 10^12 steps.   python tests/benchmarks/seek.py

Must: any of 10^12 steps in 20 us. Printed beside it is one bisect over a list of the same length, the floor of it all.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect_right
from collections.abc import Callable
from statistics import median
from time import perf_counter

from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.timeline import Timeline

LIMIT = 20e-6
TENSORS = 48
STEPS = 10**12


def trillion() -> Timeline:
    """As many tensors as a LeNet training step has, repeated until there are 10^12 steps."""
    graph = Graph()
    graph.source("x", Spec((8, 6, 24, 24)), "input")
    for k in range(TENSORS):
        graph.add(f"layer{k}", ReLU(), "x" if k == 0 else f"layer{k - 1}")
    each = sum(node.size for node in graph.check().nodes)
    return Timeline(graph, -(-STEPS // each))


def seconds(action: Callable[[int], object], numbers: list[int], repeats: int = 5) -> float:
    """Seconds a call takes: the median of some passes over all numbers."""
    passes = []
    for _ in range(repeats):
        started = perf_counter()
        for number in numbers:
            action(number)
        passes.append((perf_counter() - started) / len(numbers))
    return median(passes)


def main() -> int:
    timeline = trillion()
    chosen = random.Random(0)
    numbers = [chosen.randrange(timeline.steps) for _ in range(2000)]
    addresses = {number: timeline.place(number).address for number in numbers}
    texts = {number: str(address) for number, address in addresses.items()}
    ends = list(range(TENSORS))
    floor = seconds(lambda number: bisect_right(ends, number % TENSORS), numbers)
    found = {
        "step -> place": seconds(timeline.place, numbers),
        "step -> address": seconds(lambda number: timeline.place(number).address, numbers),
        "address -> step": seconds(lambda number: timeline.number(addresses[number]), numbers),
        "text -> step": seconds(lambda number: timeline.locate(texts[number]), numbers),
        "next layer": seconds(lambda number: timeline.move(number, "layer", 1), numbers),
    }
    print(f"{timeline.steps:.3g} steps, {TENSORS} tensors an iteration; one bisect takes {floor * 1e6:.2f} us")
    for name, taken in found.items():
        print(f"{name:16} {taken * 1e6:6.2f} us   {taken / floor:5.1f}x   {taken / LIMIT:6.1%} of what it may take")
    return 0 if max(found.values()) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
