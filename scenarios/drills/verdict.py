"""What became of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What became of one cell of an answer."""

    RIGHT = "RIGHT"
    WRONG = "WRONG"
    NOT_DONE = "NOT DONE"


class Outcome(StrEnum):
    """What became of an answer. Only RIGHT and WRONG count; the others ask for more."""

    RIGHT = "right"
    WRONG = "wrong"
    UNFINISHED = "unfinished"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Verdict:
    """What became of an answer, cell by cell where it has several, and what there is to say about it."""

    outcome: Outcome
    marks: tuple[Mark, ...] = ()
    say: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is a mark for or against the learner."""
        return self.outcome in (Outcome.RIGHT, Outcome.WRONG)
