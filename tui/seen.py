"""How much of each lesson was seen, from what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stepgrad.scenarios.catalogue import split


def part(found: Mapping[str, Any]) -> float:
    """How much of a lesson was seen, from 0 to 1: of its notes, or where none are known of, of its steps."""
    notes = found.get("notes")
    reached, of = notes if isinstance(notes, list) and len(notes) == 2 else (found.get("step"), found.get("of"))
    if not isinstance(reached, int) or not isinstance(of, int):
        return 0.0
    return min(max(reached / of, 0.0), 1.0) if of > 0 else 1.0


def seen(lessons: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """How much of each scenario was seen, of that variant of which it was most."""
    most: dict[str, float] = {}
    for name, found in lessons.items():
        scenario = split(name)[0]
        most[scenario] = max(most.get(scenario, 0.0), part(found))
    return most


def ended(parts: Mapping[str, float]) -> set[str]:
    """What was seen to its end."""
    return {name for name, found in parts.items() if found >= 1}


def mark(part: float, *, is_next: bool = False) -> str:
    """How much of a lesson was seen in at most five characters: `done`, `40%`, nothing; or that it comes next."""
    if part >= 1:
        return "done"
    if part > 0:
        return f"{max(int(100 * part), 1)}%"
    return "next" if is_next else ""
