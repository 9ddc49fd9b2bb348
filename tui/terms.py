"""The terms of a sum in aligned lines, its parts side by side, as many as fit, and the others under them.

Any line is made when asked for, so a sum of ten thousand terms pages as fast as one of nine.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from stepgrad.engine.arithmetic import term_written
from stepgrad.engine.fold import Fold, Total
from stepgrad.engine.number import Read
from stepgrad.engine.parts import Parts
from stepgrad.tui.digits import Choice
from stepgrad.tui.hues import runs, unmarked
from stepgrad.tui.line import BLANK, Line, placed, width
from stepgrad.tui.so_far import Within, bracketed, faded

MEASURED = 64
"""How many terms are looked at for the widest."""
GAP = 1
"""Columns between two parts."""
SUM = 16
"""Columns of a part's sum behind its last line."""


class Terms:
    """The block of terms of a step. `least` is the width other cells of the node want for a term.

    `at` is the term that is being added: it stands in brackets, and what comes after it is pale.
    """

    def __init__(
        self, parts: Parts, choice: Choice, room: int, least: int, columns: Sequence[int], at: Within | None = None
    ) -> None:
        self._parts = parts
        self._at = at
        self._choice = choice
        self._shown = choice.shown
        self._room = room
        fold = self._fold(0)
        self._count = len(fold)
        self._sign = "+ " if isinstance(fold, Total) else " " * (len(fold.name) + 1)
        self._between = " + " if isinstance(fold, Total) else ", "
        self.size = max([least, *map(self._measured, range(min(len(parts), 8)))])
        """Columns of a term."""
        self._a_line = self._terms_a_line(len(fold.ranges[-1]) if fold.ranges else 1)
        self._lines = -(-self._count // self._a_line) or 1
        self._summed = isinstance(fold, Total) and (len(parts) > 1 or not parts.is_root)
        self._columns = self._beside(columns)
        """Where each part of a band starts."""
        alone = len(self._columns) == 1 and self._width + SUM <= room
        self._inline = self._summed and alone
        """Whether a part's sum stands behind its last line of terms; else it has a line of its own."""
        self.band = self._lines + (self._summed and not self._inline)
        """Lines of a band of parts."""

    def __len__(self) -> int:
        """How many lines there are."""
        return -(-len(self._parts) // len(self._columns)) * self.band

    @property
    def is_one_line(self) -> bool:
        return len(self._parts) == 1 and self._lines == 1

    def part_of(self, line: int) -> int:
        """The first part that a line shows."""
        return line // self.band * len(self._columns)

    def first_term(self, line: int) -> tuple[int, int]:
        """The first term that a line shows: its part, and its number there."""
        return self.part_of(line), min(line % self.band, self._lines - 1) * self._a_line

    @property
    def line_at(self) -> int:
        """The line with the term that is being added; the first where there is none."""
        if self._at is None:
            return 0
        part = min(self._at.part, len(self._parts) - 1)
        row = self._lines - 1 if part < self._at.part else self._at.term // self._a_line
        return self.line_of(part) + row

    def line_of(self, part: int) -> int:
        """The first line that shows a part."""
        return part // len(self._columns) * self.band

    def line(self, number: int) -> Line:
        band, row = divmod(number, self.band)
        first = band * len(self._columns)
        parts = list(zip(self._columns, range(first, len(self._parts)), strict=False))
        if row < self._lines:
            pieces = [(x, self._marked(part, row)) for x, part in parts]
            end: Line = ((" ", ""), *self._sum(first)) if self._inline and row == self._lines - 1 else BLANK
            return (*placed(pieces), *end)
        sums = [(x, self._sum(part)) for x, part in parts]
        last = self._last() if parts[-1][1] == len(self._parts) - 1 else BLANK
        x = parts[-1][0] + self._width + GAP
        return placed([*sums, (x, last)] if last and x + width(last) <= self._room else sums)

    @property
    def _width(self) -> int:
        """Columns of a full line of one part."""
        return len(self._sign) + self._a_line * (self.size + len(self._between)) - len(self._between)

    def _terms_a_line(self, wanted: int) -> int:
        """The last range of the sum makes a line, as the last axis of a window does, where it fits."""
        each = self.size + len(self._between)
        return max(1, min(wanted, (self._room - len(self._sign) + len(self._between)) // each))

    def _beside(self, columns: Sequence[int]) -> list[int]:
        """Where the parts of a band start: under their planes where these are far enough apart."""
        count, pitch = len(self._parts), self._width + GAP
        under = list(columns[:count])
        apart = all(b - a >= pitch for a, b in pairwise(under))
        if len(under) == count and apart and under[-1] + self._width <= self._room:
            return under
        return [part * pitch for part in range(max(1, min(count, (self._room + GAP) // pitch)))]

    def _fold(self, part: int) -> Fold:
        found = self._parts[part]
        assert isinstance(found, Fold)
        return found

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

    def _marked(self, part: int, row: int) -> Line:
        """A line of a part's terms as far as they are in."""
        line = self._row(part, row)
        if self._at is None or self._at.has(part):
            return line
        if part > self._at.part or row > self._at.term // self._a_line:
            return faded(line, 0)
        if row < self._at.term // self._a_line:
            return line
        k = self._at.term % self._a_line
        start = len(self._sign) + k * (self.size + len(self._between))
        end = start + len(unmarked(term_written(self._fold(part), self._at.term, self._shown.styled)))
        return bracketed(faded(line, end), start, end)

    def _sum(self, part: int) -> Line:
        if self._at is not None and not self._at.has(part):
            return BLANK
        fold = self._fold(part)
        return ((f"{self._choice.sign(fold)} ", ""), (self._shown.number(fold.value), "strong"))

    def _last(self) -> Line:
        """`bias 1`"""
        last = self._parts.fold.last if self._parts.fold is not None else None
        if not isinstance(last, Read):
            return BLANK
        return ((f"{last.cells.name.rpartition('.')[2]} ", ""), *runs(self._shown.styled(last)))
