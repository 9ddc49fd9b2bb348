"""Bars: names, lengths and numbers below each other, on a linear or a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from stepgrad.tui.charts.axis import power, write
from stepgrad.tui.line import Line, clip, placed

EIGHTHS = "▏▎▍▌▋▊▉█"


class Bar(NamedTuple):
    """A name, how much, and what to say instead of the number."""

    label: str
    amount: float
    style: str = "done"
    words: str = ""


class Scale(NamedTuple):
    """What the shortest bar and a full one stand for."""

    low: float
    high: float
    log: bool

    def part(self, amount: float) -> float:
        """How much of a full bar an amount is. Of what is not zero, something is always seen."""
        if not amount > 0 or not math.isfinite(amount):
            return 0.0
        if not self.log:
            return amount / self.high
        low, high = math.log10(self.low), math.log10(self.high)
        return (math.log10(amount) - low) / (high - low)


def scale_of(amounts: Sequence[float], *, log: bool = False) -> Scale:
    """The scale of some amounts; a logarithmic one runs over whole decades and begins one below the least."""
    good = [amount for amount in amounts if amount > 0 and math.isfinite(amount)]
    if not good:
        return Scale(0.1, 1.0, log)
    if not log:
        return Scale(0.0, max(good), log)
    first, last = math.floor(math.log10(min(good))), math.ceil(math.log10(max(good)))
    return Scale(power(first - (power(first) >= min(good))), power(last), log)


def bar_lines(bars: Sequence[Bar], columns: int, *, log: bool = False, unicode: bool = True) -> list[Line]:
    """A line for each bar: its name, its length, its number."""
    scale = scale_of([bar.amount for bar in bars], log=log)
    numbers = [bar.words or _amount(bar.amount) for bar in bars]
    name = min(max((len(bar.label) for bar in bars), default=0), columns // 2)
    number = max((len(text) for bar, text in zip(bars, numbers, strict=True) if not bar.words), default=0)
    room = max(columns - name - number - 2, 1)
    lines = []
    for bar, text in zip(bars, numbers, strict=True):
        drawn = filled(scale.part(bar.amount), room, unicode=unicode)
        after = max(len(drawn) + 1, 0) if drawn else 0
        label = bar.label if len(bar.label) <= name else f"{bar.label[: name - 1]}…"
        pieces: list[tuple[int, Line]] = [(0, ((f"{label:>{name}} ", "label"),)), (name + 1, ((drawn, bar.style),))]
        words = ((text, "wrong" if bar.style == "wrong" else "faint" if bar.words else ""),)
        lines.append(clip(placed([*pieces, (name + 1 + after, words)]), columns))
    return lines


def filled(part: float, room: int, *, unicode: bool = True) -> str:
    """A bar, to an eighth of a column where there are characters for that; at least a trace of what is not zero."""
    if part <= 0:
        return ""
    if not unicode:
        return "#" * max(round(part * room), 1)
    eighths = max(round(part * room * 8), 1)
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")


def _amount(amount: float) -> str:
    return f"{int(amount):,}" if isinstance(amount, int) else write(amount)
