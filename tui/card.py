"""The page of a card: a lesson without a network, whose entries are read a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stepgrad.tui.footer import Footer
from stepgrad.tui.line import BLANK, READABLE, Line, headed, indented, spread, wrapped
from stepgrad.tui.sheet import MARGIN, Heights, Page, assemble, share

if TYPE_CHECKING:
    from stepgrad.scenarios.format import EntryTable

INDENT = 2


def card_page(
    title: str, entries: Sequence[EntryTable], narration: list[Line], page: int, width: int, height: int, footer: Footer
) -> Page:
    """The title, as many whole entries as there is room for, and what is said beneath."""
    inner = max(width - MARGIN, 1)
    wanted = Heights(board=height, narration=len(narration), progress=0)
    room = max(height - wanted.with_board(0).taken - 2, 1)
    pages = paged((written(entry, min(inner, READABLE)) for entry in entries), room)
    shown = pages[min(page, len(pages) - 1)]
    counted: Line = ((f"↑↓ {min(page, len(pages) - 1) + 1} of {len(pages)}", "faint"),) if len(pages) > 1 else BLANK
    return assemble(
        share(wanted.with_board(len(shown)), height),
        width,
        title=[spread(((title, "title"),), counted, inner)],
        board=shown,
        narration=narration,
        footer=[footer(inner)],
        pages=len(pages),
    )


def written(entry: EntryTable, room: int) -> list[Line]:
    """An entry: its term and text, what was printed where that is wrong, and the lesson that shows it."""
    lines = wrapped(headed(f"{entry.term}:", entry.text), room)
    if entry.printed:
        lines += _beneath(f"Printed ({entry.erratum}): {entry.printed}", room)
    return lines + (_beneath(f"-> {entry.lesson}", room) if entry.lesson else [])


def paged(entries: Iterable[list[Line]], room: int) -> list[list[Line]]:
    """Entries in pages of at most `room` lines, an empty line between two; an entry stays whole if it can."""
    pages: list[list[Line]] = [[]]
    for entry in entries:
        here = pages[-1]
        if here and len(here) + 1 + len(entry) > room:
            pages.append(list(entry))
        else:
            pages[-1] = [*here, *([BLANK] if here else []), *entry]
    return pages


def _beneath(text: str, room: int) -> list[Line]:
    return [indented(line, INDENT) for line in wrapped(text, max(room - INDENT, 1))]
