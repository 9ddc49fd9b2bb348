"""The progress line: the phases the scenario has, how far each is, and where the notes are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepgrad.engine.graph import Graph
from stepgrad.engine.timeline import Timeline
from stepgrad.tui.line import Line, Run, clip

DONE, TODO, HERE, NOTE_DONE, NOTE = "━", "─", "●", "◆", "◇"
Phase = tuple[str, int, int]
"""Its name, and where it starts and ends within its iteration."""

NARROWEST = 6
"""Columns of a bar below which only the words are shown."""


def progress(timeline: Timeline, position: int, stops: Sequence[int], room: int) -> Line:
    """`forward ━━━●──◇─   step 3 of 9`"""
    if not timeline.steps:
        return ()
    iteration = timeline.place(max(position - 1, 0)).iteration
    start = timeline.start(iteration)
    phases = _phases(timeline.graph(iteration))
    step = f"step {position} of {timeline.steps}"
    many = f"iteration {iteration} of {timeline.iterations - 1}  {step}" if timeline.iterations > 1 else step
    for words in (many, step):
        bars = room - len(words) - 2 - sum(len(name) + 3 for name, _, _ in phases)
        if bars // len(phases) >= NARROWEST:
            return (*_bars(phases, position - start, [stop - start for stop in stops], bars), (words, "faint"))
    bar = room - len(many) - 2
    if bar >= NARROWEST:
        return (*_bar(position, timeline.steps, stops, bar, here=True), ("  ", ""), (many, "faint"))
    return clip(((step, "faint"),), room)


def _bars(phases: Sequence[Phase], position: int, stops: Sequence[int], room: int) -> Iterator[Run]:
    """Each phase with a bar of its own."""
    for i, (name, first, end) in enumerate(phases):
        here = first < position <= end or (position == first == 0)
        size = room // len(phases) + (room % len(phases) if i == len(phases) - 1 else 0)
        yield f"{name} ", "phase" if here else "faint"
        yield from _bar(position - first, end - first, [stop - first for stop in stops], size, here=here)
        yield "  ", ""


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


def _bar(done: int, steps: int, stops: Sequence[int], size: int, *, here: bool) -> list[Run]:
    """A bar of `size` columns; notes are ticks on it, and a dot stands where the player does."""
    done = min(max(done, 0), steps)
    at = done * (size - 1) // steps
    ticks = {stop * (size - 1) // steps for stop in stops if 0 <= stop <= steps}
    runs: list[Run] = []
    for column in range(size):
        behind = column <= at if here else done == steps
        sign = (NOTE_DONE if behind else NOTE) if column in ticks else DONE if behind else TODO
        run = (HERE, "here") if here and column == at else (sign, "done" if behind else "todo")
        if runs and runs[-1][1] == run[1]:
            runs[-1] = (runs[-1][0] + run[0], run[1])
        else:
            runs.append(run)
    return runs
