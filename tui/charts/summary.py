"""A tensor in a few numbers: how many cells, the smallest and the largest, mean and spread, zeros, NaN and Inf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stepgrad.tui.charts.levels import Array
from stepgrad.tui.line import Line, Run, width
from stepgrad.tui.numbers import significant

DIGITS = 4


class Summary(NamedTuple):
    """What a tensor holds. The smallest, the largest, mean and deviation are those of its finite numbers."""

    cells: int
    nan: int
    plus_inf: int
    minus_inf: int
    zeros: int
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    """The population's: divided by the count."""

    @property
    def finite(self) -> int:
        return self.cells - self.nan - self.plus_inf - self.minus_inf

    @property
    def is_constant(self) -> bool:
        return self.finite == self.cells > 0 and self.low == self.high


def summarise(values: Array) -> Summary:
    """The summary of any tensor, worked out in float64."""
    nan, plus, minus = (int(test(values).sum()) for test in (np.isnan, np.isposinf, np.isneginf))
    odd = Summary(values.size, nan, plus, minus, int((values == 0).sum()))
    finite = values[np.isfinite(values)].astype(np.float64)
    if not finite.size:
        return odd
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return odd._replace(low=low, high=high, mean=low)
    # Scaled, so that the squares of very large and very small numbers are numbers too.
    scale = max(-low, high)
    scaled = finite / scale
    mean = float(scaled.mean())
    return odd._replace(
        low=low, high=high, mean=mean * scale, deviation=float(np.sqrt(np.square(scaled - mean).mean())) * scale
    )


def facts(found: Summary) -> Iterator[tuple[str, str]]:
    """(what, how much) in the order of importance; NaN and Inf only where there are any."""
    if not found.cells:
        yield "cells", "0"
        return
    for name, amount in (("NaN", found.nan), ("Inf", found.plus_inf), ("-Inf", found.minus_inf)):
        if amount:
            yield name, _of(amount, found.cells)
    if found.finite:
        yield "min", significant(found.low, DIGITS)
        yield "max", significant(found.high, DIGITS)
        yield "mean", significant(found.mean, DIGITS)
        yield "std", significant(found.deviation, DIGITS)
        yield "zeros", _of(found.zeros, found.cells)


def summary_line(found: Summary, room: int) -> Line:
    """`min -1.2   max 3   mean 0.4 ...`: as many facts as fit."""
    runs: list[Run] = []
    for name, amount in facts(found):
        more: list[Run] = [("   " if runs else "", ""), (f"{name} ", "faint"), (amount, _style(name))]
        if width((*runs, *more)) > room:
            break
        runs += more
    return tuple(run for run in runs if run[0])


def summary_lines(found: Summary) -> list[Line]:
    """The facts below each other, their names in a column."""
    return [((f"{name:<7}", "faint"), (amount, _style(name))) for name, amount in facts(found)]


def _style(name: str) -> str:
    return "wrong" if name in ("NaN", "Inf", "-Inf") else ""


def _of(amount: int, count: int) -> str:
    return f"all {count:,}" if amount == count > 1 else f"{amount:,} of {count:,}"
