"""Progress as one text file, to take along, and the statistics that it gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stepgrad.scenarios.drills.exchange import ExchangeError, exported, imported
from stepgrad.scenarios.drills.schedule import Rating, Recall
from stepgrad.scenarios.drills.statistics import spans, statistics
from stepgrad.scenarios.drills.store import Store

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two cards of one topic and one of another, met again after some days."""
    now = START
    with closing(Store(tmp_path / "p.db", lambda: now)) as made:
        for key, topic, ratings in (
            ("a#x", "convolution", (3, 3, 1)),
            ("a#y", "convolution", (3,)),
            ("b#x", "loss", (1, 3)),
        ):
            for k, rating in enumerate(ratings):
                now = START + 3 * k * DAY
                made.record(key, topic, Rating(rating), answer="½ ü")
        now = START + 10 * DAY
        yield made


def test_what_is_exported_is_imported(store: Store, tmp_path: Path) -> None:
    text = exported(store.events())
    assert imported(text, "f") == store.events()
    with closing(Store(tmp_path / "other.db", store.now)) as other:
        assert other.merge(imported(text, "f")) == 6
        assert other.cards() == store.cards()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "f: not an export of progress"),
        ("hello", "f:1: not a line of JSON"),
        ("[" * 5000, "f:1: not a line of JSON"),
        ("[]", "f:1: not an event"),
        ('{"stepgrad": "progress", "version": 9}', "f:1: version 9; this stepgrad reads version 1"),
        ('{"stepgrad": "progress", "version": 1}\n{', "f:2: not a line of JSON"),
        ('{"stepgrad": "progress", "version": 1}\n\n{}', "f:3: id is None"),
    ],
)
def test_what_is_no_export_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(ExchangeError) as fault:
        imported(text, "f")
    assert str(fault.value).startswith(says)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"rating": 7}, "f:2: not an event of a drill"),
        ({"rating": True}, "f:2: rating is True"),
        ({"at": "yesterday"}, "f:2: not an event of a drill"),
        ({"at": "2026-01-01T00:00:00"}, "f:2: not an event of a drill"),
        ({"what": "party"}, "f:2: not an event of a drill"),
        ({"what": "undo"}, "f:2: not an event of a drill"),
        ({"key": ["a"]}, "f:2: key is ['a']"),
    ],
)
def test_an_event_that_is_none_is_refused_with_its_line(store: Store, values: dict[str, object], says: str) -> None:
    head, first, *_ = exported(store.events()).splitlines()
    with pytest.raises(ExchangeError) as fault:
        imported(f"{head}\n{changed(first, **values)}\n", "f")
    assert str(fault.value) == says


def changed(line: str, **values: object) -> str:
    return json.dumps({**json.loads(line), **values})


def test_statistics_by_topic_and_of_what_is_due(store: Store) -> None:
    found = statistics(store)
    told = {topic.name: (topic.cards, topic.answers, topic.right) for topic in found.topics}
    assert told == {"convolution": (2, 4, 3), "loss": (1, 2, 1)}
    assert all(0 < topic.recall <= 1 for topic in found.topics)
    assert found.answers == 6
    assert found.due == 3
    assert found.due <= found.tomorrow <= found.week


def test_what_was_just_answered_wrong_is_not_known(store: Store) -> None:
    store.record("c#x", "padding", Rating.GOOD)
    store.record("c#y", "padding", Rating.AGAIN)
    told = {topic.name: topic.recall for topic in statistics(store).topics}
    assert told["padding"] == pytest.approx(0.5)
    store.record("c#y", "padding", Rating.GOOD)
    told = {topic.name: topic.recall for topic in statistics(store).topics}
    assert told["padding"] == pytest.approx(1)


def test_the_forgetting_curve_is_what_happened_beside_what_was_expected(store: Store) -> None:
    [span] = statistics(store).forgetting
    assert (span.name, span.met, span.known) == ("2-3 days", 3, 2)
    assert 0.5 < span.predicted < 1


def test_spans_of_time() -> None:
    days = (0.0, 0.9, 1.0, 2.5, 7.9, 13.0, 29.0, 89.0, 400.0)
    found = spans(Recall(day, 0.5, known=True) for day in days)
    assert [(span.name, span.met) for span in found] == [
        ("the same day", 2),
        ("1 day", 1),
        ("2-3 days", 1),
        ("4-7 days", 1),
        ("1-2 weeks", 1),
        ("2-4 weeks", 1),
        ("1-3 months", 1),
        ("longer", 1),
    ]
    assert spans([]) == []


def test_what_was_taken_back_or_forgotten_is_not_counted(store: Store) -> None:
    store.undo(store.record("a#x", "convolution", Rating.GOOD))
    store.reset("b#x")
    assert [(topic.name, topic.answers) for topic in statistics(store).topics] == [("convolution", 4)]
