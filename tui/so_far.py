"""A cell in the middle of its sum: which term is being added, what the sum has come to, what is still to come."""

from __future__ import annotations

from typing import NamedTuple

from stepgrad.engine.arithmetic import term_written
from stepgrad.engine.fold import Total
from stepgrad.engine.parts import Parts
from stepgrad.engine.step import Step
from stepgrad.tui.digits import Choice
from stepgrad.tui.hues import runs
from stepgrad.tui.line import Line, Run, columns, filled, width


class Within(NamedTuple):
    """The term that is being added: its part of the sum, and its number there. The last term stands in no part."""

    part: int
    term: int

    def has(self, part: int) -> bool:
        """Whether a part is in whole."""
        return part < self.part


def within(parts: Parts, term: int) -> Within:
    """Where term number `term` (from 0) of a cell stands among its parts."""
    fold = parts.fold
    if fold is None or fold.indices(term) is None:
        return Within(len(parts), 0)
    return Within(*divmod(term, len(fold.looped()) // len(parts)))


def so_far(step: Step, name: str, choice: Choice, term: int, room: int) -> list[Line]:
    """`out[0,1] so far: 3 + 2×-1 = 1   term 5 of 9`; `term` counts from 1."""
    found, fold, shown = step.term(term - 1), step.fold, choice.shown
    if fold is None:
        return []
    added: Line = runs(term_written(fold, term - 1, shown.styled))
    if term > 1:
        before = shown.number(step.term(term - 2).partial)
        total = isinstance(fold, Total)
        added = ((f"{before} + " if total else f"{fold.name}({before}, ", ""), *added, *(() if total else ((")", ""),)))
    text = shown.number(found.partial)
    sign = "=" if choice.relation == "=" and text == shown.number(float(text)) else "~"
    line: list[Run] = [(f"{name} so far", "label-new"), (": ", ""), *added, (f" {sign} ", ""), (text, "result")]
    *first, last = filled(line, room)
    place: Run = (f"   term {term} of {step.terms}", "faint")
    return [*first, (*last, place) if width((*last, place)) <= room else last]


def bracketed(line: Line, start: int, end: int) -> Line:
    """The line with the columns from `start` to `end` in brackets, which take the place of the blanks beside them."""
    cells = _cells(line)
    for x in range(start, min(end, len(cells))):
        cells[x] = (cells[x][0], "next")
    for x, sign in ((start - 1, "["), (end, "]")):
        if x == len(cells):
            cells.append((sign, "next"))
        elif 0 <= x < len(cells) and cells[x][0] == " ":
            cells[x] = (sign, "next")
    return _joined(cells)


def faded(line: Line, start: int) -> Line:
    """The line as what is still to come from a column on."""
    cells = _cells(line)
    return _joined([*cells[:start], *((sign, "unwritten") for sign, _ in cells[start:])])


def _cells(line: Line) -> list[Run]:
    assert all(columns(text) == len(text) for text, _ in line)
    return [(sign, style) for text, style in line for sign in text]


def _joined(cells: list[Run]) -> Line:
    found: list[Run] = []
    for sign, style in cells:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + sign, style)
        else:
            found.append((sign, style))
    return tuple(found)
