"""Traced numbers written out: ASCII that a person reads and a parser takes.

(1*1) + (0*-1) + 2 = 3        max(1, 3, 5, 6) = 6        (3 - 5)^2/8 = 0.5        where(2 > 0, 7, 0) = 7
"""

from __future__ import annotations

import math
from collections.abc import Callable

from stepgrad.engine.fold import Fold, Total
from stepgrad.engine.number import Number, Operation
from stepgrad.engine.operators import ADD, MULTIPLY, SQUARE

Show = Callable[[Number], str]
"""Writes a leaf: a constant, a read, a padding zero."""

TERMS = 12
"""How many terms of a long sum are written; the last (a bias) is always one of them."""

CALL = 90
_SPACED = {"+", "-", "<", "<=", ">", ">=", "=="}


def exact(value: float) -> str:
    """All digits; whole numbers without a point, and no negative zero."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return repr(value)


def exact_leaf(leaf: Number) -> str:
    return exact(leaf.value)


def written(number: Number, show: Show = exact_leaf, limit: int | None = TERMS, *, grouped: bool = True) -> str:
    """The arithmetic of a traced number. `grouped` puts each product of a sum in parentheses."""
    return _Writer(show, limit, grouped).text(number)


def term_written(fold: Fold, k: int, show: Show = exact_leaf) -> str:
    """Term k alone, as it stands in the arithmetic of its fold, without the parentheses round a product."""
    writer, term = _Writer(show, TERMS, grouped=False), fold.term(k)
    return writer.addend(term) if isinstance(fold, Total) else writer.text(term)


class _Writer:
    def __init__(self, show: Show, limit: int | None, grouped: bool) -> None:
        self.show = show
        self.limit = limit
        self.grouped = grouped

    def text(self, number: Number) -> str:
        if isinstance(number, Total):
            return self._sum(number)
        if isinstance(number, Fold):
            return f"{number.name}({', '.join(self._terms(number))})"
        if isinstance(number, Operation):
            return self._operation(number)
        return self.show(number)

    def _sum(self, number: Total) -> str:
        return " + ".join(self._terms(number)) if len(number) else "0"

    def _terms(self, number: Fold) -> list[str]:
        count, limit = len(number), self.limit
        write = self.addend if isinstance(number, Total) and count > 1 else self.text
        if limit is None or count <= limit:
            return [write(term) for term in number]
        first = [write(number.term(k)) for k in range(limit - 1)]
        return [*first, "...", write(number.term(count - 1))]

    def addend(self, term: Number) -> str:
        text = self.inside(term, ADD.binding + 1)
        product = isinstance(term, Operation) and term.operator.binding == MULTIPLY.binding
        return f"({text})" if product and self.grouped else text

    def _operation(self, number: Operation) -> str:
        operator, operands = number.operator, number.operands
        binding = operator.binding
        if binding == CALL:
            return f"{operator.sign}({', '.join(self.text(operand) for operand in operands)})"
        if operator is SQUARE:
            return f"{self.inside(operands[0], binding + 1)}^2"
        if len(operands) == 1:
            return f"{operator.sign}{self.inside(operands[0], binding + 1)}"
        # Only + - * / are read from the left: a^b^c and a < b < c would be guessed at.
        chains = binding in (ADD.binding, MULTIPLY.binding)
        left = self.inside(operands[0], binding if chains else binding + 1)
        right = self.inside(operands[1], binding + 1)
        sign = f" {operator.sign} " if operator.sign in _SPACED else operator.sign
        return f"{left}{sign}{right}"

    def inside(self, number: Number, binding: int) -> str:
        """The text as an operand of a sign that binds as strongly as `binding`."""
        if isinstance(number, Total) and len(number) == 1:
            return self.inside(number.term(0), binding)
        text = self.text(number)
        if isinstance(number, Operation):
            return f"({text})" if number.operator.binding < binding else text
        if isinstance(number, Total):
            return f"({text})" if len(number) > 1 and binding > ADD.binding else text
        # A factor may start with a minus (1*-1); a term or a base may not (1 + -1, -1^2).
        bare = binding in (ADD.binding, MULTIPLY.binding, MULTIPLY.binding + 1) or binding < ADD.binding
        return text if bare or not text.startswith("-") else f"({text})"
