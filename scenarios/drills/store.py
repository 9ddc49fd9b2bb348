"""Progress on disk: an append-only log of answers, and the cards that follow from it. SQLite, one file.

An answer is in the file before anybody is told of it. Two windows may write at once; each waits for the other for the
few milliseconds that takes. A file that is damaged or of a newer version is kept, never overwritten; where nothing can
be written, everything goes on in memory, and `notices` says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from stepgrad.scenarios import folders
from stepgrad.scenarios.drills.schedule import Memory, Rating, Review, intervals, remembered
from stepgrad.scenarios.drills.tables import FILE, VERSION, DamagedError, NewerError, is_current, migrate

PATIENCE = 10.0
"""Seconds to wait for another window that is writing."""
MEMORY = ":memory:"
LAST = "\U0010ffff"
"""Behind every other letter."""

Clock = Callable[[], datetime]
Row = dict[str, Any]
Made = TypeVar("Made")

COLUMNS = ("id", "at", "what", "key", "topic", "rating", "seed", "answer", "hints", "seconds", "undoes")
"""What an event of the log holds."""


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Card:
    """A question as the schedule knows it."""

    key: str
    topic: str
    memory: Memory


class Store:
    """The progress of one learner."""

    def __init__(self, path: Path | None = None, now: Clock = clock) -> None:
        """Open the file, or the one in the user's data folder. Never raises: see `notices`."""
        self.path = path or folders.data() / FILE
        self.now = now
        self.notices: list[str] = []
        """What a user should know: each is one line."""
        self.saves = True
        """Whether answers reach the disk."""
        self._base = self._opened()

    def close(self) -> None:
        self._base.close()

    def record(
        self,
        key: str,
        topic: str,
        rating: Rating,
        *,
        seed: int = 0,
        answer: str = "",
        hints: int = 0,
        seconds: float = 0,
    ) -> str:
        """Keep a graded answer. It is on the disk when this returns; gives the name it can be undone by."""
        event = self._event("review", key, topic=topic, rating=int(rating), seed=seed, answer=answer, hints=hints)
        event["seconds"] = seconds
        self._saved(lambda: self._add([event]))
        return str(event["id"])

    def undo(self, event: str) -> None:
        """Take a graded answer back. The log keeps both."""
        found = self._base.execute("SELECT key, topic FROM log WHERE id = ?", (event,)).fetchone()
        if found is not None:
            self._saved(lambda: self._add([self._event("undo", found["key"], topic=found["topic"], undoes=event)]))

    def reset(self, begins: str = "") -> int:
        """Forget every card whose key begins so, all of them by default. The log keeps what was answered."""
        latest = self._base.execute(
            "SELECT key, topic, (SELECT max(at) FROM log WHERE log.key = card.key) AS at FROM card "
            "WHERE key >= ? AND key < ?",
            (begins, f"{begins}{LAST}"),
        )
        # After a clock has gone backwards there may be answers from the future: they are forgotten too.
        now = written(self.now())
        events = [
            {**self._event("reset", row["key"], topic=row["topic"]), "at": max(now, row["at"])}
            for row in latest.fetchall()
        ]
        self._saved(lambda: self._add(events))
        return len(events)

    def card(self, key: str) -> Card | None:
        row = self._base.execute("SELECT * FROM card WHERE key = ?", (key,)).fetchone()
        return None if row is None else _card(row)

    def cards(self) -> list[Card]:
        """Every card, by key."""
        return [_card(row) for row in self._base.execute("SELECT * FROM card ORDER BY key")]

    def known(self, begins: str = "") -> set[str]:
        """The keys of all cards, or of those whose key begins so."""
        rows = self._base.execute("SELECT key FROM card WHERE key >= ? AND key < ?", (begins, f"{begins}{LAST}"))
        return {row["key"] for row in rows}

    def due(self, begins: str = "", limit: int = 1) -> list[Card]:
        """What is due, the longest first; all of it with a limit of -1.

        After a clock has gone backwards a card from the future is due at once.
        """
        now, last = written(self.now()), f"{begins}{LAST}"
        one = "SELECT * FROM card WHERE {} AND key >= ? AND key < ?"
        sql = f"{one.format('due <= ?')} UNION {one.format('last > ?')} ORDER BY due LIMIT ?"
        return [_card(row) for row in self._base.execute(sql, (now, begins, last, now, begins, last, limit))]

    def count_due(self, by: datetime) -> int:
        """How many cards are due by then."""
        return int(self._base.execute("SELECT count(*) FROM card WHERE due <= ?", (written(by),)).fetchone()[0])

    def intervals(self, key: str, without: str = "") -> dict[Rating, timedelta]:
        """When a card would come back, for each rating that could be given now; `without` is an answer to leave out."""
        return intervals(self._reviews(key, without), self.now())

    def events(self) -> list[Row]:
        """The whole log, in the order of its writing."""
        return [dict(row) for row in self._base.execute(f"SELECT {', '.join(COLUMNS)} FROM log ORDER BY n")]

    def reviews(self) -> dict[str, list[Review]]:
        """The answers that count, by card: neither undone nor before a reset."""
        found: dict[str, list[Row]] = {}
        for event in self.events():
            found.setdefault(event["key"], []).append(event)
        return {key: counted(events) for key, events in found.items()}

    def merge(self, events: Iterable[Row]) -> int:
        """Add events of another log; gives how many were new. What was reset here, and not there, is back."""
        given = list(events)
        there, here = {event["id"] for event in given}, self.events()
        keys, known = {event["key"] for event in given}, {event["id"] for event in here}
        undone = {event["undoes"] for event in here}
        new = [event for event in given if event["id"] not in known]
        forgotten = [
            self._event("undo", event["key"], topic=event["topic"], undoes=event["id"])
            for event in here
            if event["what"] == "reset" and event["key"] in keys and event["id"] not in there | undone
        ]
        self._saved(lambda: self._add([*new, *forgotten]))
        return len(new)

    def _event(self, what: str, key: str, **more: Any) -> Row:
        return {
            **dict.fromkeys(COLUMNS),
            "id": uuid4().hex,
            "at": written(self.now()),
            "what": what,
            "key": key,
            **more,
        }

    def _add(self, events: list[Row]) -> None:
        """Write events, and the cards that follow from them, all or nothing."""
        with self._writing() as base:
            places = ", ".join(f":{column}" for column in COLUMNS)
            base.executemany(f"INSERT INTO log ({', '.join(COLUMNS)}) VALUES ({places})", events)
            topics = {event["key"]: event["topic"] or "" for event in events}
            for key, topic in topics.items():
                memory = remembered(self._reviews(key), self.now())
                if memory is None:
                    base.execute("DELETE FROM card WHERE key = ?", (key,))
                else:
                    base.execute(
                        "INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (key, topic, written(memory.due), written(memory.last), memory.stability, memory.reviews,
                         memory.right),
                    )  # fmt: skip

    def _reviews(self, key: str, without: str = "") -> list[Review]:
        sql = "SELECT id, at, what, rating, undoes FROM log WHERE key = ? AND id != ? ORDER BY n"
        return counted([dict(row) for row in self._base.execute(sql, (key, without))])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: whole on the disk, or not there at all."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield self._base
            self._base.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._base.execute("ROLLBACK")
            raise

    def _saved(self, write: Callable[[], Made]) -> Made:
        """Write; where the disk refuses, say so once, and go on in memory."""
        try:
            return write()
        except sqlite3.Error as fault:
            if not self.saves:
                raise
            self._go_on_in_memory(str(fault))
            return write()

    def _opened(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return _connected(self.path)
        except NewerError as fault:
            beside = self.path.with_name(f"{self.path.stem}-{VERSION}{self.path.suffix}")
            self.notices.append(f"{self.path} {fault}; it is left as it is, and {beside.name} is used")
            self.path = beside
            return self._opened_again()
        except DamagedError as fault:
            return self._put_aside(str(fault))
        except (OSError, sqlite3.Error) as fault:
            return self._go_on_in_memory(getattr(fault, "strerror", None) or str(fault))

    def _opened_again(self) -> sqlite3.Connection:
        try:
            return _connected(self.path)
        except (OSError, sqlite3.Error, NewerError, DamagedError) as fault:
            return self._go_on_in_memory(str(fault))

    def _put_aside(self, why: str) -> sqlite3.Connection:
        kept = self.path.with_name(f"{self.path.stem}-damaged-{self.now():%Y%m%dT%H%M%S}-{uuid4().hex[:4]}.db")
        try:
            for ending in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    self.path.with_name(self.path.name + ending).rename(kept.with_name(kept.name + ending))
        except OSError as fault:
            return self._go_on_in_memory(fault.strerror or str(fault))
        self.notices.append(f"{self.path} {why}; it is kept as {kept.name}, and progress starts anew")
        return self._opened_again()

    def _go_on_in_memory(self, why: str) -> sqlite3.Connection:
        """A copy of what can be read, and nothing where nothing can."""
        self.saves = False
        self.notices.append(f"{self.path}: {why}; the drill goes on, but nothing is saved")
        memory = _connected(None)
        for uri in (f"{self.path.absolute().as_uri()}?mode=ro", f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"):
            with suppress(OSError, sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as there:
                if is_current(there):
                    there.backup(memory)
                    break
        self._base = memory
        return memory


def counted(events: Iterable[Row]) -> list[Review]:
    """The answers to one card that count, by time: not those taken back, nor those before a reset."""
    rows = sorted(events, key=lambda event: str(event["at"]))
    undone = {event["undoes"] for event in rows if event["what"] == "undo"}
    resets = [i for i, event in enumerate(rows) if event["what"] == "reset" and event["id"] not in undone]
    last = resets[-1] if resets else -1
    return [
        Review(datetime.fromisoformat(event["at"]), Rating(event["rating"]))
        for event in rows[last + 1 :]
        if event["what"] == "review" and event["id"] not in undone
    ]


def written(moment: datetime) -> str:
    """A moment as the file holds it: UTC, and in the order of its letters."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _connected(path: Path | None) -> sqlite3.Connection:
    """A database of this version. Raises NewerError, DamagedError, OSError, sqlite3.Error."""
    # A screen opens it in a thread, so as not to stand still, and goes on in its own.
    base = sqlite3.connect(
        MEMORY if path is None else path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    base.row_factory = sqlite3.Row
    try:
        migrate(base)
    except BaseException:
        base.close()
        raise
    return base


def _card(row: sqlite3.Row) -> Card:
    due, last = (datetime.fromisoformat(row[column]) for column in ("due", "last"))
    return Card(row["key"], row["topic"], Memory(due, last, row["stability"], row["reviews"], row["right"]))
