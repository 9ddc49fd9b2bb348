"""`stepgrad list`: the catalogue with what was drilled of it, or a course with what of it was seen."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import Entry, entries
from stepgrad.scenarios.courses import Course, course, courses, requires
from stepgrad.scenarios.drills.due import Standing, standings
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
        drilled = standings()
        told = (described(entry, parts.get(entry.name, 0.0), drilled.get(entry.name)) for entry in found)
        print(json.dumps(list(told), indent=1))
    else:
        if wants_colour():
            _print_table(found, standings())
        else:
            _print(lines(found, standings()))
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


def described(entry: Entry, part: float, drilled: Standing | None) -> dict[str, Any]:
    """An entry as plain data."""
    known = {"path": str(entry.path), "steps": steps(entry), "requires": requires(entry.name), "seen": round(part, 3)}
    return {**asdict(entry), **known, "drill": (drilled or Standing(0, 0, 0))._asdict()}


def said(drilled: Standing | None) -> str:
    """`3 of 4 right, 1 due`; nothing where nothing was answered."""
    if drilled is None:
        return ""
    return f"{drilled.right} of {drilled.asked} right{f', {drilled.due} due' if drilled.due else ''}"


def steps(entry: Entry) -> int:
    """How many cells the scenario writes."""
    from stepgrad.scenarios.lesson import open_lesson

    return open_lesson(entry.name).timeline.steps


def lines(found: list[Entry], drilled: Mapping[str, Standing]) -> list[str]:
    """Aligned columns: name, steps, title, topics, and how it went with the questions that were answered."""
    width = max((len(entry.name) for entry in found), default=0)
    title = max((len(entry.title) for entry in found), default=0)
    counts = [f"{steps(entry):,}" for entry in found]
    digits = max(map(len, counts), default=0)
    return [
        f"{entry.name:<{width}}  {count:>{digits}}  {entry.title:<{title}}  {', '.join(entry.topics)}"
        + (f"  (drills: {said(drilled[entry.name])})" if entry.name in drilled else "")
        for entry, count in zip(found, counts, strict=True)
    ]


def _print_table(found: list[Entry], drilled: Mapping[str, Standing]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("name", no_wrap=True, style="bold cyan")
    table.add_column("steps", justify="right")
    table.add_column("title")
    table.add_column("topics", style="dim")
    if drilled:
        table.add_column("drills")
    for entry in found:
        told = [said(drilled.get(entry.name))] if drilled else []
        table.add_row(entry.name, f"{steps(entry):,}", entry.title, ", ".join(entry.topics), *told)
    Console().print(table)
