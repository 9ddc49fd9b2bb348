"""Drills without a screen: a question in a few lines, an answer a line. For ears, braille lines and pipes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.verdict import Mark, Outcome, Verdict
from stepgrad.tui.drilling import words
from stepgrad.tui.drilling.commands import command, commands
from stepgrad.tui.drilling.standing import standing
from stepgrad.tui.terminal import is_terminal


class Drill:
    """A session by lines: text in, lines out. Each command of the table has the method of its name."""

    def __init__(self, session: Session, *, patient: bool) -> None:
        """`patient`: a wrong answer may be followed by another one; else each question takes one answer."""
        self.session = session
        self.patient = patient and not session.is_exam
        self.over = False

    def opening(self) -> list[str]:
        said = words.opening(self.session)
        lead = said if self.session.is_exam else f"{said} Type an answer; help lists what else.".lstrip()
        return [lead, *self._next()]

    def answer(self, line: str) -> list[str]:
        """What a line is answered: a command by its word, anything else is an answer."""
        named = command(line, is_exam=self.session.is_exam)
        if named is not None:
            lines: list[str] = getattr(self, named.word)()
            return lines
        if not line.strip():
            return [] if self.session.is_open else self._next()
        if not self.session.is_open:
            return ["That question is closed.", *self._next()]
        return self._graded(self.session.answer(line))

    def _graded(self, verdict: Verdict) -> list[str]:
        asked = self.session.current
        assert asked is not None
        said = words.told(self.session, verdict)
        if not verdict.counts:
            return [said, *_marks(verdict)]
        if self.session.is_exam:
            return [said, *self._next()]
        if verdict.outcome is Outcome.RIGHT:
            return [said, *words.explained(self.session), *self._next()]
        if self.patient:
            return [said, *_marks(verdict), "Try again, or: hint, why, skip."]
        return [said, *_marks(verdict), f"The answer is {asked.question.answer.written}.", *self._next()]

    def _next(self) -> list[str]:
        question = self.session.next()
        if question is None:
            self.over = True
            return []
        return [f"{len(self.session.asked)}. {question.text}", *map(str, question.given)]

    def hint(self) -> list[str]:
        if not self.session.is_open:
            return ["The question is closed."]
        return [words.hint(self.session)]

    def why(self) -> list[str]:
        return [*self.session.why(), *self._next()]

    def skip(self) -> list[str]:
        return self._next()

    def undo(self) -> list[str]:
        question = self.session.undo()
        return ["There is nothing to take back."] if question is None else ["Taken back.", *self.again()]

    def easy(self) -> list[str]:
        return [words.noted(self.session, Rating.EASY)]

    def hard(self) -> list[str]:
        return [words.noted(self.session, Rating.HARD)]

    def again(self) -> list[str]:
        asked = self.session.current
        return [] if asked is None else [asked.question.text, *map(str, asked.question.given)]

    def stats(self) -> list[str]:
        return list(standing(self.session.store))

    def help(self) -> list[str]:
        return [f"{known.word}: {known.summary}." for known in commands(is_exam=self.session.is_exam)]

    def quit(self) -> list[str]:
        self.over = True
        return []


def _marks(verdict: Verdict) -> list[str]:
    """What became of each cell, where there are several."""
    if not verdict.marks or set(verdict.marks) == {Mark.RIGHT}:
        return []
    return [f"Cell by cell: {', '.join(mark.value for mark in verdict.marks)}."]


def converse(drill: Drill, answers: TextIO | None) -> None:
    """Ask until there is nothing left to ask, or to answer with."""
    prompt = "> " if is_terminal(answers) else ""
    _print(drill.opening())
    while not drill.over:
        print(prompt, end="", flush=True)
        drill.session.prepare()
        line = answers.readline() if answers is not None else ""
        if not line:
            break
        _print(drill.answer(line))
    _print(words.closing(drill.session))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)
