"""From the start of the process to the first matrix's numbers on a real terminal, against a Textual app of one Static.

    python tests/benchmarks/first_frame.py [SCENARIO]

Must: 1.2x. Both are started one after the other, in random order, so that what else the machine does weighs on both.
"""

from __future__ import annotations

import os
import random
import re
import select
import sys
from statistics import median
from time import perf_counter

from ptyprocess import PtyProcess

from stepgrad.scenarios.preview import preview

LIMIT = 1.2
ROUNDS = 20
FLOOR = """
from textual.app import App
from textual.widgets import Static
class Floor(App):
    def compose(self):
        yield Static("the numbers")
Floor().run()
"""
CONTROL = re.compile(rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b[@-Z\\-_]|\x1b\][^\x07]*\x07")


def seconds(command: list[str], awaited: re.Pattern[bytes]) -> float:
    """From start to the awaited text, on a terminal of 80x24."""
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # installed, the modules are compiled
    started = perf_counter()
    process = PtyProcess.spawn(command, dimensions=(24, 80), env=environment)
    seen = b""
    try:
        while not awaited.search(CONTROL.sub(b"", seen)):
            if not select.select([process.fd], [], [], 20)[0]:
                raise TimeoutError(f"{command} did not show {awaited.pattern!r} in 20 seconds")
            seen += os.read(process.fd, 1 << 16)
        return perf_counter() - started
    finally:
        process.terminate(force=True)


def main(name: str = "edge-detection-5x5") -> int:
    _, rows = preview(name).planes[0]
    numbers = rb"[\s\[\]']+".join(f"{number:g}".encode() for number in rows[0])
    commands = {
        "one Static": ([sys.executable, "-c", FLOOR], re.compile(rb"the numbers")),
        "stepgrad": ([sys.executable, "-m", "stepgrad", name], re.compile(numbers)),
    }
    taken: dict[str, list[float]] = {what: [] for what in commands}
    chosen = random.Random(0)
    for turn in range(ROUNDS + 2):
        for what in chosen.sample(list(commands), len(commands)):
            found = seconds(*commands[what])
            if turn > 1:
                taken[what].append(found)
    for what, times in taken.items():
        print(f"{what:12} {1000 * median(times):7.1f} ms   best {1000 * min(times):7.1f} ms")
    ratio = median(taken["stepgrad"]) / median(taken["one Static"])
    best = min(taken["stepgrad"]) / min(taken["one Static"])
    print(f"ratio        {ratio:7.2f}x      best {best:7.2f}x   (must: {LIMIT}x)")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
