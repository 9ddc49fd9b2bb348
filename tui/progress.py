"""The timeline's line: the phases, how far each is, where notes and stops are; and what a click means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from stepgrad.engine.graph import Graph
from stepgrad.engine.timeline import Timeline
from stepgrad.tui.line import Line, Run, clip

DONE, TODO, HERE = "━", "─", "●"
NOTE_DONE, NOTE = "◆", "◇"
STOP_DONE, STOP = "■", "□"
Phase = tuple[str, int, int]
"""Its name, and where it starts and ends within its iteration."""

NARROWEST = 6
"""Columns of a bar below which only the words are shown."""


class Ticks(NamedTuple):
    """The positions that the timeline marks."""

    notes: Sequence[int] = ()
    stops: Sequence[int] = ()
    """Where a debugger would stop."""


NO_TICKS = Ticks()


class Bar(NamedTuple):
    """Positions `first` to `end` of the timeline, drawn in `size` columns from `x`."""

    x: int
    size: int
    first: int
    end: int

    def column(self, position: int) -> int:
        """The column of a position, counted from the bar's own start."""
        return (position - self.first) * (self.size - 1) // max(self.end - self.first, 1)

    def position(self, x: int, ticks: Ticks = NO_TICKS) -> int:
        """The position that a click at `x` asks for: that of the tick drawn there, else the first of its column."""
        column = min(max(x - self.x, 0), self.size - 1)
        for tick in (*ticks.stops, *ticks.notes):
            if self.first <= tick <= self.end and self.column(tick) == column:
                return tick
        return self.first - (self.first - self.end) * column // max(self.size - 1, 1)


class Progress(NamedTuple):
    """The drawn line, and its bars, which a mouse may point at."""

    line: Line
    bars: tuple[Bar, ...] = ()


def progress(timeline: Timeline, position: int, ticks: Ticks, room: int, *, counted: bool = True) -> Progress:
    """`forward ━━━●──◇─   step 3 of 9`; `counted` names the iteration, where there are several."""
    if not timeline.steps:
        return Progress(())
    iteration = timeline.place(max(position - 1, 0)).iteration
    start = timeline.start(iteration)
    phases = [(name, start + first, start + end) for name, first, end in _phases(timeline.graph(iteration))]
    step = f"step {position} of {timeline.steps}"
    several = counted and timeline.iterations > 1
    many = f"iteration {iteration} of {timeline.iterations - 1}  {step}" if several else step
    for words in (many, step):
        bars = room - len(words) - 2 - sum(len(name) + 3 for name, _, _ in phases)
        if bars // len(phases) >= NARROWEST:
            return _drawn([*_laid(phases, bars)], position, start, ticks, words)
    bar = room - len(many) - 2
    if bar >= NARROWEST:
        return _drawn([("", Bar(0, bar, 0, timeline.steps))], position, 0, ticks, many)
    return Progress(clip(((step, "faint"),), room))


def iterations(timeline: Timeline, position: int, ticks: Ticks, room: int) -> Progress:
    """`iterations ━━━●────   3 of 199`: the whole of a training, where the line above shows one iteration of it."""
    iteration = timeline.place(max(position - 1, 0)).iteration
    words = f"{iteration} of {timeline.iterations - 1}"
    # As wide whatever the number, so that nothing moves.
    room_of_bar = room - len("iterations") - 1 - 2 - (2 * len(f"{timeline.iterations - 1}") + 4)
    if room_of_bar < NARROWEST:
        return Progress(clip(((f"iteration {words}", "faint"),), room))
    bar = Bar(len("iterations "), room_of_bar, 0, timeline.steps)
    return _drawn([("iterations", bar)], position, 0, Ticks(stops=ticks.stops), words)


def _laid(phases: Sequence[Phase], room: int) -> Iterator[tuple[str, Bar]]:
    """Each phase with a bar of its own."""
    x = 0
    for i, (name, first, end) in enumerate(phases):
        size = room // len(phases) + (room % len(phases) if i == len(phases) - 1 else 0)
        yield name, Bar(x + len(name) + 1, size, first, end)
        x += len(name) + 1 + size + 2


def _drawn(bars: Sequence[tuple[str, Bar]], position: int, start: int, ticks: Ticks, words: str) -> Progress:
    """The bars, their names before them, the words behind. The start belongs to the first of them."""
    runs: list[Run] = []
    for name, bar in bars:
        here = bar.first < position <= bar.end or position == bar.first == start
        if name:
            runs.append((f"{name} ", "phase" if here else "faint"))
        runs += [*_bar(bar, position, ticks, here=here), ("  ", "")]
    return Progress((*runs, (words, "faint")), tuple(bar for _, bar in bars))


def _phases(graph: Graph) -> list[Phase]:
    """The phases of an iteration that write anything: name, first position, last position."""
    found: list[Phase] = []
    at = 0
    for node in graph.nodes:
        if node.size and found and found[-1][0] == node.phase:
            found[-1] = (node.phase, found[-1][1], at + node.size)
        elif node.size:
            found.append((node.phase, at, at + node.size))
        at += node.size
    return found


def _bar(bar: Bar, position: int, ticks: Ticks, *, here: bool) -> list[Run]:
    """The bar's columns: notes and stops are ticks on it, and a dot stands where the player does."""
    at = bar.column(min(max(position, bar.first), bar.end))
    notes, stops = _columns(bar, ticks.notes), _columns(bar, ticks.stops)
    runs: list[Run] = []
    for column in range(bar.size):
        behind = column <= at if here else position >= bar.end
        sign = DONE if behind else TODO
        if column in notes:
            sign = NOTE_DONE if behind else NOTE
        if column in stops:
            sign = STOP_DONE if behind else STOP
        run = (HERE, "here") if here and column == at else (sign, "done" if behind else "todo")
        if runs and runs[-1][1] == run[1]:
            runs[-1] = (runs[-1][0] + run[0], run[1])
        else:
            runs.append(run)
    return runs


def _columns(bar: Bar, positions: Iterable[int]) -> set[int]:
    return {bar.column(position) for position in positions if bar.first <= position <= bar.end}


def beside(found: Progress, x: int) -> Progress:
    """The same, `x` columns further right."""
    return Progress(found.line, tuple(bar._replace(x=bar.x + x) for bar in found.bars))
