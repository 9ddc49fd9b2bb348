"""`stepgrad list`: the catalogue, or a course through it with what of it was seen."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import Entry, entries
from stepgrad.scenarios.courses import Course, course, courses, requires
from stepgrad.tui import course_list
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.memory import Memory
from stepgrad.tui.seen import seen
from stepgrad.tui.terminal import wants_colour


def run(args: Namespace) -> int:
    found, parts = entries(), seen(Memory().lessons())
    if args.course is not None:
        asked = [_course(args.course)] if args.course else list(courses())
        if args.json:
            print(json.dumps([course_list.described(each, parts) for each in asked], indent=1))
            return 0
        shown = course_list.lesson_lines(asked[0], found, parts) if args.course else course_list.lines(asked, parts)
        _print(shown)
    elif args.json:
        print(json.dumps([described(entry, parts.get(entry.name, 0.0)) for entry in found], indent=1))
    else:
        if wants_colour():
            _print_table(found)
        else:
            _print(lines(found))
        _print(
            ["", "Courses, lesson by lesson in `stepgrad list --course NAME`:", *course_list.lines(courses(), parts)]
        )
    return 0


def _course(name: str) -> Course:
    try:
        return course(name)
    except StepgradError as fault:
        raise UsageError(str(fault)) from None


def _print(shown: Iterable[str]) -> None:
    for line in shown:
        print(line)


def described(entry: Entry, part: float) -> dict[str, Any]:
    """An entry as plain data."""
    known = {"path": str(entry.path), "steps": steps(entry), "requires": requires(entry.name), "seen": round(part, 3)}
    return {**asdict(entry), **known}


def steps(entry: Entry) -> int:
    """How many cells the scenario writes."""
    from stepgrad.scenarios.lesson import open_lesson

    return open_lesson(entry.name).timeline.steps


def lines(found: list[Entry]) -> list[str]:
    """Aligned columns: name, steps, title, topics."""
    width = max((len(entry.name) for entry in found), default=0)
    title = max((len(entry.title) for entry in found), default=0)
    return [
        f"{entry.name:<{width}}  {steps(entry):>6,}  {entry.title:<{title}}  {', '.join(entry.topics)}"
        for entry in found
    ]


def _print_table(found: list[Entry]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("name", no_wrap=True, style="bold cyan")
    table.add_column("steps", justify="right")
    table.add_column("title")
    table.add_column("topics", style="dim")
    for entry in found:
        table.add_row(entry.name, f"{steps(entry):,}", entry.title, ", ".join(entry.topics))
    Console().print(table)
