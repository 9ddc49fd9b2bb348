"""Numbers and arithmetic in words, for ears and braille lines: `(2*-1) + 3 = 1` is `(2 times minus 1) plus 3 is 1`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = {
    "^2": " squared",
    "^": " to the power of ",
    "*": " times ",
    "/": " over ",
    "+": " plus ",
    "<=": " at most ",
    ">=": " at least ",
    "<": " less than ",
    ">": " greater than ",
    "==": " equal to ",
    "=": " is ",
    "~": " is about ",
    "inf": "infinity",
    "nan": "not a number",
}
_SIGN = re.compile(r" ?(\^2(?!\d)|<=|>=|==|[\^*/+<>=~]) ?|\b(?:inf|nan)\b")
_POWER_OF_TEN = re.compile(r"(\d)e\+?(-?)0*(\d+)")
_MINUS = re.compile(r"(?<![\w)\]])[-−](?=[\d(a-z])")


def arithmetic(text: str) -> str:
    """ASCII arithmetic, without names in it, in words."""
    text = _POWER_OF_TEN.sub(r"\1 times 10 to the power of \2\3", text)
    text = _SIGN.sub(lambda found: _WORDS[found[0].strip()], text.replace(" - ", " minus "))
    return minus(text)


def minus(text: str) -> str:
    """Prose whose numbers keep their sign when punctuation is not read out."""
    return _MINUS.sub("minus ", text)


def shape(sizes: Iterable[int]) -> str:
    return " by ".join(map(str, sizes)) or "a single number"


def count(amount: int, what: str) -> str:
    return f"{amount} {what}" if amount == 1 else f"{amount} {what}s"
