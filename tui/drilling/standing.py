"""What is known, what is due and how fast it is forgotten, in lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.scenarios.drills.statistics import statistics
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.spoken import count

BAR = 30
"""Columns of a share in the forgetting curve."""


def standing(store: Store) -> Iterator[str]:
    """The statistics of a learner."""
    found = statistics(store)
    due = f"{found.due} due now, {found.tomorrow} by tomorrow, {found.week} in a week"
    yield f"{count(found.answers, 'answer')}. {due}."
    if found.topics:
        width = max(len(topic.name) for topic in found.topics)
        yield ""
        yield f"{'topic':<{width}}  cards  answers  right  known now"
    for topic in found.topics:
        right = f"{topic.right / topic.answers:.0%}" if topic.answers else ""
        yield f"{topic.name:<{width}}  {topic.cards:>5}  {topic.answers:>7}  {right:>5}  {topic.recall:>9.0%}"
    if found.forgetting:
        yield ""
        yield f"{'met again after':<15}  times  known"
    for span in found.forgetting:
        share = span.known / span.met
        bar = "#" * round(BAR * share)
        yield f"{span.name:<15}  {span.met:>5}  {share:>5.0%}  {bar:<{BAR}}  expected {span.predicted:.0%}"
