"""Which question comes next: what is due, then what is new on the path, then practice without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count
from random import Random, SystemRandom

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.drills.kinds import KINDS
from stepgrad.scenarios.drills.path import asked, keys
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.store import Card, Store
from stepgrad.scenarios.drills.subject import kinds

NEW = 10
"""New questions of a session that nobody chose a topic for."""
STEPS = 6
"""Right answers in a row until questions are as hard as they get."""
SEEDS = 2**31

Note = Callable[[str], None]


def _silent(_: str) -> None:
    """Nobody wants to know."""


class Queue:
    """The questions of a session, one after another."""

    def __init__(
        self,
        store: Store,
        lessons: Sequence[str],
        *,
        chosen: bool = False,
        about: str = "",
        seed: int | None = None,
        note: Note = _silent,
    ) -> None:
        """`lessons` in the order of the path. `chosen`: the learner named them, so practice goes on when nothing is
        left. `about`: a topic, where only what belongs to it is asked. With a seed the questions hang on it alone: the
        same ones for a whole class."""
        self.store = store
        self.lessons = list(lessons)
        self.chosen = chosen
        self.about = about
        self.seed = seed
        self._note = note
        self._random: Random = SystemRandom() if seed is None else Random(seed)
        self._given: dict[str, datetime] = {}
        """When each question was asked: one that was skipped does not come straight back."""
        self._without: set[str] = set()
        self._ready: list[Question | None] = []
        self._source = self._fixed() if seed is not None else self._scheduled()

    @property
    def due(self) -> int:
        """How many cards are due of those that are asked here."""
        if not self.chosen:
            return self.store.count_due(self.store.now())
        found = {lesson: self.store.due(f"{lesson}#", limit=-1) for lesson in self.lessons}
        if not self.about:
            return sum(map(len, found.values()))
        known = {key for lesson, cards in found.items() if cards for key in keys(lesson, self.about)}
        return sum(card.key in known for cards in found.values() for card in cards)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing more to ask."""
        self.prepare()
        return self._ready[0] is None

    def next(self) -> Question | None:
        """The next question; None at the end. A scenario with a fault is passed over, and noted once."""
        self.prepare()
        return self._ready.pop()

    def prepare(self) -> None:
        """Make the next question while the learner thinks about this one."""
        if not self._ready:
            self._ready.append(next(self._source, None))

    def _scheduled(self) -> Iterator[Question]:
        new = self._new()
        while True:
            question = self._due() or next(new, None) or (self._practice() if self.chosen else None)
            if question is None:
                return
            self._given.pop(question.key, None)
            self._given[question.key] = self.store.now()
            yield question

    def _fixed(self) -> Iterator[Question]:
        """Every key of the lessons, shuffled; then again, with other numbers."""
        for _ in count():
            found = [key for lesson in self.lessons for key in keys(lesson, self.about)]
            self._random.shuffle(found)
            made = False
            for key in found:
                question = self._ask(key, self._random.random())
                made = made or question is not None
                if question is not None:
                    yield question
            if not made:
                return

    def _due(self) -> Question | None:
        for card in self._cards():
            given = self._given.get(card.key)
            is_answered = given is None or card.memory.last >= given
            if is_answered and (question := self._ask(card.key, _difficulty(card))):
                return question
        return None

    def _cards(self) -> Iterator[Card]:
        """What is due of the lessons, the longest first."""
        most = len(self._without) + len(self._given) + 1
        if not self.chosen:
            yield from self.store.due(limit=most)
            return
        found = [card for lesson in self.lessons for card in self.store.due(f"{lesson}#", most)]
        yield from sorted(found, key=lambda card: card.memory.due)

    def _new(self) -> Iterator[Question]:
        given = 0
        for lesson in self.lessons:
            known = self.store.known(f"{lesson}#")
            for key in keys(lesson, self.about):
                if key not in known and key not in self._given and (question := self._ask(key, 0.0)):
                    yield question
                    given += 1
                    if given == NEW and not self.chosen:
                        return

    def _practice(self) -> Question | None:
        """Any kind that some lesson has, with numbers of its own, as hard as it went well."""
        tried = [f"{lesson}#{kind}" for lesson in self.lessons for kind in kinds(self.about, KINDS)]
        self._random.shuffle(tried)
        last = next(reversed(self._given), "")
        for key in tried:
            card = self.store.card(key)
            if key != last and (question := self._ask(key, _difficulty(card) if card else 0.0)):
                return question
        return None

    def _ask(self, key: str, difficulty: float) -> Question | None:
        lesson = key.rpartition("#")[0]
        if self._without & {key, lesson}:
            return None
        try:
            question = asked(key, self._random.randrange(1, SEEDS), difficulty, self.about)
        except StepgradError as fault:
            question = None
            self._note(f"{lesson} is passed over: {str(fault).splitlines()[0]}")
            self._without.add(lesson)
        if question is None:
            self._without.add(key)
        return question


def _difficulty(card: Card) -> float:
    return min(1.0, card.memory.right / STEPS)
