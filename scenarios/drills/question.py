"""A question: what is asked, what there is to look at, the right answer, help in stages, the worked solution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stepgrad.engine.lookup import Cell as Place
from stepgrad.engine.step import Step
from stepgrad.scenarios.drills.answers import Answer
from stepgrad.scenarios.drills.diagnosis import Mistake, diagnosed
from stepgrad.scenarios.drills.reading import UnreadableError
from stepgrad.scenarios.drills.shown import Plane
from stepgrad.scenarios.drills.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson


def _none() -> Iterable[Mistake]:
    return ()


@dataclass(frozen=True)
class Question:
    """A question about a scenario. Everything but the wording comes from the run."""

    key: str
    """What the schedule remembers it by: `NAME#cell`, `NAME#D04`. Other numbers are the same card."""
    kind: str
    topic: str
    prompt: str
    answer: Answer
    given: tuple[Plane, ...] = ()
    """The numbers that are needed, for where there is no board to look at."""
    steps: tuple[Step, ...] = ()
    """The worked solution. The board is shown before the first of them, the player opens behind it."""
    hidden: tuple[Place, ...] = ()
    """Cells that the board must cover, beside those not written yet."""
    hints: tuple[str, ...] = ()
    solution: tuple[str, ...] = ()
    mistakes: Callable[[], Iterable[Mistake]] = _none
    """The wrong answers that are recognised, worked out when they are needed."""
    lesson: Lesson | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    """What the lesson was opened with: `--set` gives the same numbers."""
    seed: int = 0
    difficulty: float = 0.0
    """From 0 to 1: how much work it is, among questions of its kind."""

    def check(self, text: str) -> Verdict:
        """What becomes of a typed answer, with what is known of a wrong one. Never raises."""
        try:
            verdict = self.answer.grade(text)
            if verdict.outcome is not Outcome.WRONG:
                return verdict
            return replace(verdict, say=diagnosed(text, self.answer, self.mistakes()) or verdict.say)
        except UnreadableError as fault:
            return Verdict(Outcome.UNREADABLE, say=str(fault))

    @property
    def text(self) -> str:
        """The prompt, the options and what to type, in one line."""
        return " ".join(part for part in (self.prompt, self.answer.offers, f"({self.answer.asks})") if part)
