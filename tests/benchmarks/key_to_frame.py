"""From a key to the first byte of the frame that answers it, on a real terminal, against an app of one Static.

    python tests/benchmarks/key_to_frame.py [KEYS]

Must: p95 at most 5 ms more. Both programs wait side by side and get a key in turn, in random order and at random times.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

from real_player import Watched, player

LIMIT = 0.005
SIZE = 224
RIGHT, LEFT = "\x1b[C", "\x1b[D"
FLOOR = """
from textual.app import App
from textual.widgets import Static
class Floor(App):
    count = 0
    def compose(self):
        yield Static("the first frame")
    def on_key(self):
        self.count += 1
        self.query_one(Static).update(f"key {self.count}")
Floor().run()
"""
QUIET = 0.04
"""Seconds without output before a key, at least."""


def answered(watched: Watched, key: str) -> float:
    """Seconds from a key to the first byte."""
    watched.settle(QUIET)
    started = perf_counter()
    watched.press(key)
    if not watched.read(5):
        raise TimeoutError("no frame came")
    return watched.written[-1][0] - started


def main(keys: int = 150) -> int:
    chosen = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        programs = {"one Static": Watched([sys.executable, "-c", FLOOR], home), "stepgrad": player(home, SIZE)}
        taken: dict[str, list[float]] = {name: [] for name in programs}
        try:
            programs["one Static"].until("the first frame")
            for turn in range(keys + 10):
                for name in chosen.sample(list(programs), len(programs)):
                    sleep(chosen.random() / 50)
                    # To and fro over a few cells of a row, and down it.
                    found = answered(programs[name], RIGHT if turn % 5 < 4 else LEFT)
                    if turn >= 10:
                        taken[name].append(found)
        finally:
            for program in programs.values():
                program.end()
    p95 = {name: quantiles(times, n=20)[-1] for name, times in taken.items()}
    for name, times in taken.items():
        print(f"{name:12} p50 {1000 * median(times):6.2f} ms   p95 {1000 * p95[name]:6.2f} ms")
    more = p95["stepgrad"] - p95["one Static"]
    ratio = median(taken["stepgrad"]) / median(taken["one Static"])
    print(f"p50 {ratio:.2f}x, p95 {1000 * more:+.2f} ms (must: {1000 * LIMIT:+.0f} ms)")
    return int(more > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
