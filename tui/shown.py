"""How many digits of a step's numbers are shown, so that what is displayed adds up.

`=` stands only between numbers shown in full. Where digits were left out it is `~`, with as many digits as it takes for
the displayed terms to come to the displayed result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stepgrad.engine.arithmetic import exact
from stepgrad.engine.fold import Fold
from stepgrad.engine.number import Number, Padding, Read
from stepgrad.tui.board import Plan
from stepgrad.tui.drawing import PADDING
from stepgrad.tui.line import Line, Run
from stepgrad.tui.numbers import NOISE, Scale, close, significant
from stepgrad.tui.scene import Scene, Scenery
from stepgrad.tui.views import HUES

FEWEST, MOST = 5, 17
"""Digits, where those of the board are too few."""
EQUAL = 1e-12
"""What two sides of an equation may differ by: the rounding of a long sum in float64."""
FULL = (0, 5, 6, 7)
"""Digits in which numbers are shown that need no more."""
CHECKED = 8
"""Parts whose terms are added up as they are displayed; no more of them are on the screen."""
LONG = 128
"""Terms from which on the digits are reckoned, not tried."""

_MARK = 0xE000
_STYLES = (*(f"hue{i}" for i in range(HUES)), "hue-shared", "padding")
_MARKED = re.compile(r"([-\w.~']+)([\ue000-\ue0ff])")


class Shown:
    """The text of the numbers in a step's trace. 0 digits stand for those of the board."""

    def __init__(self, scene: Scene, scenery: Scenery, plan: Plan, digits: int, sums: int) -> None:
        self.digits = digits
        """Digits of what was read."""
        self.sums = sums
        """Digits of what no tensor holds: a part's sum, a divisor."""
        self._scene = scene
        self._scenery = scenery
        self._hues = hues(plan)

    def text(self, leaf: Number) -> str:
        if isinstance(leaf, Padding):
            return PADDING[0]
        scale = self._scale(leaf)
        if scale is None:
            return self.number(leaf.value)
        return scale.text(leaf.value) if not self.digits else _digits(leaf.value, self.digits)

    def number(self, value: float) -> str:
        """A number that no tensor holds."""
        return _digits(value, self.sums)

    def styled(self, leaf: Number) -> str:
        """The text, its style marked behind it."""
        style = "padding" if isinstance(leaf, Padding) else ""
        text = self.text(leaf)
        if isinstance(leaf, Read):
            style = self._hues.get(leaf.cells.name, "")
            letters = self._scenery.letters.get(leaf.cells.name)
            text = text if letters is None else str(letters[leaf.index])
        return text + (chr(_MARK + _STYLES.index(style)) if style else "")

    def worth(self, leaf: Number) -> float:
        """What a leaf is worth as it is shown."""
        return 0.0 if isinstance(leaf, Padding) else read(self.text(leaf))

    def is_full(self, leaf: Number) -> bool:
        """Whether a leaf is shown in full."""
        scale = self._scale(leaf)
        return close(self.worth(leaf), leaf.value, scale.tolerance if scale else NOISE)

    def _scale(self, leaf: Number) -> Scale | None:
        return self._scenery.scale(self._scene.step, leaf.cells.name) if isinstance(leaf, Read) else None


def hues(plan: Plan) -> dict[str, str]:
    """The style of each operand, by its tensor."""
    own = [(slot.plane.tensor, f"hue{i % HUES}") for i, slot in enumerate(plan.operands)]
    return dict([*((slot.plane.tensor, "hue-shared") for slot in plan.shared), *reversed(own)])


@dataclass(frozen=True, slots=True)
class Choice:
    """How a step's numbers are shown, and whether that is in full."""

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
        return "=" if self.full and _equal(part, self.shown, self.shown.number(part.value)) else "~"


def choose(scene: Scene, scenery: Scenery, plan: Plan, *, all_digits: bool) -> Choice:
    """The fewest digits whose displayed terms come to the displayed result; all of them where these are few."""

    def shown(digits: int, sums: int) -> Shown:
        return Shown(scene, scenery, plan, digits, sums)

    step = scene.step
    scale = scenery.scale(step, step.node.name)
    want = scale.text(step.value)
    if all_digits:
        return Choice(shown(MOST, MOST), exact(step.value), step.relation, step.relation == "=")
    dtype = "" if scale.text(step.trace.value) == want else step.node.spec.dtype
    together = scene.parts.together
    # Each rounded term may be off by half a unit, so a sum of a thousand takes three digits more than its result.
    tries = range(FEWEST, MOST) if step.terms <= LONG else [FEWEST + len(str(step.terms))]
    sums = next((n for n in tries if _comes_to(together, shown(n, n), scale, want)), MOST)
    plainly = next((n for n in FULL if _is_full(scene, scenery, shown(n, sums))), None)
    if plainly is not None:
        short = significant(step.value, FULL[-1])
        result = short if close(read(short), step.value, scale.tolerance) else want
        found = shown(plainly, max(sums, FULL[-1]))
        relation = "=" if _equal(step.trace, found, result) else "~"
        return Choice(found, result, relation, full=True, dtype=dtype)
    board = () if step.terms > LONG else (0,)
    for digits in (*board, *(n for n in tries if n >= sums)):
        tried = shown(digits, sums)
        if step.terms > LONG or (_comes_to(step.trace, tried, scale, want) and _parts_agree(scene, tried)):
            return Choice(tried, want, "~", full=False, dtype=dtype)
    return Choice(shown(MOST, sums), want, "~", full=False, dtype=dtype)


def _is_full(scene: Scene, scenery: Scenery, shown: Shown) -> bool:
    """Whether every number read is shown in full."""
    step = scene.step
    if all(scenery.scale(step, name).complete for name in step.node.inputs if name is not None):
        return True
    return step.terms <= LONG and all(map(shown.is_full, step.leaves))


def _equal(number: Number, shown: Shown, text: str) -> bool:
    """Whether a trace, worked out from its leaves as they are shown, is just what is displayed."""
    terms = len(number) if isinstance(number, Fold) else 0
    worked = number.value if terms > LONG else number.evaluate(shown.worth)
    return close(read(text), worked, EQUAL)


def _comes_to(number: Number, shown: Shown, scale: Scale, want: str) -> bool:
    """Whether a trace, worked out from its leaves as they are shown, is displayed as `want`."""
    return scale.text(number.evaluate(shown.worth)) == want


def _parts_agree(scene: Scene, shown: Shown) -> bool:
    """Whether the terms of each part, as they are shown, come to the part's sum as it is shown."""
    parts = scene.parts
    if parts.fold is None or parts.is_root:
        return True
    every = (parts[i] for i in range(min(len(parts), CHECKED)))
    return all(shown.number(part.evaluate(shown.worth)) == shown.number(part.value) for part in every)


def _digits(value: float, digits: int) -> str:
    return exact(value) if digits >= MOST else significant(value, digits)


def read(text: str) -> float:
    """What a displayed number says."""
    return 0.0 if text == "~0" else float(text)


def unmarked(text: str) -> str:
    return _MARKED.sub(r"\1", text)


def runs(marked: str) -> Line:
    """The runs of a text with styles marked in it."""
    found: list[Run] = []
    at = 0
    for match in _MARKED.finditer(marked):
        found.append((marked[at : match.start()], ""))
        found.append((match[1], _STYLES[ord(match[2]) - _MARK]))
        at = match.end()
    found.append((marked[at:], ""))
    return tuple((text.replace("*", "×"), style) for text, style in found if text)
