"""When a question comes back: the FSRS model of forgetting, folded over the answers that were given.

What is remembered of a card follows from its answers alone, so a card can be made anew from the log at any time:
undo, reset, import and another version of the model are all the same fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

import fsrs

RETENTION = 0.9
"""How likely an answer is to be known on the day its question comes back."""
_SCHEDULER = fsrs.Scheduler(desired_retention=RETENTION, enable_fuzzing=False)


class Rating(IntEnum):
    """How well it went, as in Anki: wrong, right with help, right, and right without thinking."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Review:
    """One graded answer."""

    at: datetime
    rating: Rating


@dataclass(frozen=True)
class Memory:
    """What is remembered of a card."""

    due: datetime
    last: datetime
    stability: float
    """Days until it is known with a probability of RETENTION only."""
    reviews: int
    right: int
    """Answers in a row that were right."""

    @property
    def away(self) -> timedelta:
        """From the last answer until it is due: what was offered for it, however long ago that was."""
        return self.due - self.last

    def recall(self, now: datetime) -> float:
        """How likely it is to be known now."""
        card = fsrs.Card(card_id=0, stability=self.stability, last_review=self.last, due=self.due)
        return float(_SCHEDULER.get_card_retrievability(card, now))


@dataclass(frozen=True)
class Recall:
    """A card met again: after how many days, how likely it was to be known, and whether it was."""

    days: float
    predicted: float
    known: bool


def remembered(reviews: Iterable[Review], now: datetime) -> Memory | None:
    """What is remembered after some answers; None where there are none."""
    memory = None
    for memory, _ in _folded(reviews, now):  # noqa: B007 - the last one is what is remembered now
        pass
    return memory


def recalls(reviews: Iterable[Review], now: datetime) -> list[Recall]:
    """How it went each time a card was met again."""
    return [recall for _, recall in _folded(reviews, now) if recall is not None]


def intervals(reviews: Iterable[Review], now: datetime) -> dict[Rating, timedelta]:
    """When the card would come back, for each rating that could be given now."""
    given = list(reviews)
    found = {rating: remembered([*given, Review(now, rating)], now) for rating in Rating}
    return {rating: memory.due - now for rating, memory in found.items() if memory is not None}


def _folded(reviews: Iterable[Review], now: datetime) -> Iterator[tuple[Memory, Recall | None]]:
    card = fsrs.Card(card_id=0, due=now)
    right = 0
    for count, review in enumerate(sorted(reviews, key=lambda review: review.at), 1):
        # A clock that went backwards has left answers from the future: they count as given now.
        at = min(review.at, now)
        known = review.rating is not Rating.AGAIN
        recall = None
        if card.last_review is not None:
            days = (at - card.last_review) / timedelta(days=1)
            recall = Recall(days, float(_SCHEDULER.get_card_retrievability(card, at)), known)
        card, _ = _SCHEDULER.review_card(card, fsrs.Rating(review.rating), at)
        right = right + 1 if known else 0
        assert card.stability is not None
        yield Memory(card.due, at, card.stability, count, right), recall


def utc(moment: datetime) -> datetime:
    """The moment in UTC, which is what everything here is written in."""
    return moment.astimezone(UTC)
