"""Drills without a screen: a question in a few lines, an answer a line. For ears, braille lines and pipes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TextIO

from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.verdict import Mark, Outcome, Verdict
from stepgrad.tui import spoken
from stepgrad.tui.terminal import is_terminal


class Drill:
    """A session by lines: text in, lines out."""

    def __init__(self, session: Session, *, patient: bool) -> None:
        """`patient`: a wrong answer may be followed by another one; else each question takes one answer."""
        self.session = session
        self.patient = patient and not session.is_exam
        self.over = False

    def opening(self) -> list[str]:
        session = self.session
        if session.is_exam:
            return [f"An exam: {spoken.count(session.length or 0, 'question')}, one answer each.", *self._next()]
        due = session.store.count_due(session.store.now())
        waiting = f"{spoken.count(due, 'question')} {'is' if due == 1 else 'are'} due. " if due else ""
        return [f"{waiting}Type an answer; help lists what else.", *self._next()]

    def answer(self, line: str) -> list[str]:
        """What a line is answered: a command by its word, anything else is an answer."""
        command = _BY_NAME.get(line.strip().lower())
        if command is not None and not (self.session.is_exam and not command.in_exam):
            return command.act(self)
        if not line.strip():
            return [] if self.session.is_open else self._next()
        if not self.session.is_open:
            return ["That question is closed.", *self._next()]
        return self._graded(self.session.answer(line))

    def _graded(self, verdict: Verdict) -> list[str]:
        asked = self.session.current
        assert asked is not None
        said = f"{verdict.say[:1].upper()}{verdict.say[1:]}".rstrip(".")
        if not verdict.counts:
            return [f"{said}. That is no mark against you.", *_marks(verdict)]
        if self.session.is_exam:
            return ["Noted.", *self._next()]
        if verdict.outcome is Outcome.RIGHT:
            return [f"Right. {self._back()}", *self._explained(asked.question), *self._next()]
        told = [f"Wrong. {f'{said}.' if said else ''}".strip(), *_marks(verdict)]
        if self.patient:
            return [*told, "Try again, or: hint, why, skip."]
        return [*told, f"The answer is {asked.question.answer.written}.", *self._next()]

    def _explained(self, question: Question) -> list[str]:
        """What the author says once it is answered."""
        return list(question.solution[-1:]) if question.kind == "authored" and not question.steps else []

    def _back(self) -> str:
        """When the question comes back."""
        asked, store = self.session.current, self.session.store
        card = store.card(asked.question.key) if asked is not None else None
        return f"It comes back in {lasting(card.memory.due - store.now())}." if card else ""

    def _next(self) -> list[str]:
        question = self.session.next()
        if question is None:
            self.over = True
            return []
        return [f"{len(self.session.asked)}. {question.text}", *map(str, question.given)]

    def hint(self) -> list[str]:
        if not self.session.is_open:
            return ["The question is closed."]
        return [self.session.hint() or "There are no more hints; why shows the solution."]

    def why(self) -> list[str]:
        return [*self.session.why(), *self._next()]

    def skip(self) -> list[str]:
        return self._next()

    def undo(self) -> list[str]:
        question = self.session.undo()
        return ["There is nothing to take back."] if question is None else ["Taken back.", *self.repeat()]

    def easy(self) -> list[str]:
        return self._rated(Rating.EASY)

    def hard(self) -> list[str]:
        return self._rated(Rating.HARD)

    def _rated(self, rating: Rating) -> list[str]:
        question = self.session.rate(rating)
        if question is None:
            return ["Nothing is answered yet."]
        card = self.session.store.card(question.key)
        when = lasting(card.memory.due - self.session.store.now()) if card else ""
        return [f"Noted as {rating.name.lower()}: it comes back in {when}."]

    def repeat(self) -> list[str]:
        asked = self.session.current
        return [] if asked is None else [asked.question.text, *map(str, asked.question.given)]

    def help(self) -> list[str]:
        known = (command for command in COMMANDS if command.in_exam or not self.session.is_exam)
        return [f"{command.word}: {command.summary}." for command in known]

    def quit(self) -> list[str]:
        self.over = True
        return []

    def closing(self) -> Iterator[str]:
        """How it went."""
        session = self.session
        asked = session.length if session.is_exam and session.length else len(session.graded)
        if not asked:
            return
        yield f"{session.right} of {asked} right{'' if session.is_exam else ' at once'}."
        if session.is_exam:
            for topic, of, right in session.report():
                yield f"{topic}: {right} of {of}."
            for number, each in enumerate(session.asked, 1):
                if each.rating in (None, Rating.AGAIN):
                    given = f"{each.answer}. {each.say}".strip(". ") if each.answer else "no answer"
                    yield f"{number}: {given}. The answer is {each.question.answer.written}."


@dataclass(frozen=True)
class Command:
    """A word that is no answer."""

    word: str
    summary: str
    act: Callable[[Drill], list[str]]
    in_exam: bool = False


COMMANDS = (
    Command("hint", "the next of up to three hints: which operands, the formula, the first terms", Drill.hint),
    Command("why", "the answer and how it comes about", Drill.why),
    Command("skip", "another question; this one is not graded", Drill.skip, in_exam=True),
    Command("again", "the question once more", Drill.repeat, in_exam=True),
    Command("undo", "take the last grade back, and answer again", Drill.undo),
    Command("easy", "the last answer came without thinking: it may stay away longer", Drill.easy),
    Command("hard", "the last answer was hard: it should come back sooner", Drill.hard),
    Command("help", "this list", Drill.help, in_exam=True),
    Command("quit", "the end; everything is saved already", Drill.quit, in_exam=True),
)
_BY_NAME = {command.word: command for command in COMMANDS}


def _marks(verdict: Verdict) -> list[str]:
    """What became of each cell, where there are several."""
    if not verdict.marks or set(verdict.marks) == {Mark.RIGHT}:
        return []
    return [f"Cell by cell: {', '.join(mark.value for mark in verdict.marks)}."]


def lasting(time: timedelta) -> str:
    """A time in its largest unit: 10 minutes, 4 days, 3 months."""
    seconds = max(0.0, time.total_seconds())
    for unit, length in (("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return spoken.count(round(seconds / length), unit)
    return "a moment"


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
    _print(drill.closing())


def _print(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        print(line, flush=True)
