"""The shelf: courses, what was opened lately, a user's own scenarios, and every one there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepgrad.scenarios.catalogue import entries, find
from stepgrad.scenarios.courses import courses
from stepgrad.tui import memory
from stepgrad.tui.memory import Memory
from stepgrad.tui.seen import ended, mark, part, seen
from stepgrad.tui.shelf import EVERY, LATELY, OWN, RECENT, Shelf


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """A memory whose clock goes on a second with every lesson."""
    seconds = iter(range(1, 1000))
    monkeypatch.setattr(memory.time, "time", lambda: float(next(seconds)))
    return Memory()


def own(home: Path, name: str, text: str = "") -> Path:
    path = home / "data" / "scenarios" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or find("edge-detection-5x5").read_text("utf-8"), "utf-8")
    return path


def test_lately_are_the_last_few_the_latest_first(kept: Memory) -> None:
    names = [entry.name for entry in entries()][: RECENT + 2]
    for name in names:
        kept.keep(name, step=1, of=4)
    kept.keep(names[3], step=4, of=4)
    lately = [row for row in Shelf(kept).rows("", EVERY) if row.part == LATELY]
    assert [row.name for row in lately] == [names[3], *[name for name in reversed(names) if name != names[3]]][:RECENT]
    assert [row.seen for row in lately] == [1.0, 0.25, 0.25, 0.25, 0.25]


def test_a_variant_opened_lately_is_opened_as_that(kept: Memory) -> None:
    kept.keep("space-carving:camera", step=1, of=2)
    row = Shelf(kept).rows("", EVERY)[0]
    assert (row.name, row.label, row.entry.name) == ("space-carving:camera", "space-carving:camera", "space-carving")


def test_what_is_gone_is_not_listed(kept: Memory) -> None:
    kept.keep("a-lesson-of-old", step=1, of=2)
    kept.keep("/nowhere/mine.toml", step=1, of=2)
    assert not [row for row in Shelf(kept).rows("", EVERY) if row.part == LATELY]


def test_a_search_and_a_topic_leave_lately_out(kept: Memory) -> None:
    kept.keep("edge-detection-5x5", step=1, of=9)
    shelf = Shelf(kept)
    for search, topic in (("edge-detection", EVERY), ("", "convolution"), ("EDGE detection", "convolution")):
        rows = shelf.rows(search, topic)
        assert [row.name for row in rows].count("edge-detection-5x5") == 1
        assert not [row for row in rows if row.part == LATELY]
    assert shelf.rows("edge-detection", "loss") == []


def test_topics_are_those_of_the_scenarios_the_commonest_first(kept: Memory) -> None:
    shelf = Shelf(kept)
    counts = [sum(topic in entry.topics for entry in entries()) for topic in shelf.topics[1:]]
    assert shelf.topics[0] == EVERY
    assert counts == sorted(counts, reverse=True)
    assert set(shelf.topics[1:]) == {topic for entry in entries() for topic in entry.topics}


def test_a_user_s_own_stand_before_what_comes_with_stepgrad(kept: Memory, home: Path) -> None:
    path = own(home, "mine")
    own(home, "broken", "title = ")
    rows = Shelf(kept).rows("", EVERY)
    assert [(row.name, row.label) for row in rows if row.part == OWN] == [(f"{path}:flipped", "flipped")]
    kept.keep(f"{path}:flipped", step=9, of=9)
    lately, mine, *_ = Shelf(kept).rows("", EVERY)
    assert (lately.part, lately.label) == (LATELY, "mine.toml:flipped")
    assert (mine.part, mine.seen) == (OWN, 1.0)


def test_a_course_knows_what_comes_next(kept: Memory) -> None:
    shelf, course = Shelf(kept), courses()[0]
    assert [row.is_next for row in shelf.course(course)] == [True] + [False] * (len(course.lessons) - 1)
    kept.keep(course.lessons[0], notes=[3, 3])
    kept.keep(f"{course.lessons[1]}:full", notes=[1, 2])
    shelf.refresh()
    first, second, *_ = shelf.course(course)
    assert (first.seen, first.is_next) == (1.0, False)
    assert (second.seen, second.is_next) == (0.5, True)
    assert shelf.ended == {course.lessons[0]}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, 0.0),
        ({"step": 3, "of": 4}, 0.75),
        ({"step": 9, "of": 4}, 1.0),
        ({"step": 0, "of": 0}, 1.0),  # a card: to open it is to see it
        ({"step": 1, "of": 10**9, "notes": [2, 4]}, 0.5),
        ({"notes": [4, 4]}, 1.0),
        ({"step": "x", "of": 4}, 0.0),
        ({"step": 1, "of": 4, "notes": "many"}, 0.25),
        ({"notes": [None, 4]}, 0.0),
    ],
)
def test_how_much_was_seen(found: dict[str, object], expected: float) -> None:
    assert part(found) == expected


def test_of_variants_that_counts_of_which_most_was_seen() -> None:
    parts = seen({"a:x": {"step": 1, "of": 4}, "a": {"step": 0, "of": 4}, "a:y": {"step": 4, "of": 4}, "b": {}})
    assert parts == {"a": 1.0, "b": 0.0}
    assert ended(parts) == {"a"}


@pytest.mark.parametrize(
    ("seen_part", "is_next", "expected"),
    [(0.0, False, ""), (0.0, True, "next"), (0.001, True, "1%"), (0.999, False, "99%"), (1.0, False, "done")],
)
def test_the_mark_of_a_lesson(seen_part: float, is_next: bool, expected: str) -> None:
    assert mark(seen_part, is_next=is_next) == expected
