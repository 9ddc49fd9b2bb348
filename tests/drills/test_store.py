"""Progress on disk: an append-only log, cards that follow from it, and files that are never overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stepgrad.scenarios import folders
from stepgrad.scenarios.drills import store as stores
from stepgrad.scenarios.drills import tables
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store, written

DAY = timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.db"


Opener = Callable[..., Store]


@pytest.fixture
def opener(path: Path, clock: Clock) -> Iterator[Opener]:
    """Opens stores, and closes them after the test."""
    made: list[Store] = []

    def make(at: Path = path) -> Store:
        made.append(Store(at, clock))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    """What a statement gives, run by somebody else."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        return other.execute(statement).fetchall()


def test_it_lives_in_the_users_data_folder_unless_told_otherwise(home: Path) -> None:
    with closing(Store()) as found:
        assert found.path == folders.data() / "progress.db" == home / "data" / "progress.db"


def test_an_answer_is_there_after_the_program_ends(store: Store, clock: Clock, opener: Opener) -> None:
    store.record("a#cell", "convolution", Rating.GOOD, seed=7, answer="3", hints=1, seconds=2.5)
    card = opener().card("a#cell")
    assert card is not None
    assert (card.topic, card.memory.reviews, card.memory.last) == ("convolution", 1, clock.at)
    [event] = opener().events()
    assert {"seed": 7, "answer": "3", "hints": 1, "seconds": 2.5, "rating": 3}.items() <= event.items()


def test_what_is_due_comes_first_the_longest_first(store: Store, clock: Clock) -> None:
    for key, rating in (("a#cell", Rating.EASY), ("b#cell", Rating.AGAIN), ("b#row", Rating.GOOD)):
        store.record(key, "t", rating)
    assert store.due(limit=9) == []
    clock.at += 2 * DAY
    assert [card.key for card in store.due(limit=9)] == ["b#cell", "b#row"]
    assert [card.key for card in store.due("b#", 1)] == ["b#cell"]
    assert store.due("c#") == []
    assert store.count_due(clock.at) == 2
    assert store.count_due(clock.at + 100 * DAY) == 3


def test_keys_are_found_by_how_they_begin(store: Store) -> None:
    for key in ("edge#cell", "edge#row", "edge:flipped#cell", "edges#cell"):
        store.record(key, "t", Rating.GOOD)
    assert store.known("edge#") == {"edge#cell", "edge#row"}
    assert len(store.known()) == 4


def test_undo_takes_the_last_grade_back_and_the_log_keeps_both(store: Store, clock: Clock) -> None:
    store.record("a", "t", Rating.GOOD)
    before = store.card("a")
    clock.at += DAY
    event = store.record("a", "t", Rating.AGAIN)
    assert store.card("a") != before
    store.undo(event)
    assert store.card("a") == before
    assert [event["what"] for event in store.events()] == ["review", "review", "undo"]
    store.undo("no such event")


def test_the_first_grade_taken_back_leaves_no_card(store: Store) -> None:
    store.undo(store.record("a", "t", Rating.GOOD))
    assert store.card("a") is None
    assert store.known() == set()


def test_reset_forgets_one_or_all_and_the_log_keeps_it(store: Store) -> None:
    for key in ("a#x", "a#y", "b#x"):
        store.record(key, "t", Rating.GOOD)
    assert store.reset("a#x") == 1
    assert store.known() == {"a#y", "b#x"}
    assert store.reset() == 2
    assert store.known() == set()
    assert len(store.events()) == 6
    store.record("a#x", "t", Rating.GOOD)
    card = store.card("a#x")
    assert card is not None
    assert card.memory.reviews == 1


def test_the_log_is_append_only(store: Store, path: Path) -> None:
    store.record("a", "t", Rating.GOOD)
    for statement in ("DELETE FROM log", "UPDATE log SET rating = 4"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            sql(path, statement)


def test_a_clock_that_goes_backwards_hides_nothing(store: Store, clock: Clock) -> None:
    now = clock.at
    clock.at += 3650 * DAY
    store.record("a", "t", Rating.GOOD)
    clock.at = now
    assert [card.key for card in store.due()] == ["a"]
    store.record("a", "t", Rating.GOOD)
    assert store.due() == []
    card = store.card("a")
    assert card is not None
    assert now < card.memory.due < now + 365 * DAY
    clock.at += 3650 * DAY
    store.record("b", "t", Rating.GOOD)
    clock.at = now
    assert store.reset() == 2
    assert store.known() == set()


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


def test_two_windows_write_at_once_and_see_each_other(store: Store, opener: Opener) -> None:
    other = opener()
    for k in range(20):
        (store if k % 2 else other).record(f"a#{k}", "t", Rating.GOOD)
    assert store.known() == other.known()
    assert len(store.known()) == 20
    store._base.execute("BEGIN")
    store.known()
    other.record("b", "t", Rating.GOOD)  # a reader does not hold up a writer
    store._base.execute("ROLLBACK")


def test_an_import_adds_what_is_new_and_nothing_twice(
    store: Store, tmp_path: Path, clock: Clock, opener: Opener
) -> None:
    store.record("a", "t", Rating.GOOD)
    clock.at += DAY
    store.record("b", "t", Rating.AGAIN)
    other = opener(tmp_path / "other.db")
    other.record("c", "t", Rating.GOOD)
    assert other.merge(store.events()) == 2
    assert other.merge(store.events()) == 0
    assert other.known() == {"a", "b", "c"}
    assert other.card("a") == store.card("a")


def test_what_was_reset_is_back_after_an_import(store: Store) -> None:
    store.record("a", "t", Rating.GOOD)
    kept, before = store.events(), store.card("a")
    store.reset()
    assert store.merge(kept) == 0
    assert store.card("a") == before
    store.reset()
    assert store.card("a") is None


def test_moments_are_in_order_as_text() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert written(early) < written(late) < written(early + DAY)
