"""Numbers that an author typed where the run should say them. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?:x\d+)*"
_FOUND = re.compile(
    r"\{\{|\}\}|\{[^{}]*\}"  # a value of the run
    r"|--\w[\w-]*(?:[ =]\S+)?|Try this.*"  # what the reader is to type
    r"|0'|\b[1-3]-?D\b"  # the mark of padding; kinds of layers
    r"|[^\W\d]\w*(?:[-.+*/^]\w+)*"  # names, conv2d, edge-detection-5x5, and formulas, x^2, n-1
    rf"|({_NUMBER})(?!\w|[-+*/^][^\W\d])"
    r"|\d[\d.]*[-+*/^]?\w+"  # formulas, 1-p, 2P
)


def typed(text: str, printed: str = "") -> Iterator[str]:
    """The numbers that stand in a narration and come neither from the run nor from what was `printed`."""
    quoted = {part for number in re.findall(_NUMBER, printed) for part in (number, *number.split("x"))}
    for found in _FOUND.finditer(text):
        if found[1] and found[1] not in quoted:
            yield found[1]
