"""Progress files that are damaged, newer, older, foreign, full or read-only: kept, never overwritten, and said so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from progress import Opener, sql

from stepgrad.scenarios.drills import store as stores
from stepgrad.scenarios.drills import tables
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store


def test_a_damaged_file_is_kept_aside_and_said_so(path: Path, opener: Opener) -> None:
    path.write_bytes(b"this is no database, but it is somebody's " * 50)
    store = opener()
    [notice] = store.notices
    kept = next(path.parent.glob("p-damaged-20260101T120000-*.db"))
    assert "is damaged" in notice
    assert f"it is kept as {kept.name}, and progress starts anew" in notice
    assert kept.read_bytes().startswith(b"this is no database")
    store.record("a", "t", Rating.GOOD)
    assert opener().known() == {"a"}


def test_a_page_that_was_overwritten_is_noticed(store: Store, path: Path, opener: Opener) -> None:
    for k in range(200):
        store.record(f"a#{k}", "t", Rating.GOOD)
    store.close()
    whole = bytearray(path.read_bytes())
    for page in range(2, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(whole)
    again = opener()
    assert again.saves
    assert "is damaged" in again.notices[0]
    assert len(list(path.parent.glob("p-damaged-*"))) >= 1


def test_a_database_of_another_program_is_not_written_to(path: Path, opener: Opener) -> None:
    sql(path, "CREATE TABLE theirs (x)")
    store = opener()
    assert "is a database of another program" in store.notices[0]
    kept = next(path.parent.glob("p-damaged-*.db"))
    assert sql(kept, "SELECT name FROM sqlite_schema") == [("theirs",)]


def test_a_newer_file_is_left_as_it_is_and_another_one_used(store: Store, path: Path, opener: Opener) -> None:
    store.record("a", "t", Rating.GOOD)
    store.close()
    sql(path, "PRAGMA user_version = 99")
    for _ in range(2):
        again = opener()
        assert again.path.name == f"p-{tables.VERSION}.db"
        assert "it is left as it is, and p-1.db is used" in again.notices[0]
        again.record("b", "t", Rating.GOOD)
        again.close()
    assert sql(path, "PRAGMA user_version") == [(99,)]
    assert sql(path, "SELECT key FROM card") == [("a",)]
    assert opener(path.with_name("p-1.db")).known() == {"b"}


def test_an_older_file_is_brought_up_to_date(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch, opener: Opener
) -> None:
    store.record("a", "t", Rating.GOOD)
    store.close()
    more = (*tables.MIGRATIONS, "ALTER TABLE card ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';")
    monkeypatch.setattr(tables, "MIGRATIONS", more)
    monkeypatch.setattr(tables, "VERSION", 2)
    monkeypatch.setattr(stores, "VERSION", 2)
    again = opener()
    assert (again.notices, again.known()) == ([], {"a"})
    assert sql(path, "SELECT key, colour FROM card") == [("a", "red")]
    assert sql(path, "PRAGMA user_version") == [(2,)]


def test_a_migration_that_fails_changes_nothing(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.record("a", "t", Rating.GOOD)
    store.close()
    monkeypatch.setattr(tables, "MIGRATIONS", (*tables.MIGRATIONS, "DROP TABLE card;\nINSERT INTO nowhere VALUES (1);"))
    monkeypatch.setattr(tables, "VERSION", 2)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as there,
        pytest.raises(sqlite3.OperationalError, match="nowhere"),
    ):
        tables.migrate(there)
    assert sql(path, "SELECT key FROM card") == [("a",)]
    assert sql(path, "PRAGMA user_version") == [(1,)]


def test_a_full_disk_is_one_line_and_the_drill_goes_on(store: Store, path: Path, opener: Opener) -> None:
    store.record("a", "t", Rating.GOOD)
    pages = store._base.execute("PRAGMA page_count").fetchone()[0]
    store._base.execute(f"PRAGMA max_page_count = {pages}")
    for k in range(200):
        store.record(f"b#{k}", "t", Rating.GOOD, answer="x" * 400)
    assert not store.saves
    assert store.notices == [f"{path}: database or disk is full; the drill goes on, but nothing is saved"]
    assert len(store.known("b#")) == 200
    assert "a" in store.known()
    on_disk = opener().known()
    assert "a" in on_disk
    assert on_disk < store.known()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, opener: Opener) -> None:
    (tmp_path / "file").write_text("")
    store = opener(tmp_path / "file" / "p.db")
    store.record("a", "t", Rating.GOOD)
    assert store.known() == {"a"}
    [notice] = store.notices
    assert notice.endswith("; the drill goes on, but nothing is saved")
    assert "\n" not in notice


def test_a_file_that_may_only_be_read_is_read(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch, opener: Opener
) -> None:
    store.record("a", "t", Rating.GOOD)
    store.close()
    monkeypatch.setattr(stores, "_connected", read_only(path))
    again = opener()
    assert again.known() == {"a"}
    again.record("b", "t", Rating.GOOD)
    assert again.known() == {"a", "b"}
    assert len(again.notices) == 1
    assert sql(path, "SELECT key FROM card") == [("a",)]


def read_only(path: Path):  # type: ignore[no-untyped-def]  # stands in for a function of the module
    """Connections as they are where the file may not be written: chmod does not stop a test that runs as root."""
    connected = stores._connected

    def connect(wanted: Path | None) -> sqlite3.Connection:
        if wanted != path:
            return connected(wanted)
        found = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
        found.row_factory = sqlite3.Row
        found.execute("PRAGMA user_version = 1")
        return found

    return connect
