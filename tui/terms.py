"""The terms of a sum in aligned lines: the parts side by side where they fit, else one under the other.

Any line is made when asked for, so a sum of ten thousand terms pages as fast as one of nine.
"""

from __future__ import annotations

from collections.abc import Sequence

from stepgrad.engine.arithmetic import term_written
from stepgrad.engine.fold import Fold, Total
from stepgrad.engine.number import Read
from stepgrad.engine.parts import Parts
from stepgrad.tui.line import BLANK, Line, placed, width
from stepgrad.tui.shown import Shown, runs, unmarked

MEASURED = 512
"""How many terms are looked at for the widest."""
GAP = 1
"""Columns between two parts."""


class Terms:
    """The block of terms of a step. `least` is the width other cells of the node want for a term."""

    def __init__(
        self, parts: Parts, shown: Shown, relation: str, room: int, least: int, columns: Sequence[int]
    ) -> None:
        self._parts = parts
        self._shown = shown
        self._relation = relation
        self._folds: dict[int, Fold] = {}
        self._room = room
        fold = self._fold(0)
        self._count = len(fold)
        self._sign = "+ " if isinstance(fold, Total) else " " * (len(fold.name) + 1)
        self._between = " + " if isinstance(fold, Total) else ", "
        self.size = max([least, *map(self._measured, range(min(len(parts), 8)))])
        """Columns of a term."""
        self._a_line = self._terms_a_line(len(fold.ranges[-1]) if fold.ranges else 1)
        self._lines = -(-self._count // self._a_line) or 1
        self._columns = self._beside(columns)
        self._summed = isinstance(fold, Total) and (len(parts) > 1 or not parts.is_root)

    def __len__(self) -> int:
        """How many lines there are."""
        if self._columns:
            return self._lines + self._summed
        return len(self._parts) * (self._lines + self._own_line)

    @property
    def is_one_line(self) -> bool:
        return len(self._parts) == 1 and self._lines == 1

    def part_of(self, line: int) -> int:
        """The first part that a line shows."""
        return 0 if self._columns else line // (self._lines + self._own_line)

    def line(self, number: int) -> Line:
        if not self._columns:
            part, row = divmod(number, self._lines + self._own_line)
            return self._alone(part, row)
        if number < self._lines:
            return placed((x, self._row(part, number)) for part, x in enumerate(self._columns))
        sums = [(x, self._sum(part)) for part, x in enumerate(self._columns)]
        x = self._columns[-1] + self._width + GAP
        last = self._last()
        return placed([*sums, (x, last)] if last and x + width(last) <= self._room else sums)

    @property
    def _own_line(self) -> bool:
        """Whether a part's sum takes a line of its own, where the parts stand one under the other."""
        return self._summed and self._width + 16 > self._room

    @property
    def _width(self) -> int:
        """Columns of a full line of one part."""
        return len(self._sign) + self._a_line * (self.size + len(self._between)) - len(self._between)

    def _terms_a_line(self, wanted: int) -> int:
        """The last range of the sum makes a line, as the last axis of a window does, where it fits."""
        each = self.size + len(self._between)
        return max(1, min(wanted, (self._room - len(self._sign) + len(self._between)) // each))

    def _beside(self, columns: Sequence[int]) -> list[int]:
        """Where each part starts, on the columns of the board if these are wide enough; none where they do not fit."""
        count, pitch = len(self._parts), self._width + GAP
        own = [part * pitch for part in range(count)]
        on_board = list(columns[:count])
        if len(on_board) == count and all(b - a >= pitch for a, b in zip(on_board, on_board[1:], strict=False)):
            own = on_board
        return own if own[-1] + self._width <= self._room else []

    def _fold(self, part: int) -> Fold:
        if part not in self._folds:
            found = self._parts[part]
            assert isinstance(found, Fold)
            self._folds[part] = found
        return self._folds[part]

    def _measured(self, part: int) -> int:
        fold = self._fold(part)
        return max(
            (len(unmarked(term_written(fold, k, self._shown.styled))) for k in range(min(len(fold), MEASURED))),
            default=0,
        )

    def _row(self, part: int, row: int) -> Line:
        """One line of a part's terms."""
        fold = self._fold(part)
        first, end = row * self._a_line, min((row + 1) * self._a_line, len(fold))
        if first >= len(fold):
            return runs("0") if row == 0 and isinstance(fold, Total) else BLANK
        texts = [term_written(fold, k, self._shown.styled) for k in range(first, end)]
        if isinstance(fold, Total):
            padded = [text + " " * (self.size - len(unmarked(text))) for text in texts[:-1]]
            return runs((self._sign if row else "  ") + self._between.join([*padded, texts[-1]]))
        padded = [f"{text}, " + " " * (self.size - len(unmarked(text))) for text in texts[:-1]]
        start = self._sign if row else f"{fold.name}("
        return runs(start + "".join([*padded, texts[-1]]) + (")" if end == len(fold) else ","))

    def _alone(self, part: int, row: int) -> Line:
        """One line of a part that has the whole width."""
        if row == self._lines:
            return self._sum(part)
        line = self._row(part, row)
        if row == self._lines - 1 and self._summed and not self._own_line:
            return (*line, (" ", ""), *self._sum(part))
        return line

    def _sum(self, part: int) -> Line:
        return ((f"{self._relation} ", ""), (self._shown.number(self._fold(part).value), "strong"))

    def _last(self) -> Line:
        """`bias 1`"""
        last = self._parts.fold.last if self._parts.fold is not None else None
        if not isinstance(last, Read):
            return BLANK
        return ((f"{last.cells.name.rpartition('.')[2]} ", ""), *runs(self._shown.styled(last)))
