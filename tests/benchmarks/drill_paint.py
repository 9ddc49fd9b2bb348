"""How long until the next question is on the screen, with 10,000 cards.   python tests/benchmarks/drill_paint.py

Must: 50 ms from the key that gives the last answer, and the one that asks for the next question, to its last frame.
What is counted is processor time, as who else is busy shall not count; what the disk takes is in drills.py.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from drills import CARDS, NOW
from drills import events as answers
from step_paint import Memory
from textual import events
from textual.widgets import Input

from stepgrad.scenarios.drills.path import lessons
from stepgrad.scenarios.drills.queue import Queue
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.screens.drill import DrillScreen, settled

LIMIT = 0.050
QUESTIONS = 60
TERMINALS = ((80, 24), (120, 40))


class Painted(StepgradApp):
    """Says when a frame is out."""

    def __init__(self, store: Store) -> None:
        def load() -> Session:
            return Session(store, Queue(store, lessons(), chosen=True))

        super().__init__(lambda app: DrillScreen(partial(settled, load), "", app.fail))
        self.driver_class = Memory
        self.frames = asyncio.Event()

    def post_display_hook(self) -> None:
        self.frames.set()


def stands(screen: DrillScreen, number: int) -> bool:
    """Whether a question is there to be answered, its field in focus."""
    sitting = screen.sitting
    assert sitting is not None
    return (
        len(sitting.session.asked) == number
        and sitting.is_asking
        and (sitting.grid is not None or isinstance(screen.focused, Input))
    )


async def pressed(app: Painted, key: str) -> float:
    app.frames.clear()
    started = process_time()
    app.post_message(events.Key(key, None))
    await app.frames.wait()
    return process_time() - started


async def until(app: Painted, screen: DrillScreen, number: int) -> float:
    """Processor seconds until a question stands on the screen."""
    started = process_time()
    while not stands(screen, number):
        app.frames.clear()
        await asyncio.wait_for(app.frames.wait(), 5)
    return process_time() - started


async def measure(store: Store, terminal: tuple[int, int]) -> list[float]:
    app = Painted(store)
    running = asyncio.create_task(app.run_async(size=terminal))
    while not (app.is_running and isinstance(app.screen, DrillScreen) and app.screen.sitting):
        await asyncio.sleep(0.01)
    screen, taken = app.screen, []
    await until(app, screen, 1)
    for number in range(2, QUESTIONS + 2):
        # The learner thinks.
        await asyncio.sleep(0.1)
        sitting = screen.sitting
        assert sitting is not None
        assert sitting.question is not None
        written = sitting.question.answer.written
        if sitting.grid is not None:
            sitting.grid.paste(written)
        else:
            screen.query_one(Input).value = written
            await asyncio.sleep(0.05)
        answered = await pressed(app, "enter")
        await asyncio.sleep(0.1)
        asked = await pressed(app, "enter")
        taken.append(answered + asked + await until(app, screen, number))
    app.exit(0)
    await running
    return taken


def main() -> int:
    slowest, out = 0.0, sys.stdout
    with TemporaryDirectory() as folder:
        path = Path(folder) / "progress.db"
        with closing(Store(path, lambda: NOW)) as store:
            store.merge(answers())
        for terminal in TERMINALS:
            with closing(Store(path, lambda: NOW)) as store:
                taken = sorted(asyncio.run(measure(store, terminal)))
            late = taken[int(0.95 * len(taken))]
            slowest = max(slowest, late)
            what = f"{terminal[0]}x{terminal[1]}, {CARDS} cards: median {median(taken) * 1e3:.1f} ms"
            print(
                f"{what}, 95% {late * 1e3:.1f} ms, longest {taken[-1] * 1e3:.1f} ms (must: {LIMIT * 1e3:.0f} ms)",
                file=out,
            )
    return int(slowest > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
