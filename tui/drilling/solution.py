"""The worked solution of a question: its lesson in the player, at the step that the question is about."""

from __future__ import annotations

from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.worked import place
from stepgrad.scenarios.preview import Preview
from stepgrad.tui.desk import Desk
from stepgrad.tui.screens.player import PlayerScreen


def solution(question: Question) -> PlayerScreen | None:
    """The player, with the question's own numbers; None where no step works the answer out. `q` there leads back."""
    lesson = question.lesson
    if lesson is None or not question.steps:
        return None
    first_frame = Preview(lesson.scenario.title, (), "")
    return PlayerScreen(first_frame, lambda: lesson, at=place(question.steps[0]), desk=Desk(remembers=False))
