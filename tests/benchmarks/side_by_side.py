"""What the benchmarks do alike: rules run in turn in one process, in random order, compared by their medians."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import statistics
import time
from collections.abc import Callable, Mapping

import numpy as np
from threadpoolctl import threadpool_info

Rules = Mapping[str, Callable[[], object]]


def ready() -> None:
    """Say on what the figures are measured, and keep glibc from giving memory back after every array."""
    ballast = np.empty((32 << 20) - 65536, np.uint8)
    ballast[0] = 1
    del ballast
    for pool in threadpool_info():
        print(
            pool["internal_api"], pool.get("version"), pool.get("architecture", ""), f"{pool['num_threads']} thread(s)"
        )
    print("OPENBLAS_CORETYPE:", os.environ.get("OPENBLAS_CORETYPE", "unset"))


def medians(rules: Rules, rounds: int) -> dict[str, float]:
    """The median of each rule's seconds on the processor, its first fifth left out: who else is busy does not count."""
    times: dict[str, list[float]] = {name: [] for name in rules}
    order = random.Random(0)
    for _ in range(rounds):
        for name in order.sample(list(rules), len(rules)):
            start = time.process_time()
            rules[name]()
            times[name].append(time.process_time() - start)
    return {name: statistics.median(found[rounds // 5 :]) for name, found in times.items()}


def ratio(ours: float, theirs: float, must: float | None) -> str:
    """`x1.42 (must 1.7)`, and MISSED where it is not met."""
    found = f"x{ours / theirs:.2f}"
    if must is None:
        return found
    return f"{found} (must {must}{'' if ours <= must * theirs else ', MISSED'})"
