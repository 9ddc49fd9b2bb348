"""Progress on disk: an append-only log, and the cards that follow from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from progress import DAY, Clock, Opener, sql

from stepgrad.scenarios import folders
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store, written


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
