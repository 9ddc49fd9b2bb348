"""Handouts in Markdown: tables for matrices, code for arithmetic; what GitHub and every notebook show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stepgrad.tui.handout import Entry, Matrix, Section, Sheet

LOOKS = {"": "{}", "read": "**{}**", "new": "**[{}]**", "unwritten": "·", "more": "…"}


def lines(title: str, sections: Iterable[Section]) -> Iterator[str]:
    """The lines of the document."""
    yield f"# {escaped(title)}"
    yield from body(sections)


def body(sections: Iterable[Section]) -> Iterator[str]:
    """The lines without the title, each section after an empty one."""
    for section in sections:
        heading = section.title or (section.sheet.name if section.sheet else "")
        if heading:
            yield from ("", f"## {escaped(heading)}")
        for paragraph in section.words.splitlines():
            yield from ("", escaped(paragraph))
        if section.sheet is not None:
            yield from _sheet(section.sheet)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield from ("", f"`{sheet.name}`, step {sheet.number}")
    for matrix in sheet.matrices:
        yield from ("", *_table(matrix))
    note = f"   ({sheet.note})" if sheet.note else ""
    yield from ("", "```text", f"{sheet.formula}{note}")
    if sheet.arithmetic:
        yield f"{sheet.name} = {sheet.arithmetic}"
    yield "```"


def _table(matrix: Matrix) -> Iterator[str]:
    yield _row([f"`{matrix.name}`", *matrix.columns])
    yield _row(["---", *["---:"] * len(matrix.columns)])
    for place, entries in matrix.rows:
        yield _row([place, *map(_entry, entries)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _entry(entry: Entry) -> str:
    return LOOKS[entry.look].format(entry.text)


def escaped(text: str) -> str:
    """Prose: only `**bold**` is meant."""
    return re.sub(r"(?<=^\d)(?=[.)])|(?=[\\`<_~])|^(?=[#+>-])", r"\\", text)
