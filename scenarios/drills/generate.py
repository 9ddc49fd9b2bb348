"""Questions without end: any scenario, any kind, by seed. The same seed gives the same question."""

from __future__ import annotations

from stepgrad.scenarios.drills.answers import Choice
from stepgrad.scenarios.drills.kinds import KINDS
from stepgrad.scenarios.drills.material import belonging, material, opened
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.verdict import Outcome

SEEDS = 2
"""Other numbers that are tried where the first give nothing to ask."""


def generated(name: str, kind: str, seed: int = 0, difficulty: float = 0.0, about: str = "") -> Question | None:
    """A question of a kind about a scenario; None where it has none to give. Seed 0 keeps the scenario's own numbers.

    `difficulty` runs from 0 to 1; `about` is a topic, where only its layers are asked about. The scenario's faults are
    raised as ScenarioError.
    """
    if about and not belonging(opened(name), about):
        return None
    for attempt in range(SEEDS):
        made = KINDS[kind](material(name, kind, seed + attempt * 1_000_003 * bool(seed), difficulty, about))
        if made is not None and is_sound(made):
            return made
        if not seed:
            break
    return None


def is_sound(question: Question) -> bool:
    """Whether a question has one answer: its own is graded right, and no option says the same as another."""
    options = question.answer.options if isinstance(question.answer, Choice) else ()
    own = question.answer.written
    return len(set(options)) == len(options) and question.check(own).outcome is Outcome.RIGHT
