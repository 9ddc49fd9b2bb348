"""Numbers as an answer: one, a row of them or a small matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stepgrad.scenarios.drills import reading
from stepgrad.scenarios.drills.answers import Answer
from stepgrad.scenarios.drills.figures import AS_IS, NOISE, Digits
from stepgrad.scenarios.drills.reading import Figure, UnreadableError
from stepgrad.scenarios.drills.verdict import Mark, Outcome, Verdict


@dataclass(frozen=True)
class Numbers(Answer):
    """A number, a row of numbers or a small matrix, each cell graded on its own."""

    value: tuple[float, ...]
    """All cells, in row order."""
    shape: tuple[int, ...] = ()
    digits: Digits = AS_IS

    @property
    def form(self) -> str:  # type: ignore[override]  # a class variable elsewhere; here it depends on the shape
        return ("number", "vector", "matrix")[len(self.shape)]

    @property
    def asks(self) -> str:
        if not self.shape:
            return self.digits.asks(self.value)
        *rows, columns = self.shape
        of = f"{rows[0]} rows of " if rows else ""
        between = "spaces between the numbers, ; between the rows" if rows else "spaces between"
        return f"{of}{self.digits.asks(self.value, columns)}; {between}, ? for one left for later"

    def grade(self, text: str) -> Verdict:
        typed = self._read(text)
        marks = tuple(map(self._mark, typed, self.value))
        cells = marks if self.shape else ()
        if Mark.WRONG in marks:
            cut = zip(typed, self.value, marks, strict=True)
            if all(self._rounded(figures, value) for figures, value, mark in cut if mark is Mark.WRONG):
                wanted = self.digits.rounding or "with all its digits"
                return Verdict(Outcome.UNFINISHED, say=f"right as far as it goes; it is wanted {wanted}")
            return Verdict(Outcome.WRONG, cells)
        if Mark.NOT_DONE in marks:
            return Verdict(Outcome.UNFINISHED, cells, f"{marks.count(Mark.NOT_DONE)} left to do")
        return Verdict(Outcome.RIGHT, cells)

    def spelled(self, value: Any) -> str:
        texts = [self.digits.text(cell) for cell in value]
        if len(self.shape) < 2:
            return " ".join(texts)
        columns = self.shape[1]
        return "; ".join(" ".join(texts[i : i + columns]) for i in range(0, len(texts), columns))

    def means(self, text: str, value: Any) -> bool:
        cells = list(zip(self._read(text), self.value, value, strict=True))
        wrong = [(typed, other) for typed, right, other in cells if self._mark(typed, right) is Mark.WRONG]
        return bool(wrong) and all(self._says(typed, other) for typed, other in wrong)

    def _says(self, typed: Sequence[Figure] | None, value: float) -> bool:
        """Whether a number that need not be right was typed; it may need more digits than the right one has."""
        return self._mark(typed, value) is Mark.RIGHT or any(
            figure.digits > 2 and figure.unit < 1 and abs(figure.value - value) <= figure.unit / 2 * (1 + NOISE)
            for figure in typed or ()
        )

    def _mark(self, typed: Sequence[Figure] | None, right: float) -> Mark:
        if not typed:
            return Mark.NOT_DONE
        return Mark.RIGHT if any(self.digits.agree(figure.value, right) for figure in typed) else Mark.WRONG

    def _rounded(self, typed: Sequence[Figure] | None, right: float) -> bool:
        """Whether too few digits were given, and these are right. One digit alone could be a guess."""
        return any(
            figure.digits > 1 and abs(figure.value - right) <= figure.unit / 2 and figure.unit < abs(right)
            for figure in typed or ()
        )

    def _read(self, text: str) -> list[Sequence[Figure] | None]:
        """The readings of every cell."""
        if not self.shape:
            return [reading.scalar(text)]
        cells = [cell for row in self._rows(text) for cell in row]
        if len(cells) != len(self.value):
            received = "1 number" if len(cells) == 1 else f"{len(cells)} numbers"
            raise UnreadableError(f"received {received}; it takes {len(self.value)}, and ? for one left for later")
        return [None if cell is None else (cell,) for cell in cells]

    def _rows(self, text: str) -> list[list[Figure | None]]:
        if len(self.shape) == 1:
            return [reading.vector(text)]
        rows = reading.matrix(text)
        widths = {len(row) for row in rows}
        if len(rows) > 1 and (len(rows), widths) != (self.shape[0], {self.shape[1]}):
            received = f"{len(rows)} rows of {' and '.join(map(str, sorted(widths)))}"
            raise UnreadableError(f"received {received}; it takes {self.shape[0]} rows of {self.shape[1]}")
        return rows
