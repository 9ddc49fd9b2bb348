"""The way from one stop to the next: which steps are shown, for how long, and what is said of those that are not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from stepgrad.engine.errors import AddressError
from stepgrad.engine.timeline import Level, Timeline

BEAT = 500
"""Milliseconds a step is shown where no pace is given."""
RUN = 8_000
"""Milliseconds that the steps between two stops take at most where no pace is given."""
FASTEST = 100
"""Milliseconds a step is shown at least where no pace is given; of too many for that, some are left out."""
EDGE, EDGED = 6, 300
"""Steps that are shown where some are left out: so many first and last, and the milliseconds of each."""
LAPSE, LAPSED = 20, 250
"""Iterations shown of those that are left out, at most, and the milliseconds of each."""
SIGHT = 2_000
"""Milliseconds that tell of steps left out where no iterations are shown of them."""


@dataclass(frozen=True, slots=True)
class View:
    """A position that is shown for so many milliseconds, and the steps left out on the way so far."""

    position: int
    beat: int
    skipped: int = 0

    @property
    def words(self) -> str:
        """What is said of the steps left out."""
        return f"» {self.skipped:,} steps skipped" if self.skipped else ""


def route(timeline: Timeline, level: Level, start: int, end: int, pace: int | None) -> Iterator[View]:
    """What is shown after `start` up to `end`. Without a pace long ways are cut short: in the middle of the way, and
    where it passes through several iterations the last cell is shown in some of them, to see what training makes of it.
    """
    moves = list(islice(_moves(timeline, level, start, end), RUN // FASTEST + 1)) if pace is None else []
    if pace is None and len(moves) > RUN // FASTEST:
        yield from _cut_short(timeline, level, moves[:EDGE], end)
        return
    beat = pace if pace is not None else min(BEAT, RUN // max(len(moves), 1))
    for position in moves or _moves(timeline, level, start, end):
        yield View(position, beat)


def _cut_short(timeline: Timeline, level: Level, first: list[int], end: int) -> Iterator[View]:
    last = list(islice(_moves(timeline, level, end, first[-1]), EDGE))[::-1]
    left_out = range(first[-1] + 1, last[0])
    lapse = list(_lapse(timeline, left_out, end))
    yield from (View(position, EDGED) for position in first)
    if not lapse:
        yield View(first[-1], SIGHT, len(left_out))
    for shown, position in enumerate(lapse):
        yield View(position, LAPSED, position - left_out.start - shown)
    yield from (View(position, EDGED) for position in (*last, end))


def _lapse(timeline: Timeline, left_out: range, end: int) -> Iterator[int]:
    """The cell that `end` stands at, in iterations before, where several of them are left out."""
    goal = timeline.place(end - 1)
    iterations = range(timeline.place(left_out.start).iteration, goal.iteration)
    if len(iterations) < 2:
        return
    for iteration in iterations[:: -(-len(iterations) // LAPSE)]:
        with suppress(AddressError):  # another stage may not have it
            position = timeline.number(replace(goal.address, iteration=iteration)) + 1
            if position in left_out:
                yield position


def _moves(timeline: Timeline, level: Level, start: int, end: int) -> Iterator[int]:
    """The boundaries of a level on the way, backwards too; the last one is the end."""
    at, direction = start, 1 if end > start else -1
    while at != end:
        at = timeline.move(at, level, direction)
        at = min(at, end) if direction > 0 else max(at, end)
        yield at
