"""Where somebody is, and how to come back there."""

from __future__ import annotations

import pytest
from handmade import cs231n, edge, square
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.timeline import LEVELS
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.bookmark import FARTHEST, Bookmark


@pytest.fixture(scope="module")
def training() -> Lesson:
    return open_lesson("pytorch-training-loop", {"optimizer.iterations": 3})


@given(data=st.data())
def test_an_address_leads_back(training: Lesson, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, training.timeline.steps))
    level = data.draw(st.sampled_from(LEVELS))
    terms = training.step(at - 1).terms if at and level == "term" else 0
    place = Bookmark(at, level, data.draw(st.integers(0, terms)))
    assert Bookmark(level=level).gone(training, place.address(training)) == place


def test_a_term_of_a_later_iteration_is_found_there(training: Lesson) -> None:
    start = training.timeline.start(1)
    place = Bookmark(start + 1, "term", 1)
    assert place.address(training).endswith("#0@1")
    assert Bookmark().gone(training, place.address(training)) == place


def test_terms_are_steps_of_their_own() -> None:
    """Nine products a cell: the whole cell, then its terms one by one, then those of the next."""
    of = edge()
    place = Bookmark(1, "term")
    assert place.moved(of, 1) == Bookmark(1, "term", 1), "a cell come to whole is taken apart"
    assert place.moved(of, 1, 9) == Bookmark(1, "term", 9)
    assert place.moved(of, 1, 10) == Bookmark(2, "term", 1)
    assert Bookmark(2, "term", 1).moved(of, -1) == Bookmark(1, "term", 9)
    assert Bookmark(1, "term", 1).moved(of, -1) == Bookmark(0, "term")
    assert Bookmark(9, "term", 9).moved(of, 1) == Bookmark(9, "term", 9), "the end is the end"


def test_there_and_back_by_terms() -> None:
    of = cs231n()
    place = Bookmark(2, "term", 3)
    assert place.moved(of, 1, 100).moved(of, -1, 100) == place


def test_a_count_nobody_means_ends_soon() -> None:
    of = square(224)
    place = Bookmark(0, "term").moved(of, 1, 10**17)
    assert place.position == -(-FARTHEST // 9)
    assert Bookmark(0).moved(of, 1, 10**17).position == of.timeline.steps
