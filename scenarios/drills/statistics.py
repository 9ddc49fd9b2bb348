"""What the log tells, honestly: how much is known by topic, what is due, and how fast it is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from stepgrad.scenarios.drills.schedule import Rating, Recall, recalls
from stepgrad.scenarios.drills.store import Store

SPANS = ((0.0, "the same day"), (1.0, "1 day"), (2.0, "2-3 days"), (4.0, "4-7 days"), (8.0, "1-2 weeks"),
         (15.0, "2-4 weeks"), (30.0, "1-3 months"), (90.0, "longer"))  # fmt: skip
"""From how many days on a span begins, and what it is called."""


@dataclass(frozen=True)
class Topic:
    """What is known of a topic: cards, answers, those right at once, and how likely its cards are to be known now.

    The model takes what was just told for known; a card whose last answer was wrong is not, until it is answered.
    """

    name: str
    cards: int
    answers: int
    right: int
    recall: float


@dataclass(frozen=True)
class Span:
    """Questions met again after so long: how many, how many were known, and how many should have been."""

    name: str
    met: int
    known: int
    predicted: float


@dataclass(frozen=True)
class Statistics:
    topics: tuple[Topic, ...]
    due: int
    tomorrow: int
    week: int
    forgetting: tuple[Span, ...]

    @property
    def answers(self) -> int:
        return sum(topic.answers for topic in self.topics)


def statistics(store: Store) -> Statistics:
    """Everything, from the log and the cards that follow from it."""
    now = store.now()
    reviews = store.reviews()
    cards = store.cards()
    topics = []
    for name in sorted({card.topic for card in cards}):
        held = [card for card in cards if card.topic == name]
        given = [review for card in held for review in reviews.get(card.key, ())]
        right = sum(review.rating is not Rating.AGAIN for review in given)
        recall = sum(card.memory.recall(now) for card in held if card.memory.right) / len(held)
        topics.append(Topic(name, len(held), len(given), right, recall))
    met = [recall for card in cards for recall in recalls(reviews.get(card.key, ()), now)]
    return Statistics(
        tuple(topics),
        store.count_due(now),
        store.count_due(now + timedelta(days=1)),
        store.count_due(now + timedelta(days=7)),
        tuple(spans(met)),
    )


def spans(met: Iterable[Recall]) -> list[Span]:
    """The forgetting curve: what was known after how long."""
    grouped: dict[str, list[Recall]] = {}
    for recall in met:
        name = next(name for begins, name in reversed(SPANS) if recall.days >= begins or not begins)
        grouped.setdefault(name, []).append(recall)
    return [
        Span(
            name,
            len(grouped[name]),
            sum(recall.known for recall in grouped[name]),
            sum(recall.predicted for recall in grouped[name]) / len(grouped[name]),
        )
        for _, name in SPANS
        if name in grouped
    ]
