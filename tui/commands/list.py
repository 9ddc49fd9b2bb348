"""`stepgrad list`: the catalogue."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from stepgrad.scenarios.catalogue import Entry, entries
from stepgrad.tui.terminal import wants_colour


def run(args: Namespace) -> int:
    found = entries()
    if args.json:
        print(json.dumps([described(entry) for entry in found], indent=1))
    elif wants_colour():
        _print_table(found)
    else:
        for line in lines(found):
            print(line)
    return 0


def described(entry: Entry) -> dict[str, Any]:
    """An entry as plain data."""
    return {**asdict(entry), "path": str(entry.path), "steps": steps(entry)}


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
