"""The memory of a player on 10,000 iterations of LeNet, gone through to the end, and here and there.

    python tests/benchmarks/memory.py [BATCH]

Must: 300 MiB in all, the interpreter and the libraries included.
"""

from __future__ import annotations

import resource
import sys

import numpy as np
from training_step import lenet

from stepgrad.engine.history import History
from stepgrad.engine.timeline import Timeline

LIMIT = 300
ITERATIONS = 10_000
VISITS = 30


def taken() -> float:
    """The most memory that was ever taken, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(batch: int = 1) -> int:
    loaded = taken()
    graph, sources = lenet(batch)
    history = History(Timeline(graph, ITERATIONS), sources)
    draw = np.random.default_rng(0)
    history.run(ITERATIONS - 1)
    through = taken()
    for number in draw.integers(0, history.timeline.steps, VISITS):
        step = history.step(int(number))
        assert np.isfinite(step.value)
        step.trace.value  # noqa: B018 - what is looked at stays in memory for a while
    print(f"batch {batch}: {loaded:.0f} MiB when loaded, {through:.0f} MiB after {ITERATIONS} iterations")
    print(f"{taken():.0f} MiB at most, {VISITS} steps looked at (must: {LIMIT} MiB)")
    return int(taken() > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
