"""How it stands with the drills of each scenario, read from the progress file: no NumPy, no model of forgetting."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from stepgrad.scenarios import folders
from stepgrad.scenarios.drills.tables import FILE, is_current


class Standing(NamedTuple):
    """The questions of a scenario that were answered, those right the last time, and those due."""

    asked: int
    right: int
    due: int


def standings(path: Path | None = None, now: datetime | None = None) -> dict[str, Standing]:
    """By scenario, its variants counted with it. Nothing where there is no progress file that can be read."""
    path = path or folders.data() / FILE
    if not path.exists():
        return {}
    at = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            return _counted(base, at) if is_current(base) else {}
    except sqlite3.Error:
        return {}


def _counted(base: sqlite3.Connection, now: str) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for key, right, due in base.execute("SELECT key, right > 0, due <= ? FROM card", (now,)):
        name = key.rpartition("#")[0].partition(":")[0]
        before = found.get(name, Standing(0, 0, 0))
        found[name] = Standing(before.asked + 1, before.right + right, before.due + due)
    return found
