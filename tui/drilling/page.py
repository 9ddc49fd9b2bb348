"""The page of a drill: the question with its matrices, what was said of the answer, the keys."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.scenarios.drills.answers import Choice
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
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
    """The lines of the screen, as many as it is high. While a grid is typed in, its cell is kept in sight."""
    inner, low = max(width - MARGIN, 1), height < LOW
    progress = _progress(sitting)
    # A long title gives way to how far this is.
    lead = clip(_title(sitting), max(inner - len(progress) - 2, 0))
    title = [] if low else [spread(lead, ((progress, "faint"),), inner), BLANK]
    keyed = height > LEAST
    room = max(height - len(title) - keyed, 1)
    told = _told(sitting, inner, max(min(room - LEAST, max(room // 2, LEAST)), 0))
    apart = [BLANK] * (bool(told) and not low)
    space = max(room - len(told) - len(apart), 0)
    body, cursor = _body(sitting, inner, space, low=low)
    if len(body) > space:
        body, cursor = _body(sitting, inner, space, low=True)
    first, more = _shown(sitting, len(body), space, cursor)
    shown = [*body[first : first + space], *[BLANK] * space][:space]
    keys = [keys_line([*more, *_keys(sitting)], inner)] if keyed else []
    lines = [*title, *shown, *apart, *told, *keys][:height]
    at = (cursor[0] + MARGIN, cursor[1] - first + len(title)) if cursor and 0 <= cursor[1] - first < space else None
    return Page(tuple(clip(placed([(MARGIN, line)]) if line else BLANK, width) for line in lines), at)


def _told(sitting: Sitting, inner: int, room: int) -> list[Line]:
    """What was said of the answer, the newest where it is too much."""
    lines = [line for text, style in sitting.told for line in filled([(text, style)], min(inner, READABLE))]
    if len(lines) <= room or not sitting.is_solved:
        return lines[max(len(lines) - room, 0) :]
    return [*lines[: max(room - 1, 0)], (("... w plays all of it, step by step", "faint"),)][:room]


def _title(sitting: Sitting) -> Line:
    question = sitting.question
    lesson = question.lesson if question is not None else None
    return ((lesson.scenario.title if lesson is not None else "Drill", "title"),)


def _progress(sitting: Sitting) -> str:
    session = sitting.session
    number = len(session.asked)
    unsaved = "" if session.store.saves else ", nothing is saved"
    if session.is_exam:
        return f"exam, question {number} of {session.length}{unsaved}"
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


def _shown(sitting: Sitting, lines: int, space: int, cursor: Place | None) -> tuple[int, list[tuple[str, str]]]:
    """The first line in sight, and the key that shows others."""
    last = max(lines - space, 0)
    sitting.first = min(sitting.first, last)
    if cursor is not None and sitting.is_typing and not sitting.first <= cursor[1] < sitting.first + space:
        sitting.first = min(max(cursor[1] - space + 1, 0), last)
    return sitting.first, [("PgDn", "more") if sitting.first < last else ("PgUp", "back")] if last else []


def _keys(sitting: Sitting) -> Iterator[tuple[str, str]]:
    """The keys that matter now, the most wanted first, those that lead out last."""
    asking = sitting.is_asking
    if asking:
        yield ("Enter", "answer")
        if sitting.grid is not None:
            yield ("Tab", "next cell")
    else:
        yield ("Enter", "next")
    later = sitting.session.intervals() if sitting.is_rateable and not asking else {}
    for rating in later:
        for command in sitting.commands:
            if command.letters and command.word == rating.name.lower():
                yield sign(command.letters[0]), f"{command.word}: {lasting(later[rating])}"
    for command in sitting.commands:
        keys = command.keys if asking else command.letters
        if keys and command.keys and (asking or command.word != "skip"):
            yield sign(keys[0]), command.word
