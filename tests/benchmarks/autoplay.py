"""Playing 60 steps a second on a real terminal: how many of the steps due are done, and what that takes.

    python tests/benchmarks/autoplay.py [SECONDS]

Must: every step due on a 224x224 image. Beside it stand a 5x5 image's figures; it is played to its end.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from real_player import Watched, player

LEAST = 0.98
"""Of the steps due; the screen shows what was done up to a frame ago."""
FASTER = 5
"""Presses of + from 2 steps a second to 60."""
SPEED = 60
SIZE = 224


def steps(text: str) -> int | None:
    found = re.search(r"step (\d+) of", text)
    return int(found[1]) if found else None


def played(watched: Watched, seconds: float) -> tuple[int, float, float, int]:
    """Steps done in how many seconds, the processor's share, and the frames."""
    watched.press("+" * FASTER)
    watched.settle()
    watched.press("p")
    watched.read_for(1.0)
    first, before, started = len(watched.written), watched.processor, perf_counter()
    watched.read_for(seconds)
    share = (watched.processor - before) / (perf_counter() - started)
    seen = [(at, steps(text)) for at, text in watched.screens()[first + 1 :]]
    (start, low), *_, (end, high) = [(at, step) for at, step in seen if step is not None]
    return high - low, end - start, share, len({step for _, step in seen})


def main(seconds: float = 8) -> int:
    with tempfile.TemporaryDirectory() as folder:
        watched = player(Path(folder), SIZE)
        try:
            done, taken, share, frames = played(watched, seconds)
        finally:
            watched.end()
    due = taken * SPEED
    print(f"{SIZE}x{SIZE}: {done} steps in {taken:.2f} s, due {due:.0f}: {done / due:.1%} (must: {LEAST:.0%})")
    print(f"{frames / taken:.0f} different frames a second, {share:.0%} of one processor")
    return int(done < LEAST * due)


if __name__ == "__main__":
    raise SystemExit(main(*map(float, sys.argv[1:])))
