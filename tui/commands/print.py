"""`stepgrad print`: steps as text or JSON lines, streamed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from time import monotonic

from stepgrad.scenarios.lesson import Lesson
from stepgrad.tui import flat, places
from stepgrad.tui.arguments import PHASES, UsageError
from stepgrad.tui.opening import opened

PATIENCE = 0.05
"""Seconds a finished line may wait for company: a reader sees the first at once, a fast printer writes in blocks."""


def run(args: Namespace) -> int:
    lesson = opened(args)
    selection = selected(lesson, args)
    write(flat.records(lesson, selection) if args.format == "jsonl" else flat.text(lesson, selection))
    return 0


def selected(lesson: Lesson, args: Namespace) -> flat.Selection:
    """What `--from`, `--to`, `--level` and `--phase` ask for."""
    timeline = lesson.timeline
    present = {node.phase for graph, _ in timeline.graphs for node in graph.nodes}
    if args.phase is not None and args.phase not in present:
        has = ", ".join(phase for phase in PHASES if phase in present)
        raise UsageError(f"--phase {args.phase}: this scenario has only {has}")
    first = places.steps(timeline, args.first).start if args.first else 0
    last = places.steps(timeline, args.last).stop if args.last else timeline.steps
    if first >= last > 0:
        raise UsageError(f"--from {args.first or 1} comes after --to {args.last}: nothing lies between")
    return flat.Selection(range(first, last), args.level, args.phase)


def write(lines: Iterable[str]) -> None:
    """Lines to stdout, as they come."""
    flushed = 0.0
    for line in lines:
        sys.stdout.write(f"{line}\n")
        if monotonic() - flushed > PATIENCE:
            sys.stdout.flush()
            flushed = monotonic()
