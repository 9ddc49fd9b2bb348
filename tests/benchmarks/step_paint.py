"""What one step costs until it is painted: a 224x224 matrix against 5x5.   python tests/benchmarks/step_paint.py

Must: 1.1x. Two players run in one process and are stepped in turn; what is counted is processor time from the key to
the bytes for the terminal, which a driver keeps in memory.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from statistics import median
from time import process_time

from textual import events
from textual.driver import Driver
from textual.geometry import Size

sys.path.insert(0, str(Path(__file__).parents[1]))

from handmade import Lesson, square

from stepgrad.scenarios.preview import Preview
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.screens.player import PlayerScreen

LIMIT = 1.1
STEPS = 300
SIZES = (5, 28, 224)
TERMINALS = ((80, 24), (120, 40))


class Memory(Driver):
    """A terminal that takes everything and shows nothing."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        Memory.written += len(data)

    def start_application_mode(self) -> None:
        width, height = self._size or (80, 24)
        size = Size(width, height)
        asyncio.run_coroutine_threadsafe(self._app._post_message(events.Resize(size, size)), asyncio.get_running_loop())

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


class Painted(StepgradApp):
    """Says when a frame is out."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__(lambda _: PlayerScreen(Preview(lesson.scenario.title, (), ""), lambda: lesson))  # type: ignore[arg-type, return-value]
        self.driver_class = Memory
        self.frames = asyncio.Event()

    def post_display_hook(self) -> None:
        self.frames.set()


async def step(app: Painted, key: str) -> float:
    """Processor seconds from a key to its frame."""
    app.frames.clear()
    started = process_time()
    app.post_message(events.Key(key, None))
    await app.frames.wait()
    return process_time() - started


async def measure(terminal: tuple[int, int]) -> dict[int, tuple[float, float]]:
    """Median seconds and bytes of a step, by matrix size."""
    apps = {size: Painted(square(size)) for size in SIZES}
    running = [asyncio.create_task(app.run_async(size=terminal)) for app in apps.values()]
    for app in apps.values():
        while not (app.is_running and isinstance(app.screen, PlayerScreen) and app.screen.player):
            await asyncio.sleep(0.01)
        await step(app, "right")
    taken: dict[int, list[tuple[float, int]]] = {size: [] for size in SIZES}
    for turn in range(STEPS):
        for size, app in apps.items():
            before = Memory.written
            # To and fro over a few cells of a row, as on every size there are.
            seconds = await step(app, "right" if turn // 3 % 2 == 0 else "left")
            taken[size].append((seconds, Memory.written - before))
    for app in apps.values():
        app.exit(0)
    await asyncio.gather(*running)
    return {size: (median(t for t, _ in found), median(n for _, n in found)) for size, found in taken.items()}


def main() -> int:
    worst = 0.0
    # Players that end in another order than they began leave stdout to the last of them.
    out = sys.stdout
    for terminal in TERMINALS:
        found = asyncio.run(measure(terminal))
        for size, (seconds, written) in found.items():
            ratio = seconds / found[SIZES[0]][0]
            worst = max(worst, ratio)
            what = f"{terminal[0]}x{terminal[1]}  {size:>3}x{size:<3}  {1000 * seconds:6.2f} ms  {written:6.0f} bytes"
            print(f"{what}  {ratio:5.2f}x", file=out)
    print(f"worst {worst:.2f}x (must: {LIMIT}x)", file=out)
    return int(worst > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
