"""Numbers typed into a grid: one cell at a time, in any order, and what became of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stepgrad.scenarios.drills.verdict import Mark

LONGEST = 16
"""Characters of a number."""
ARROWS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
BLANK = "?"
"""Stands for a cell that is left for later."""


class Grid:
    """The cells of an answer that is a row or a matrix."""

    def __init__(self, shape: Sequence[int]) -> None:
        self.columns = shape[-1]
        self.cells = [""] * (shape[-1] * (shape[0] if len(shape) > 1 else 1))
        self.marks: list[Mark | None] = [None] * len(self.cells)
        """What became of each cell; None where it was not graded as it stands."""
        self.at = 0

    @property
    def rows(self) -> int:
        return len(self.cells) // self.columns

    @property
    def place(self) -> tuple[int, int]:
        """The row and the column that is typed in."""
        return divmod(self.at, self.columns)

    @property
    def text(self) -> str:
        """The answer as one types it in a line. A decimal comma would be taken for the end of a number there."""
        texts = [cell.replace(",", ".") or BLANK for cell in self.cells]
        rows = (texts[i : i + self.columns] for i in range(0, len(texts), self.columns))
        return "; ".join(" ".join(row) for row in rows)

    def press(self, key: str, character: str | None) -> bool:
        """Do what a key means, or type its character. Returns whether it means anything in a grid."""
        if key in ARROWS:
            self.move(*ARROWS[key])
        elif key in ("tab", "shift+tab"):
            self.step(1 if key == "tab" else -1)
        elif key in ("home", "end"):
            self.at = 0 if key == "home" else len(self.cells) - 1
        elif key == "backspace":
            self.erase()
        elif character:
            self.type(character)
        else:
            return False
        return True

    def type(self, character: str) -> None:
        """Add a character to the cell; a blank or a semicolon leads on."""
        if character in " ;\t":
            self.step(1)
        elif len(self.cells[self.at]) < LONGEST:
            self._write(self.cells[self.at] + character)

    def erase(self) -> None:
        """Take the last character away; in an empty cell, go back to the one before."""
        if self.cells[self.at]:
            self._write(self.cells[self.at][:-1])
        else:
            self.step(-1)

    def clear(self) -> None:
        """Empty the cell."""
        self._write("")

    def step(self, by: int) -> None:
        """To the next cell, row by row, and round at the end."""
        self.at = (self.at + by) % len(self.cells)

    def move(self, rows: int, columns: int) -> None:
        """To a neighbour; at an edge it stays."""
        row, column = self.place
        row, column = row + rows, column + columns
        if 0 <= row < self.rows and 0 <= column < self.columns:
            self.at = row * self.columns + column

    def paste(self, text: str) -> None:
        """Fill cells from this one on. What is more than the cells hold is left out."""
        for word in re.findall(r"[^\s;|\[\](){}]+", text[: LONGEST * 2 * len(self.cells)]):
            self._write("" if word == BLANK else word[:LONGEST])
            if self.at == len(self.cells) - 1:
                return
            self.step(1)

    def grade(self, marks: Sequence[Mark]) -> None:
        """Keep what became of each cell, and go to the first that is not right."""
        if marks:
            self.marks = list(marks)
            self.at = next((i for i, mark in enumerate(marks) if mark is not Mark.RIGHT), self.at)

    def _write(self, text: str) -> None:
        self.cells[self.at] = text
        self.marks[self.at] = None
