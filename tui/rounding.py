"""The arithmetic of a step in few digits: as many as its terms need to come to the result that is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from stepgrad.engine.arithmetic import written
from stepgrad.engine.number import Number, Padding
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.tui.numbers import CANCELLED, significant

RESULT = 5
"""Significant digits of a result; whole numbers are written in full."""
OPERANDS = (5, 7, 9, 12, 17)
"""Digits tried for the operands, the fewest first."""


@dataclass(frozen=True)
class Rounded:
    """A step as it is written for a reader. `padding` is how the marked zero looks."""

    step: Step
    padding: str = "0'"

    @cached_property
    def digits(self) -> int:
        """How many significant digits of the operands are written."""
        wanted = significant(self.step.value, RESULT)
        return next((digits for digits in OPERANDS if significant(self._with(digits), RESULT) == wanted), OPERANDS[-1])

    @cached_property
    def result(self) -> str:
        """The value; `~0` where it is only what rounding left of terms that cancel."""
        value = self.step.value
        cancelled = value and abs(value) < CANCELLED * largest(self.step)
        return "~0" if cancelled else significant(value, RESULT)

    @cached_property
    def relation(self) -> str:
        """`=` where nothing a reader could see is rounded, else `~`: 0.38 is 0.38, whatever binary makes of it."""
        step = self.step
        operands = [leaf for leaf in step.leaves if not isinstance(leaf, Padding)]
        kept = all(_same(float(self.leaf(leaf)), leaf.value) for leaf in operands)
        whole = self.result != "~0" and _same(float(self.result), step.value)
        return "=" if kept and whole and _same(step.trace.value, step.value) else "~"

    def leaf(self, leaf: Number) -> str:
        """An operand, in the digits of this step."""
        return self.padding if isinstance(leaf, Padding) else significant(leaf.value, self.digits)

    def arithmetic(self, limit: int | None) -> str:
        """`(0.1235*2) + (0'*1) ~ 0.247`."""
        cancel = "  (the terms cancel)" if self.result == "~0" else ""
        result = "0" if cancel else self.result
        return f"{written(self.step.trace, self.leaf, limit)} {self.relation} {result}{cancel}"

    def _with(self, digits: int) -> float:
        """What the operands come to in so many digits."""
        return self.step.trace.evaluate(lambda leaf: float(significant(leaf.value, digits)))


def _same(a: float, b: float) -> bool:
    """Whether two numbers differ by nothing but the last bits of float64."""
    return math.isclose(a, b, rel_tol=1e-14) or (math.isnan(a) and math.isnan(b))


_largest: WeakKeyDictionary[Run, dict[str, float]] = WeakKeyDictionary()


def largest(step: Step) -> float:
    """The largest finite number of the tensor that a step writes, without its sign; looked for once a run."""
    known = _largest.setdefault(step.run, {})
    name = step.node.name
    if name not in known:
        host = step.run.host(name)
        finite = host[np.isfinite(host)]
        known[name] = float(np.abs(finite).max()) if finite.size else math.inf
    return known[name]
