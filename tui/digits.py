"""How many digits of a step's numbers are shown, so that what is displayed adds up: on the board, and in flat text.

`=` stands only between numbers shown in full. Where digits were left out it is `~`, with as many digits as it takes for
the displayed terms to come to the displayed result.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakKeyDictionary

import numpy as np

from stepgrad.engine.arithmetic import exact, written
from stepgrad.engine.fold import Fold, Total
from stepgrad.engine.number import Number, Operation, Padding, Read
from stepgrad.engine.parts import Parts
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.tui.numbers import CANCELLED, NOISE, close, significant

if TYPE_CHECKING:
    from stepgrad.tui.scene import Scene, Scenery

RESULT = 5
"""Significant digits of a result in flat text; whole numbers are written in full."""
FEWEST, MOST = 5, 17
"""Digits, where those of the board are too few."""
EQUAL = 1e-12
"""What two sides of an equation may differ by: the rounding of a long sum in float64."""
ROUNDING = "~0"
"""What rounding left of terms that cancel."""
CHECKED = 8
"""Parts whose terms are added up as they are displayed; no more of them are on the screen."""


class Writing(Protocol):
    """How the numbers of a tensor are written."""

    @property
    def tolerance(self) -> float: ...

    @property
    def complete(self) -> bool: ...

    def text(self, value: float) -> str: ...


class Significant(NamedTuple):
    """Numbers to so many digits, whatever else their tensor holds; `largest` is the largest one that it does."""

    largest: float = 0.0
    tolerance: float = NOISE
    complete: bool = False

    def text(self, value: float) -> str:
        """The number; `~0` where it is only what rounding left of terms that cancel."""
        return ROUNDING if value and abs(value) < CANCELLED * self.largest else _digits(value, RESULT)


class Rule(NamedTuple):
    """What is tried, and up to how many terms; of more the digits are reckoned."""

    full: tuple[int, ...]
    """Digits in which numbers are shown that need no more; 0 stands for those of their tensor."""
    tries: Sequence[int]
    limit: int


BOARD = Rule((0, 5, 6, 7), range(FEWEST, MOST), 128)
TEXT = Rule((RESULT,), (5, 7, 9, 12), sys.maxsize)


def unstyled(_: Number, text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of the numbers in a step's trace. 0 digits stand for those of their tensor."""

    scale: Callable[[str], Writing]
    """How the numbers of a tensor are written, by its name."""
    digits: int = 0
    """Digits of what was read."""
    sums: int = 0
    """Digits of what no tensor holds: a part's sum, a divisor."""
    padding: str = "0'"
    """How the marked zero looks."""
    style: Callable[[Number, str], str] = unstyled
    """Marks the text of a leaf with its style."""

    def text(self, leaf: Number) -> str:
        if isinstance(leaf, Padding):
            return self.padding
        if not isinstance(leaf, Read):
            return self.number(leaf.value)
        return self.scale(leaf.cells.name).text(leaf.value) if not self.digits else _digits(leaf.value, self.digits)

    def number(self, value: float) -> str:
        """A number that no tensor holds."""
        return _digits(value, self.sums)

    def styled(self, leaf: Number) -> str:
        """The text, its style marked behind it."""
        return self.style(leaf, self.text(leaf))

    def worth(self, leaf: Number) -> float:
        """What a leaf is worth as it is shown."""
        return 0.0 if isinstance(leaf, Padding) else read(self.text(leaf))

    def is_full(self, leaf: Number) -> bool:
        """Whether a leaf is shown in full."""
        tolerance = self.scale(leaf.cells.name).tolerance if isinstance(leaf, Read) else NOISE
        return close(self.worth(leaf), leaf.value, tolerance)


@dataclass(frozen=True, slots=True)
class Choice:
    """How a step's numbers are shown, and whether that is in full."""

    step: Step
    shown: Shown
    result: str
    """The cell's own number."""
    relation: str
    """`=` or `~` before the result."""
    full: bool
    """Whether every number read is shown in full."""
    dtype: str = ""
    """The tensor's dtype, where the arithmetic in float64 comes to other digits than it holds."""

    def sign(self, part: Number) -> str:
        """`=` or `~` before the sum of a part."""
        return "=" if self.full and _equal(part, self.shown, self.shown.number(part.value), BOARD) else "~"

    def arithmetic(self, limit: int | None) -> str:
        """`(0.1235*2) + (0'*1) ~ 0.247`, in at most so many terms."""
        cancel = "  (the terms cancel)" if self.result == ROUNDING else ""
        result = "0" if cancel else self.result
        return f"{written(self.step.trace, self.shown.text, limit)} {self.relation} {result}{cancel}"


