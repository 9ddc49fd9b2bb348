"""What a drill says: of an answer, of when its question comes back, of how it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.verdict import Outcome, Verdict
from stepgrad.tui import spoken

if TYPE_CHECKING:
    from stepgrad.scenarios.drills.session import Session

SPENT = "There are no more hints; why shows the solution."
NONE = "There are no hints for this one; why shows the solution."


def opening(session: Session) -> str:
    """What a learner is told at the start."""
    if session.is_exam:
        return f"An exam: {spoken.count(session.length or 0, 'question')}, one answer each."
    due = session.queue.due
    return f"{spoken.count(due, 'question')} {'is' if due == 1 else 'are'} due." if due else ""


def hint(session: Session) -> str:
    """The next hint, or that there is none."""
    asked = session.current
    return session.hint() or (SPENT if asked is not None and asked.hints else NONE)


def told(session: Session, verdict: Verdict) -> str:
    """What became of an answer that was just graded."""
    said = f"{verdict.say[:1].upper()}{verdict.say[1:]}".rstrip(".")
    if not verdict.counts:
        return f"{said}. That is no mark against you."
    if session.is_exam:
        return "Noted."
    if verdict.outcome is Outcome.RIGHT:
        return f"Right. {back(session)}"
    return f"Wrong. {f'{said}.' if said else ''}".strip()


def back(session: Session) -> str:
    """When the question that was just answered comes back."""
    asked = session.current
    card = session.store.card(asked.question.key) if asked is not None else None
    return f"It comes back in {lasting(card.memory.away)}." if card else ""


def noted(session: Session, rating: Rating) -> str:
    """Give the last answer another grade, and say so."""
    question = session.rate(rating)
    if question is None:
        return "Nothing is answered yet."
    card = session.store.card(question.key)
    when = lasting(card.memory.away) if card else ""
    return f"Noted as {rating.name.lower()}: it comes back in {when}."


def explained(session: Session) -> tuple[str, ...]:
    """What the author of the current question says once it is answered."""
    assert session.current is not None
    question = session.current.question
    return question.solution[-1:] if question.kind == "authored" and not question.steps else ()


def closing(session: Session) -> Iterator[str]:
    """How it went; nothing where nothing was asked."""
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


def lasting(time: timedelta) -> str:
    """A time in its largest unit: 10 minutes, 4 days, 3 months."""
    seconds = max(0.0, time.total_seconds())
    for unit, length in (("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return spoken.count(round(seconds / length), unit)
    return "a moment"
