"""The progress line: the phases the scenario has, how far each is, and where the notes are."""

from __future__ import annotations

from collections.abc import Sequence

from stepgrad.engine.graph import Graph
from stepgrad.engine.timeline import Timeline
from stepgrad.tui.line import Line, Run, clip, width

DONE, TODO, HERE, NOTE_DONE, NOTE = "━", "─", "●", "◆", "◇"
NARROWEST = 6
"""Columns of a bar below which only the words are shown."""


def progress(timeline: Timeline, position: int, stops: Sequence[int], room: int) -> Line:
    """`forward ━━━●──◇─   step 3 of 9`"""
    if not timeline.steps:
        return ()
    iteration = timeline.place(max(position - 1, 0)).iteration
    start = timeline.start(iteration)
    phases = _phases(timeline.graph(iteration))
    words = _words(timeline, position, iteration)
    names = sum(len(name) + 2 for name, _, _ in phases)
    bars = room - len(words) - 2 - names
    if bars // len(phases) < NARROWEST:
        bar = _bar(position, timeline.steps, stops, room - len(words) - 2, here=True)
        return (
            (*bar, ("  ", ""), (words, "faint"))
            if room - len(words) - 2 >= NARROWEST
            else clip(((words, "faint"),), room)
        )
    runs: list[Run] = []
    for i, (name, first, end) in enumerate(phases):
        inside = first < position - start <= end or (position == start and i == 0)
        size = (
            bars // len(phases) - 1
            if i < len(phases) - 1
            else room - len(words) - 2 - width(tuple(runs)) - len(name) - 1
        )
        runs += [(f"{name} ", "phase" if inside else "faint")]
        runs += _bar(position - start - first, end - first, [stop - start - first for stop in stops], size, inside)
        runs += [("  ", "")]
    return (*runs, (words, "faint"))


def _words(timeline: Timeline, position: int, iteration: int) -> str:
    step = f"step {position} of {timeline.steps}"
    return f"iteration {iteration} of {timeline.iterations - 1}  {step}" if timeline.iterations > 1 else step


def _phases(graph: Graph) -> list[tuple[str, int, int]]:
    """The phases of an iteration that write anything: name, first position, last position."""
    found: list[tuple[str, int, int]] = []
    at = 0
    for node in graph.nodes:
        if node.size and found and found[-1][0] == node.phase:
            found[-1] = (node.phase, found[-1][1], at + node.size)
        elif node.size:
            found.append((node.phase, at, at + node.size))
        at += node.size
    return found


def _bar(done: int, steps: int, stops: Sequence[int], size: int, here: bool) -> list[Run]:
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
