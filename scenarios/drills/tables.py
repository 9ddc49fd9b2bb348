"""The tables of the progress file, and how an older one is brought up to date."""

from __future__ import annotations

import sqlite3
from time import sleep

FILE = "progress.db"
APPLICATION = 0x73_67_72_64
"""Marks the file as ours: `sgrd`."""

MIGRATIONS = (
    """
    CREATE TABLE log (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('review', 'undo', 'reset')),
        key TEXT NOT NULL,
        topic TEXT,
        rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        seed INTEGER,
        answer TEXT,
        hints INTEGER,
        seconds REAL,
        undoes TEXT,
        CHECK ((what = 'review') = (rating IS NOT NULL)),
        CHECK ((what = 'undo') = (undoes IS NOT NULL))
    ) STRICT;
    CREATE INDEX log_by_key ON log (key);
    CREATE TRIGGER log_is_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TRIGGER log_is_fixed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    CREATE TABLE card (
        key TEXT PRIMARY KEY,
        topic TEXT NOT NULL,
        due TEXT NOT NULL,
        last TEXT NOT NULL,
        stability REAL NOT NULL,
        reviews INTEGER NOT NULL,
        right INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX card_by_due ON card (due);
    CREATE INDEX card_by_last ON card (last);
    """,
)
"""What brings the tables from each version to the next: entry k from version k to k + 1."""

VERSION = len(MIGRATIONS)

TURNS, PAUSE = 100, 0.02
"""How often, and after how many seconds, a new file is tried again while another window makes it."""


class NewerError(Exception):
    """The file is of a newer stepgrad."""


class DamagedError(Exception):
    """The file is no database of ours."""


def migrate(base: sqlite3.Connection) -> None:
    """Bring a database to this version. Raises NewerError, DamagedError, sqlite3.OperationalError."""
    try:
        # One snapshot: another window may be making the tables just now.
        base.execute("BEGIN")
        try:
            _check(base)
        finally:
            base.execute("ROLLBACK")
        _write_ahead(base)
        base.execute("PRAGMA synchronous = FULL")
        if _version(base) < VERSION:
            _upgrade(base)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as fault:
        raise DamagedError(f"is damaged ({fault})") from None


def _write_ahead(base: sqlite3.Connection) -> None:
    """Keep a write-ahead log. Windows that open a new file at once take turns: here SQLite does not wait by itself."""
    for _ in range(TURNS):
        try:
            base.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault):
                raise
            sleep(PAUSE)
    raise sqlite3.OperationalError("database is locked")


def is_current(base: sqlite3.Connection) -> bool:
    """Whether a database is of this version."""
    return _version(base) == VERSION


def _version(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA user_version").fetchone()[0])


def _check(base: sqlite3.Connection) -> None:
    version, application = _version(base), int(base.execute("PRAGMA application_id").fetchone()[0])
    tables = base.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != APPLICATION:
        raise DamagedError("is a database of another program")
    if version > VERSION:
        raise NewerError(f"was written by a newer stepgrad (version {version} of the file, this one reads {VERSION})")
    wrong = base.execute("PRAGMA quick_check(1)").fetchone()[0]
    if wrong != "ok":
        raise DamagedError(f"is damaged ({wrong})")


def _upgrade(base: sqlite3.Connection) -> None:
    """All steps at once: another window sees the old tables or the new ones. It may have been faster."""
    base.execute("BEGIN IMMEDIATE")
    try:
        for version in range(_version(base), VERSION):
            for statement in _statements(MIGRATIONS[version]):
                base.execute(statement)
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.execute("COMMIT")
    except BaseException:
        base.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """The statements of a script; a trigger holds semicolons of its own."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
