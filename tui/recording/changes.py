"""What a paint changes: Textual repaints whole lines, of which a recording keeps the cells that became others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import get_character_cell_size

Cell = tuple[str, str]
"""A character and its style, as the terminal is told; the second half of a wide character is empty."""

_TOKEN = re.compile(r"\x1b\[(?P<numbers>[\d;]*)(?P<letter>[mH])|\x1b\[[^A-Za-z]*[A-Za-z]|\x1b\][^\x07]*\x07|[^\x1b]+")
NEAR = 4
"""Cells between two changes that are written again: a move of the cursor is longer."""


class Changes:
    """The screen as it is shown so far."""

    def __init__(self, columns: int, rows: int) -> None:
        self._cells: list[list[Cell]] = [[("", "?")] * columns for _ in range(rows)]

    def of(self, painted: str) -> str:
        """A paint that has the same effect, in fewer letters. It ends in no style, and the next one begins in none."""
        before: dict[int, list[Cell]] = {}
        for y, x, cells in _written(painted):
            row = self._cells[y]
            if y not in before:
                before[y] = row.copy()
            row[x : x + len(cells)] = cells
        kept: list[str] = []
        style = ""
        for y in sorted(before):
            for start, end in _runs(before[y], self._cells[y]):
                kept.append(f"\x1b[{y + 1};{start + 1}H")
                for character, look in self._cells[y][start:end]:
                    if look != style and character:
                        kept.append(f"\x1b[0;{look}m" if look else "\x1b[0m")
                        style = look
                    kept.append(character)
        return "".join([*kept, "\x1b[0m"] if style else kept)


def _written(painted: str) -> Iterator[tuple[int, int, list[Cell]]]:
    """(row, column, cells) of every stretch that a paint writes."""
    x = y = 0
    style = ""
    for found in _TOKEN.finditer(painted):
        if found["letter"] == "m":
            numbers = found["numbers"]
            style = "" if numbers in ("", "0") else f"{style};{numbers}" if style else numbers
        elif found["letter"] == "H":
            row, _, column = found["numbers"].partition(";")
            y, x = int(row or 1) - 1, int(column or 1) - 1
        elif not found[0].startswith("\x1b"):
            for number, text in enumerate(found[0].split("\n")):
                y += number > 0
                if cells := list(_cells(text, style)):
                    yield y, x, cells
                    x += len(cells)


def _cells(text: str, style: str) -> Iterator[Cell]:
    for character in text:
        yield character, style
        if character > "\x7f" and get_character_cell_size(character) > 1:
            yield "", style


def _runs(before: list[Cell], after: list[Cell]) -> Iterator[tuple[int, int]]:
    """From where to where cells differ, those of a wide character together."""
    if before == after:
        return
    start = end = -1
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            if start >= 0 and x - end > NEAR:
                yield start, end
                start = -1
            start = x - (new[0] == "" and x > 0) if start < 0 else start
            end = x + 1
    if start >= 0:
        yield start, end
