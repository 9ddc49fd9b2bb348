"""The page of a drill: the question with its matrices, what was said of the answer, the keys."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.scenarios.drills.answers import Choice
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.tui.drilling.commands import sign
from stepgrad.tui.drilling.given import drawn, tables, typed
from stepgrad.tui.drilling.sitting import Sitting
from stepgrad.tui.drilling.words import lasting
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, READABLE, Line, clip, filled, indented, placed, spread
from stepgrad.tui.sheet import MARGIN, Page

LOW = 8
"""Lines of a screen below which every one counts: there is no title, and nothing stands apart."""
LEAST = 3
"""Lines that a question keeps, however much is said of the answer."""
OPTION = 3
"""Columns of an option's letter."""
Place = tuple[int, int]


def drill_page(sitting: Sitting, width: int, height: int) -> Page:
    """The lines of the screen, as many as it is high. The place of the cell that is typed in is kept in sight."""
    inner, low = max(width - MARGIN, 1), height < LOW
    title = [] if low else [spread(_title(sitting), ((_progress(sitting), "faint"),), inner), BLANK]
    keys = [keys_line(list(_keys(sitting)), inner)] if height > LEAST else []
    told = [line for text, style in sitting.told for line in filled([(text, style)], min(inner, READABLE))]
    room = max(height - len(title) - len(keys), 1)
    told = told[: max(room - min(LEAST, room), 0)]
    apart = [BLANK] * (bool(told) and not low)
    space = max(room - len(told) - len(apart), 0)
    body, cursor = _body(sitting, inner, space, low=low)
    first, more = _shown(sitting, body, space, cursor)
    shown = body[first : first + space]
    if more and shown:
        shown[-1] = spread(shown[-1], ((more, "faint"),), inner)
    shown += [BLANK] * (space - len(shown))
    lines = [*title, *shown, *apart, *told, *keys][:height]
    at = (cursor[0] + MARGIN, cursor[1] - first + len(title)) if cursor else None
    return Page(tuple(clip(placed([(MARGIN, line)]) if line else BLANK, width) for line in lines), at)


def _title(sitting: Sitting) -> Line:
    question = sitting.question
    lesson = question.lesson if question is not None else None
    return ((lesson.scenario.title if lesson is not None else "Drill", "title"),)


def _progress(sitting: Sitting) -> str:
    session = sitting.session
    number = len(session.asked)
    if session.is_exam:
        return f"exam, question {number} of {session.length}"
    unsaved = "" if session.store.saves else ", nothing is saved"
    answered = f", {session.right} of {len(session.graded)} right at once" if session.graded else ""
    return f"question {number}{answered}{unsaved}"


def _body(sitting: Sitting, inner: int, space: int, *, low: bool) -> tuple[list[Line], Place | None]:
    """The question in full, and where in it the cell stands that is typed in."""
    question = sitting.question
    if question is None:
        return [], None
    gap = [] if low else [BLANK]
    prompt = filled([(question.prompt, "said")], min(inner, READABLE))
    options = list(_options(question, inner))
    grid = sitting.grid
    answer = None
    if grid is not None and isinstance(question.answer, Numbers):
        answer = drawn([typed(question.answer, grid, is_open=sitting.is_asking)], inner, 0)
    below = [*options, *(answer.lines if answer else [])]
    asked = sitting.session.current
    room = space - len(prompt) - len(below) - (2 if below else 1) * len(gap)
    found = tables(question, asked.hints if asked is not None else 0)
    given = drawn(found, inner, room).lines if found else []
    parts = [part for part in (prompt, given, below) if part]
    lines = [line for part in parts for line in (*part, *gap)]
    while lines and not lines[-1]:
        lines.pop()
    at = answer.cursor if answer is not None and answer.cursor is not None else None
    top = len(lines) - len(answer.lines) if answer is not None else 0
    return lines, (at[0], at[1] + top) if at else None


def _options(question: Question, inner: int) -> Iterator[Line]:
    if isinstance(question.answer, Choice):
        for letter, option in zip(question.answer.letters, question.answer.options, strict=True):
            first, *rest = filled([(option, "")], min(inner, READABLE) - OPTION) or [BLANK]
            yield ((f"{letter}) ", "key"), *first)
            yield from (indented(line, OPTION) for line in rest)


def _shown(sitting: Sitting, body: list[Line], space: int, cursor: Place | None) -> tuple[int, str]:
    """The first line in sight, and how to see the others."""
    last = max(len(body) - space, 0)
    if sitting.first > last:
        sitting.first = last
    first = sitting.first
    if cursor is not None and not first <= cursor[1] < first + space:
        first = min(max(cursor[1] - space + 1, 0), last)
    if not last:
        return 0, ""
    return first, "PgDn more" if first < last else "PgUp more"


def _keys(sitting: Sitting) -> Iterator[tuple[str, str]]:
    """The keys that matter now, those that lead out last."""
    asking = sitting.is_asking
    later = sitting.session.intervals() if sitting.is_rateable and not asking else {}
    if asking:
        yield ("Enter", "answer")
        if sitting.grid is not None:
            yield ("Tab", "next cell")
    for command in sitting.commands:
        keys = command.keys if asking else command.letters
        if not keys or (command.word in _RATINGS and not later):
            continue
        label = command.word if asking or command.word != "skip" else "next"
        if command.word in _RATINGS:
            label = f"{command.word}: {lasting(later[_RATINGS[command.word]])}"
        yield sign(keys[0]), label


_RATINGS = {"hard": Rating.HARD, "easy": Rating.EASY}