def on_board(
    scene: Scene, scenery: Scenery, style: Callable[[Number, str], str] = unstyled, *, all_digits: bool
) -> Choice:
    """In the digits of the board's columns where these are enough, else in the fewest that are."""
    step = scene.step
    shown = Shown(partial(scenery.scale, step), style=style)
    if all_digits:
        whole = replace(shown, digits=MOST, sums=MOST)
        return Choice(step, whole, exact(step.value), step.relation, step.relation == "=")
    return _choose(step, shown, scene.parts, BOARD)


def in_text(step: Step, padding: str = "0'") -> Choice:
    """In as few digits as the terms need to come to a result of five; nothing beside the step is measured for them."""

    def scale(name: str) -> Writing:
        return Significant(largest(step)) if name == step.node.name else Significant()

    return _choose(step, Shown(scale, padding=padding), None, TEXT)


def _choose(step: Step, plain: Shown, parts: Parts | None, rule: Rule) -> Choice:
    """The fewest digits whose displayed terms come to the displayed result; all of them where these are few."""

    def shown(digits: int, sums: int) -> Shown:
        return replace(plain, digits=digits, sums=sums)

    scale = plain.scale(step.node.name)
    want = scale.text(step.value)
    if want == ROUNDING and not cancels(step.trace):
        # Small beside what else the tensor holds, as when a training diverges, but a number all the same.
        scale = Significant(tolerance=scale.tolerance)
        want = scale.text(step.value)
    dtype = "" if scale.text(step.trace.value) == want else step.node.spec.dtype
    together = step.trace if parts is None else parts.together
    is_long = step.terms > rule.limit
    # Each rounded term may be off by half a unit, so a sum of a thousand takes three digits more than its result.
    tries = [FEWEST + len(str(step.terms))] if is_long else rule.tries
    sums = next((n for n in tries if _comes_to(together, shown(n, n), scale, want)), MOST)
    plainly = next((n for n in rule.full if _is_full(step, shown(n, sums), rule)), None)
    if plainly is not None:
        most = rule.full[-1]
        short = significant(step.value, most)
        result = short if close(read(short), step.value, scale.tolerance) else want
        found = shown(plainly, max(sums, most))
        relation = "=" if _equal(step.trace, found, result, rule) else "~"
        return Choice(step, found, result, relation, full=True, dtype=dtype)
    own = (0,) if rule.full[0] == 0 and not is_long else ()
    for digits in (*own, *(n for n in tries if n >= sums)):
        tried = shown(digits, sums)
        if is_long or (_comes_to(step.trace, tried, scale, want) and _parts_agree(parts, tried)):
            return Choice(step, tried, want, "~", full=False, dtype=dtype)
    return Choice(step, shown(MOST, sums), want, "~", full=False, dtype=dtype)


def cancels(number: Number) -> bool:
    """Whether a sum in the number is nothing beside its own terms, and so no more than their rounding."""
    if isinstance(number, Total) or (isinstance(number, Operation) and number.operator.sign in ("+", "-")):
        largest = max((abs(term.value) for term in number.operands), default=0.0)
        return abs(number.value) < CANCELLED * largest
    return any(map(cancels, number.operands))


def _is_full(step: Step, shown: Shown, rule: Rule) -> bool:
    """Whether every number read is shown in full."""
    if all(shown.scale(name).complete for name in step.node.inputs if name is not None):
        return True
    return step.terms <= rule.limit and all(map(shown.is_full, step.leaves))


def _equal(number: Number, shown: Shown, text: str, rule: Rule) -> bool:
    """Whether a trace, worked out from its leaves as they are shown, is just what is displayed."""
    terms = len(number) if isinstance(number, Fold) else 0
    worked = number.value if terms > rule.limit else number.evaluate(shown.worth)
    return close(read(text), worked, EQUAL)


def _comes_to(number: Number, shown: Shown, scale: Writing, want: str) -> bool:
    """Whether a trace, worked out from its leaves as they are shown, is displayed as `want`."""
    return scale.text(number.evaluate(shown.worth)) == want


def _parts_agree(parts: Parts | None, shown: Shown) -> bool:
    """Whether the terms of each part, as they are shown, come to the part's sum as it is shown."""
    if parts is None or parts.fold is None or parts.is_root:
        return True
    every = (parts[i] for i in range(min(len(parts), CHECKED)))
    return all(shown.number(part.evaluate(shown.worth)) == shown.number(part.value) for part in every)


def _digits(value: float, digits: int) -> str:
    """A number to so many digits. The zeros of a rounded one stay: 1.999998 is no 2, but 2.0000."""
    if digits >= MOST:
        return exact(value)
    text = significant(value, digits)
    lost = digits - len(text.lstrip("-").replace(".", "").lstrip("0"))
    if lost <= 0 or "e" in text or close(read(text), value, NOISE):
        return text
    return f"{text}{'' if '.' in text else '.'}{'0' * lost}"


def read(text: str) -> float:
    """What a displayed number says."""
    return 0.0 if text == ROUNDING else float(text)


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
