"""The colours of a sum's operands, by which a number in the working is found on the board."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from stepgrad.engine.number import Number, Padding, Read
from stepgrad.tui.board import Plan
from stepgrad.tui.line import Line, Run
from stepgrad.tui.views import HUES

_MARK = 0xE000
_STYLES = (*(f"hue{i}" for i in range(HUES)), "hue-shared", "padding")
_MARKED = re.compile(r"([-\w.~']+)([\ue000-\ue0ff])")


class Hues:
    """Marks the text of a leaf with its style; a tensor that has letters is written in these."""

    def __init__(self, plan: Plan, letters: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self._hues = hues(plan)
        self._letters = letters

    def __call__(self, leaf: Number, text: str) -> str:
        style = "padding" if isinstance(leaf, Padding) else ""
        if isinstance(leaf, Read):
            style = self._hues.get(leaf.cells.name, "")
            letters = self._letters.get(leaf.cells.name)
            text = text if letters is None else str(letters[leaf.index])
        return text + (chr(_MARK + _STYLES.index(style)) if style else "")


def hues(plan: Plan) -> dict[str, str]:
    """The style of each operand, by its tensor."""
    own = [(slot.plane.tensor, f"hue{i % HUES}") for i, slot in enumerate(plan.operands)]
    return dict([*((slot.plane.tensor, "hue-shared") for slot in plan.shared), *reversed(own)])


def unmarked(text: str) -> str:
    """The text without its marks."""
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
