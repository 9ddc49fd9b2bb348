"""Progress as one text file, to take along: a line of JSON for every event of the log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import COLUMNS, Row

HEAD = {"stepgrad": "progress", "version": 1}
LINE = 20_000
"""Characters of a line."""
TYPES: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "at": (str,),
    "what": (str,),
    "key": (str,),
    "topic": (str, type(None)),
    "rating": (int, type(None)),
    "seed": (int, type(None)),
    "answer": (str, type(None)),
    "hints": (int, type(None)),
    "seconds": (int, float, type(None)),
    "undoes": (str, type(None)),
}


class ExchangeError(StepgradError):
    """A file that is no exported progress: says in which line, and why. Nothing of it is taken."""


def exported(events: Iterable[Row]) -> str:
    """The text of an export."""
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in (HEAD, *events))


def imported(text: str, name: str) -> list[Row]:
    """The events of an exported text. Raises ExchangeError for the first line that is none."""
    lines = text.splitlines()
    if not lines or _parsed(lines[0], f"{name}:1").get("stepgrad") != HEAD["stepgrad"]:
        raise ExchangeError(f"{name}: not an export of progress; write one with stepgrad drill --export FILE")
    version = _parsed(lines[0], name).get("version")
    if version != HEAD["version"]:
        raise ExchangeError(f"{name}:1: version {version!r}; this stepgrad reads version {HEAD['version']}")
    return [_event(line, f"{name}:{number}") for number, line in enumerate(lines[1:], 2) if line.strip()]


def _parsed(line: str, place: str) -> dict[str, Any]:
    try:
        found = json.loads(line[:LINE])
    except (ValueError, RecursionError):
        raise ExchangeError(f"{place}: not a line of JSON") from None
    if not isinstance(found, dict):
        raise ExchangeError(f"{place}: not an event")
    return found


def _event(line: str, place: str) -> Row:
    found = _parsed(line, place)
    for column, types in TYPES.items():
        if not isinstance(found.get(column), types) or isinstance(found.get(column), bool):
            raise ExchangeError(f"{place}: {column} is {found.get(column)!r}")
    try:
        moment = datetime.fromisoformat(found["at"])
        if moment.tzinfo is None or found["what"] not in ("review", "undo", "reset"):
            raise ValueError
        if found["what"] == "review":
            Rating(found["rating"])
        elif found["rating"] is not None:
            raise ValueError
        if (found["what"] == "undo") != (found["undoes"] is not None):
            raise ValueError
    except ValueError:
        raise ExchangeError(f"{place}: not an event of a drill") from None
    return {column: found[column] for column in COLUMNS} | {"at": moment.isoformat(timespec="microseconds")}
