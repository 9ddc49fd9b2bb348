"""Predict mode: the coming number is covered and asked for; it is shown once there is an answer."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.timeline import short
from stepgrad.tui.veil import OPEN, Veil

if TYPE_CHECKING:
    from stepgrad.scenarios.drills.question import Question
    from stepgrad.tui.bookmark import Bookmark
    from stepgrad.tui.player import Player

COVERED = Veil(answers=True, arithmetic=True)
"""What of a step is hidden until it is predicted."""
ENDING = ("d", "q")
"""What is typed to end it: the field takes every key."""


class NoNumberError(StepgradError):
    """What was typed is no mark: it cannot be read, or it is right as far as it goes."""


class Predicting:
    """A part of the player: asks for each cell before it is shown, from the one after where it was turned on."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._is_on = False
        self._shown: Bookmark | None = None
        """The place whose number was told."""
        self._said = ""
        """What became of the last answer."""
        self._made: tuple[object, int, Question | None] | None = None
        """The question about a step, kept while it is asked."""
        player.curtain.cover = self

    @property
    def veil(self) -> Veil:
        """What is hidden now."""
        return COVERED if self.is_asking else OPEN

    @property
    def is_asking(self) -> bool:
        """Whether the number of the step on screen is asked for. One that what is shown does not tell never is."""
        return self._is_on and self._shown != self._player.cursor.place and self._question is not None

    @property
    def prompt(self) -> str:
        """What the field says."""
        question = self._question
        assert question is not None
        return f"{self._said} {self._name} = ? ({question.answer.asks}); an empty line ends it".lstrip()

    def predict(self, _: int) -> None:
        """Ask for the next cell, and for every cell from then on; or no more."""
        if self._is_on:
            self.end()
        elif self._player.cursor.position >= self._player.lesson.timeline.steps:
            self._player.notice = "nothing comes after this; Home is the start"
        else:
            self._is_on, self._said = True, ""
            self._go_on()

    def answer_predict(self, text: str) -> None:
        """Take a prediction. Raises NoNumberError, and then nothing has changed."""
        if text.strip().lower() in ENDING:
            self.end()
            return
        question = self._question
        assert question is not None
        verdict = question.check(text)
        if not verdict.counts:
            raise NoNumberError(verdict.say)
        right = verdict.outcome.value == "right"
        told = f"{self._name} = {question.answer.written}"
        self._shown = self._player.cursor.place
        if right and self._player.cursor.position < self._player.lesson.timeline.steps:
            self._said = f"Right: {question.answer.written}."
            self._go_on()
        elif right:
            self.end()
            self._player.notice = f"Right: {told}, the last one."
        else:
            self._said = ""
            said = verdict.say.rstrip(".")
            self._player.notice = f"Wrong{f'. {said}' if said else ''}. {told}; a step on asks for the next"

    def end(self) -> None:
        """Show what is hidden, and ask no more."""
        self._is_on, self._shown, self._said = False, None, ""
        self._player.notice = "no more predicting"

    def leave(self) -> None:
        """The field was left without an answer."""
        if self.is_asking:
            self.end()

    def _go_on(self) -> None:
        self._player.cursor.move(1, "cell")
        if self._question is None:
            self._player.notice = f"{self._name} is not asked for: it takes more digits than are shown"

    @property
    def _name(self) -> str:
        place = self._player.lesson.timeline.place(self._player.cursor.step)
        return str(short(place.address, place.node.spec.shape)).partition("@")[0]

    @property
    def _question(self) -> Question | None:
        """What to ask about the step on screen; None where it cannot be worked out from what is shown."""
        lesson, number = self._player.lesson, self._player.cursor.step
        if not self._player.cursor.position:
            return None
        if self._made is None or self._made[:2] != (lesson, number):
            from stepgrad.scenarios.drills.kinds.numbers import cell
            from stepgrad.scenarios.drills.material import Material

            material = Material(lesson.name, "cell", 0, 0.0, lesson, {}, Random(0))
            self._made = lesson, number, cell(material, lesson.step(number))
        return self._made[2]
