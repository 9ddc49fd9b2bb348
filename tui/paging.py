"""The pages of a long sum: which of its lines stand under the board, and which of its planes on it."""

from __future__ import annotations

from dataclasses import dataclass

from stepgrad.tui.sight import Frame
from stepgrad.tui.terms import Terms


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of a long sum."""

    number: int
    of: int
    lines: range
    first_part: int
    """The first part of the sum whose planes the board shows."""


def paged(frame: Frame, terms: Terms | None, page: int | None) -> Paged:
    """What a page of the sum shows: its terms, or the planes of its parts, may need several."""
    parts, shown = frame.plan.parts, frame.board.parts
    lines, size = len(terms) if terms else 0, max(frame.heights.terms, 1)
    by_lines, by_parts = max(-(-lines // size), 1), -(-parts // shown)
    pages = max(by_lines, by_parts)
    if page is None:
        at = terms.line_at if terms else 0
        page = at // size if by_lines >= by_parts or terms is None else terms.part_of(at) // shown
    page = min(page, pages - 1)
    if terms is None:
        line, part = 0, page * shown
    elif by_lines >= by_parts:
        line = page * size
        part = terms.part_of(line)
    else:
        part = page * shown
        line = min(terms.line_of(part), max(lines - size, 0))
    first_part = min(part // shown * shown, max(parts - shown, 0))
    return Paged(page, pages, range(line, min(line + frame.heights.terms, lines)), first_part)
