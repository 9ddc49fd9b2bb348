"""Forgetting: what is remembered follows from the answers alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.drills.schedule import Rating, Review, intervals, recalls, remembered

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def reviews(*ratings: int, every: timedelta = DAY) -> list[Review]:
    return [Review(START + k * every, Rating(rating)) for k, rating in enumerate(ratings)]


def test_nothing_is_remembered_of_what_was_never_asked() -> None:
    assert remembered([], START) is None


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=12))
def test_it_is_the_model_of_fsrs(answers: list[tuple[int, int]]) -> None:
    scheduler, card, at = fsrs.Scheduler(enable_fuzzing=False), fsrs.Card(card_id=1, due=START), START
    given = []
    for rating, days in answers:
        at += days * DAY
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), at)
        given.append(Review(at, Rating(rating)))
    memory = remembered(given, at)
    assert memory is not None
    assert (memory.due, memory.last, memory.stability) == (card.due, card.last_review, card.stability)
    assert memory.recall(at + 3 * DAY) == scheduler.get_card_retrievability(card, at + 3 * DAY)


def test_what_is_known_stays_away_longer() -> None:
    found = intervals(reviews(3, 3, 3, every=3 * DAY), START + 20 * DAY)
    assert list(found) == [Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY]
    assert list(found.values()) == sorted(found.values())
    assert found[Rating.AGAIN] < DAY < found[Rating.GOOD]


def test_right_answers_in_a_row_are_counted() -> None:
    memory = remembered(reviews(3, 1, 3, 2, 4), START + 9 * DAY)
    assert memory is not None
    assert (memory.reviews, memory.right) == (5, 3)


def test_the_order_in_which_answers_are_given_does_not_matter() -> None:
    given = reviews(3, 1, 2, 4, 3)
    assert remembered(given, START + 9 * DAY) == remembered(given[::-1], START + 9 * DAY)


def test_an_answer_from_the_future_counts_as_given_now() -> None:
    given = [*reviews(3, 3), Review(START + 9000 * DAY, Rating.GOOD)]
    now = START + 5 * DAY
    memory = remembered(given, now)
    assert memory is not None
    assert memory.last == now
    assert now < memory.due < now + 300 * DAY


def test_every_time_a_card_was_met_again() -> None:
    met = recalls(reviews(3, 3, 1, every=2 * DAY), START + 9 * DAY)
    assert [(recall.days, recall.known) for recall in met] == [(2, True), (2, False)]
    assert all(0 < recall.predicted < 1 for recall in met)
    assert met[0].predicted == pytest.approx(0.9, abs=0.05)
