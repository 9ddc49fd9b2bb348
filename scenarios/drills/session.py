"""A learner and the questions: ask, grade, help, schedule. No terminal in it: screens and plain text are made of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.queue import Queue
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store
from stepgrad.scenarios.drills.verdict import Outcome, Verdict

CLOCK = time.monotonic


@dataclass
class Asked:
    """A question that was asked, and how it went."""

    question: Question
    begun: float
    hints: int = 0
    rating: Rating | None = None
    """None while it is open, and where it was skipped."""
    right: bool = False
    """Whether the right answer was given in the end."""
    answer: str = ""
    """The answer that was graded."""
    say: str = ""
    """What was known of it."""
    event: str = ""
    """What it can be undone by."""


@dataclass
class Session:
    """Questions one after another. The first answer that counts is the grade; it is saved before it is told."""

    store: Store
    queue: Queue
    is_exam: bool = False
    """No help, one answer each, and what was right is said at the end."""
    length: int | None = None
    """How many questions; None as many as there are."""
    asked: list[Asked] = field(default_factory=list)

    @property
    def current(self) -> Asked | None:
        """The question asked last."""
        return self.asked[-1] if self.asked else None

    @property
    def is_open(self) -> bool:
        """Whether the question asked last can still be answered."""
        return self.current is not None and not self.current.right and not (self.is_exam and self.current.rating)

    def next(self) -> Question | None:
        """Ask the next question; None at the end."""
        if self.length is not None and len(self.asked) >= self.length:
            return None
        question = self.queue.next()
        if question is not None:
            self.asked.append(Asked(question, CLOCK()))
        return question

    def prepare(self) -> None:
        """Make the next question while the learner thinks: call it once the current one is on the screen."""
        if self.length is None or len(self.asked) < self.length:
            self.queue.prepare()

    def answer(self, text: str) -> Verdict:
        """Grade an answer to the current question. What cannot be read, and what is unfinished, is no mark."""
        asked = self._open()
        verdict = asked.question.check(text)
        if not verdict.counts:
            return verdict
        right = verdict.outcome is Outcome.RIGHT
        asked.right = right
        if asked.rating is None:
            rating = Rating.AGAIN if not right else Rating.HARD if asked.hints else Rating.GOOD
            self._grade(asked, rating, text.strip(), verdict.say)
        return verdict

    def hint(self) -> str | None:
        """The next stage of help; None where there is no more of it."""
        asked = self._open()
        hints = asked.question.hints
        if self.is_exam or asked.hints >= len(hints):
            return None
        asked.hints += 1
        return hints[asked.hints - 1]

    def why(self) -> tuple[str, ...]:
        """The worked solution. Before an answer it counts as not known."""
        asked = self._open() if self.is_open else self._current()
        if self.is_exam:
            return ()
        if asked.rating is None:
            self._grade(asked, Rating.AGAIN, "", "")
        return (f"The answer is {asked.question.answer.written}.", *asked.question.solution)

    def rate(self, rating: Rating) -> Question | None:
        """Give the last answer another grade than it got by itself. None where there is none."""
        asked = self._last_graded()
        if asked is not None:
            self.store.undo(asked.event)
            self._grade(asked, rating, asked.answer, asked.say)
        return None if asked is None else asked.question

    def intervals(self) -> dict[Rating, timedelta]:
        """When the current question would come back, for each rating: the one it has gives way."""
        asked = self._current()
        return self.store.intervals(asked.question.key, asked.event)

    def undo(self) -> Question | None:
        """Take the last grade back: the question is open again. None where there is nothing to take back."""
        asked = self._last_graded()
        if asked is None or self.is_exam:
            return None
        self.store.undo(asked.event)
        self.asked.remove(asked)
        self.asked.append(Asked(asked.question, CLOCK(), asked.hints))
        return asked.question

    def _last_graded(self) -> Asked | None:
        return next((asked for asked in reversed(self.asked) if asked.event), None)

    @property
    def graded(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.rating is not None]

    @property
    def right(self) -> int:
        """Questions that were right at once."""
        return sum(asked.rating is not Rating.AGAIN for asked in self.graded)

    @property
    def is_perfect(self) -> bool:
        """Whether everything that was asked was right at once; in an exam, everything there was to ask."""
        wanted = self.length if self.is_exam and self.length is not None else len(self.graded)
        return self.right >= wanted

    def report(self) -> Iterator[tuple[str, int, int]]:
        """How it went, by topic: asked and right at once."""
        for topic in dict.fromkeys(asked.question.topic for asked in self.asked):
            of = [asked for asked in self.asked if asked.question.topic == topic]
            yield topic, len(of), sum(asked.rating not in (None, Rating.AGAIN) for asked in of)

    def _grade(self, asked: Asked, rating: Rating, text: str, say: str) -> None:
        question = asked.question
        asked.event = self.store.record(
            question.key,
            question.topic,
            rating,
            seed=question.seed,
            answer=text[:500],
            hints=asked.hints,
            seconds=round(CLOCK() - asked.begun, 1),
        )
        asked.rating, asked.answer, asked.say = rating, text, say

    def _current(self) -> Asked:
        if self.current is None:
            raise RuntimeError("nothing was asked yet")
        return self.current

    def _open(self) -> Asked:
        if not self.is_open:
            raise RuntimeError("the question is closed; ask the next one")
        return self._current()
