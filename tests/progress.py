"""What tests of the drills' progress share: a clock that is set by hand, and a look at the file from outside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stepgrad.scenarios.drills.store import Store

DAY = timedelta(days=1)
Opener = Callable[..., Store]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    """What a statement gives, run by somebody else."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        return other.execute(statement).fetchall()
