"""`stepgrad print`: steps as text, as JSON lines or as a handout, streamed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from time import monotonic

from stepgrad.scenarios.lesson import Lesson
from stepgrad.tui import flat, places
from stepgrad.tui.arguments import PHASES, UsageError
from stepgrad.tui.opening import opened
from stepgrad.tui.veil import veil

PATIENCE = 0.05
"""Seconds a finished line may wait for company: a reader sees the first at once, a fast printer writes in blocks."""


def run(args: Namespace) -> int:
    if args.format == "torch" and (args.first or args.last or args.phase):
        raise UsageError("--format torch writes the whole scenario; leave out --from, --to and --phase")
    if args.hide and args.format not in ("text", "jsonl"):
        raise UsageError(f"--format {args.format} hides nothing; --hide goes with text and jsonl")
    lesson = opened(args)
    write(lines(lesson, args.format, selected(lesson, args)))
    return 0


def lines(lesson: Lesson, form: str, selection: flat.Selection) -> Iterable[str]:
    """The steps in the format asked for."""
    if form == "text":
        return flat.text(lesson, selection)
    if form == "jsonl":
        return flat.records(lesson, selection)
    if form == "torch":
        from stepgrad.tui.handout_torch import lines as script

        return script(lesson)
    from stepgrad.tui import handout_latex, handout_markdown
    from stepgrad.tui.handout import Handout

    document = handout_markdown.lines if form == "md" else handout_latex.lines
    return document(lesson.scenario.title, Handout(lesson).of_steps(selection))


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
    return flat.Selection(range(first, last), args.level, args.phase, veil(args.hide))


def write(lines: Iterable[str]) -> None:
    """Lines to stdout, as they come."""
    flushed = 0.0
    for line in lines:
        sys.stdout.write(f"{line}\n")
        if monotonic() - flushed > PATIENCE:
            sys.stdout.flush()
            flushed = monotonic()
