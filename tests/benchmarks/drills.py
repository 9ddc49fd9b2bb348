"""How long the next question takes, with 10,000 cards in the store.   python tests/benchmarks/drills.py

Must: 50 ms from an answer to the next question: grade it, save it, look up what is due. The question itself is made
while the learner thinks about the one before; how long that takes is printed too.
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from stepgrad.scenarios.drills.path import asked, keys, lessons
from stepgrad.scenarios.drills.queue import Queue
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.store import COLUMNS, Row, Store, written

LIMIT = 0.050
CARDS = 10_000
REVIEWS = 3
QUESTIONS = 150
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def events() -> list[Row]:
    """Answers to everything the catalogue asks, and to as many other cards as it takes."""
    known = [key for lesson in lessons() for key in keys(lesson) if asked(key, 1) is not None]
    cards = [*known, *(f"other{k % 40}#{k}" for k in range(CARDS - len(known)))]
    return [
        {
            **dict.fromkeys(COLUMNS),
            "id": f"{i}.{k}",
            "at": written(NOW - timedelta(days=40 * (REVIEWS - k), minutes=i)),
            "what": "review",
            "key": key,
            "topic": "convolution",
            "rating": int(Rating.GOOD if (i + k) % 5 else Rating.AGAIN),
        }
        for i, key in enumerate(cards)
        for k in range(REVIEWS)
    ]


def main() -> int:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "progress.db"
        with closing(Store(path, lambda: NOW)) as store:
            store.merge(events())
        started = perf_counter()
        with closing(Store(path, lambda: NOW)) as store:
            opened = perf_counter() - started
            due = store.count_due(NOW)
            session = Session(store, Queue(store, lessons(), chosen=True))
            started = perf_counter()
            session.next()
            first = perf_counter() - started
            taken, made = [], []
            for _ in range(QUESTIONS):
                assert session.current is not None
                started = perf_counter()
                session.prepare()
                made.append(perf_counter() - started)
                started = perf_counter()
                session.answer(session.current.question.answer.written)
                session.next()
                taken.append(perf_counter() - started)
    taken.sort()
    slow = taken[int(0.95 * len(taken))]
    print(
        f"{CARDS} cards, {due} due; the file opens in {opened * 1e3:.0f} ms, the first question in {first * 1e3:.0f} ms"
    )
    made.sort()
    print(f"made while thinking: median {median(made) * 1e3:.1f} ms, 95% {made[int(0.95 * len(made))] * 1e3:.1f} ms")
    print(f"answer to next question: median {median(taken) * 1e3:.1f} ms, 95% {slow * 1e3:.1f} ms, "
          f"longest {taken[-1] * 1e3:.0f} ms; may take {LIMIT * 1e3:.0f} ms")  # fmt: skip
    return 0 if taken[-1] <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
