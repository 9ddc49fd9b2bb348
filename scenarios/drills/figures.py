"""How many digits of a number are asked for, and when two numbers agree in them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

EXACT = 4
"""A number with so many decimals or fewer is asked for as it is; any other is rounded."""
NOISE = 1e-9
"""What two numbers may differ by and be the same: 0.1 + 0.2 is 0.3."""
SMALL = 1e-2
"""Where a rounded number is smaller, significant digits are asked for: decimals would hold too few of them."""


@dataclass(frozen=True)
class Digits:
    """So many decimals, or so many significant digits; with neither, the number as it is."""

    decimals: int | None = None
    significant: int | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> Digits:
        """As many as these numbers need."""
        if all(_same(value, round(value, EXACT)) for value in values):
            return cls()
        sizes = [abs(value) for value in values if value]
        return cls(significant=3) if min(sizes) < SMALL or max(sizes) >= 1e6 else cls(decimals=EXACT)

    def tolerance(self, right: float) -> float:
        """Half of the last digit asked for."""
        noise = NOISE * max(1.0, abs(right))
        if self.decimals is not None:
            return 0.5 * 10.0**-self.decimals + noise
        if self.significant is not None and right:
            return 0.5 * 10.0 ** (math.floor(math.log10(abs(right))) + 1 - self.significant) * (1 + NOISE)
        return noise if self.significant is None else 0.0

    def agree(self, typed: float, right: float) -> bool:
        return abs(typed - right) <= self.tolerance(right)

    def text(self, value: float) -> str:
        """The number in these digits, as a person writes it."""
        if self.significant is not None:
            return re.sub(r"e([+-])0*", r"e\1", f"{value:.{self.significant}g}").replace("e+", "e")
        if self.decimals is None and not _same(value, round(value, EXACT)):
            return Digits.of((value,)).text(value)
        return _trimmed(f"{value:.{EXACT if self.decimals is None else self.decimals}f}")

    @property
    def rounding(self) -> str:
        """How it is to be rounded, in words; nothing where it is not."""
        if self.decimals is not None:
            return f"rounded to {self.decimals} decimal{'s' * (self.decimals != 1)}"
        return "" if self.significant is None else f"rounded to {self.significant} significant digits"

    def asks(self, values: Sequence[float], count: int = 1) -> str:
        """What is asked for, in words: `a whole number`, `4 numbers, rounded to 2 decimals`."""
        exact = not self.rounding and all(value == round(value) for value in values)
        noun = f"{'whole ' if exact else ''}number{'s' * (count != 1)}"
        return ", ".join(part for part in (f"{'a' if count == 1 else count} {noun}", self.rounding) if part)


AS_IS = Digits()


def _trimmed(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= NOISE * max(1.0, abs(a))
